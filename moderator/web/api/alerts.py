"""`/v1/alerts`: what moderators were told, and what became of telling them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from moderator.domain.alert import Alert
from moderator.domain.comment import from_micros, micros
from moderator.domain.trigger import Mode
from moderator.storage import alerts as stored
from moderator.storage import outbox
from moderator.storage.engine import read, write
from moderator.storage.verdicts import of_versions
from moderator.web.api import cursor
from moderator.web.api.alert_shapes import AlertBody, AlertPage
from moderator.web.api.query import AlertQuestion, InPath
from moderator.web.auth import Moderator
from moderator.web.errors import NotFound
from moderator.web.runtime import Connection, RuntimeOf

NO_SUCH_ALERT = "there is no alert of that id"


def alerts(asked: Annotated[AlertQuestion, Query()], runtime: RuntimeOf) -> AlertPage:
    """Alerts, newest first, each with its deliveries and what the far ends said."""
    question = asked.name()
    before = None
    if asked.cursor is not None:
        raised_at, alert_id = cursor.decode(asked.cursor, int, str, question=question)
        before = (from_micros(int(raised_at)), str(alert_id))
    with read(runtime.engine) as tx:
        found = stored.newest_alerts(
            tx,
            limit=asked.limit + 1,
            before=before,
            trigger=asked.trigger,
            source=asked.source,
            mode=None if asked.mode is None else Mode(asked.mode),
            acknowledged=asked.acknowledged,
        )
        page = found[: asked.limit]
        items = _bodies(tx, page)
    place = (micros(page[-1].raised_at), page[-1].id) if len(found) > len(page) else None
    return AlertPage(
        items=items, next=None if place is None else cursor.encode(place, question=question)
    )


def alert(alert_id: InPath, runtime: RuntimeOf) -> AlertBody:
    """One alert, with its deliveries and each attempt."""
    with read(runtime.engine) as tx:
        return _body(tx, alert_id)


def acknowledge(alert_id: InPath, runtime: RuntimeOf, key: Moderator) -> AlertBody:
    """Say that somebody has seen to an alert. Whoever was first stays named; again is fine."""
    with write(runtime.engine) as tx:
        stored.acknowledge(tx, alert_id, by=key.name or key.id, now=runtime.clock())
        return _body(tx, alert_id)


def _body(tx: Connection, alert_id: str) -> AlertBody:
    found = stored.alert(tx, alert_id)
    if found is None:
        raise NotFound(NO_SUCH_ALERT)
    return _bodies(tx, [found])[0]


def _bodies(tx: Connection, found: list[Alert]) -> list[AlertBody]:
    owed = outbox.owed_for(tx, [alert.id for alert in found])
    said = of_versions(tx, [(alert.source, alert.comment_id, alert.version) for alert in found])
    return [
        AlertBody.of(
            alert,
            owed.get(alert.id, []),
            said.get((alert.source, alert.comment_id, alert.version), []),
        )
        for alert in found
    ]
