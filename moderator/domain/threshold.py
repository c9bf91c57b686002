"""A threshold that a budget has set, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """In force since `since`, until the next of its `key`, which names the trigger's budget.

    `value` is the threshold of `label`. The one before would have raised `alerts_per_day`; None
    where the past was too little to tell, and the trigger's own threshold holds.
    """

    key: str
    trigger: str
    label: str
    value: float
    since: datetime
    per_day: float
    always_above: float | None
    alerts_per_day: float | None
