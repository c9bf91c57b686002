"""The threshold that keeps to a budget."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.backtest import find_past, suggest
from moderator.backtest.suggestion import moved
from moderator.domain.errors import DataError
from moderator.domain.trigger import Mode, Scope, Trigger
from tests.backtest.board import take_in
from tests.builders import an_event, at

COMMENTS, DAYS = 600, 10
SLUR = Trigger(name="slur", when={"toxic": 0.8})


@pytest.fixture(scope="module")
def arrivals():
    """600 comments over ten days in 20 threads, most of them civil."""
    chance = random.Random(7)
    told = []
    for number in range(COMMENTS):
        when = at(number * DAYS * 24 * 60 / (COMMENTS - 1))
        marks = f"hate={chance.random() ** 3 * 0.5:.5f} offensive={chance.random() ** 3 * 0.5:.5f}"
        thread = str(chance.randrange(20))
        event = an_event(marks, comment_id=str(number), thread_id=thread, created_at=when)
        told.append((at(DAYS * 24 * 60 + number // 100), event))  # imported, some together
    return told


@pytest.fixture
def filled(engine, arrivals):
    """A database with that past in it, of which nobody was told anything."""
    take_in(engine, [], arrivals)
    return engine


def suggestion(engine, trigger, per_day):
    """What is suggested from the whole past."""
    return suggest(engine, find_past(engine, [trigger], None), trigger, per_day)


HEATED = Trigger(
    name="heated",
    scope=Scope.THREAD,
    when={"toxic": 0.5},
    count=2,
    within=timedelta(days=1),
    cooldown=timedelta(hours=6),
)


@pytest.mark.parametrize(
    ("trigger", "per_day"),
    [
        (SLUR, 10),
        (SLUR, 0.5),
        (replace(SLUR, mode=Mode.OFF), 3),
        (replace(SLUR, when={"hate": 0.3, "offensive": 0.1}), 2),
        (HEATED, 4),
        (replace(HEATED, share=0.4), 2),
    ],
)
def test_the_suggestion_keeps_to_the_budget_and_uses_it(filled, trigger, per_day):
    """Found by looking, told by a replay of all of the past with the thresholds as suggested."""
    found = suggestion(filled, trigger, per_day)
    assert found.alerts_per_day <= per_day
    assert found.alerts_per_day >= 0.7 * per_day
    assert found.threshold == next(iter(found.chosen.when.values()))


def test_a_step_lower_would_be_too_many(filled):
    found = suggestion(filled, SLUR, 5)
    told = dict(found.curve)
    assert told[found.threshold] <= 5 < told[round(found.threshold - 0.0001, 4)]
    assert list(told) == sorted(told)


@pytest.mark.parametrize(
    ("level", "when"),
    [
        (8000, {"hate": 0.8, "toxic": 0.9}),
        (9500, {"hate": 0.95, "toxic": 1.0}),  # no threshold goes beyond 1
        (0, {"hate": 0.0, "toxic": 0.1}),
        (8001, {"hate": 0.8001, "toxic": 0.9001}),
    ],
)
def test_all_thresholds_move_together(level, when):
    trigger = Trigger(name="two", when={"hate": 0.8, "toxic": 0.9})
    assert moved(trigger, level).when == when


@pytest.mark.parametrize(
    ("trigger", "per_day", "message"),
    [
        (SLUR, 61, r"too little past .* at most 60 alerts a day, not 61"),
        (replace(SLUR, when={}, mean={"toxic": 0.5}), 1, "slur has no threshold to move"),
        (replace(SLUR, when={"neither": 0.0, "toxic": 0.0}), 1000, "too little past"),
    ],
)
def test_what_cannot_be_suggested_is_said_in_words(filled, trigger, per_day, message):
    with pytest.raises(DataError, match=message):
        suggestion(filled, trigger, per_day)


def test_a_score_that_everyone_has_leaves_no_choice(engine):
    """Where everything scores 1 no threshold helps, and the message says what does."""
    take_in(engine, [], [(at(n), an_event("hate=1.0", comment_id=str(n))) for n in range(100)])
    with pytest.raises(DataError, match="Give it a `count` or a `cooldown`"):
        suggestion(engine, SLUR, 5)


def test_ten_comments_are_too_little_past(engine):
    take_in(engine, [], [(at(n), an_event("hate=0.9", comment_id=str(n))) for n in range(10)])
    with pytest.raises(DataError, match=r"10 judged comments are stored, and .* needs 100"):
        suggestion(engine, SLUR, 5)


def test_the_likeliest_hits_are_enough_to_find_it(filled):
    """Of a long past only so many comments are held in memory; it says when they are too few."""
    past = find_past(filled, [SLUR], None)
    whole = suggest(filled, past, SLUR, 2)
    part = suggest(filled, past, SLUR, 2, most_kept=100)
    assert (part.threshold, part.alerts_per_day) == (whole.threshold, whole.alerts_per_day)
    assert part.curve == whole.curve

    with pytest.raises(DataError, match="likeliest comments were looked at, and they give at most"):
        suggest(filled, past, SLUR, 2, most_kept=5)
