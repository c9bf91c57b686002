"""Comments by the hour: counted once each, a few thousand at a time, and never looked at again.

Versions are counted in the order of their ids. An id may be given out before another one and be
committed after it, so that only those are counted that were there a look earlier: a transaction
does not take so long.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    case,
    func,
    select,
    type_coerce,
    update,
)

from moderator.domain.watch.hours import HOUR
from moderator.domain.watch.tally import BINS, EDGES, NOT_JUDGED, Tally
from moderator.storage.engine import insert
from moderator.storage.tables import arrivals, hourly, versions, watch_progress

SETTLED_AFTER = timedelta(seconds=20)  # a statement may take 8 s, and waiting for a lock 5 s
CHUNK = 5_000  # versions a transaction: intake waits no longer than that takes
_HOUR_MICROS = HOUR // timedelta(microseconds=1)


def count_some(tx: Connection, now: datetime) -> bool:
    """Count up to `CHUNK` comments that were not counted yet; True while there are more.

    The caller holds the watch's progress locked (`looks.lock`).
    """
    at = tx.execute(select(watch_progress)).one()
    counted = at.counted_to
    if counted < at.settled_to:
        counted = min(at.settled_to, counted + CHUNK)
        _count(tx, at.counted_to, counted)
        tx.execute(update(watch_progress).values(counted_to=counted))
    if counted < at.settled_to:
        return True
    if abs(now - at.settled_at) >= SETTLED_AFTER:
        newest = tx.execute(select(func.max(versions.c.id))).scalar() or 0
        # Where the newest were deleted, SQLite gives their ids out again.
        kept = {"counted_to": min(counted, newest), "settled_to": newest, "settled_at": now}
        tx.execute(update(watch_progress).values(kept))
    return False


def last_arrivals(tx: Connection) -> dict[str, datetime]:
    """When each source's last comment came, those not counted yet among them."""
    at = tx.execute(select(watch_progress.c.counted_to)).scalar() or 0
    counted = tx.execute(select(arrivals.c.source, arrivals.c.last_at))
    found: dict[str, datetime] = dict(counted.all())
    for source, last in tx.execute(_newest(versions.c.id > at)):
        found[source] = max(last, found.get(source, last))
    return found


def comments_by_hour(tx: Connection, source: str, since: int) -> dict[int, int]:
    """How many comments each hour brought, from hour `since` on; hours without any are left out."""
    rows = tx.execute(
        select(hourly.c.hour, func.sum(hourly.c.comments))
        .where(hourly.c.source == source, hourly.c.hour >= since)
        .group_by(hourly.c.hour)
    )
    return {hour: int(comments) for hour, comments in rows}


def scores_by_hour(tx: Connection, source: str, model: str, since: int) -> Tally:
    """How the comments that a model judged fell into the bins, from hour `since` on."""
    found: dict[int, list[int]] = defaultdict(lambda: [0] * BINS)
    rows = tx.execute(
        select(hourly.c.hour, hourly.c.bin, hourly.c.comments).where(
            hourly.c.source == source,
            hourly.c.model == model,
            hourly.c.hour >= since,
            hourly.c.bin != NOT_JUDGED,
        )
    )
    for hour, place, comments in rows:
        found[hour][place] = comments
    return found


def judged_by_hour(tx: Connection, source: str, since: int) -> Tally:
    """How many comments each hour brought that were not judged, and that were."""
    missing = func.sum(case((hourly.c.bin == NOT_JUDGED, hourly.c.comments), else_=0))
    rows = tx.execute(
        select(hourly.c.hour, missing, func.sum(hourly.c.comments))
        .where(hourly.c.source == source, hourly.c.hour >= since)
        .group_by(hourly.c.hour)
    )
    return {hour: (int(none), int(all_ - none)) for hour, none, all_ in rows}


def _count(tx: Connection, after: int, end: int) -> None:
    """Add the versions whose ids lie above `after`, up to `end`."""
    new = versions.c.id.between(after + 1, end)
    _add(tx, _counts(new), ["source", "hour", "model", "bin"], hourly.c.comments)
    statement = insert(tx, arrivals).from_select(["source", "last_at"], _newest(new))
    newer = statement.excluded.last_at
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["source"],
            set_={"last_at": case((newer > arrivals.c.last_at, newer), else_=arrivals.c.last_at)},
        )
    )


def _newest(which: ColumnElement[bool]) -> Select[Any]:
    """Each source, and when its last of these versions came."""
    one = _some(select(versions.c.source, versions.c.received_at), which)
    return select(one.c.source, func.max(one.c.received_at)).group_by(one.c.source)


def _some(rows: Select[Any], which: ColumnElement[bool]) -> Subquery:
    """These versions, found by their ids: without the limit SQLite goes through all that there
    are, in the order in which they are grouped.
    """
    return rows.where(which).order_by(versions.c.id.desc()).limit(CHUNK).subquery()


def _counts(which: ColumnElement[bool]) -> Select[Any]:
    hour = type_coerce(versions.c.received_at, BigInteger) // _HOUR_MICROS
    rows = select(
        versions.c.source.label("source"),
        hour.label("hour"),
        versions.c.model.label("model"),
        _bin().label("bin"),
    )
    one = _some(rows, which)
    return select(one, func.count()).group_by(*one.c)


def _add(tx: Connection, counted: Select[Any], key: list[str], number: Any) -> None:
    statement = insert(tx, hourly).from_select([*key, number.name], counted)
    grown = {number.name: number + statement.excluded[number.name]}
    tx.execute(statement.on_conflict_do_update(index_elements=key, set_=grown))


def _bin() -> ColumnElement[int]:
    """The bin of a version: the odds of toxic over those of the base rate, between the edges."""
    base = func.coalesce(versions.c.base_rate, 0.5)  # not known: as if it were even
    toxic = (versions.c.hate + versions.c.offensive) * (1 - base)
    civil = versions.c.neither * base
    below = [(toxic < edge * civil, place) for place, edge in enumerate(EDGES)]
    return case((versions.c.hate.is_(None), NOT_JUDGED), *below, else_=BINS - 1)
