"""How triggers fare: their alerts counted by day, since each of them is as it is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Connection, func, select, type_coerce

from moderator.domain.comment import from_micros
from moderator.domain.trial import Tally, Trial, trial, unchanged_since
from moderator.domain.trigger import Mode, Trigger
from moderator.storage.configurations import newest_periods
from moderator.storage.tables import alerts

DAY_US = timedelta(days=1) // timedelta(microseconds=1)
MOST_PERIODS = 200  # configurations back that are looked at for a trigger's last change


def trials(tx: Connection, triggers: Iterable[Trigger], now: datetime) -> list[Trial]:
    """How each of these triggers, as it is now, has fared up to `now`."""
    periods = newest_periods(tx, limit=MOST_PERIODS)
    since = {one.name: unchanged_since(one.name, periods, now) for one in triggers}
    modes = {one.name: one.mode for one in triggers}
    return [
        trial(name, modes[name], start, now, _tallies(tx, name, start))
        for name, start in since.items()
    ]


def _tallies(tx: Connection, trigger: str, since: datetime) -> list[Tally]:
    """What one trigger raised since then, by mode, day and the channels it would have told."""
    day = (type_coerce(alerts.c.raised_at, BigInteger) // DAY_US).label("day")
    kind = (alerts.c.mode, day, alerts.c.would_tell)
    statement = (
        select(*kind, func.count().label("alerts"))
        .where(alerts.c.trigger == trigger, alerts.c.raised_at >= since)
        .group_by(*kind)
    )
    return [
        Tally(
            mode=Mode(row.mode),
            day=from_micros(row.day * DAY_US).date(),
            would_tell=tuple(json.loads(row.would_tell or "[]")),
            alerts=row.alerts,
        )
        for row in tx.execute(statement)
    ]
