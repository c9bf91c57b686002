"""`/v1/usage`: what each key was used for, and what it may be."""

from __future__ import annotations

import datetime
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Query
from pydantic import BeforeValidator, Field

from moderator.storage import keys
from moderator.storage import usage as stored
from moderator.storage.engine import read
from moderator.storage.keys import ApiKey, KeyScope
from moderator.web.api.query import Question, whole
from moderator.web.api.shapes import Shape
from moderator.web.auth import needs
from moderator.web.quotas import quota_of
from moderator.web.runtime import RuntimeOf

Reader = Annotated[ApiKey, Depends(needs(KeyScope.READ))]
Days = Annotated[int, BeforeValidator(whole), Field(ge=1, le=366)]


class UsageQuestion(Question):
    """How far back, today among it."""

    days: Days = 30


class DayBody(Shape):
    """One day, UTC. `refused` are among the `requests`; `scored` counts texts."""

    day: datetime.date
    requests: int
    refused: int
    scored: int


class KeyUsage(Shape):
    """One key: its quota as it is configured, null for none, and the days it was used, newest
    first.
    """

    key: str = Field(examples=["mlgy5dw4"])
    name: str
    quota: str | None = Field(examples=["60/min"])
    days: list[DayBody]


class UsageBody(Shape):
    """Every key for `admin`, else one's own."""

    items: list[KeyUsage]


def usage(asked: Annotated[UsageQuestion, Query()], runtime: RuntimeOf, key: Reader) -> UsageBody:
    """Requests by key and day: of all keys for the scope `admin`, else of the one that asks.

    Each process writes down what it counted every ten seconds: the last ones may be missing.
    """
    sees_all = key.scope.includes(KeyScope.ADMIN)
    since = runtime.clock().date() - timedelta(days=asked.days - 1)
    with read(runtime.engine) as tx:
        found = stored.by_day(tx, since=since, key_id=None if sees_all else key.id)
        known = keys.keys(tx) if sees_all else [key]
    by_key: dict[str, list[DayBody]] = {}
    for one in found:
        body = DayBody(
            day=one.day,
            requests=one.used.requests,
            refused=one.used.refused,
            scored=one.used.scored,
        )
        by_key.setdefault(one.key_id, []).append(body)
    return UsageBody(
        items=[
            KeyUsage(
                key=one.id,
                name=one.name,
                quota=_quota(one, runtime),
                days=by_key.get(one.id, []),
            )
            for one in known
            if one.revoked_at is None or one.id in by_key
        ]
    )


def _quota(key: ApiKey, runtime: RuntimeOf) -> str | None:
    quota = quota_of(key, runtime.in_force.quotas)
    return None if quota is None else str(quota)
