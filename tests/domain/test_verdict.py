"""What counts as toxic, yes or no."""

from __future__ import annotations

import math
from typing import Any

import pytest

from moderator.domain.verdict import (
    DECISION,
    JUDGEMENT,
    SPAM,
    Origin,
    Verdict,
    Word,
    is_toxic,
    judgement,
)
from tests.builders import NOON, at


def a_word(word, minutes=0, who="page:ann"):
    """A moderator's own word."""
    return judgement(
        word, source="forum", comment_id="42", who=who, origin=Origin.PAGE, said_at=at(minutes)
    )


def a_value(attribute, value, minutes=0):
    """A value that came by way of another system."""
    return Verdict(
        source="forum",
        comment_id="42",
        attribute=attribute,
        value=value,
        who="key:1",
        origin=Origin.PERSPECTIVE,
        said_at=at(minutes),
    )


@pytest.mark.parametrize(
    ("said", "toxic"),
    [
        ([], None),
        ([a_word(Word.FINE)], False),
        ([a_word(Word.TOXIC)], True),
        ([a_word(Word.HATE)], True),
        ([a_word(Word.OFFENSIVE)], True),
        ([a_value(DECISION, 1)], True),
        ([a_value(DECISION, 0)], False),
        ([a_value("TOXICITY", 0.5)], True),
        ([a_value("TOXICITY_EXPERIMENTAL", 0.49)], False),
        ([a_value("THREAT", 0.5)], True),
        ([a_value("THREAT", 0.49)], None),  # no threat, and perhaps toxic all the same
        ([a_value("PROFANITY", 1)], None),
        ([a_value(SPAM, 1)], None),
        ([a_value("TOXICITY", 1), a_value("TOXICITY", 0, 1)], False),  # the newest counts
        ([a_value("TOXICITY", 0, 1), a_value("TOXICITY", 1)], False),  # in whatever order
        ([a_value("TOXICITY", 1), a_value("SPAM", 0, 1)], True),  # what says nothing, does nothing
        ([a_word(Word.FINE), a_value("TOXICITY", 1, 1)], False),  # one's own word outweighs
        ([a_word(Word.FINE), a_word(Word.HATE, 1, who="page:bob")], True),
    ],
)
def test_what_people_settled_on(said, toxic):
    assert is_toxic(said) is toxic


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": 1.01},
        {"value": math.nan},
        {"comment_id": None},
        {"attribute": JUDGEMENT},
        {"said": Word.FINE},
    ],
    ids=str,
)
def test_a_verdict_that_says_nothing_sound_is_not_made(wrong):
    sound: dict[str, Any] = {
        "source": "forum",
        "comment_id": "42",
        "attribute": "TOXICITY",
        "value": 1.0,
        "who": "key:1",
        "origin": Origin.API,
        "said_at": NOON,
    }
    Verdict(**sound)
    with pytest.raises(ValueError):
        Verdict(**(sound | wrong))
