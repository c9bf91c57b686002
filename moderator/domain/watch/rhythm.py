"""A source's own rhythm, and how surprising it is that nothing came for some time.

The mean of each hour of the week is learned from the past, newer weeks counting more. Where there
is little to go by it is drawn to what that hour of the day and that day of the week bring, and the
hour of the day to the mean of all hours, as if two comments spoke for it:

    mean = (comments + 2) / (hours + 2 / what it is drawn to)

Comments come in bunches and good and bad days, so that a count of mean m with a shape k (negative
binomial: variance m + m^2 / k) is 0 with the probability (1 + m / k)^-k, which is more than the
e^-m of a count without them. A silence's surprise is minus the logarithm of its probability:

    k ln(1 + m / k)       for example m = 10: k = 1 gives 2.4, k = 10 gives 6.9, no bunches 10

summed over the hours, with the shape that hours have; over the days, with the shape that days
have; and once over the whole, with as many comments as the rhythm is known from. The smallest
counts. Each comment begins a gap, so that n comments a year give n chances for one that is
surprising by chance: one that reaches ln(n) would come once a year. No board is quite like that,
so that a silence is told from 1.3 ln(n) on; `tests/bench/silence.py` measures what that comes to.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderator.domain.watch.hours import (
    DAY_HOURS,
    HOUR,
    WEEK_HOURS,
    Span,
    parts,
    start_of,
)

KEPT_HOURS = 26 * WEEK_HOURS  # what is looked back on at most
HALF_LIFE_HOURS = 2 * WEEK_HOURS  # a board that grows or dies is soon known anew
RARE_HALF_LIFE_HOURS = 12 * WEEK_HOURS
RARE = 100  # comments in four weeks: with fewer, older ones have to count
LEAST_HOURS = 2 * WEEK_HOURS  # two of each day, weekends among them
LEAST_COMMENTS = 10
YEAR_HOURS = 8_766
_PRIOR = 2.0  # comments that speak for what is usual elsewhere
_MARGIN = 1.3  # set so that simulated boards whose threads make bunches keep to the promise
_EVEN = 1e9  # the shape of what comes without bunches


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How a source sends: `means` by hour of the week (counted from a Thursday, 00:00 UTC).

    `hour_shape` and `day_shape` say how evenly, `comments` how many comments it is known from.
    `limit` is the surprise that is reached by chance once a year.
    """

    means: tuple[float, ...]
    hour_shape: float
    day_shape: float
    comments: float
    limit: float

    def expected(self, hour: int) -> float:
        """How many comments an hour brings: the least of it and its two neighbours, so that
        clocks put forward or back make no silence.
        """
        return min(self.means[(hour + step) % WEEK_HOURS] for step in (-1, 0, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Why a source's rhythm cannot be told yet: hours of its past, and comments in them."""

    hours: int
    comments: int


def is_young(source: Unknown) -> bool:
    """Whether too little time of a source was seen; else it sends too rarely."""
    return source.hours < LEAST_HOURS


def learn(counts: Mapping[int, int], unseen: Collection[int], end: int) -> Rhythm | Unknown:
    """The rhythm in the comments of each hour before `end`; `unseen` hours tell nothing.

    Hours that are missing in `counts` brought none, from the first that is there.
    """
    first = max(min(counts, default=end), end - KEPT_HOURS)
    hours = [hour for hour in range(first, end) if hour not in unseen]
    total = sum(counts.get(hour, 0) for hour in hours)
    if len(hours) < LEAST_HOURS or total < LEAST_COMMENTS:
        return Unknown(hours=len(hours), comments=total)
    lately = sum(counts.get(hour, 0) for hour in range(end - 4 * WEEK_HOURS, end))
    half_life = RARE_HALF_LIFE_HOURS if lately < RARE else HALF_LIFE_HOURS
    weights = [0.5 ** ((end - hour) / half_life) for hour in hours]
    seen = [counts.get(hour, 0) for hour in hours]
    return _rhythm(hours, seen, weights)


def _rhythm(hours: Sequence[int], seen: Sequence[int], weights: Sequence[float]) -> Rhythm:
    all_weights, all_seen = sum(weights), sum(w * y for w, y in zip(weights, seen, strict=True))
    mean = all_seen / all_weights
    weeks = _sums(hours, seen, weights)
    means = _means(weeks, mean)
    # Each hour is held against the mean that the others give: what it did itself is taken out.
    usual = [means[h % WEEK_HOURS] for h in hours]
    totals = [weeks[h % WEEK_HOURS][0] for h in hours]
    own = [w / (t + _PRIOR / m) for w, t, m in zip(weights, totals, usual, strict=True)]
    off = [(y - m) / (1 - min(o, 0.9)) for y, m, o in zip(seen, usual, own, strict=True)]
    squares = sum(w * w for w in weights)
    return Rhythm(
        means=tuple(means),
        hour_shape=_shape(hours, usual, off, weights, 1),
        day_shape=_shape(hours, usual, off, weights, DAY_HOURS),
        comments=max(1.0, mean * all_weights**2 / squares),
        limit=_MARGIN * math.log(max(mean * YEAR_HOURS, 52.0)),
    )


def _means(weeks: Sequence[tuple[float, float]], mean: float) -> list[float]:
    """The mean of each hour of the week, from its weight and weighted comments."""
    of_day = [_drawn(*_total(weeks[hour::DAY_HOURS]), mean) for hour in range(DAY_HOURS)]
    means = []
    for start in range(0, WEEK_HOURS, DAY_HOURS):
        day = weeks[start : start + DAY_HOURS]
        awaited = sum(w * m for (w, _), m in zip(day, of_day, strict=True))
        busy = _drawn(awaited, _total(day)[1], 1.0)
        means += [_drawn(w, s, m * busy) for (w, s), m in zip(day, of_day, strict=True)]
    return means


def _drawn(weight: float, total: float, towards: float) -> float:
    """A mean drawn to another one, which counts for as much as `_PRIOR` comments."""
    return (total + _PRIOR) / (weight + _PRIOR / towards)


def _total(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return sum(w for w, _ in pairs), sum(s for _, s in pairs)


def _sums(
    hours: Sequence[int], seen: Sequence[int], weights: Sequence[float]
) -> list[tuple[float, float]]:
    """For each hour of the week, the weights and the weighted comments."""
    found = [(0.0, 0.0)] * WEEK_HOURS
    for hour, count, weight in zip(hours, seen, weights, strict=True):
        w, s = found[hour % WEEK_HOURS]
        found[hour % WEEK_HOURS] = (w + weight, s + weight * count)
    return found


def _shape(
    hours: Sequence[int],
    usual: Sequence[float],
    off: Sequence[float],
    weights: Sequence[float],
    block: int,
) -> float:
    """How evenly blocks of so many hours are filled: k in variance = m + m^2 / k, by moments."""
    blocks: dict[int, tuple[float, float, float]] = {}
    for hour, mean, distance, weight in zip(hours, usual, off, weights, strict=True):
        m, d, w = blocks.get(hour // block, (0.0, 0.0, 0.0))
        blocks[hour // block] = (m + mean, d + distance, w + weight / block)
    excess = sum(w * (d * d - m) for m, d, w in blocks.values())
    square = sum(w * m * m for m, _, w in blocks.values())
    return min(_EVEN, square / excess) if excess > 0 else _EVEN


def surprise(rhythm: Rhythm, last: datetime, now: datetime, unseen: Sequence[Span]) -> float:
    """How surprising it is that nothing came from `last` to `now`; 0 means not at all.

    Times in `unseen`, when nobody was there to see a comment, do not count.
    """
    return max((grown for _, grown in _growing(rhythm, parts(last, now, unseen))), default=0.0)


def awaited(rhythm: Rhythm, last: datetime, now: datetime, unseen: Sequence[Span]) -> float:
    """How many comments the source usually sends from `last` to `now`."""
    seen = parts(last, now, unseen)
    return sum(rhythm.means[hour % WEEK_HOURS] * part for hour, part in seen)


def told_after(rhythm: Rhythm, last: datetime) -> timedelta | None:
    """How long after `last` a silence is surprising enough to be told, to the hour; None where
    that is not within half a year.
    """
    seen = parts(last, last + KEPT_HOURS * HOUR, ())
    for hour, grown in _growing(rhythm, seen):
        if grown >= rhythm.limit:
            return start_of(hour + 1) - last
    return None


def _growing(rhythm: Rhythm, seen: Iterable[tuple[int, float]]) -> Iterator[tuple[int, float]]:
    """The hours of a silence, and how surprising it is at the end of each."""
    by_hours = past_days = whole = today = 0.0
    for place, (hour, part) in enumerate(seen):
        if place and not place % DAY_HOURS:
            past_days, today = past_days + _unlikely(today, rhythm.day_shape), 0.0
        mean = rhythm.expected(hour) * part
        by_hours += _unlikely(mean, rhythm.hour_shape)
        today, whole = today + mean, whole + mean
        by_days = past_days + _unlikely(today, rhythm.day_shape)
        yield hour, min(by_hours, by_days, _unlikely(whole, rhythm.comments))


def _unlikely(mean: float, shape: float) -> float:
    """Minus the logarithm of the probability that nothing comes where `mean` is expected."""
    return shape * math.log1p(mean / shape)
