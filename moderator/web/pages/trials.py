"""Triggers that are being tried out: whom each would have told, and how it is switched on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from moderator.domain.trial import told
from moderator.domain.trigger import Mode, Trigger
from moderator.storage.trials import trials
from moderator.web.runtime import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialView:
    """A trigger in shadow. `command` is run where the configuration's file is."""

    name: str
    told: str
    command: str


def trial_views(tx: Connection, triggers: Iterable[Trigger], now: datetime) -> list[TrialView]:
    """Those of the triggers in force that are in shadow."""
    tried = [trigger for trigger in triggers if trigger.mode is Mode.SHADOW]
    return [
        TrialView(
            name=trial.trigger,
            told=told(trial),
            command=f"moderator triggers promote {trial.trigger}",
        )
        for trial in trials(tx, tried, now)
    ]
