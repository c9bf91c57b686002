"""Which comments were folded into which alert: so that a moderator can see to all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select, update

from moderator.domain.alert import Folded, FoldedComment
from moderator.domain.record import Record
from moderator.storage.comments import facts_of
from moderator.storage.engine import by_source, insert
from moderator.storage.tables import alerts, comments, folded_comments, versions

Label = tuple[str, str, str]  # source, comment id, version


def fold(tx: Connection, folded: Sequence[Folded]) -> None:
    """Count hits into their alerts, and keep which they are. What belongs to an alert that is not
    kept any more is not kept, either.
    """
    by_alert: dict[str, list[Folded]] = {}
    for one in folded:
        by_alert.setdefault(one.alert_id, []).append(one)
    for alert_id, ones in sorted(by_alert.items()):  # in one order: no two wait for each other
        counted = tx.execute(
            update(alerts).where(alerts.c.id == alert_id).values(folded=alerts.c.folded + len(ones))
        )
        if counted.rowcount:
            tx.execute(insert(tx, folded_comments), [_row(one) for one in ones])


def alerts_of(tx: Connection, wanted: Sequence[Label]) -> dict[Label, list[tuple[str, str, str]]]:
    """(alert id, trigger, mode) of the alerts that each version was folded into."""
    found: dict[Label, list[tuple[str, str, str]]] = {}
    table = folded_comments.c
    columns = (table.comment_id, table.version, alerts.c.id, alerts.c.trigger, alerts.c.mode)
    for source, of_source in by_source(wanted).items():
        statement = select(*columns).join(alerts, alerts.c.id == table.alert_id)
        statement = statement.where(
            table.source == source, table.comment_id.in_([id_ for _, id_, _ in of_source])
        )
        for comment_id, version, id_, trigger, mode in tx.execute(
            statement.order_by(alerts.c.trigger)
        ):
            found.setdefault((source, comment_id, version), []).append((id_, trigger, mode))
    return {label: found[label] for label in wanted if label in found}


def authors() -> Select[Any]:
    """How many authors the comments folded into an alert have, for a select of `alerts`."""
    return (
        select(func.count(comments.c.author_id.distinct()))
        .select_from(folded_comments.join(comments, _is_of))
        .where(folded_comments.c.alert_id == alerts.c.id)
        .correlate(alerts)
    )


def comments_of(
    tx: Connection, alert_id: str, *, limit: int, after: int = 0
) -> list[FoldedComment]:
    """What was folded into an alert, in the order of arrival, after the number `after`."""
    table = folded_comments.c
    of_version = and_(
        versions.c.source == table.source,
        versions.c.comment_id == table.comment_id,
        versions.c.version == table.version,
    )
    statement = (
        select(
            table.id,
            table.source,
            table.comment_id,
            table.version,
            versions.c.written_at,
            comments.c.facts,
            comments.c.deleted_at,
            comments.c.restored_at,
        )
        .select_from(folded_comments.outerjoin(comments, _is_of).outerjoin(versions, of_version))
        .where(table.alert_id == alert_id, table.id > after)
        .order_by(table.id)
        .limit(limit)
    )
    return [_comment(row) for row in tx.execute(statement)]


_is_of = and_(
    comments.c.source == folded_comments.c.source,
    comments.c.comment_id == folded_comments.c.comment_id,
)


def _row(one: Folded) -> dict[str, str]:
    return {
        "alert_id": one.alert_id,
        "source": one.source,
        "comment_id": one.comment_id,
        "version": one.version,
    }


def _comment(row: Any) -> FoldedComment:
    record = Record(
        source=row.source,
        comment_id=row.comment_id,
        facts={} if row.facts is None else facts_of(row.facts),
        deleted_at=row.deleted_at,
        restored_at=row.restored_at,
    )
    return FoldedComment(
        number=row.id,
        source=row.source,
        comment_id=row.comment_id,
        version=row.version,
        written_at=row.written_at,
        thread_id=record.text_of("thread_id"),
        board=record.text_of("board"),
        url=record.text_of("url"),
        author_id=record.text_of("author_id"),
        author_name=record.text_of("author_name"),
        is_deleted=record.is_deleted,
    )
