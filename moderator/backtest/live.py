"""What a budget makes of the stored past, now."""

from __future__ import annotations

from datetime import datetime

from moderator.backtest.past import sightings_since
from moderator.backtest.steering import LOOKED_AT, Look, Recent
from moderator.domain.trigger import Trigger
from moderator.storage.engine import Engine


def look_back(engine: Engine, trigger: Trigger, level: int | None, now: datetime) -> Look:
    """Look at the days before `now` for a trigger with a budget; `level` is in force, None: the
    trigger's own threshold is. Raises Unavailable.
    """
    recent = Recent(trigger)
    for seen in sightings_since(engine, now - LOOKED_AT):
        recent.add(seen)
    return recent.look(level, now)
