"""The thresholds that budgets set: solved once an hour by one process, followed by all."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from moderator.backtest.live import look_back
from moderator.domain.errors import Unavailable
from moderator.domain.threshold import Threshold
from moderator.domain.trigger import Budget, Mode, Trigger
from moderator.domain.trigger.budget import STEPS
from moderator.storage import thresholds
from moderator.storage.engine import Connection, Engine, read, write
from moderator.storage.retention import claim_run

SOLVE_EVERY = timedelta(hours=1)

logger = logging.getLogger(__name__)


class Budgets:
    """The bars of the triggers with a budget, by its key.

    `in_force` is only ever replaced as a whole. Where nothing was solved yet it has the trigger's
    own threshold: what a comment was held against is stored with it, and can be replayed.
    """

    def __init__(self, engine: Engine, *, clock: Callable[[Connection], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._following = threading.Lock()
        self.in_force: Mapping[str, float] = {}

    def update(self, triggers: Callable[[], Sequence[Trigger]]) -> None:
        """Solve what is due, and follow. A database that is away changes nothing."""
        try:
            for trigger in _asked(triggers()).values():
                self._solve(trigger)
        except Unavailable as error:
            logger.warning("budgets were not looked at", extra={"reason": str(error)})
        self.follow(triggers)

    def follow(self, triggers: Callable[[], Sequence[Trigger]]) -> None:
        """Put in force what any process has solved last. Where the database is away, a budget that
        is new starts from its trigger's own threshold.
        """
        with self._following:  # a new hour and a new configuration: the later sees the newest
            asked = _asked(triggers())
            known = dict(self.in_force)
            try:
                with read(self._engine) as tx:
                    found = thresholds.in_force(tx, asked)
                known = {key: threshold.value for key, threshold in found.items()}
            except Unavailable as error:
                logger.warning("thresholds were not read", extra={"reason": str(error)})
            self.in_force = {
                key: known.get(key, _own(trigger)[1]) for key, trigger in asked.items()
            }

    def _solve(self, trigger: Trigger) -> None:
        """Look at the last days, if no process has done so in this hour."""
        assert trigger.budget is not None
        budget = trigger.budget
        with write(self._engine) as tx:
            now = self._clock(tx)
            if not claim_run(tx, f"budget {budget.key}", every=SOLVE_EVERY, now=now):
                return
            before = thresholds.in_force(tx, [budget.key]).get(budget.key)
        level = None if before is None else round(before.value * STEPS)
        look = look_back(self._engine, trigger, level, now)
        if look.alerts_per_day is None or look.level == level:
            return
        threshold = _threshold(trigger, budget, look.level / STEPS, now, look.alerts_per_day)
        with write(self._engine) as tx:
            thresholds.add(tx, threshold)
        told = {"trigger": trigger.name, "threshold": threshold.value, "before": level}
        logger.info("threshold moved by its budget", extra=told)


def _asked(triggers: Sequence[Trigger]) -> dict[str, Trigger]:
    """The triggers with a budget, by its key."""
    return {
        trigger.budget.key: trigger
        for trigger in triggers
        if trigger.budget is not None and trigger.mode is not Mode.OFF
    }


def _own(trigger: Trigger) -> tuple[str, float]:
    ((label, least),) = trigger.when.items()
    return label, least


def _threshold(
    trigger: Trigger, budget: Budget, value: float, now: datetime, alerts_per_day: float
) -> Threshold:
    return Threshold(
        key=budget.key,
        trigger=trigger.name,
        label=_own(trigger)[0],
        value=value,
        since=now,
        per_day=budget.per_day,
        always_above=budget.always_above,
        alerts_per_day=alerts_per_day,
    )
