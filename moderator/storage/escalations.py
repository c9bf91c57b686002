"""Which alerts are to be told to more people: open, live, and not escalated before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from moderator.domain.trigger import Mode
from moderator.storage.tables import alerts

_is_open = (
    alerts.c.mode == Mode.LIVE,
    alerts.c.acknowledged_at.is_(None),
    alerts.c.escalated_at.is_(None),
)


def grown(
    tx: Connection, alert_ids: Collection[str], triggers: Collection[str]
) -> list[tuple[str, str, int]]:
    """(id, trigger, hits folded into it) of those alerts of these triggers that are open."""
    statement = select(alerts.c.id, alerts.c.trigger, alerts.c.folded).where(
        alerts.c.id.in_(sorted(alert_ids)), alerts.c.trigger.in_(sorted(triggers)), *_is_open
    )
    return [(id_, trigger, folded) for id_, trigger, folded in tx.execute(statement)]


def overdue(tx: Connection, now: datetime, *, limit: int) -> list[tuple[str, str]]:
    """(id, trigger) of alerts whose time to be escalated has come, locked; longest due first."""
    statement = (
        select(alerts.c.id, alerts.c.trigger)
        .where(alerts.c.escalates_at <= now)
        .order_by(alerts.c.escalates_at, alerts.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [(id_, trigger) for id_, trigger in tx.execute(statement)]


def mark(tx: Connection, alert_id: str, *, because: str, now: datetime) -> bool:
    """Escalate an alert; False where it is not open any more, or somebody else did it."""
    changed = tx.execute(
        update(alerts)
        .where(alerts.c.id == alert_id, *_is_open)
        .values(escalated_at=now, escalated_because=because, escalates_at=None)
    )
    return changed.rowcount == 1


def drop(tx: Connection, alert_ids: Sequence[str]) -> None:
    """Wait for these alerts no longer."""
    if alert_ids:
        tx.execute(update(alerts).where(alerts.c.id.in_(alert_ids)).values(escalates_at=None))
