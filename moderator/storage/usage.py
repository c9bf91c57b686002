"""What the API's keys were used for: parts of quotas handed out, and requests counted by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, select

from moderator.domain.quota import Quota
from moderator.storage.engine import insert
from moderator.storage.tables import key_quotas, key_usage

_FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Requests that came with a key, how many of them its quota refused, and texts scored."""

    requests: int = 0
    refused: int = 0
    scored: int = 0

    def __add__(self, more: Used) -> Used:
        return Used(
            requests=self.requests + more.requests,
            refused=self.refused + more.refused,
            scored=self.scored + more.scored,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfKey:
    """What a key was used for on one day, UTC."""

    key_id: str
    day: date
    used: Used


def allot(tx: Connection, key_id: str, quota: Quota, now: datetime) -> int:
    """Take a part of a key's quota for this process: how many requests it may let in, 0 where
    nothing is left of it. All processes together never get more than the quota.
    """
    begins = quota.begins(now)
    new = insert(tx, key_quotas).values(key_id=key_id, begins=begins, taken=quota.part)
    goes_on = key_quotas.c.begins >= new.excluded.begins  # of two clocks the one ahead counts
    taken: int = tx.execute(
        new.on_conflict_do_update(
            index_elements=["key_id"],
            set_={
                "begins": case((goes_on, key_quotas.c.begins), else_=new.excluded.begins),
                "taken": case((goes_on, key_quotas.c.taken), else_=0) + quota.part,
            },
        ).returning(key_quotas.c.taken)
    ).scalar_one()
    return max(0, min(quota.part, quota.limit - (taken - quota.part)))


def add(tx: Connection, counted: Mapping[tuple[str, date], Used]) -> None:
    """Add to what keys were used for, by key and day."""
    rows = [
        {"key_id": key_id, "day": (day - _FIRST_DAY).days, **_columns(used)}
        for (key_id, day), used in sorted(counted.items())  # in order: nobody waits crosswise
    ]
    if rows:
        new = insert(tx, key_usage)
        sums = {name: key_usage.c[name] + new.excluded[name] for name in _columns(Used())}
        tx.execute(new.on_conflict_do_update(index_elements=["key_id", "day"], set_=sums), rows)


def by_day(tx: Connection, *, since: date, key_id: str | None = None) -> list[DayOfKey]:
    """What each key, or one, was used for on each day from `since` on, the newest first."""
    statement = select(key_usage).where(key_usage.c.day >= (since - _FIRST_DAY).days)
    if key_id is not None:
        statement = statement.where(key_usage.c.key_id == key_id)
    rows = tx.execute(statement.order_by(key_usage.c.key_id, key_usage.c.day.desc()))
    return [
        DayOfKey(
            key_id=row.key_id,
            day=_FIRST_DAY + timedelta(days=row.day),
            used=Used(requests=row.requests, refused=row.refused, scored=row.scored),
        )
        for row in rows
    ]


def before(when: datetime) -> ColumnElement[bool]:
    """Days of usage that were over before `when`."""
    return key_usage.c.day < (when.astimezone(UTC).date() - _FIRST_DAY).days


def _columns(used: Used) -> dict[str, Any]:
    return {"requests": used.requests, "refused": used.refused, "scored": used.scored}
