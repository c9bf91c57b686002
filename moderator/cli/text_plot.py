"""Plots for a terminal: a row a value, a bar as long as it is large."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

WIDTH = 40  # characters of the longest bar
MOST_ROWS = 45
STAYS, GOES, COMES = "█", "░", "▓"
LEGEND = f"{STAYS} before and after  {GOES} before only  {COMES} after only"

Day = tuple[date, int]


def bars(rows: Sequence[tuple[str, float, str]]) -> list[str]:
    """A line for each (name, value, what is said behind it); values are 0 or more."""
    most = max((value for _, value, _ in rows), default=0.0)
    width = max((len(name) for name, _, _ in rows), default=0)
    return [
        f"{name:<{width}}  {_before(STAYS * _length(value, most))}{said}"
        for name, value, said in rows
    ]


def changes(before: Sequence[Day], after: Sequence[Day]) -> list[str]:
    """A line for each day, or for as many days together as it takes to keep to MOST_ROWS lines;
    both sides tell of the same days.
    """
    together = -(-len(before) // MOST_ROWS)
    rows = [
        (before[first][0], _sum(before, first, together), _sum(after, first, together))
        for first in range(0, len(before), max(1, together))
    ]
    most = max((max(old, new) for _, old, new in rows), default=0)
    told = [LEGEND if together <= 1 else f"{LEGEND}  (each row: {together} days)"]
    return told + [
        f"{day:%Y-%m-%d}  {_before(_both(old, new, most))}{old} → {new}" for day, old, new in rows
    ]


def _sum(days: Sequence[Day], first: int, together: int) -> int:
    return sum(alerts for _, alerts in days[first : first + together])


def _both(before: int, after: int, most: int) -> str:
    shared, longer = _length(min(before, after), most), _length(max(before, after), most)
    return STAYS * shared + (GOES if before > after else COMES) * (longer - shared)


def _before(bar: str) -> str:
    return f"{bar} " if bar else ""


def _length(value: float, most: float) -> int:
    if value <= 0:
        return 0
    return max(1, round(WIDTH * value / most))
