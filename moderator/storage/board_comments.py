"""Comments by the board's own ids, where the board asked us about them before they had any.

A row is one comment of the board's; `comment_id` is our name for it once the two were joined. A row
that is due waits for somebody to look who it is, or to write down what was decided about it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, or_, select, update

from moderator.domain.comment import Announcement
from moderator.domain.joining import Asked, JoinedBy, address_of
from moderator.storage.engine import by_source, insert
from moderator.storage.tables import alerts, board_comments, comments, versions

FIRST_LOOK = timedelta(
    seconds=15
)  # after it was announced: what came at the same time is here, too
MOST_ASKED = 50  # comments looked at to find one

_t = board_comments.c
_ASKED = (comments.c.comment_id, comments.c.thread_id, comments.c.author_id, comments.c.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A comment of the board's to be looked at. `comment_id` is ours, None while it is not known.

    `attempts` counts the looks, this one included.
    """

    source: str
    told: Announcement
    comment_id: str | None
    joined_by: JoinedBy | None
    attempts: int


def announce(tx: Connection, told: Sequence[tuple[str, Announcement]], now: datetime) -> None:
    """Store what boards said of comments, by source. Of two decisions the later one is kept."""
    if not told:
        return
    statement = insert(tx, board_comments)
    new = statement.excluded
    is_later = and_(
        new.ruled_at.is_not(None), or_(_t.ruled_at.is_(None), _t.ruled_at <= new.ruled_at)
    )
    statement = statement.on_conflict_do_update(
        index_elements=["source", "board_id"],
        set_={
            "thread_id": new.thread_id,
            "parent_id": func.coalesce(new.parent_id, _t.parent_id),
            "created_at": func.coalesce(_t.created_at, new.created_at),
            "approved": case((is_later, new.approved), else_=_t.approved),
            "ruled_at": case((is_later, new.ruled_at), else_=_t.ruled_at),
            "due_at": new.due_at,
            "attempts": 0,
        },
    )
    rows = sorted(told, key=lambda each: (each[0], each[1].comment_id))
    tx.execute(statement, [_row(source, each, now) for source, each in rows])


def is_any_due(tx: Connection, now: datetime) -> bool:
    """Whether `claim_due` would find anything."""
    return tx.execute(select(_t.board_id).where(_t.due_at <= now).limit(1)).first() is not None


