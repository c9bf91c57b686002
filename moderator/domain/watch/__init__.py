"""What the service watches in itself and in what feeds it: each judgement a pure function."""

from moderator.domain.watch.abstentions import Abstaining, abstaining
from moderator.domain.watch.hours import HOUR, Span, hour_of, start_of, touched
from moderator.domain.watch.rhythm import (
    KEPT_HOURS,
    Rhythm,
    Unknown,
    awaited,
    is_young,
    learn,
    surprise,
    told_after,
)
from moderator.domain.watch.stability import Drift, drift

__all__ = [
    "HOUR",
    "KEPT_HOURS",
    "Abstaining",
    "Drift",
    "Rhythm",
    "Span",
    "Unknown",
    "abstaining",
    "awaited",
    "drift",
    "hour_of",
    "is_young",
    "learn",
    "start_of",
    "surprise",
    "told_after",
    "touched",
]
