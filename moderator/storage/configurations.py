"""The configurations that were in force: what each said, from when until when."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from moderator.domain.configuration import Cause, Configuration, Difference, Period, differences
from moderator.storage.engine import insert
from moderator.storage.tables import configuration_periods as periods
from moderator.storage.tables import configurations

ALL_OF_A_DIGEST = 200  # periods told of one configuration, the newest


def put_in_force(
    tx: Connection, configuration: Configuration, *, cause: Cause, model: str, now: datetime
) -> bool:
    """Store that a configuration is in force under a model from `now` on.

    False, and nothing is stored, where the newest period says that already: of several processes
    that read the same file, one writes. Whoever came second sees what the first one wrote.
    """
    while True:
        newest = _newest(tx)
        if newest is not None and (newest.digest, newest.model) == (configuration.digest, model):
            return False
        if _add(tx, configuration, newest, cause, model, now):
            return True


def newest_periods(tx: Connection, *, limit: int, before: int | None = None) -> list[Period]:
    """Periods, newest first, at most `limit`; `before` is the number to go on after."""
    statement = select(periods).order_by(periods.c.number.desc()).limit(limit)
    if before is not None:
        statement = statement.where(periods.c.number < before)
    return [_period(row) for row in tx.execute(statement)]


def periods_of(tx: Connection, digest: str) -> list[Period]:
    """The newest periods in which one configuration was in force, newest first."""
    statement = select(periods).where(periods.c.digest == digest)
    statement = statement.order_by(periods.c.number.desc()).limit(ALL_OF_A_DIGEST)
    return [_period(row) for row in tx.execute(statement)]


def configuration(tx: Connection, digest: str) -> Configuration | None:
    """What a configuration said, None where none of that digest is kept."""
    statement = select(configurations.c.settings).where(configurations.c.digest == digest)
    told = tx.execute(statement).scalar_one_or_none()
    return None if told is None else Configuration(settings=json.loads(told))


def _newest(tx: Connection) -> Period | None:
    return next(iter(newest_periods(tx, limit=1)), None)


def _add(
    tx: Connection,
    added: Configuration,
    newest: Period | None,
    cause: Cause,
    model: str,
    now: datetime,
) -> bool:
    """Add the period after `newest`. False where another process has added one since."""
    told = json.dumps(dict(added.settings))
    content = insert(tx, configurations).values(digest=added.digest, settings=told)
    # Written anew where it is known: that holds it against a retention that is about to remove it.
    tx.execute(content.on_conflict_do_update(index_elements=["digest"], set_={"settings": told}))
    period = insert(tx, periods).values(
        number=1 if newest is None else newest.number + 1,
        digest=added.digest,
        since=now,
        cause=cause.value,
        model=model,
        replaced=None if newest is None else newest.digest,
        differences=json.dumps([asdict(one) for one in _differences(tx, added, newest, model)]),
    )
    added_number = tx.execute(period.on_conflict_do_nothing().returning(periods.c.number)).first()
    if added_number is None:
        return False
    if newest is not None:
        tx.execute(update(periods).where(periods.c.number == newest.number).values(until=now))
    return True


def _differences(
    tx: Connection, added: Configuration, newest: Period | None, model: str
) -> tuple[Difference, ...]:
    if newest is None:
        return ()
    known = configuration(tx, newest.digest)
    assert known is not None  # the newest one is never removed
    changed = differences(known.settings, added.settings)
    if newest.model == model:
        return changed
    return (Difference(key="model", before=newest.model, after=model), *changed)


def _period(row: Any) -> Period:
    return Period(
        number=row.number,
        digest=row.digest,
        since=row.since,
        until=row.until,
        cause=Cause(row.cause),
        model=row.model,
        replaced=row.replaced,
        differences=tuple(Difference(**one) for one in json.loads(row.differences)),
    )
