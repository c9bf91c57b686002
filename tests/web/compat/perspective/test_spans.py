"""Sentences, and where they stand in UTF-16 units."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.web.compat.perspective.spans import MOST, sentences, units, whole


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", []),
        (" \n ", []),
        ("hello", ["hello"]),
        ("  It is. So!  Is it?  ", ["It is.", "So!", "Is it?"]),
        ('He said "no." (Why?) Well…', ['He said "no."', "(Why?)", "Well…"]),
        ("a line\nanother one\n\nand one more", ["a line", "another one", "and one more"]),
        ("v1.2 of example.com is out", ["v1.2 of example.com is out"]),
        ("...", ["..."]),
    ],
)
def test_sentences_end_at_a_mark_before_a_blank_or_with_the_line(text, told):
    assert [span.text for span in sentences(text)] == told


@given(st.text(alphabet=st.sampled_from("a.!? \n😀é)"), max_size=300))
def test_every_span_is_where_it_says(text):
    encoded = text.encode("utf-16-le")
    spans = sentences(text)
    for span in spans:
        assert encoded[2 * span.begin : 2 * span.end].decode("utf-16-le") == span.text
        assert span.text == span.text.strip() != ""
    assert "".join("".join(s.text for s in spans).split()) == "".join(text.split())
    assert all(left.end < right.begin for left, right in pairwise(spans))
    assert len(spans) <= MOST


def test_of_more_sentences_the_last_one_is_all_the_rest():
    spans = sentences("a. " * (MOST + 10))
    assert len(spans) == MOST
    assert spans[-1].text == ("a. " * 11).strip()


def test_the_whole_text_keeps_its_blanks():
    span = whole(" 😀 ")
    assert (span.begin, span.end, span.text) == (0, 4, " 😀 ")
    assert units("é😀") == 3
