"""How a trigger has fared, in numbers and in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from moderator.domain.configuration import Cause, Difference, Period
from moderator.domain.trial import LATELY, Tally, rate_in_words, told, trial, unchanged_since
from moderator.domain.trigger import Mode
from tests.builders import NOON

DAY = timedelta(days=1)


def fared(*counts, passed=3 * DAY):
    """A trigger in shadow that raised so many alerts for these channels, on as many days."""
    tallies = [
        Tally(mode=Mode.SHADOW, day=date(2026, 11, 22 + i), would_tell=channels, alerts=alerts)
        for i, (alerts, channels) in enumerate(counts)
    ]
    return trial("slur", Mode.SHADOW, NOON - passed, NOON, tallies)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (fared((12, ("slack",))), "In 3 days it would have told slack 12 times (4 a day)."),
        (
            fared((1, ("a", "b")), (1, ("a",)), passed=36 * timedelta(hours=1)),
            "In 1 day it would have told a twice (1.3 a day), b once (0.7 a day).",
        ),
        (
            fared((2_000, ("slack",)), passed=5 * timedelta(hours=1)),
            "In 5 hours it would have told slack 2,000 times.",
        ),
        (
            fared((3, ())),
            "In 3 days it raised 3 alerts (1 a day), and it has no channels to tell yet.",
        ),
        (fared(passed=90 * timedelta(minutes=1)), "In 1 hour it would have told nobody anything."),
        (fared(passed=timedelta(0)), "In less than a minute it would have told nobody anything."),
    ],
)  # fmt: skip
def test_it_is_told_in_words(found, words):
    assert told(found) == words


def test_it_is_counted_by_channel_and_day_and_live_ones_tell_of_themselves():
    found = fared((2, ("a", "b")), (3, ("a",)))
    assert found.by_day == {date(2026, 11, 22): {"a": 2, "b": 2}, date(2026, 11, 23): {"a": 3}}
    assert (found.shadow, found.live, found.would_tell) == (5, 0, {"a": 5, "b": 2})


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (4.0, "4"),
        (0.25, "0.2"),
        (0.05, "0.1"),
        (0.01, "less than 0.1"),
        (0.0, "0"),
        (999.6, "1,000"),
    ],
)
def test_rates_are_short(rate, words):
    assert rate_in_words(rate) == words


def a_period(days_ago, *keys):
    """One that began so many days ago and changed these settings."""
    changed = tuple(Difference(key=key, before="1", after="2") for key in keys)
    return Period(
        number=1,
        digest="d",
        since=NOON - days_ago * DAY,
        until=None,
        cause=Cause.RELOAD,
        model="m",
        replaced=None,
        differences=changed,
    )


OTHER = "triggers.slurs.when.hate"


@pytest.mark.parametrize(
    ("periods", "since"),
    [
        ([a_period(1, "triggers.slur.mode"), a_period(9)], NOON - DAY),
        ([a_period(1, OTHER), a_period(2, "triggers.slur.when.hate"), a_period(9)], NOON - 2 * DAY),
        ([a_period(1, OTHER), a_period(9)], NOON - 9 * DAY),
        ([a_period(1, OTHER), a_period(99)], NOON - LATELY),
        ([], NOON),
    ],
)
def test_a_trial_begins_with_the_last_change_of_that_trigger(periods, since):
    assert unchanged_since("slur", periods, NOON) == since
