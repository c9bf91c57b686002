"""`/v1/triggers/thresholds`: what budgets have made of thresholds, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field

from moderator.domain.threshold import Threshold
from moderator.storage import thresholds as stored
from moderator.storage.engine import read
from moderator.web.api import cursor
from moderator.web.api.query import Name, PageQuestion
from moderator.web.api.shapes import Shape
from moderator.web.runtime import RuntimeOf


class ThresholdQuestion(PageQuestion):
    """Whose thresholds are wanted."""

    trigger: Name | None = None


class ThresholdBody(Shape):
    """The threshold of `label` since then, set by a budget of `per_day` alerts.

    The one before would have raised `alerts_per_day` of late. `always_above` is where it ends.
    """

    trigger: str
    label: str
    threshold: float
    since: datetime
    in_force: bool = Field(description="Whether it is the newest of a trigger as it stands now.")
    per_day: float
    always_above: float | None
    alerts_per_day: float | None

    @classmethod
    def of(cls, one: Threshold, *, in_force: bool) -> ThresholdBody:
        """One of a history."""
        return cls(
            trigger=one.trigger,
            label=one.label,
            threshold=one.value,
            since=one.since,
            in_force=in_force,
            per_day=one.per_day,
            always_above=one.always_above,
            alerts_per_day=one.alerts_per_day,
        )


class ThresholdPage(Shape):
    """Thresholds, newest first. `next` is the cursor of the page after, null on the last."""

    items: list[ThresholdBody]
    next: str | None


def thresholds(asked: Annotated[ThresholdQuestion, Query()], runtime: RuntimeOf) -> ThresholdPage:
    """Every threshold that a budget has set, newest first; of a trigger whose budget was not
    solved yet there is none, and its own `when` holds.
    """
    question = asked.name()
    before = None
    if asked.cursor is not None:
        (number,) = cursor.decode(asked.cursor, int, question=question)
        before = int(number)
    budgets = [t.budget.key for t in runtime.in_force.triggers if t.budget is not None]
    with read(runtime.engine) as tx:
        found = stored.history(tx, limit=asked.limit + 1, before=before, trigger=asked.trigger)
        newest = stored.in_force(tx, budgets)
    page = found[: asked.limit]
    more = len(found) > len(page)
    return ThresholdPage(
        items=[ThresholdBody.of(one, in_force=newest.get(one.key) == one) for _, one in page],
        next=cursor.encode([page[-1][0]], question=question) if more else None,
    )
