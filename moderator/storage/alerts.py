"""Alerts, as they were raised."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, tuple_, update

from moderator.domain.alert import Alert
from moderator.domain.comment import from_micros, micros
from moderator.domain.score import Label, Probabilities
from moderator.domain.trigger import Mode, Scope, Severity
from moderator.storage import folded
from moderator.storage.comments import terms_json, terms_of
from moderator.storage.engine import by_source, insert
from moderator.storage.tables import alerts

_PLAIN = (
    "window", "source", "comment_id", "version", "thread_id", "author_id", "excerpt",
    "configuration", "escalates_at", "escalated_at", "escalated_because",
)  # fmt: skip
_DETAILS = (
    "count", "within_s", "thresholds", "mean_thresholds", "means", "excerpt_cut", "model",
    "since_edited", "board", "url", "author_name", "share_threshold", "share",
    "rise_threshold", "rise", "evasion", "budget", "always_above",
)  # fmt: skip


def add_alerts(tx: Connection, raised: Sequence[Alert]) -> set[str]:
    """Store alerts. Returns the ids of those that are the first of their trigger, scope key and
    window; another one of the same is not stored.
    """
    if not raised:
        return set()
    statement = (
        insert(tx, alerts)
        .on_conflict_do_nothing(index_elements=["trigger", "scope_key", "window"])
        .returning(alerts.c.id)
    )
    return set(tx.execute(statement, [_row(alert) for alert in raised]).scalars())


def alerts_of_versions(
    tx: Connection, wanted: Sequence[tuple[str, str, str]]
) -> dict[tuple[str, str, str], list[tuple[str, str, str]]]:
    """(alert id, trigger, mode) of the alerts raised by each (source, comment id, version)."""
    found: dict[tuple[str, str, str], list[tuple[str, str, str]]] = {}
    columns = (alerts.c.comment_id, alerts.c.version, alerts.c.id, alerts.c.trigger, alerts.c.mode)
    for source, of_source in by_source(wanted).items():
        statement = select(*columns).where(alerts.c.source == source)
        statement = statement.where(alerts.c.comment_id.in_([id_ for _, id_, _ in of_source]))
        for comment_id, version, id_, trigger, mode in tx.execute(
            statement.order_by(alerts.c.trigger)
        ):
            found.setdefault((source, comment_id, version), []).append((id_, trigger, mode))
    return {label: found[label] for label in wanted if label in found}


def alert(tx: Connection, alert_id: str) -> Alert | None:
    """One alert."""
    row = tx.execute(_alerts().where(alerts.c.id == alert_id)).one_or_none()
    return None if row is None else _alert_of(row)


def newest_alerts(
    tx: Connection,
    *,
    limit: int,
    before: tuple[datetime, str] | None = None,
    trigger: str | None = None,
    source: str | None = None,
    mode: Mode | None = None,
    thread_id: str | None = None,
    author_id: str | None = None,
    acknowledged: bool | None = None,
) -> list[Alert]:
    """Alerts, newest first, at most `limit`; `before` is the (raised_at, id) to go on after."""
    statement = _alerts().order_by(alerts.c.raised_at.desc(), alerts.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(
            tuple_(alerts.c.raised_at, alerts.c.id) < tuple_(*_literal(before))
        )
    equal = {
        "trigger": trigger, "source": source, "mode": mode, "thread_id": thread_id,
        "author_id": author_id,
    }  # fmt: skip
    for name, value in equal.items():
        if value is not None:
            statement = statement.where(alerts.c[name] == value)
    if acknowledged is not None:
        test = alerts.c.acknowledged_at
        statement = statement.where(test.is_not(None) if acknowledged else test.is_(None))
    return [_alert_of(row) for row in tx.execute(statement)]


def acknowledge(tx: Connection, alert_id: str, *, by: str, now: datetime) -> bool:
    """Mark an alert as seen to; whoever came first stays named. False: no such alert."""
    known = tx.execute(
        update(alerts)
        .where(alerts.c.id == alert_id, alerts.c.acknowledged_at.is_(None))
        .values(acknowledged_at=now, acknowledged_by=by, escalates_at=None)
    )
    if known.rowcount:
        return True
    return tx.execute(select(alerts.c.id).where(alerts.c.id == alert_id)).first() is not None


def _alerts() -> Select[Any]:
    return select(alerts, folded.authors().scalar_subquery().label("folded_authors"))


def _literal(before: tuple[datetime, str]) -> tuple[Any, Any]:
    return (
        bindparam("raised_before", before[0], alerts.c.raised_at.type),
        bindparam("id_before", before[1], alerts.c.id.type),
    )


def _row(alert: Alert) -> dict[str, Any]:
    p = alert.probabilities
    details = {name: getattr(alert, name) for name in _DETAILS} | {
        "written_at": micros(alert.written_at),
        "scope": alert.scope.value,
        "severity": alert.severity.value,
        "probabilities": [p.hate, p.offensive, p.neither],
        "label": alert.label.value,
    }
    return {name: getattr(alert, name) for name in _PLAIN} | {
        "id": alert.id,
        "trigger": alert.trigger,
        "scope_key": alert.scope_key,
        "mode": alert.mode.value,
        "raised_at": alert.raised_at,
        "why": json.dumps(terms_json(alert.why)),
        "details": json.dumps(details),
        "would_tell": json.dumps(alert.would_tell) if alert.would_tell else None,
        "folded": alert.folded,
        "acknowledged_at": alert.acknowledged_at,
        "acknowledged_by": alert.acknowledged_by,
    }


def _alert_of(row: Any) -> Alert:
    """The alert in a row of `_alerts`."""
    details = json.loads(row.details)
    hate, offensive, neither = details["probabilities"]
    return Alert(
        id=row.id,
        trigger=row.trigger,
        scope_key=row.scope_key,
        mode=Mode(row.mode),
        scope=Scope(details["scope"]),
        severity=Severity(details.get("severity", Severity.WARNING)),
        raised_at=row.raised_at,
        written_at=from_micros(details["written_at"]),
        probabilities=Probabilities(hate=hate, offensive=offensive, neither=neither),
        label=Label(details["label"]),
        why=terms_of(json.loads(row.why)),
        would_tell=tuple(json.loads(row.would_tell or "[]")),
        folded=row.folded,
        folded_authors=row.folded_authors,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        **{name: getattr(row, name) for name in _PLAIN},
        # An alert of an earlier version has no detail that came later.
        **{name: details[name] for name in _DETAILS if name in details},
    )
