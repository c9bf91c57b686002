"""What an alert says, exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.channels.phrases import MAX_TITLE, Fact, Link, percent, span, web_link
from moderator.channels.visible import utf16_units
from moderator.channels.wording import word
from moderator.domain.score import Label, Probabilities, Term, Transformation
from moderator.domain.trigger import Mode, Scope
from tests.channels.alerts import (
    HOSTILE,
    TEXT,
    a_heated_thread,
    a_message,
    an_alert,
    written_into,
)


def facts_of(alert, excerpt=400):
    """The facts of an alert by their names."""
    return {fact.name: fact.text for fact in word(a_message(alert), excerpt).facts}


def test_one_comment_is_told_in_the_order_a_phone_shows():
    """Title, what was said, the facts, the links, the key: the whole of a usual alert."""
    wording = word(a_message(), 400)

    assert wording.title == "slur: hate 86% by ann in general"
    assert wording.notes == ()
    assert wording.lead == "ann wrote:"
    assert wording.said == TEXT
    assert wording.facts == (
        Fact(name="By", text="ann (id 9)"),
        Fact(name="Where", text="general, thread 7, comment 42 (forum)"),
        Fact(name="Written", text="22 Nov 2026, 10:00 UTC"),
        Fact(name="Judged", text="hate (hate 86%, offensive 12%, neither 1%)"),
        Fact(name="Reached", text="hate 86% (threshold 80%)"),
        Fact(name="Because of", text="“silly”, “goose”"),
        Fact(name="Trigger", text="slur, one comment"),
    )
    assert wording.links == (
        Link(
            text="Open the comment",
            host="forum.example.org",
            url="https://forum.example.org/t/ponds/7/42",
        ),
        Link(
            text="Open the alert",
            host="mod.example.org",
            url="https://mod.example.org/alerts/01JD9Q",
        ),
    )
    assert wording.footer == "Alert 01JD9Q · key 01JD9Q.mods"


@pytest.mark.parametrize(
    ("alert", "title"),
    [
        (an_alert(), "slur: hate 86% by ann in general"),
        (an_alert(author_name=None), "slur: hate 86% by 9 in general"),
        (an_alert(author_name=None, author_id=None, board=None), "slur: hate 86%"),
        (an_alert(mode=Mode.SHADOW), "SHADOW: slur: hate 86% by ann in general"),
        (
            an_alert(thresholds={"hate": 0.8, "toxic": 0.9}),
            "slur: hate 86%, toxic 98% by ann in general",
        ),
        (
            an_alert(thresholds={}, label=Label.OFFENSIVE),
            "slur: offensive language by ann in general",
        ),
        (
            a_heated_thread(),
            "heated-thread: 5 hits within 10 minutes, mean toxic 61% in thread 7 (general)",
        ),
        (
            a_heated_thread(mean_thresholds={}, means={}, board=None),
            "heated-thread: 5 hits within 10 minutes in thread 7",
        ),
        (
            a_heated_thread(count=1, thresholds={}),
            "heated-thread: mean toxic 61% over 10 minutes in thread 7 (general)",
        ),
        (
            an_alert(trigger="repeat", scope=Scope.AUTHOR, count=3, within_s=86_400),
            "repeat: 3 hits within 24 hours by ann in general",
        ),
        (
            an_alert(trigger="raid", scope=Scope.BOARD, count=256, within_s=3_600),
            "raid: at least 256 hits within 1 hour in general",
        ),
        (
            an_alert(trigger="raid", scope=Scope.BOARD, count=20, within_s=3_600, board=None),
            "raid: 20 hits within 1 hour in forum",
        ),
    ],
)
def test_the_title_alone_says_what_happened_and_where(alert, title):
    """A phone's lock screen shows nothing else."""
    assert word(a_message(alert), 400).title == title


def test_a_test_says_so_first():
    """Nobody gets up at night for `moderator channels test`."""
    wording = word(a_message(is_test=True), 400)

    assert wording.title == "TEST: slur: hate 86% by ann in general"
    assert wording.notes == ("This is a test. Nothing happened and nobody needs to act.",)


def test_what_a_moderator_must_know_first_stands_first():
    """A trial, an edit, and that somebody was there before."""
    alert = an_alert(
        mode=Mode.SHADOW,
        since_edited=True,
        acknowledged_at=datetime(2026, 11, 22, 11, 30, tzinfo=UTC),
        acknowledged_by="bea",
    )

    assert word(a_message(alert), 400).notes == (
        "This trigger is only being tried out (shadow mode).",
        "The comment has been edited since. This is the earlier text.",
        "Already taken care of by bea on 22 Nov 2026, 11:30 UTC.",
    )


def test_folded_hits_are_told():
    """Hits after the alert belong to it, and it says how many."""
    assert facts_of(a_heated_thread(folded=1))["Since then"] == "1 more hit, part of this alert"
    assert facts_of(a_heated_thread(folded=1_234))["Since then"].startswith("1,234 more hits")
    assert "Since then" not in facts_of(a_heated_thread())


