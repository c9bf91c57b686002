"""The thresholds that budgets have set, each since when: the newest of a key is in force."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from moderator.domain.threshold import Threshold
from moderator.storage.engine import insert
from moderator.storage.tables import thresholds

_NAMES = [f.name for f in fields(Threshold)]


def add(tx: Connection, threshold: Threshold) -> None:
    """A threshold comes in force."""
    row = {name: getattr(threshold, name) for name in _NAMES if name != "key"}
    tx.execute(insert(tx, thresholds).values(budget_key=threshold.key, **row))


def in_force(tx: Connection, keys: Collection[str]) -> dict[str, Threshold]:
    """The newest threshold of each key that has one."""
    newest = (
        select(func.max(thresholds.c.id))
        .where(thresholds.c.budget_key.in_(sorted(keys)))
        .group_by(thresholds.c.budget_key)
    )
    rows = tx.execute(select(thresholds).where(thresholds.c.id.in_(newest)))
    return {row.budget_key: _threshold(row) for row in rows}


def history(
    tx: Connection, *, limit: int, before: int | None = None, trigger: str | None = None
) -> list[tuple[int, Threshold]]:
    """Thresholds with their numbers, newest first, at most `limit`, before number `before`."""
    statement = select(thresholds).order_by(thresholds.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(thresholds.c.id < before)
    if trigger is not None:
        statement = statement.where(thresholds.c.trigger == trigger)
    return [(row.id, _threshold(row)) for row in tx.execute(statement)]


def over_before(end: datetime) -> ColumnElement[bool]:
    """Those from before `end` that another one of their key has followed."""
    later = thresholds.alias("later")
    followed = select(later.c.id).where(
        later.c.budget_key == thresholds.c.budget_key, later.c.id > thresholds.c.id
    )
    return (thresholds.c.since < end) & followed.exists()


def _threshold(row: Any) -> Threshold:
    told = {name: getattr(row, name) for name in _NAMES if name != "key"}
    return Threshold(key=row.budget_key, **told)
