"""`/v1/configurations`: what was in force when, and what changed each time."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field

from moderator.domain.configuration import Cause, Configuration, Period
from moderator.storage import configurations as stored
from moderator.storage.engine import read
from moderator.web.api import cursor
from moderator.web.api.query import ConfigurationQuestion, InPath
from moderator.web.api.shapes import Shape
from moderator.web.errors import NotFound
from moderator.web.runtime import RuntimeOf

NO_SUCH_CONFIGURATION = "there is no configuration of that digest, or it is not kept any more"


class DifferenceBody(Shape):
    """One setting that is not as it was. `before` is null for a new one, `after` for one gone."""

    key: str = Field(examples=["triggers.slur.when.hate"])
    before: str | None
    after: str | None


class PeriodBody(Shape):
    """A time in which a configuration was in force, and how it differs from the one before.

    `until` is null for the present one, `replaced` for the first one that is known.
    """

    digest: str
    since: datetime
    until: datetime | None
    cause: Cause
    model: str
    replaced: str | None
    differences: list[DifferenceBody]

    @classmethod
    def of(cls, period: Period) -> PeriodBody:
        """A stored period."""
        return cls(
            digest=period.digest,
            since=period.since,
            until=period.until,
            cause=period.cause,
            model=period.model,
            replaced=period.replaced,
            differences=[
                DifferenceBody(key=one.key, before=one.before, after=one.after)
                for one in period.differences
            ],
        )


class PeriodPage(Shape):
    """Some periods, newest first. `next` is the cursor of the page after, null on the last."""

    items: list[PeriodBody]
    next: str | None


class ConfigurationBody(Shape):
    """What a configuration said, secrets left out, and when it was in force, newest first."""

    digest: str
    settings: dict[str, str]
    periods: list[PeriodBody]

    @classmethod
    def of(cls, configuration: Configuration, periods: list[Period]) -> ConfigurationBody:
        """A stored configuration."""
        return cls(
            digest=configuration.digest,
            settings=dict(configuration.settings),
            periods=[PeriodBody.of(period) for period in periods],
        )


def configurations(
    asked: Annotated[ConfigurationQuestion, Query()], runtime: RuntimeOf
) -> PeriodPage:
    """What was in force when, newest first, each with what changed."""
    question = asked.name()
    before = None
    if asked.cursor is not None:
        (number,) = cursor.decode(asked.cursor, int, question=question)
        before = int(number)
    with read(runtime.engine) as tx:
        found = stored.newest_periods(tx, limit=asked.limit + 1, before=before)
    page = found[: asked.limit]
    place = (page[-1].number,) if len(found) > len(page) else None
    return PeriodPage(
        items=[PeriodBody.of(period) for period in page],
        next=None if place is None else cursor.encode(place, question=question),
    )


def configuration(digest: InPath, runtime: RuntimeOf) -> ConfigurationBody:
    """One configuration: every setting, and when it was in force."""
    with read(runtime.engine) as tx:
        found = stored.configuration(tx, digest)
        if found is None:
            raise NotFound(NO_SUCH_CONFIGURATION)
        return ConfigurationBody.of(found, stored.periods_of(tx, digest))
