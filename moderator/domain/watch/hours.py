"""Hours counted from 1970 (UTC): how the past of a source is kept, and what of it was seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

HOUR = timedelta(hours=1)
DAY_HOURS, WEEK_HOURS = 24, 168
_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A time from `since` up to `until`."""

    since: datetime
    until: datetime


def hour_of(moment: datetime) -> int:
    """The hour that a moment lies in."""
    return (moment - _START) // HOUR


def start_of(hour: int) -> datetime:
    """The moment at which an hour begins."""
    return _START + hour * HOUR


def parts(since: datetime, until: datetime, unseen: Sequence[Span]) -> Iterator[tuple[int, float]]:
    """Each hour from `since` to `until`, and the part of it, 0 to 1, that was seen."""
    moment = since
    while moment < until:
        hour = hour_of(moment)
        end = min(start_of(hour + 1), until)
        yield hour, max(0.0, (end - moment - _length(unseen, moment, end)) / HOUR)
        moment = end


def touched(unseen: Iterable[Span]) -> frozenset[int]:
    """The hours that were not seen as a whole: they tell nothing of how much is usual."""
    return frozenset(
        hour for one in unseen for hour in range(hour_of(one.since), hour_of(one.until) + 1)
    )


def _length(unseen: Sequence[Span], since: datetime, until: datetime) -> timedelta:
    """How much of a time was not seen. Spans may overlap; then the time counts once."""
    total, reached = timedelta(0), since
    for one in sorted(unseen):
        first, last = max(one.since, reached), min(one.until, until)
        if last > first:
            total, reached = total + (last - first), last
    return total