def claim_due(tx: Connection, *, now: datetime, lease: timedelta, limit: int) -> list[Due]:
    """Rows to be looked at, earliest first; nobody else gets them until the lease is over."""
    due = (
        select(board_comments)
        .where(_t.due_at <= now)
        .order_by(_t.due_at, _t.source, _t.board_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = tx.execute(due).all()
    for row in rows:
        changed = {"due_at": now + lease, "attempts": row.attempts + 1}
        tx.execute(_this(row.source, row.board_id).values(changed))
    return [_due(row) for row in rows]


def postpone(tx: Connection, due: Due, until: datetime) -> None:
    """Look again at `until`."""
    tx.execute(_this(due.source, due.told.comment_id).values(due_at=until))


def join(
    tx: Connection, source: str, board_id: str, comment_id: str, by: JoinedBy, *, now: datetime
) -> None:
    """Write down that the board's comment is ours of the name `comment_id`.

    From then on it, and the alerts about it, lead to the comment and not to its thread alone.
    """
    values = {"comment_id": comment_id, "joined_by": by.value}
    row = _row(source, Announcement(comment_id=board_id, thread_id=""), now)
    row |= values | {"thread_id": None, "due_at": None}
    statement = insert(tx, board_comments).values(row)
    tx.execute(statement.on_conflict_do_update(index_elements=["source", "board_id"], set_=values))
    _link(tx, source, board_id, comment_id)


def _link(tx: Connection, source: str, board_id: str, comment_id: str) -> None:
    this = and_(comments.c.source == source, comments.c.comment_id == comment_id)
    facts = tx.execute(select(comments.c.facts).where(this).with_for_update()).scalar()
    told = json.loads(facts or "{}")
    if "url" not in told:
        return
    url = address_of(told["url"][0], board_id)
    told["url"][0] = url
    tx.execute(update(comments).where(this).values(facts=json.dumps(told)))
    of_it = and_(alerts.c.source == source, alerts.c.comment_id == comment_id)
    for alert_id, details in tx.execute(select(alerts.c.id, alerts.c.details).where(of_it)).all():
        changed = json.dumps(json.loads(details) | {"url": url})
        tx.execute(update(alerts).where(alerts.c.id == alert_id).values(details=changed))


def settle(tx: Connection, due: Due) -> None:
    """There is nothing more to find out about it, until the board speaks of it again."""
    tx.execute(
        _this(due.source, due.told.comment_id)
        .where(_t.attempts == due.attempts)
        .values(due_at=None)
    )


def own_id(tx: Connection, source: str, board_id: str) -> str | None:
    """Our name for the comment that the board calls `board_id`, None where they were not joined."""
    statement = select(_t.comment_id).where(_t.source == source, _t.board_id == board_id)
    return tx.execute(statement).scalar()


def own_ids(
    tx: Connection, wanted: Collection[tuple[str, str]]
) -> dict[tuple[str, str], tuple[str, str]]:
    """Our names, by (source, the board's id), of those that were joined."""
    found = {}
    for source, of_source in by_source(wanted).items():
        ids = [board_id for _, board_id in of_source]
        statement = select(_t.board_id, _t.comment_id).where(
            _t.source == source, _t.board_id.in_(ids), _t.comment_id.is_not(None)
        )
        for board_id, comment_id in tx.execute(statement):
            found[source, board_id] = (source, comment_id)
    return found


def asked_with_text(tx: Connection, source: str, key: str) -> list[Asked]:
    """The comments of a source that go by a name of ours and have the text of this key."""
    return _asked(tx, with_text(source, key))


def asked_between(
    tx: Connection, source: str, thread_id: str, since: datetime, until: datetime
) -> list[Asked]:
    """The comments of a thread that arrived in that time and were not joined to any of the board's.

    At most MOST_ASKED: more than one is too many to tell them apart.
    """
    return _asked(tx, between(source, thread_id, since, until))


def with_text(source: str, key: str) -> Select[Any]:
    """The question of `asked_with_text`."""
    return (
        select(*_ASKED)
        .where(comments.c.source == source, comments.c.text_key == key)
        .limit(MOST_ASKED)
    )


def between(source: str, thread_id: str, since: datetime, until: datetime) -> Select[Any]:
    """The question of `asked_between`."""
    joined = select(_t.comment_id).where(
        _t.source == comments.c.source, _t.comment_id == comments.c.comment_id
    )
    same = and_(
        comments.c.source == versions.c.source, comments.c.comment_id == versions.c.comment_id
    )
    return (
        select(*_ASKED)
        .select_from(versions)
        .join(comments, same)
        .where(versions.c.received_at.between(since, until))
        # Not as a plain column: SQLite would rather walk through all of the source's versions.
        .where(versions.c.source + "" == source)
        .where(comments.c.thread_id == thread_id, comments.c.text_key.is_not(None))
        .where(~joined.exists())
        .limit(MOST_ASKED)
    )


def _asked(tx: Connection, statement: Any) -> list[Asked]:
    found = []
    for comment_id, thread_id, author_id, facts in tx.execute(statement):
        told = json.loads(facts)
        found.append(
            Asked(
                comment_id=comment_id,
                thread_id=thread_id,
                author_id=author_id,
                parent_id=told.get("parent_id", [None])[0],
                url=told.get("url", [None])[0],
            )
        )
    return found


def _this(source: str, board_id: str) -> Any:
    return update(board_comments).where(_t.source == source, _t.board_id == board_id)


def _row(source: str, told: Announcement, now: datetime) -> dict[str, Any]:
    return {
        "source": source,
        "board_id": told.comment_id,
        "thread_id": told.thread_id,
        "parent_id": told.parent_id,
        "created_at": told.created_at,
        "told_at": now,
        "approved": told.approved,
        "ruled_at": told.ruled_at,
        "due_at": now + FIRST_LOOK,
        "attempts": 0,
    }


def _due(row: Any) -> Due:
    return Due(
        source=row.source,
        told=Announcement(
            comment_id=row.board_id,
            thread_id=row.thread_id or "",
            parent_id=row.parent_id,
            created_at=row.created_at,
            approved=row.approved,
            ruled_at=row.ruled_at,
        ),
        comment_id=row.comment_id,
        joined_by=None if row.joined_by is None else JoinedBy(row.joined_by),
        attempts=row.attempts + 1,
    )