@pytest.mark.parametrize(
    ("alert", "trigger"),
    [
        (an_alert(), "slur, one comment"),
        (a_heated_thread(), "heated-thread, 5 hits within 10 minutes in one thread"),
        (
            an_alert(scope=Scope.AUTHOR, count=2, within_s=90),
            "slur, 2 hits within 90 seconds by one author",
        ),
        (an_alert(scope=Scope.BOARD), "slur, 1 hit on one board"),
    ],
)
def test_the_trigger_is_told_with_its_window(alert, trigger):
    """Which rule it was, and what it counted."""
    assert facts_of(alert)["Trigger"] == trigger


def test_every_threshold_that_was_reached_is_told():
    """The comment's own and the window's means."""
    assert facts_of(a_heated_thread())["Reached"] == (
        "toxic 92% (threshold 60%), mean toxic 61% (threshold 55%)"
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"share": 2 / 3, "share_threshold": 0.5}, "share of hits 66% (threshold 50%)"),
        ({"rise": 2.99, "rise_threshold": 2.5}, "2.9 times the usual (threshold 2.5)"),
        ({"rise": 60.0, "rise_threshold": 3.0}, "60 times the usual (threshold 3)"),
        ({"evasion": True}, "words in disguise"),
    ],
)
def test_what_else_a_trigger_asks_for_is_told(changes, told):
    """Rounded down: nothing seems to reach what it did not."""
    reached = facts_of(an_alert(thresholds={}, **changes))["Reached"]
    assert reached == told


def test_a_threshold_with_a_fraction_is_told_exactly():
    """80.6 per cent reach 80.5, and both are seen to."""
    alert = an_alert(
        thresholds={"hate": 0.805},
        probabilities=Probabilities(hate=0.806, offensive=0.1, neither=0.094),
    )

    assert facts_of(alert)["Reached"] == "hate 80.6% (threshold 80.5%)"


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0.0, 0, "0%"),
        (0.004, 0, "<1%"),
        (0.01, 0, "1%"),
        (0.29, 0, "29%"),  # 28.999999999999996 in binary
        (0.7999, 0, "79%"),  # never seems to have reached 80
        (0.995, 0, "99%"),
        (1.0, 0, "100%"),
        (0.8055, 1, "80.5%"),
        (0.0004, 1, "0.0%"),
    ],
)
def test_per_cent_are_rounded_down(value, decimals, expected):
    """What did not reach a threshold does not look as if it had."""
    assert percent(value, decimals) == expected


@given(st.integers(0, 1_000), st.floats(0, 1))
def test_what_reached_a_threshold_looks_like_it(thousandths, above):
    """For every threshold of up to three decimals and every value at or above it."""
    least = thousandths / 1_000
    value = min(1.0, least + above)

    assert float(percent(value, 1).strip("%<")) >= float(f"{least * 100:.1f}")


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (1, "1 second"),
        (60, "1 minute"),
        (90, "90 seconds"),
        (600, "10 minutes"),
        (3_600, "1 hour"),
        (5_400, "90 minutes"),
        (86_400, "24 hours"),
        (172_800, "2 days"),
    ],
)
def test_a_length_of_time_is_told_in_whole_units(seconds, expected):
    """As a person would say it."""
    assert span(seconds) == expected


def test_times_are_told_in_utc():
    """Wherever the board's clock stands."""
    written = datetime(2026, 11, 22, 1, 5, tzinfo=timezone(timedelta(hours=2)))

    assert facts_of(an_alert(written_at=written))["Written"] == "21 Nov 2026, 23:05 UTC"


def test_a_longer_comment_ends_with_a_mark():
    """Cut by the channel's setting, or cut before it was stored."""
    assert word(a_message(), 20).said == "You are a silly goo…"
    assert word(a_message(an_alert(excerpt_cut=True)), 400).said == TEXT + "…"
    assert word(a_message(an_alert(excerpt_cut=True)), 20).said == "You are a silly goo…"


def test_a_channel_without_excerpts_tells_no_word_of_the_comment():
    """Data minimisation: neither the text, nor the words that weighed, nor a strange address."""
    alert = an_alert(url="javascript:silly")

    wording = word(a_message(alert), 0)

    assert wording.said == ""
    assert (
        wording.lead == "This channel does not show what was written. Open the comment to read it."
    )
    assert "silly" not in repr(wording)
    assert "goose" not in repr(wording)


def test_only_words_that_spoke_for_the_label_are_named():
    """At most five, each once, the heaviest first."""
    terms = [
        Term(term=t, start=0, end=1, label=Label.HATE, weight=9 - i)
        for i, t in enumerate("aabcdefg")
    ]

    assert facts_of(an_alert(why=tuple(terms)))["Because of"] == "“a”, “b”, “c”, “d”, “e”"
    assert "Because of" not in facts_of(an_alert(why=()))


