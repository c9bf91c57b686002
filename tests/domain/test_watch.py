"""A source's own rhythm, and what is told against it."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from moderator.domain.watch import (
    HOUR,
    Rhythm,
    Span,
    Unknown,
    abstentions,
    learn,
    rhythm,
    stability,
    start_of,
    surprise,
)
from moderator.domain.watch.tally import BINS

NOW = 492_912  # an hour in 2026: a Thursday, 00:00 UTC
WEEK = 168
BY_DAY = [0] * 8 + [4] * 14 + [0] * 2  # 56 comments a day, nobody at night


def counts(per_hour, weeks: int, end: int = NOW) -> dict[int, int]:
    """The comments of so many weeks, from what each hour of the week brings."""
    hours = range(end - weeks * WEEK, end)
    return {
        hour: per_hour[hour % len(per_hour)] for hour in hours if per_hour[hour % len(per_hour)]
    }


def known(per_hour, weeks: int = 12) -> Rhythm:
    """The rhythm of a board that does the same each week."""
    found = learn(counts(per_hour, weeks), (), NOW)
    assert isinstance(found, Rhythm)
    return found


def is_told(board: Rhythm, since: float, hours: float, unseen=()) -> bool:
    """Whether a silence from so many hours after NOW is told after so long."""
    last = start_of(NOW) + since * HOUR
    return surprise(board, last, last + hours * HOUR, unseen) >= board.limit


@pytest.mark.parametrize(
    ("name", "per_hour", "since", "is_fine", "is_silence"),
    [
        ("busy", [400], 12, 1 / 30, 1 / 4),
        ("busy by day, from noon", BY_DAY, 12, 3, 9),
        ("busy by day, from the evening on", BY_DAY, 21.9, 10.5, 20),
        ("nobody at weekends", [4] * 120 + [0] * 48, 119.9, 50, 60),
        ("once a week", [0] * 100 + [1] + [0] * 67, 101, 21 * 24, 70 * 24),
    ],
)
def test_a_silence_is_told_by_the_boards_own_rhythm(name, per_hour, since, is_fine, is_silence):
    weeks = 26 if sum(per_hour) < 2 else 12
    board = known(per_hour, weeks)
    assert not is_told(board, since, is_fine)
    assert is_told(board, since, is_silence)


def test_clocks_put_forward_or_back_make_no_silence_of_the_morning():
    busy = [0] * 8 + [200] * 14 + [0] * 2
    board = known(busy)
    assert not is_told(board, 21.9, 10.1 + 1)  # it begins again an hour later than it did
    assert is_told(board, 21.9, 10.1 + 2)


def test_the_same_count_of_comments_in_bunches_makes_a_longer_silence_usual():
    chance = random.Random(1)
    even = {NOW - i: chance.randint(3, 5) for i in range(1, 8 * WEEK)}
    bunches = {hour: 40 for hour in even if chance.random() < 0.1}
    one, other = learn(even, (), NOW), learn(bunches, (), NOW)
    assert isinstance(one, Rhythm)
    assert isinstance(other, Rhythm)
    assert is_told(one, 0, 10)
    assert not is_told(other, 0, 20)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ({}, "never sent anything"),
        (counts([4], 1), "a week: no second weekend was seen"),
        ({NOW - 500 - i: 1 for i in range(9)}, "too few"),
    ],
)
def test_a_source_too_young_or_too_rare_is_not_judged(found, why):
    assert isinstance(learn(found, (), NOW), Unknown), why


def test_a_board_that_died_down_is_not_missed_as_it_was_in_its_best_days():
    """From 40 an hour to one in eight weeks; then six hours without any."""
    fading = {NOW - WEEK * 8 + i: max(1, round(40 * 0.5 ** (i / 250))) for i in range(WEEK * 8)}
    board = learn(fading, (), NOW)
    assert isinstance(board, Rhythm)
    assert not is_told(board, 0, 6)


def test_time_that_nobody_saw_counts_neither_as_silence_nor_as_rhythm():
    board = known([400])
    since = start_of(NOW)
    assert not is_told(board, 0, 5, [Span(since=since, until=since + 5 * HOUR)])
    halves = [Span(since=since + HOUR * i / 2, until=since + HOUR * 3) for i in range(2)]
    assert surprise(board, since, since + 3 * HOUR, halves) == 0

    with_a_hole = {h: c for h, c in counts([400], 4).items() if h < NOW - 100}
    learned = learn(with_a_hole, range(NOW - 100, NOW), NOW)
    assert isinstance(learned, Rhythm)
    assert learned.means[50] == pytest.approx(400, rel=0.01)


def test_how_long_a_silence_may_be_is_known_beforehand():
    board = known([400])
    assert rhythm.told_after(board, start_of(NOW)) == timedelta(hours=1)
    assert rhythm.awaited(board, start_of(NOW), start_of(NOW + 2), ()) == pytest.approx(800, 0.01)


def tally(shares, hours: int, per_hour: int, end: int, seed: int = 3) -> dict[int, list[int]]:
    """Comments that fall into the bins by chance."""
    chance = random.Random(seed)
    found = {}
    for hour in range(end - hours, end):
        found[hour] = [0] * len(shares)
        for place in chance.choices(range(len(shares)), shares, k=per_hour):
            found[hour][place] += 1
    return found


CIVIL = [1.0] * (BINS // 2) + [0.1] * (BINS - BINS // 2)
HEATED = [1.0] * (BINS // 2) + [1.0] * (BINS - BINS // 2)


def test_scores_that_moved_are_told_with_where_to():
    past = tally(CIVIL, 5 * WEEK, 30, NOW)
    moved = stability.drift(past | tally(HEATED, 24, 30, NOW), NOW)
    assert moved is not None
    assert moved.is_much
    assert moved.worst_now > 3 * moved.worst_before

    same = stability.drift(past, NOW)
    assert same is not None
    assert same.is_little
    assert not same.is_much


def test_few_comments_do_not_seem_to_have_moved_because_they_are_few():
    """Without the part of chance, 50 against 50 would have an index of 0.7."""
    apart = [stability.index(*_pair(seed)) for seed in range(200)]
    assert sum(apart) / len(apart) == pytest.approx(0, abs=0.08)


def _pair(seed: int) -> tuple[list[int], list[int]]:
    one, other = (tally([1.0] * 10, 1, 60, NOW, seed=2 * seed + i)[NOW - 1] for i in range(2))
    return one, other


def test_a_tone_that_the_weeks_before_had_too_is_no_drift():
    """Every seventh day is heated here; so it is today."""
    past = tally(CIVIL, 5 * WEEK, 30, NOW)
    for day in range(0, 5 * WEEK, WEEK):
        past |= tally(HEATED, 24, 30, NOW - day, seed=day)
    found = stability.drift(past, NOW)
    assert found is not None
    assert found.index > stability.MUCH
    assert not found.is_much


@pytest.mark.parametrize("weeks", [1, 2])
def test_too_short_a_past_tells_of_no_drift(weeks):
    assert stability.drift(tally(CIVIL, weeks * WEEK, 30, NOW), NOW) is None


@pytest.mark.parametrize(
    ("missing_now", "is_much", "is_little"),
    [(0.05, False, True), (0.09, False, False), (0.4, True, False)],
)
def test_a_jump_of_what_is_not_judged_is_told(missing_now, is_much, is_little):
    past = tally([0.05, 0.95], 5 * WEEK, 30, NOW)
    lately = {hour: [round(100 * missing_now), round(100 * (1 - missing_now))]
              for hour in range(NOW - 6, NOW)}  # fmt: skip
    found = abstentions.abstaining(past | lately, NOW)
    assert found is not None
    assert (found.is_much, found.is_little) == (is_much, is_little)


def test_a_jump_among_few_comments_may_be_chance():
    """Three of ten in six hours; then the day is looked at, and the week."""
    few = tally([0.05, 0.95], 5 * WEEK, 4, NOW) | {h: [1, 1] for h in range(NOW - 6, NOW)}
    found = abstentions.abstaining(few, NOW)
    assert found is not None
    assert found.hours > 6
    assert not found.is_much
