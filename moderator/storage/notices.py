"""Notices, as they were raised."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select, update

from moderator.domain.notice import Notice
from moderator.domain.trigger import Severity
from moderator.storage.engine import insert
from moderator.storage.tables import notices


def add_notice(tx: Connection, notice: Notice) -> bool:
    """Store a notice. False where one of its kind, subject and moment is stored: it stays."""
    statement = insert(tx, notices).values(_row(notice)).on_conflict_do_nothing()
    return tx.execute(statement.returning(notices.c.id)).first() is not None


def end_notice(tx: Connection, notice_id: str, now: datetime) -> bool:
    """Write down that a notice's trouble is over. False where that was known."""
    ended = tx.execute(
        update(notices)
        .where(notices.c.id == notice_id, notices.c.ended_at.is_(None))
        .values(ended_at=now)
    )
    return ended.rowcount == 1


def notice(tx: Connection, notice_id: str) -> Notice | None:
    """One notice."""
    row = tx.execute(select(notices).where(notices.c.id == notice_id)).one_or_none()
    return None if row is None else _notice(row)


def newest_notices(
    tx: Connection,
    *,
    limit: int,
    is_open: bool | None = None,
    kind: str | None = None,
    subject: str | None = None,
    before: tuple[datetime, str] | None = None,
) -> list[Notice]:
    """Notices, newest first, at most `limit`; `is_open`: those whose trouble lasts, or not.
    `before` is the time and the id of the last one of the page before.
    """
    statement = select(notices).order_by(notices.c.raised_at.desc(), notices.c.id.desc())
    if is_open is not None:
        lasts = notices.c.ended_at.is_(None) & notices.c.ends.is_(None)
        statement = statement.where(lasts if is_open else ~lasts)
    for column, wanted in ((notices.c.kind, kind), (notices.c.subject, subject)):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if before is not None:
        at, notice_id = before
        earlier = and_(notices.c.raised_at == at, notices.c.id < notice_id)
        statement = statement.where(or_(notices.c.raised_at < at, earlier))
    return [_notice(row) for row in tx.execute(statement.limit(limit))]


def _row(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "kind": notice.kind,
        "subject": notice.subject,
        "severity": notice.severity.value,
        "title": notice.title,
        "lines": json.dumps(notice.lines),
        "raised_at": notice.raised_at,
        "ended_at": notice.ended_at,
        "ends": notice.ends,
    }


def _notice(row: Any) -> Notice:
    return Notice(
        id=row.id,
        kind=row.kind,
        subject=row.subject,
        title=row.title,
        lines=tuple(json.loads(row.lines)),
        severity=Severity(row.severity),
        raised_at=row.raised_at,
        ended_at=row.ended_at,
        ends=row.ends,
    )