def test_a_word_that_was_disguised_is_told_with_what_disguised_it():
    """Once a word, whichever way it was written, and two disguises at most."""
    leet, masked, spaced = (
        Transformation.LEET, Transformation.MASKED, Transformation.SPACED,
    )  # fmt: skip
    written = (
        ("goose", ()), ("silly", (leet,)), ("goose", (spaced,)), ("goose", (spaced, leet)),
        ("pond", (leet, masked, spaced)), ("dry", ()),
    )  # fmt: skip
    why = tuple(
        Term(term=term, start=0, end=1, label=Label.HATE, weight=1.0, transformations=undone)
        for term, undone in written
    )
    assert facts_of(an_alert(why=why))["Because of"] == (
        "“goose” (spaced, leet), “silly” (leet), “pond” (leet, masked), “dry”"
    )
    assert "Because of" not in facts_of(an_alert(why=why), 0)


def test_an_unknown_author_is_somebody():
    """The board need not say who wrote."""
    alert = an_alert(author_name=None, author_id=None, board=None, thread_id=None)

    assert word(a_message(alert), 400).lead == "Somebody wrote:"
    assert "By" not in facts_of(alert)
    assert facts_of(alert)["Where"] == "comment 42 (forum)"


def test_of_several_hits_the_newest_is_shown():
    """The lead says that there were others."""
    assert word(a_message(a_heated_thread()), 400).lead == "Most recently, ann wrote:"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://forum.example.org/t/7/42", "https://forum.example.org/t/7/42"),
        ("http://10.0.0.7:8080/t?a=1&b=2#c", "http://10.0.0.7:8080/t?a=1&b=2#c"),
        ("HTTPS://Forum.Example.org/A", "https://forum.example.org/A"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        ("https://bücher.example/ü?q=ü#ü", "https://xn--bcher-kva.example/%C3%BC?q=%C3%BC#%C3%BC"),
        ('https://a.example/<b>"|`', "https://a.example/%3Cb%3E%22%7C%60"),
        ("https://a.example/100%", "https://a.example/100%"),
    ],
)
def test_a_web_address_may_be_opened(url, expected):
    """http and https, with everything that could end the address early encoded."""
    link = web_link("Open", url)

    assert link is not None
    assert link.url == expected


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,hi",
        "file:///etc/passwd",
        "ftp://a.example/",
        "//a.example/x",
        "/t/7",
        "https://",
        "https:///x",
        "https://user:pass@a.example/",
        "https://a.example@b.example/",
        "https://a.example\\@b.example/",
        "https://a.example/\nBcc: x@y",
        "https://a.example/\u202egpj",
        "https://a.example/ b",
        "https://a..example/",
        "https://a_b|c.example/",
        "https://[::1/",
        "https://a.example:99999/",
        "https://" + "a" * 300 + ".example/",
        "https://a.example/" + "x" * 10_000,
        "",
    ],
)
def test_anything_else_is_no_link(url):
    """It is told as text instead, cut short."""
    alert = an_alert(url=url)

    assert web_link("Open", url) is None
    assert [link.text for link in word(a_message(alert), 400).links] == ["Open the alert"]
    if url:
        assert facts_of(alert)["Address"].startswith("not a web address: ")
        assert len(facts_of(alert)["Address"]) <= 100


FIELDS = (
    "excerpt", "trigger", "source", "comment_id", "thread_id", "board", "url", "author_id",
    "author_name", "id",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("build", [an_alert, a_heated_thread])
def test_whatever_strangers_write_the_wording_stays_in_form(text, build):
    """One line where one is promised, within every limit, no control character anywhere."""
    for fields in written_into(FIELDS, text):
        check_form(word(a_message(build(**fields)), 400))


def check_form(wording):
    """What holds for any alert."""
    assert utf16_units(wording.title) <= MAX_TITLE
    lines = [wording.title, *wording.notes, wording.lead, wording.footer]
    lines += [text for fact in wording.facts for text in (fact.name, fact.text)]
    assert all(
        len(line.splitlines()) == 1 and line.isprintable() for line in map(_without_emoji, lines)
    )
    assert len(wording.said) <= 400
    assert all(link.url.isascii() for link in wording.links)
    assert all(len(fact.text) <= 400 for fact in wording.facts)


def _without_emoji(text: str) -> str:
    return text.replace("\u200d", "")


def test_words_of_strangers_are_never_formatted():
    """Braces, dollars and per cent signs stand as they were written."""
    odd = "{{7*7}} ${7*7} %s %(x)s {0.__class__}"

    assert word(a_message(an_alert(excerpt=odd)), 400).said == odd
    assert facts_of(an_alert(author_name=odd))["By"] == f"{odd} (id 9)"


def test_the_title_is_cut_at_150_and_not_before():
    """The longest names that fit, and one letter more."""
    longest = an_alert(
        trigger="t" * 40,
        author_name="a" * 40,
        board="b" * 40,
        thresholds={"hate": 0.8, "toxic": 0.8},
    )
    title = word(a_message(longest), 400).title
    assert len(title) < MAX_TITLE
    assert not title.endswith("…")

    wide = replace(longest, trigger="\U0001f600" * 40, author_name="\U0001f600" * 40)
    title = word(a_message(wide), 400).title
    assert utf16_units(title) == MAX_TITLE
    assert title.endswith("…")
