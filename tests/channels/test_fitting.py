"""Messages cut to a limit: what gives way, in which order, and never by half a sign."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from moderator.channels.fitting import LEAST_SAID, SHORT_FACT, fitted
from moderator.channels.phrases import Wording
from moderator.channels.plain_text import plain_blocks
from moderator.channels.visible import cut, escaped, utf16_units
from moderator.channels.wording import word
from tests.channels.alerts import HOSTILE, a_message, an_alert

LONG = word(a_message(an_alert(excerpt="silly goose " * 80, why=())), 1_000)
WORDY = word(
    a_message(an_alert(excerpt="goose " * 160, author_name="x" * 500, board="y" * 500)), 960
)


def size(wording: Wording) -> int:
    """The length of a message in plain text."""
    return len("\n\n".join([wording.title, *plain_blocks(wording)]))


def within(limit: int) -> Callable[[Wording], bool]:
    """A provider that takes so much."""
    return lambda wording: size(wording) <= limit


def test_a_message_of_exactly_the_limit_is_whole() -> None:
    """At n."""
    assert fitted(LONG, within(size(LONG))) == LONG


def test_a_message_one_longer_than_the_limit_loses_text_alone() -> None:
    """At n + 1: as little as the mark of a cut needs."""
    short = fitted(LONG, within(size(LONG) - 1))

    assert short.said.endswith("…")
    assert LONG.said.startswith(short.said[:-1])
    assert size(LONG) - 1 - 3 <= size(short) <= size(LONG) - 1
    assert (short.facts, short.links, short.footer) == (LONG.facts, LONG.links, LONG.footer)


@pytest.mark.parametrize("limit", range(0, 2_400, 111))
def test_a_limit_is_kept_and_title_and_key_stay(limit: int) -> None:
    """Down to the bare title, notes, lead and key."""
    short = fitted(WORDY, within(limit))

    bare = len("\n\n".join([WORDY.title, *WORDY.notes, WORDY.lead, WORDY.footer])) + 3
    assert size(short) <= max(limit, bare)
    assert (short.title, short.notes, short.lead, short.footer) == (
        WORDY.title, WORDY.notes, WORDY.lead, WORDY.footer,
    )  # fmt: skip


def test_the_text_gives_way_first_then_facts_then_links() -> None:
    """A stranger's long name cannot push what was said out of the message."""
    forms = [fitted(WORDY, within(limit)) for limit in range(size(WORDY), 300, -27)]
    shorter_facts = next(i for i, form in enumerate(forms) if form.facts != WORDY.facts)
    no_facts = next(i for i, form in enumerate(forms) if not form.facts)
    no_links = next(i for i, form in enumerate(forms) if not form.links)

    assert 0 < shorter_facts < no_facts < no_links
    assert all(len(form.said) >= LEAST_SAID - 6 for form in forms[:no_links])
    assert all(len(fact.text) <= SHORT_FACT for fact in forms[shorter_facts].facts)


@pytest.mark.parametrize("text", ["a&b<c>", "\U0001f468\u200d\U0001f469", "e\u0301" * 3, *HOSTILE])
def test_neither_an_escape_nor_a_character_is_cut_in_half(text: str) -> None:
    """At every limit: a whole number of escaped characters, and the mark."""

    def escape(char: str) -> str:
        return f"({char})"

    whole = escaped(text, escape, 10**9)
    for limit in range(1, 40):
        short = escaped(text, escape, limit, utf16_units)
        assert utf16_units(short) <= limit
        kept = short.removesuffix("…")
        assert whole.startswith(kept)
        assert kept == "" or kept.endswith(")")


def test_a_cut_text_says_so() -> None:
    """And one that fits does not."""
    assert cut("goose", 5) == "goose"
    assert cut("goose", 4) == "goo…"
    assert cut("goose", 0) == ""


def test_a_short_text_stays_whole_where_the_facts_make_room() -> None:
    """To its last letter."""
    brief = word(a_message(an_alert(excerpt="silly goose", author_name="x" * 500)), 400)
    short = fitted(brief, within(size(brief) - 1))

    assert short.facts != brief.facts
    assert short.said == "silly goose"
