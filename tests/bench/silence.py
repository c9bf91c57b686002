"""False alarms and time to detection of the silence watch, on simulated boards of many kinds.

    .venv/bin/python -m tests.bench.silence [--boards 20] [--weeks 52]

Each board lives so many weeks after half a year to learn from; at the end it falls silent at a
random moment of its rhythm, and the time until that would be told is taken. Rhythms are learned
anew each day.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np

from moderator.domain.watch.hours import HOUR, WEEK_HOURS, start_of
from moderator.domain.watch.rhythm import KEPT_HOURS, Rhythm, Unknown, learn, surprise, told_after

FIRST = 480_000  # an hour in 2024
SPRING, AUTUMN = 30, 56  # weeks after the start at which clocks change


@dataclass(frozen=True)
class Kind:
    """A sort of board: `level` comments a week on average."""

    name: str
    level: float
    night: float = 1.0  # 0: as busy at night as by day, 1: nobody at night
    weekend: float = 1.0  # weekends' part of a weekday
    thread: float = 1.0  # comments that one occasion brings, on average
    moods: float = 0.0  # how much good and bad days differ (standard deviation of the logarithm)
    growth: float = 1.0  # times as much after eight weeks
    summer: bool = False  # clocks change twice a year
    holiday: bool = False  # two weeks at a quarter of the usual


KINDS = (
    Kind("a weekly board", 1.2),
    Kind("one a day", 7, night=0.8),
    Kind("three a day, in threads", 21, thread=4, moods=0.4),
    Kind("50 a day", 350, moods=0.3, summer=True),
    Kind("50 a day, in threads", 350, thread=8, moods=0.5, summer=True),
    Kind("50 on working days only", 350, weekend=0.0, moods=0.3),
    Kind("20 to 400 a day, growing", 140, moods=0.3, growth=1.36),
    Kind("400 to 20 a day, dying", 2_800, moods=0.3, growth=0.735),
    Kind("50 a day, with holidays", 350, moods=0.3, holiday=True),
    Kind("1,000 a day", 7_000, thread=3, moods=0.3, summer=True),
    Kind("1,000 a day, all night", 7_000, night=0.3, thread=3, moods=0.3),
    Kind("20,000 a day", 140_000, thread=4, moods=0.3, summer=True),
)


def rates(kind: Kind, hours: int, random: np.random.Generator) -> Any:
    """The mean of each hour."""
    hour = np.arange(FIRST, FIRST + hours)
    week = (hour - FIRST) / WEEK_HOURS
    local = hour + (((week > SPRING) & (week < AUTUMN)) if kind.summer else 0)
    daily = np.maximum(0.0, 1 + kind.night * 1.3 * np.cos(2 * np.pi * (local % 24 - 19) / 24))
    weekday = np.where((local // 24) % 7 < 2, kind.weekend, 1.0)  # an epoch week's first days
    moods = np.exp(random.normal(0, kind.moods, hours // 24 + 2))[(local - local[0]) // 24]
    shape = daily * weekday
    level = shape / shape.mean() * kind.level / WEEK_HOURS * moods
    if kind.holiday:
        level = level * np.where((week % 26 > 23) & (week % 26 < 25), 0.25, 1.0)
    return level * kind.growth ** (week / 8)


def moments(kind: Kind, hours: int, random: np.random.Generator) -> Any:
    """When comments come, in hours since 1970, sorted. A thread's fall within about two hours."""
    starts = random.poisson(rates(kind, hours, random) / kind.thread)
    begun = np.repeat(np.arange(FIRST, FIRST + hours), starts) + random.random(starts.sum())
    sizes = random.geometric(1 / kind.thread, len(begun))
    later = np.repeat(begun, sizes) + random.exponential(0.7, sizes.sum())
    later[np.cumsum(sizes) - sizes] = begun
    return np.sort(later[later < FIRST + hours])


@dataclass
class Life:
    """What one board came to."""

    years: float = 0.0
    unjudged: float = 0.0  # years of these in which its rhythm was not known
    alarms: int = 0
    delays: tuple[float, ...] = ()  # hours until a real silence was told, nan: never


def lives(kind: Kind, boards: int, weeks: int, seed: int) -> Iterator[Life]:
    """As many boards of a kind."""
    for i in range(boards):
        yield _life(kind, weeks, np.random.default_rng([seed, i]))


def _life(kind: Kind, weeks: int, random: np.random.Generator) -> Life:
    hours = KEPT_HOURS + weeks * WEEK_HOURS
    times = moments(kind, hours, random)
    of_hour = np.bincount((times.astype(int) - FIRST), minlength=hours)
    counts = {FIRST + int(h): int(of_hour[h]) for h in np.flatnonzero(of_hour)}
    days = range(FIRST + KEPT_HOURS, FIRST + hours, 24)
    rhythms = [learn({h: c for h, c in counts.items() if h < day}, (), day) for day in days]
    known = [r for r in rhythms if isinstance(r, Rhythm)]
    alarms = sum(_is_alarm(rhythms, days[0], a, b) for a, b in pairwise(times))
    delays = tuple(
        _delay(r, day + random.random() * 24)
        for r, day in zip(rhythms, days, strict=True)
        if isinstance(r, Rhythm) and random.random() < 0.1
    )
    return Life(
        years=weeks / 52,
        unjudged=(1 - len(known) / len(rhythms)) * weeks / 52,
        alarms=alarms,
        delays=delays,
    )


def _is_alarm(
    rhythms: Sequence[Rhythm | Unknown], start: int, last: float, following: float
) -> bool:
    day = int(last - start) // 24
    if last < start or following - last < 1 / 60:
        return False
    rhythm = rhythms[day]
    if not isinstance(rhythm, Rhythm) or (following - last) * max(rhythm.means) < rhythm.limit:
        return False
    return surprise(rhythm, _moment(last), _moment(following), ()) >= rhythm.limit


def _delay(rhythm: Rhythm, last: float) -> float:
    """Hours from the last comment to the notice, to the minute."""
    by_hour = told_after(rhythm, _moment(last))
    if by_hour is None:
        return float("nan")
    for minute in range(60):
        at = by_hour - timedelta(minutes=60 - minute)
        if surprise(rhythm, _moment(last), _moment(last) + at, ()) >= rhythm.limit:
            return at / HOUR
    return by_hour / HOUR


def _moment(hour: float) -> datetime:
    return start_of(int(hour)) + (hour % 1) * HOUR


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--boards", type=int, default=20)
    parser.add_argument("--weeks", type=int, default=52)
    asked = parser.parse_args()
    write = sys.stdout.write
    write(
        "| board | judged | false alarms a year | told after: median | 9 of 10 |\n"
        "| --- | --- | --- | --- | --- |\n"
    )
    for kind in KINDS:
        found = list(lives(kind, asked.boards, asked.weeks, 7))
        years = sum(one.years - one.unjudged for one in found)
        judged = years / sum(one.years for one in found)
        delays = [delay for one in found for delay in one.delays]
        middle, most = np.nanquantile(delays, (0.5, 0.9)) if delays else (np.nan, np.nan)
        alarms = sum(one.alarms for one in found)
        often = f"{alarms / max(years, 1e-9):.2f} ({alarms} in {years:.0f})"
        write(f"| {kind.name} | {judged:.0%} | {often} | {_said(middle)} | {_said(most)} |\n")
        sys.stdout.flush()


def _said(hours: float) -> str:
    if hours < 2:
        return f"{hours * 60:.0f} min"
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} days"


if __name__ == "__main__":
    main()
