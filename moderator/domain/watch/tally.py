"""How comments were judged, hour by hour, and the windows in which now is held against before.

A comment is counted by what speaks for toxic in it: the odds of its probability, over the odds of
the base rate it was judged for. So neither a board's base rate nor a change of it moves anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moderator.domain.watch.hours import DAY_HOURS, WEEK_HOURS

EDGES = tuple(2.0 ** (step / 2) for step in range(-12, 13))  # of the odds' ratio, between bins
BINS = len(EDGES) + 1
NOT_JUDGED = -1  # in place of a bin
LOOKED_BACK_HOURS = 4 * WEEK_HOURS  # what a window is held against: the four weeks before it
NEEDED_HOURS = LOOKED_BACK_HOURS + WEEK_HOURS  # of the past, for the longest window

Counts = Sequence[int]  # of one hour, or of a window: how many comments in each bin
Tally = Mapping[int, Counts]  # by hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The counts of the last `hours`, of the four weeks before, and of its parts as long."""

    hours: int
    now: Counts
    before: Counts
    parts: tuple[Counts, ...]


def window(tally: Tally, end: int, hours: int) -> Window:
    """The `hours` up to `end`, and what was before."""
    start = end - hours
    first = start - LOOKED_BACK_HOURS
    parts = tuple(
        _sum(tally, max(first, last - hours), last) for last in range(start, first, -hours)
    )
    return Window(
        hours=hours, now=_sum(tally, start, end), before=_sum(tally, first, start), parts=parts
    )


def shortest(
    tally: Tally, end: int, lengths: Sequence[int], *, least_now: int, least_before: int
) -> Window | None:
    """The first of the windows that holds enough comments, and enough before it; else None.

    Before it there have to be two weeks, so that two weekends are among them.
    """
    known_since = min((hour for hour, counts in tally.items() if sum(counts)), default=end)
    for hours in lengths:
        if known_since > end - hours - 14 * DAY_HOURS:
            return None
        found = window(tally, end, hours)
        if sum(found.now) >= least_now and sum(found.before) >= least_before:
            return found
    return None


def _sum(tally: Tally, first: int, end: int) -> Counts:
    hours = [tally[hour] for hour in range(first, end) if hour in tally]
    return [sum(counts) for counts in zip(*hours, strict=True)]
