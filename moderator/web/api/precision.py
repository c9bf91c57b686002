"""`/v1/triggers/precision`: how often each trigger's alerts were right, as far as people said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query
from pydantic import BeforeValidator, Field

from moderator.domain.precision import precision_of
from moderator.storage import verdicts
from moderator.storage.engine import read
from moderator.web.api.query import Question, whole
from moderator.web.api.shapes import PrecisionBody, Shape
from moderator.web.runtime import RuntimeOf

Days = Annotated[int, BeforeValidator(whole), Field(ge=1, le=366)]


class PrecisionQuestion(Question):
    """How far back."""

    days: Days = 30


class TriggerPrecision(PrecisionBody):
    """One trigger. `alerts` of its were raised; of several that one comment raised, the comment is
    judged once.
    """

    trigger: str
    alerts: int


class TriggerPrecisions(Shape):
    """Every trigger that raised an alert since then, by name, live or in shadow."""

    since: datetime
    items: list[TriggerPrecision]


def precision(
    asked: Annotated[PrecisionQuestion, Query()], runtime: RuntimeOf
) -> TriggerPrecisions:
    """How often the alerts of each trigger were right, as far as people judged their comments.

    People judge what was raised: of what a trigger missed, this says nothing.
    """
    since = runtime.clock() - timedelta(days=asked.days)
    with read(runtime.engine) as tx:
        raised = verdicts.versions_of_alerts(tx, since=since)
        toxic = verdicts.settled(tx, since=since)
    return TriggerPrecisions(
        since=since,
        items=[
            TriggerPrecision(
                trigger=name, alerts=len(labels), **precision_of(labels, toxic).as_json()
            )
            for name, labels in raised.items()
        ],
    )
