"""A message: what one recipient of one channel is told at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from moderator.domain.alert import Alert
from moderator.domain.notice import Notice
from moderator.domain.trigger import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One alert or notice on its way to one recipient of one channel.

    `key` is the same in every attempt, so that a repeat can be told from a second message.
    `page_url` is where more can be read, None where no public URL is configured. `is_test` marks
    what `moderator channels test` sends.
    """

    key: str
    about: Alert | Notice
    page_url: str | None = None
    is_test: bool = False

    @property
    def severity(self) -> Severity:
        """How much it matters; a test matters to nobody."""
        return Severity.INFO if self.is_test else self.about.severity

    @property
    def raised_at(self) -> datetime:
        """Since when there is something to tell."""
        return self.about.raised_at
