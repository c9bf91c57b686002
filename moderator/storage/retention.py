"""Forgetting: texts after days, everything else after years."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    or_,
    select,
    update,
)

from moderator.domain.watch import HOUR, KEPT_HOURS, hour_of
from moderator.storage import thresholds as set_by_budgets
from moderator.storage import usage
from moderator.storage import verdicts as said
from moderator.storage.engine import insert
from moderator.storage.outbox import OPEN
from moderator.storage.tables import (
    alerts,
    board_comments,
    comments,
    configuration_periods,
    configurations,
    deliveries,
    hourly,
    job_runs,
    key_usage,
    messages,
    notices,
    outbox,
    paces,
    page_logins,
    thresholds,
    unseen,
    verdicts,
    versions,
    windows,
)

CONFIGURATIONS_KEPT = timedelta(days=365)  # at least, after the end of their time
DELETED_TEXT_KEPT = timedelta(days=1)  # time for a restore to arrive, and for an alert to be read
BATCH = 500  # rows a transaction: intake waits no longer than that takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long texts, and scores with everything around them, are kept."""

    text: timedelta
    scores: timedelta


Step = Callable[[Connection], int]  # forgets at most BATCH rows and says how many


def steps(keep: Retention, now: datetime) -> list[Step]:
    """What there is to forget at `now`; each step is run until it says 0, then the next."""
    text_end, end = now - keep.text, now - keep.scores
    undelivered = alerts.c.id.in_(_undelivered(outbox.c.alert_id))
    untold = notices.c.id.in_(_undelivered(outbox.c.notice_id))
    return [
        lambda tx: _forget_texts(tx, versions.c.received_at < text_end),
        lambda tx: _forget_texts(tx, _deleted_before(now - DELETED_TEXT_KEPT)),
        lambda tx: _forget_excerpts(tx, and_(alerts.c.raised_at < text_end, ~undelivered)),
        lambda tx: _remove(tx, alerts, and_(alerts.c.raised_at < end, ~undelivered)),
        lambda tx: _remove(tx, notices, and_(notices.c.raised_at < end, ~untold)),
        lambda tx: _remove_versions(tx, end),
        lambda tx: _remove(tx, messages, _about_nothing(end)),
        lambda tx: _remove(tx, paces, paces.c.changed_at < now - timedelta(days=7)),
        lambda tx: _remove(tx, verdicts, said.waiting_before(text_end)),
        lambda tx: _remove(tx, comments, _deleted_unseen(end)),
        lambda tx: _remove(tx, board_comments, board_comments.c.told_at < end),
        lambda tx: _remove(tx, deliveries, deliveries.c.received_at < end),
        # A window counts its alerts, and the count must outlive them: see alerts' UNIQUE.
        lambda tx: _remove(tx, windows, windows.c.changed_at < end),
        lambda tx: _remove(tx, configuration_periods, _without_alerts(now - CONFIGURATIONS_KEPT)),
        lambda tx: _remove(tx, configurations, _without_periods()),
        lambda tx: _remove(tx, page_logins, page_logins.c.expires_at < now),
        lambda tx: _remove(tx, key_usage, usage.before(end)),
        lambda tx: _remove(tx, hourly, hourly.c.hour < hour_of(now) - KEPT_HOURS),
        lambda tx: _remove(tx, unseen, unseen.c.until < now - KEPT_HOURS * HOUR),
        lambda tx: _remove(tx, thresholds, set_by_budgets.over_before(end)),
        lambda tx: _remove(tx, job_runs, job_runs.c.started_at < now - timedelta(days=7)),
    ]


