"""What is known of how a source sends, and when its silence would be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from moderator.domain.watch import (
    KEPT_HOURS,
    Rhythm,
    Span,
    Unknown,
    hour_of,
    learn,
    told_after,
    touched,
)
from moderator.storage import hourly, looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How a source sends. `last` is its last comment, None where none ever came; `rhythm` says what
    was learned, or why nothing can be. `told_at` is when its silence is told if it goes on, to the
    hour; None where nothing is known, or that is not within half a year.
    """

    source: str
    last: datetime | None
    rhythm: Rhythm | Unknown
    told_at: datetime | None


def outlooks(tx: Connection, sources: Sequence[str]) -> list[Outlook]:
    """What is known of each source."""
    arrived = hourly.last_arrivals(tx)
    return [_outlook(tx, source, arrived.get(source)) for source in sources]


def rhythm_of(
    tx: Connection, source: str, last: datetime, unseen: Sequence[Span]
) -> Rhythm | Unknown:
    """The rhythm up to the hour of the last comment: a silence does not become usual."""
    end = hour_of(last)
    return learn(hourly.comments_by_hour(tx, source, end - KEPT_HOURS), touched(unseen), end)


def _outlook(tx: Connection, source: str, last: datetime | None) -> Outlook:
    if last is None:
        unknown = Unknown(hours=0, comments=0)
        return Outlook(source=source, last=None, rhythm=unknown, told_at=None)
    rhythm = rhythm_of(tx, source, last, looks.unseen_spans(tx, source))
    after = told_after(rhythm, last) if isinstance(rhythm, Rhythm) else None
    return Outlook(
        source=source,
        last=last,
        rhythm=rhythm,
        told_at=None if after is None else last + after,
    )
