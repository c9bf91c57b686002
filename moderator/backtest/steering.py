"""The threshold that a budget sets, looked at hour by hour: live, and when the past is replayed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from moderator.backtest.replay import Replay
from moderator.domain.comment import from_micros, micros
from moderator.domain.trigger import Budget, Mode, Sighting, Trigger, concerns, scope_key
from moderator.domain.trigger.budget import (
    DAYS,
    STEPS,
    Rate,
    alerts_per_day,
    bounds,
    first_level,
    next_level,
)

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LOOKED_AT = DAYS * DAY
FEWEST = 100  # judged comments that a threshold rests on
MOST_KEPT = 50_000  # comments in memory, the newest of those that could be hits
_HOUR = HOUR // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look at the past came to: the level from then on, and how many alerts a day the
    level before would have raised, None where the past is too little to tell.
    """

    level: int
    alerts_per_day: float | None


class Recent:
    """The last days of a board, as far as a trigger with a budget may care for them."""

    def __init__(self, trigger: Trigger) -> None:
        assert trigger.budget is not None
        self._budget: Budget = trigger.budget
        self._trigger = replace(
            trigger, budget=None, mode=Mode.SHADOW if trigger.mode is Mode.OFF else trigger.mode
        )
        ((self._label, self._when),) = trigger.when.items()
        self._least = bounds(self._budget, self._when)[0] / STEPS
        self._hits: list[Sighting] = []
        self._hours: dict[int, int] = {}  # judged comments

    def add(self, seen: Sighting) -> None:
        """One more comment, in the order of arrival."""
        hour = micros(seen.at) // _HOUR
        self._hours[hour] = self._hours.get(hour, 0) + 1
        if seen.probabilities.of(self._label) < self._least:
            return
        if concerns(self._trigger, seen) and scope_key(self._trigger, seen) is not None:
            self._hits.append(seen)

    def look(self, level: int | None, now: datetime) -> Look:
        """The level that follows `level`; None: the first one."""
        self._forget(now)
        known = self._known(now)
        at_first = round(self._when * STEPS)
        if known < 1:
            return Look(level=at_first if level is None else level, alerts_per_day=None)
        rate = self._rate(now, known)
        if level is None:
            found = first_level(self._budget, self._when, rate)
            return Look(level=found, alerts_per_day=rate(at_first))
        found = next_level(self._budget, self._when, level, rate)
        return Look(level=found, alerts_per_day=rate(level))

    def _known(self, now: datetime) -> int:
        """Whole days, of those looked at, of which enough is known; 0: too little."""
        if sum(self._hours.values()) < FEWEST:
            return 0
        first = from_micros(min(self._hours) * _HOUR)
        return min(DAYS, (now - first) // DAY)

    def _rate(self, now: datetime, days: int) -> Rate:
        known: dict[int, float] = {}

        def rate(level: int) -> float:
            if level not in known:
                known[level] = alerts_per_day(self._by_day(level, now, days))
            return known[level]

        return rate

    def _by_day(self, level: int, now: datetime, days: int) -> list[int]:
        """Alerts at a level in each 24 hours back from `now`, the last ones first."""
        at_level = replace(self._trigger, when={self._label: level / STEPS})
        hits = [s for s in self._hits if s.probabilities.of(self._label) >= level / STEPS]
        counted = [0] * days
        for alert in Replay([at_level], now - LOOKED_AT).see_all(hits):
            day = max(0, (now - alert.written_at) // DAY)
            if day < days:
                counted[day] += 1
        return counted

    def _forget(self, now: datetime) -> None:
        since = now - LOOKED_AT
        oldest = micros(since) // _HOUR
        self._hours = {hour: n for hour, n in self._hours.items() if hour >= oldest}
        self._hits = [seen for seen in self._hits if seen.at >= since][-MOST_KEPT:]


class Steering:
    """What budgets would have made of thresholds while the past went by.

    The looks are taken at full hours of the clock that comments were written by.
    """

    def __init__(self, triggers: Sequence[Trigger]) -> None:
        steered = [(t.budget, Recent(t)) for t in triggers if t.budget is not None]
        self._recent = {budget.key: recent for budget, recent in steered}
        self._levels: dict[str, int | None] = dict.fromkeys(self._recent)
        self._bars: dict[str, float] = {}
        self._hour: int | None = None
        self._looks: dict[str, list[float]] = {key: [] for key in self._recent}

    def __bool__(self) -> bool:
        return bool(self._recent)

    def steered(self, seen: Sighting) -> Sighting:
        """The comment with the bars that would have been in force, where none is recorded; it
        counts from now on.
        """
        hour = micros(seen.at) // _HOUR
        if self._hour is None or hour > self._hour:
            for passed in _hours(self._hour, hour):
                self._look(from_micros(passed * _HOUR))
            self._hour = hour
        for recent in self._recent.values():
            recent.add(seen)
        return replace(seen, bars={**self._bars, **seen.bars})

    def bars(self, key: str) -> list[float]:
        """The thresholds that one budget would have set, one after the other."""
        return list(self._looks[key])

    def _look(self, now: datetime) -> None:
        for key, recent in self._recent.items():
            look = recent.look(self._levels[key], now)
            if look.alerts_per_day is None or look.level == self._levels[key]:
                continue
            self._levels[key] = look.level
            self._bars[key] = look.level / STEPS
            self._looks[key].append(look.level / STEPS)


def _hours(before: int | None, hour: int) -> Iterable[int]:
    """The full hours that have passed; after a long silence only the last ones matter."""
    if before is None:
        return ()
    return range(max(before + 1, hour - LOOKED_AT // HOUR), hour + 1)
