"""A notice: what the service tells moderators about itself and what feeds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from moderator.domain.trigger import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something about the service that people should know; it holds nothing of a comment's text.

    `kind` says what sort of thing ("source-silent") and `subject` which one ("forum"); with
    `raised_at` they make it unique. `title` is one line, `lines` plain sentences: what, since
    when, what to do. `ends` is the id of the notice whose trouble this one says to be over, and
    `ended_at` when this notice's own trouble was over, None while it lasts.
    """

    id: str
    kind: str
    subject: str
    title: str
    lines: tuple[str, ...]
    severity: Severity
    raised_at: datetime
    ends: str | None = None
    ended_at: datetime | None = None
