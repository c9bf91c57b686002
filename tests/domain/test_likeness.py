"""Which texts are copies of each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.classifier.folding import fold
from moderator.domain.likeness import CODE, KEPT, alike, fingerprint

GEESE = "you are all as silly as the geese in our village pond"


def of(text):
    """A text's fingerprint, as ingest takes it."""
    return fingerprint(fold(text).text)


@pytest.mark.parametrize(
    "copy",
    [
        "YOU are ALL as silly\nas the   geese in our village pond!!!",
        "@ann @bob you are all as silly as the geese in our village pond https://x.example/1 77",
        "you are all as siiilly as the geeeese in our village pond",
        "you are аll аs silly as the gееse in оur village pond",  # Cyrillic letters
        "you are all as sil\u200bly as the ge\u200bese in our vil\u200blage pond",
        "yóu are áll as sílly as the gèèse in our vìllage pond",
        "you are all as s1lly as the g33se in our v1llage p0nd",
        "y o u a r e a l l a s s i l l y a s t h e g e e s e i n o u r v i l l a g e p o n d",
        "seriously now, you are all as silly as the geese in our village pond",
        "you are all as stupid as the geese in our village pond",
        "you are all as silly as the geese in our pond",
    ],
)
def test_a_copy_that_was_changed_a_little_is_one(copy):
    assert alike(of(GEESE), of(copy))


@pytest.mark.parametrize(
    "other",
    [
        "you are all as kind as the people in our little town",
        "the geese of our village are as white as ever this year",
        "thank you for all of this, it has helped me a lot",
        "",
        "🦆🦆🦆",
        "1234 5678",
    ],
)
def test_what_says_something_else_is_no_copy(other):
    assert not alike(of(GEESE), of(other))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Silly goose!", "silly goooose", True),
        ("silly goose", "silly moose", False),
        ("silly old goose", "silly goose", False),
        ("you silly old goose", "you silly old goose you", False),  # four words, and five
        ("🦆", "🦆", True),
        ("🦆", "🦢", False),
        ("12", "13", False),
    ],
)
def test_a_short_text_has_to_be_the_same(one, other, expected):
    assert alike(of(one), of(other)) is expected


@given(st.text(max_size=300), st.text(max_size=300))
def test_it_is_short_equal_to_itself_and_the_same_both_ways(one, other):
    mine, theirs = of(one), of(other)
    assert len(mine) <= KEPT * CODE
    assert mine.isascii()
    assert alike(mine, mine)
    assert alike(mine, theirs) == alike(theirs, mine)


def test_a_text_that_does_not_end_costs_no_more_than_its_start():
    """What differs after the part that is looked at makes no difference."""
    long = " ".join(["you are all as silly as the geese in our village pond"] * 200)
    assert of(long) == of(long + " and so on")
