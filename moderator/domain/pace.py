"""How fast one recipient is told: a pure function of the moments they were told at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

GAP = timedelta(seconds=1)  # between two messages to the same recipient, at least
WINDOW = timedelta(minutes=1)  # any one of them holds at most `rate` messages
DEFAULT_RATE = 10


def free_at(sent: Sequence[datetime], rate: int, now: datetime) -> datetime:
    """When the next message may go: `now` or later. `sent` is ascending, at most `rate` of it
    counts, and none of it lies ahead: see `past`.

    With a rate of 2 and messages at 12:00:00 and 12:00:05, the next is free at 12:01:00.
    """
    counted = sent[-rate:]
    free = now
    if counted:
        free = max(free, counted[-1] + GAP)
    if len(counted) == rate:
        free = max(free, counted[0] + WINDOW)
    return free


def past(sent: Sequence[datetime], now: datetime) -> list[datetime]:
    """`sent` as whoever keeps it must keep it from `now` on: what lies ahead, because the clock
    was put back, was just now. Nobody waits until the clock is there again.
    """
    return [min(moment, now) for moment in sent]


def told(sent: Sequence[datetime], rate: int, now: datetime) -> list[datetime]:
    """`sent` with one more message at `now`: as much of it as will ever count."""
    return [*sent, now][-rate:]
