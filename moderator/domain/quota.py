"""How many requests a key may make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

PARTS = 20  # in which a quota is handed out to the processes that serve


class Per(StrEnum):
    """The time that a quota is for. It begins anew with each whole one of it, in UTC."""

    MINUTE = "min"
    HOUR = "h"
    DAY = "day"

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return _LENGTHS[self]


_LENGTHS = {
    Per.MINUTE: timedelta(minutes=1),
    Per.HOUR: timedelta(hours=1),
    Per.DAY: timedelta(days=1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """At most `limit` requests in each minute, hour or day."""

    limit: int
    per: Per

    @property
    def part(self) -> int:
        """How many requests a process is allotted at a time: 60 a minute are handed out by 3."""
        return max(1, self.limit // PARTS)

    def begins(self, now: datetime) -> datetime:
        """When the minute, hour or day that `now` lies in began."""
        return now - (now - datetime(1970, 1, 1, tzinfo=UTC)) % self.per.length

    def left_s(self, now: datetime) -> int:
        """Whole seconds until the next one begins, at least 1."""
        left = self.begins(now) + self.per.length - now
        return max(1, -int(-left.total_seconds() // 1))

    def __str__(self) -> str:
        return f"{self.limit}/{self.per}"
