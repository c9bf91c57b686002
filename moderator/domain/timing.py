"""When a channel tells what it owes: at once, at the times of a digest, not in quiet hours.

Pure functions of moments. Nothing here remembers what was told: whoever asks at any moment learns
up to when alerts had to be raised to be told by now. So nothing is told twice or left out when the
clock jumps, nor on the days of 23 and 25 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from moderator.domain.pace import DEFAULT_RATE
from moderator.domain.trigger import Severity

AT_ONCE = datetime.max.replace(tzinfo=UTC)  # later than anything that is raised
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """At which times of the zone's clock: every full hour, or once a day `at` (None: hourly).

    A time that the clock leaps over is taken as if it had not leapt; of a time that comes twice,
    the first counts.
    """

    at: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours of the zone's clock, over midnight where `until` is before `since`."""

    since: time
    until: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When and how fast one channel tells each of its recipients.

    `rate` is messages a minute. What is at least as severe as `urgent` waits for neither digest
    nor quiet hours; None: nothing is.
    """

    rate: int = DEFAULT_RATE
    digest: Digest | None = None
    quiet: Quiet | None = None
    urgent: Severity | None = Severity.CRITICAL
    zone: tzinfo = UTC

    def open_until(self, now: datetime) -> datetime | None:
        """Up to when something must have been raised to be told by `now`; None: be quiet."""
        if self._is_quiet(now):
            return None
        return AT_ONCE if self.digest is None else self._last_slot(self.digest, now)

    def due_at(self, raised_at: datetime) -> datetime:
        """When something that was raised then may be told: the moment itself, or later."""
        due = raised_at if self.digest is None else self._next_slot(self.digest, raised_at)
        if self.quiet is not None and self._is_quiet(due):
            due = self._next(self.quiet.until, due)
        return due

    def _is_quiet(self, now: datetime) -> bool:
        if self.quiet is None:
            return False
        here = now.astimezone(self.zone).time()
        since, until = self.quiet.since, self.quiet.until
        if since < until:
            return since <= here < until
        return here >= since or here < until

    def _last_slot(self, digest: Digest, now: datetime) -> datetime:
        if digest.at is None:
            return _full_hour(now, self.zone)
        today = now.astimezone(self.zone).date()
        slots = [self._on(today - n * DAY, digest.at) for n in (0, 1, 2)]
        return max(slot for slot in slots if slot <= now)

    def _next_slot(self, digest: Digest, moment: datetime) -> datetime:
        if digest.at is not None:
            return self._next(digest.at, moment)
        due = slot = _full_hour(moment, self.zone)
        while slot < moment:
            due = slot + HOUR
            slot = _full_hour(due, self.zone)  # an earlier one where a clock moves by half an hour
        return due

    def _next(self, at: time, moment: datetime) -> datetime:
        """The first time that the clock shows `at`, from `moment` on."""
        today = moment.astimezone(self.zone).date()
        slots = [self._on(today + n * DAY, at) for n in (0, 1, 2)]
        return min(slot for slot in slots if slot >= moment)

    def _on(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)


def _full_hour(moment: datetime, zone: tzinfo) -> datetime:
    here = moment.astimezone(zone)
    past = timedelta(minutes=here.minute, seconds=here.second, microseconds=here.microsecond)
    return moment - past
