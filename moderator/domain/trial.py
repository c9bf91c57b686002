"""How a trigger has fared since it is as it is: what it raised, and whom it would have told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from moderator.domain.configuration import Period
from moderator.domain.trigger import Mode

LATELY = timedelta(days=30)  # no further back is looked
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """So many alerts in one mode on one day (UTC). `would_tell` are the channels that each of those
    in shadow would have told.
    """

    mode: Mode
    day: date
    would_tell: tuple[str, ...]
    alerts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a trigger raised from `since` to `until`. `would_tell` counts by channel the alerts it
    would have told there, `by_day` the same by day.
    """

    trigger: str
    mode: Mode
    since: datetime
    until: datetime
    live: int = 0
    shadow: int = 0
    would_tell: Mapping[str, int] = field(default_factory=dict)
    by_day: Mapping[date, Mapping[str, int]] = field(default_factory=dict)

    @property
    def days(self) -> float:
        """How long it was looked at, in days."""
        return (self.until - self.since) / DAY

    def per_day(self, alerts: int) -> float | None:
        """Alerts a day, None where it is too early to say."""
        return alerts / self.days if self.days >= 1 else None


def trial(
    trigger: str, mode: Mode, since: datetime, until: datetime, tallies: Iterable[Tally]
) -> Trial:
    """What was counted of one trigger between the two moments."""
    counts = Counter[Mode]()
    by_day: dict[date, Counter[str]] = {}
    for tally in tallies:
        counts[tally.mode] += tally.alerts
        for channel in tally.would_tell:
            by_day.setdefault(tally.day, Counter())[channel] += tally.alerts
    return Trial(
        trigger=trigger,
        mode=mode,
        since=since,
        until=until,
        live=counts[Mode.LIVE],
        shadow=counts[Mode.SHADOW],
        would_tell=sum(by_day.values(), Counter()),
        by_day=by_day,
    )


def unchanged_since(trigger: str, periods: Iterable[Period], now: datetime) -> datetime:
    """Since when a trigger is as it is, at most `LATELY` ago. `periods` are newest first."""
    earliest = now - LATELY
    since = now
    for period in periods:
        since = period.since
        changed = any(one.key.startswith(f"triggers.{trigger}.") for one in period.differences)
        if changed or since <= earliest:
            break
    return max(since, earliest)


def told(trial: Trial) -> str:
    """What a moderator wants to know before it is switched on.

    "In 3 days it would have told mods-slack 12 times (4 a day)."
    """
    span = _span(trial)
    if not trial.shadow:
        return f"In {span} it would have told nobody anything."
    if not trial.would_tell:
        return f"In {span} it raised {_alerts(trial)}, and it has no channels to tell yet."
    parts = [
        f"{channel} {_times(count)}{_rate(trial, count)}"
        for channel, count in sorted(trial.would_tell.items())
    ]
    return f"In {span} it would have told {', '.join(parts)}."


def _span(trial: Trial) -> str:
    passed = trial.until - trial.since
    for unit, word in ((DAY, "day"), (timedelta(hours=1), "hour")):
        if passed >= unit:
            return _many(passed // unit, word)
    minutes = passed // timedelta(minutes=1)
    return _many(minutes, "minute") if minutes else "less than a minute"


def _alerts(trial: Trial) -> str:
    return _many(trial.shadow, "alert") + _rate(trial, trial.shadow)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _rate(trial: Trial, count: int) -> str:
    rate = trial.per_day(count)
    return "" if rate is None else f" ({rate_in_words(rate)} a day)"


def rate_in_words(rate: float) -> str:
    """4.0 -> "4", 0.25 -> "0.2", 0.01 -> "less than 0.1", 1234.5 -> "1,234"."""
    if 0 < rate < 0.05:
        return "less than 0.1"
    return f"{round(rate, 1):g}" if rate < 100 else f"{round(rate):,}"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
