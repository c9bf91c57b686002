"""Plain text that no app makes a link or a call of."""

from __future__ import annotations

import pytest

from moderator.channels.plain_text import inert, plain_blocks
from moderator.channels.wording import word
from tests.channels.alerts import a_message


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see https://evil.example/x", "see https[://]evil[.]example/x"),
        ("evil.example", "evil[.]example"),
        ("MAILTO:x mailto:x@evil.example", "MAILTO:x mailto[:]x@evil[.]example"),
        ("@room @Everyone @HERE @channel @all", "[@]room [@]Everyone [@]HERE [@]channel [@]all"),
        ("@ann @roommate", "@ann @roommate"),
        ("wait... what. And e.g. 3.14, p.m.", "wait... what. And e.g. 3.14, p.m."),
        ("goose.Pond", "goose[.]Pond"),
        ("", ""),
    ],
)
def test_links_and_calls_are_broken_and_the_rest_is_as_it_was(text: str, shown: str) -> None:
    """People still read what was written."""
    assert inert(text) == shown


def test_the_blocks_come_in_the_order_a_phone_shows_them() -> None:
    """Notes, what was said, the facts, the links, the key."""
    note, said, facts, links, footer = plain_blocks(word(a_message(is_test=True), 20))

    assert note.startswith("This is a test")
    assert said == "ann wrote:\n“You are a silly goo…”"
    assert facts.startswith("By: ann (id 9)\nWhere: general")
    assert links.startswith("Open the comment: https://forum.example.org/t/ponds/7/42\n")
    assert footer == "Alert 01JD9Q · key 01JD9Q.mods"
