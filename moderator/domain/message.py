"""A message: what one recipient of one channel is told at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from moderator.domain.alert import Alert
from moderator.domain.notice import Notice
from moderator.domain.trigger import Severity

TOLD = 8  # alerts of a digest that are told one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many alerts of a digest one trigger raised with one severity."""

    trigger: str
    severity: Severity
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Several alerts in one message.

    `tallies` count all of them, the most severe first, then the most frequent. `told` are the most
    severe and, among those, the highest: at most `TOLD`. They were raised between `first_at` and
    `last_at`.
    """

    tallies: tuple[Tally, ...]
    told: tuple[Alert, ...]
    first_at: datetime
    last_at: datetime

    @property
    def count(self) -> int:
        """How many alerts it tells."""
        return sum(tally.count for tally in self.tallies)

    @property
    def severity(self) -> Severity:
        """That of the most severe alert."""
        return self.tallies[0].severity

    @property
    def raised_at(self) -> datetime:
        """When the last alert was raised."""
        return self.last_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What goes to one recipient of one channel at once.

    `key` is the same in every attempt, so that a repeat can be told from a second message.
    `page_url` is where more can be read, None where no public URL is configured. `is_test` marks
    what `moderator channels test` sends.
    """

    key: str
    about: Alert | Notice | Digest
    page_url: str | None = None
    is_test: bool = False

    @property
    def severity(self) -> Severity:
        """How much it matters: an alert that was escalated as much as a critical one, a test to
        nobody.
        """
        if isinstance(self.about, Alert) and self.about.escalated_at is not None:
            return Severity.CRITICAL
        return Severity.INFO if self.is_test else self.about.severity

    @property
    def raised_at(self) -> datetime:
        """When the newest thing that it tells of was raised."""
        return self.about.raised_at
