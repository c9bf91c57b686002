"""How toxic each board is: told by the configuration, or estimated from its scores once a day."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Literal

import numpy as np

from moderator.classifier.prior import BaseRate, estimate_base_rate, toxic_at
from moderator.domain.errors import Unavailable
from moderator.domain.score import Scorer
from moderator.sources.base_rate import ESTIMATE
from moderator.sources.settings import SourceSettings
from moderator.storage import past_scores
from moderator.storage.engine import Engine, database_now, read

SETTLED_AFTER = timedelta(minutes=1)  # what arrived before midnight is in the database by then
ESTIMATED_FROM = timedelta(days=30)
MOST_COMMENTS = 20_000  # that an estimate rests on

Configured = float | Literal["estimate"] | None

logger = logging.getLogger(__name__)


def start_of_day(engine: Engine) -> datetime:
    """The midnight (UTC) before which comments count for today's estimates. Raises Unavailable."""
    with read(engine) as tx:
        settled = database_now(tx) - SETTLED_AFTER
    return settled.replace(hour=0, minute=0, second=0, microsecond=0)


def estimated_base_rate(
    engine: Engine, scorer: Scorer, source: str, before: datetime
) -> BaseRate | None:
    """How toxic a board is, from what this model judged on it in the 30 days before `before`.

    None where the model declares no base rate to start from. Raises Unavailable.
    """
    declared = scorer.base_rate
    if declared is None:
        return None
    with read(engine) as tx:
        past = past_scores.newest_judged(
            tx,
            source=source,
            model=scorer.model,
            since=before - ESTIMATED_FROM,
            before=before,
            limit=MOST_COMMENTS,
        )
    rows = [(one.toxic, one.neither, one.base_rate or declared) for one in past]
    toxic, neither, given = np.array(rows, np.float64).reshape(-1, 3).T
    # Each was judged for the base rate that was in force then: all are brought back to one.
    return estimate_base_rate(
        toxic_at(toxic, neither, given=given, wanted=declared), given=declared
    )


def chosen(configured: Configured, found: BaseRate | None) -> float | None:
    """The share that counts for a source, None for the model's own."""
    if configured == ESTIMATE:
        return found.share if found is not None and found.is_usable else None
    return configured


class BaseRates:
    """For which share of toxic comments each source's probabilities are to hold.

    `in_force` has it by source, None where the model's own counts; it is only ever replaced as a
    whole. An estimate holds for a day (UTC) and rests on what arrived before it, so that every
    process on a database judges alike, whenever it was started.
    """

    def __init__(
        self,
        engine: Engine,
        scorer: Scorer,
        *,
        today: Callable[[Engine], datetime] = start_of_day,
    ) -> None:
        self._engine = engine
        self._today = today
        self._scorer = scorer
        self._updating = threading.Lock()
        self._estimates: dict[str, tuple[datetime, BaseRate]] = {}
        self.in_force: Mapping[str, float | None] = {}

    def update(self, configured: Callable[[], Mapping[str, SourceSettings]]) -> None:
        """Follow the configuration and the calendar. A database that is away changes nothing."""
        with self._updating:  # a new day and a new configuration: the later sees the newest
            asked = {name: block.base_rate for name, block in configured().items()}
            try:
                self._estimate([name for name, rate in asked.items() if rate == ESTIMATE])
            except Unavailable as error:
                logger.warning("base rates were not estimated", extra={"reason": str(error)})
            found = {name: estimate for name, (_, estimate) in self._estimates.items()}
            self.in_force = {name: chosen(rate, found.get(name)) for name, rate in asked.items()}

    def told(self) -> dict[str, float]:
        """The share by source; empty where the model does not say which is its own."""
        declared = self._scorer.base_rate
        if declared is None:
            return {}
        return {name: share or declared for name, share in self.in_force.items()}

    def _estimate(self, sources: Sequence[str]) -> None:
        """Estimate what was not estimated today."""
        for source in sources:
            today = self._today(self._engine)
            estimated_on, _ = self._estimates.get(source, (None, None))
            if estimated_on == today:
                continue
            found = estimated_base_rate(self._engine, self._scorer, source, today)
            if found is not None:
                self._estimates[source] = today, found
                told = {"source": source, "is_used": found.is_usable, **asdict(found)}
                logger.info("base rate estimated", extra=told)
