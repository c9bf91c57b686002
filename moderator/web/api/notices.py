"""`/v1/notices` and `/v1/watch`: what is wrong, and what is known of how the sources send."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from fastapi import Query
from pydantic import Field

from moderator.domain.comment import from_micros, micros
from moderator.domain.notice import Notice
from moderator.domain.trigger import Severity
from moderator.domain.watch import Unknown, is_young
from moderator.storage import notices as stored
from moderator.storage.engine import read
from moderator.watch import Outlook, Watch, outlooks
from moderator.web.api import cursor
from moderator.web.api.query import NoticeQuestion
from moderator.web.api.shapes import Shape
from moderator.web.runtime import RuntimeOf


class Knowledge(StrEnum):
    """Whether a source's silence can be told."""

    WATCHED = "watched"
    NOT_WATCHED = "not_watched"  # the configuration leaves it out
    SENT_NOTHING = "sent_nothing"
    TOO_YOUNG = "too_young"
    TOO_RARE = "too_rare"


class NoticeBody(Shape):
    """What people were told about the service.

    `ended_at` is when it was over, null while it lasts. `ends` is the id of the notice whose
    trouble this one says to be over, null where it says that something began.
    """

    id: str
    kind: str = Field(description="Which watch it is of.", examples=list(Watch))
    subject: str = Field(description="The source or the channel that it is about.")
    severity: Severity
    title: str
    lines: list[str]
    raised_at: datetime
    ended_at: datetime | None
    ends: str | None

    @classmethod
    def of(cls, notice: Notice) -> NoticeBody:
        """A stored notice."""
        return cls(
            id=notice.id,
            kind=notice.kind,
            subject=notice.subject,
            severity=notice.severity,
            title=notice.title,
            lines=list(notice.lines),
            raised_at=notice.raised_at,
            ended_at=notice.ended_at,
            ends=notice.ends,
        )


class NoticePage(Shape):
    """Some notices, newest first. `next` is the cursor of the page after, null on the last."""

    items: list[NoticeBody]
    next: str | None


class SourceBody(Shape):
    """What is known of how a source sends.

    `silence_told_at` is when people are told if no comment comes until then, to the hour; null
    where nobody will be. `comments` and `days` are what there is to learn from where that is not
    enough yet.
    """

    source: str
    state: Knowledge
    last_comment_at: datetime | None
    silence_told_at: datetime | None
    comments: int | None
    days: int | None

    @classmethod
    def of(cls, found: Outlook, *, is_watched: bool) -> SourceBody:
        """What the watch knows."""
        unknown = found.rhythm if isinstance(found.rhythm, Unknown) else None
        return cls(
            source=found.source,
            state=_knowledge(found) if is_watched else Knowledge.NOT_WATCHED,
            last_comment_at=found.last,
            silence_told_at=found.told_at if is_watched else None,
            comments=unknown.comments if unknown else None,
            days=unknown.hours // 24 if unknown else None,
        )


class WatchBody(Shape):
    """Every source of the configuration."""

    sources: list[SourceBody]


def notices(asked: Annotated[NoticeQuestion, Query()], runtime: RuntimeOf) -> NoticePage:
    """What people were told about the service and what feeds it, newest first."""
    question = asked.name()
    before = None
    if asked.cursor is not None:
        raised_at, notice_id = cursor.decode(asked.cursor, int, str, question=question)
        before = (from_micros(int(raised_at)), str(notice_id))
    with read(runtime.engine) as tx:
        found = stored.newest_notices(
            tx,
            limit=asked.limit + 1,
            is_open=asked.lasting,
            kind=asked.kind,
            subject=asked.subject,
            before=before,
        )
    page = found[: asked.limit]
    place = (micros(page[-1].raised_at), page[-1].id) if len(found) > len(page) else None
    return NoticePage(
        items=[NoticeBody.of(notice) for notice in page],
        next=None if place is None else cursor.encode(place, question=question),
    )


def watch(runtime: RuntimeOf) -> WatchBody:
    """How each source sends, as far as it is known, and when its silence would be told."""
    of_sources = runtime.in_force.watched
    with read(runtime.engine) as tx:
        found = outlooks(tx, sorted(of_sources))
    return WatchBody(
        sources=[SourceBody.of(one, is_watched=of_sources[one.source]) for one in found]
    )


def _knowledge(found: Outlook) -> Knowledge:
    if found.last is None:
        return Knowledge.SENT_NOTHING
    if not isinstance(found.rhythm, Unknown):
        return Knowledge.WATCHED
    return Knowledge.TOO_YOUNG if is_young(found.rhythm) else Knowledge.TOO_RARE
