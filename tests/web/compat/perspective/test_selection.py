"""Partial answers by `fields`."""

from __future__ import annotations

import pytest

from moderator.web.compat.perspective.errors import Refusal
from moderator.web.compat.perspective.selection import selection

ANSWER = {
    "scores": {
        "A": {"spans": [{"begin": 0, "value": 1}, {"begin": 5, "value": 2}], "summary": 3},
        "B": {"summary": 4},
    },
    "languages": ["en"],
}


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ("", ANSWER),
        ("*", ANSWER),
        ("languages", {"languages": ["en"]}),
        ("scores/A/summary", {"scores": {"A": {"summary": 3}}}),
        ("scores.A.summary", {"scores": {"A": {"summary": 3}}}),
        ("scores/*/summary", {"scores": {"A": {"summary": 3}, "B": {"summary": 4}}}),
        ("scores/A/spans/value", {"scores": {"A": {"spans": [{"value": 1}, {"value": 2}]}}}),
        ("scores(B,A(summary))", {"scores": {"A": {"summary": 3}, "B": {"summary": 4}}}),
        (
            "scores/A/spans(begin),languages",
            {"scores": {"A": {"spans": [{"begin": 0}, {"begin": 5}]}}, "languages": ["en"]},
        ),
        ("scores/B,scores", {"scores": ANSWER["scores"]}),
        ("nothing/of/this", None),
        ("languages/deeper", None),
    ],
)
def test_the_part_that_is_selected_is_told(fields, part):
    assert selection(fields).of(ANSWER) == part


@pytest.mark.parametrize(
    "fields",
    [
        *("a(", "a)", "a,", ",a", "a//b", "/a", "a(b", "a()", "a b", "a;b", "()"),
        *("a/" * 20 + "a", "x" * 3_000),
    ],
)
def test_what_is_no_selection_is_refused(fields):
    with pytest.raises(Refusal, match="Invalid field selection"):
        selection(fields)
