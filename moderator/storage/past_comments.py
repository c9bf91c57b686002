"""The stored past as the triggers saw it, in the order in which it arrived.

A version keeps what the triggers saw of it beside its score: which thread, board and author the
comment had when it arrived. An edit may have moved it since, or deleted it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import MISSING, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from moderator.domain.comment import from_micros
from moderator.domain.passing import Raised
from moderator.domain.score import Probabilities
from moderator.domain.trigger import Sighting
from moderator.storage.tables import alerts, versions

COLUMNS = {"source", "comment_id", "version", "at", "probabilities"}  # a version has them anyway
BESIDE = {
    f.name: f.default if f.default_factory is MISSING else f.default_factory()
    for f in fields(Sighting)
    if f.name not in COLUMNS
}


def sighting_json(seen: Sighting) -> str:
    """What a version's columns do not hold of a sighting, as JSON without what is as usual."""
    told = {name: getattr(seen, name) for name in BESIDE}  # a sighting's mappings are JSON as such
    return json.dumps({name: value for name, value in told.items() if value != BESIDE[name]})


def written_between(tx: Connection, length: timedelta | None) -> tuple[datetime, datetime] | None:
    """When the first and the latest comment that triggers saw were written: the first of the last
    `length`, counted back from the latest. None where there is none.
    """
    seen = versions.c.seen.is_not(None)
    latest = tx.execute(select(func.max(versions.c.written_at)).where(seen)).scalar()
    if latest is None:
        return None
    statement = select(func.min(versions.c.written_at)).where(seen)
    if length is not None:
        statement = statement.where(versions.c.written_at >= latest - length)
    return tx.execute(statement).scalar_one(), latest


def count_from(tx: Connection, since: datetime) -> int:
    """How many versions that triggers saw were written at `since` or later."""
    return tx.execute(
        select(func.count()).where(versions.c.seen.is_not(None), versions.c.written_at >= since)
    ).scalar_one()


def sightings(
    tx: Connection, *, since: datetime, after: int, limit: int
) -> list[tuple[int, Sighting]]:
    """A page of what was written at `since` or later, in the order of arrival.

    Each comes with its number, the last of which is the `after` of the next page; 0 begins.
    What nobody could judge, or was deleted when it arrived, was not seen and is not in it.
    """
    rows: Iterable[Any] = tx.execute(_page(since).where(versions.c.id > after).limit(limit))
    return [
        (
            number,
            Sighting(
                source=source,
                comment_id=comment_id,
                version=version,
                at=written_at,
                probabilities=Probabilities(hate=hate, offensive=offensive, neither=neither),
                **json.loads(seen),
            ),
        )
        for number, source, comment_id, version, written_at, hate, offensive, neither, seen in rows
    ]


def _page(since: datetime) -> Select[Any]:
    return (
        select(
            versions.c.id,
            versions.c.source,
            versions.c.comment_id,
            versions.c.version,
            versions.c.written_at,
            versions.c.hate,
            versions.c.offensive,
            versions.c.neither,
            versions.c.seen,
        )
        .where(versions.c.seen.is_not(None), versions.c.written_at >= since)
        .order_by(versions.c.id)
    )


def alerts_raised(tx: Connection, since: datetime) -> list[Raised]:
    """The alerts whose comment was written at `since` or later, in the order of their raising."""
    columns = (
        alerts.c.trigger, alerts.c.scope_key, alerts.c.window, alerts.c.source,
        alerts.c.comment_id, alerts.c.version, alerts.c.details,
    )  # fmt: skip
    found = (
        Raised(
            trigger=row.trigger,
            scope_key=row.scope_key,
            window=row.window,
            source=row.source,
            comment_id=row.comment_id,
            version=row.version,
            written_at=from_micros(json.loads(row.details)["written_at"]),
        )
        for row in tx.execute(select(*columns).order_by(alerts.c.raised_at, alerts.c.id))
    )
    return [alert for alert in found if alert.written_at >= since]