def claim_run(tx: Connection, name: str, *, every: timedelta, now: datetime) -> bool:
    """Whether this process is the one to run a periodic job in the present slot of time."""
    slot = int(now.timestamp() // every.total_seconds())
    statement = insert(tx, job_runs).values(name=name, slot=slot, started_at=now)
    taken = tx.execute(statement.on_conflict_do_nothing().returning(job_runs.c.slot))
    return taken.first() is not None


def _undelivered(about: Column[Any]) -> Select[Any]:
    """What waits, or is under way. Without NULL: nothing is ever said to be not among those."""
    under_way = select(messages.c.id).where(messages.c.state.in_(OPEN))
    is_open = outbox.c.message_id.is_(None) | outbox.c.message_id.in_(under_way)
    return select(about).where(is_open, about.is_not(None))


def _forget_texts(tx: Connection, which: ColumnElement[bool]) -> int:
    """Texts, and the words that weighed: both are the comment's own. What they left unexplained
    says nothing without them.
    """
    ids = tx.execute(
        select(versions.c.id).where(versions.c.text.is_not(None), which).limit(BATCH)
    ).scalars()
    wanted = list(ids)
    if wanted:
        forgotten = {"text": None, "why": "[]", "residual": None}
        tx.execute(update(versions).where(versions.c.id.in_(wanted)).values(forgotten))
    return len(wanted)


def _forget_excerpts(tx: Connection, which: ColumnElement[bool]) -> int:
    ids = list(
        tx.execute(select(alerts.c.id).where(alerts.c.excerpt != "", which).limit(BATCH)).scalars()
    )
    if ids:
        tx.execute(update(alerts).where(alerts.c.id.in_(ids)).values(excerpt="", why="[]"))
    return len(ids)


def _deleted_before(when: datetime) -> ColumnElement[bool]:
    """Versions of deleted comments, found from these: few are."""
    theirs = versions.alias("theirs")
    of_comment = and_(
        theirs.c.source == comments.c.source, theirs.c.comment_id == comments.c.comment_id
    )
    return versions.c.id.in_(
        select(theirs.c.id)
        .select_from(comments.join(theirs, of_comment))
        .where(
            comments.c.deleted_at < when,
            or_(comments.c.restored_at.is_(None), comments.c.deleted_at >= comments.c.restored_at),
        )
    )


def _remove_versions(tx: Connection, end: datetime) -> int:
    """Versions that no kept alert is about, what people said of them, and with its last one the
    comment.
    """
    kept = select(alerts.c.id).where(
        alerts.c.source == versions.c.source,
        alerts.c.comment_id == versions.c.comment_id,
        alerts.c.version == versions.c.version,
    )
    names = (versions.c.source, versions.c.comment_id, versions.c.version)
    statement = select(versions.c.id, *names)
    gone = tx.execute(
        statement.where(versions.c.received_at < end, ~kept.exists()).limit(BATCH)
    ).all()
    if gone:
        tx.execute(delete(versions).where(versions.c.id.in_([row.id for row in gone])))
        said.forget(tx, [(row.source, row.comment_id, row.version) for row in gone])
        _delete_each(tx, comments, {(row.source, row.comment_id) for row in gone}, ~_has_versions())
    return len(gone)


def _has_versions() -> ColumnElement[bool]:
    left = select(versions.c.id).where(
        versions.c.source == comments.c.source, versions.c.comment_id == comments.c.comment_id
    )
    return left.exists()


def _deleted_unseen(end: datetime) -> ColumnElement[bool]:
    """Comments of which nothing but a deletion ever came; they go by its time."""
    return and_(comments.c.deleted_at < end, ~_has_versions())


def _about_nothing(end: datetime) -> ColumnElement[bool]:
    """Messages formed before `end`, all of whose alerts are gone."""
    left = select(outbox.c.id).where(outbox.c.message_id == messages.c.id)
    return and_(messages.c.formed_at < end, ~left.exists())


def _without_alerts(end: datetime) -> ColumnElement[bool]:
    """Times of configurations that were over before `end` and that no alert refers to."""
    referring = select(alerts.c.id).where(alerts.c.configuration == configuration_periods.c.digest)
    return and_(configuration_periods.c.until < end, ~referring.exists())


def _without_periods() -> ColumnElement[bool]:
    told = select(configuration_periods.c.number).where(
        configuration_periods.c.digest == configurations.c.digest
    )
    return ~told.exists()


def _remove(tx: Connection, table: Table, which: ColumnElement[bool]) -> int:
    key = tuple(table.primary_key.columns)
    rows = [tuple(row) for row in tx.execute(select(*key).where(which).limit(BATCH))]
    if rows:
        _delete_each(tx, table, rows)
    return len(rows)


def _delete_each(
    tx: Connection, table: Table, keys: Iterable[tuple[Any, ...]], *also: ColumnElement[bool]
) -> None:
    """One statement a key: of a list of pairs, SQLite would read the whole table."""
    columns = table.primary_key.columns
    names = [f"key_{column.name}" for column in columns]
    equal = [
        column == bindparam(name, type_=column.type)
        for column, name in zip(columns, names, strict=True)
    ]
    tx.execute(
        delete(table).where(*equal, *also),
        [dict(zip(names, key, strict=True)) for key in sorted(keys)],
    )
