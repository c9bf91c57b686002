"""Copies of a text: which open alert of a trigger for single comments a comment belongs to.

Whether an alert was open at the time of writing counts, before it or after it: a late comment folds
into what it belongs to, too. How long an alert stays open does not depend on how many copies come.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from moderator.domain.comment import micros
from moderator.domain.likeness import alike
from moderator.domain.trigger.rule import NO_TIME, Scope, Sighting, Trigger, is_certain

MAX_OPEN = 100  # alerts remembered a trigger and source; of more, the oldest are closed early


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlert:
    """An alert that copies fold into: when its comment was written, in microseconds since 1970,
    and the fingerprint of its text. What `is_certain` folds only into what was, too: a mild text
    is no cover for a bad one.
    """

    at: int
    likeness: str
    alert_id: str
    certain: bool = False


def folds_copies(trigger: Trigger, seen: Sighting) -> bool:
    """Whether the trigger asks what this comment is a copy of, and that can be known."""
    asks = trigger.scope is Scope.COMMENT and trigger.fold_copies > NO_TIME
    return asks and seen.likeness is not None


def original(trigger: Trigger, known: tuple[OpenAlert, ...], seen: Sighting) -> OpenAlert | None:
    """The oldest open alert whose text this is a copy of, None where there is none."""
    if seen.likeness is None:
        return None
    here, span = micros(seen.at), _micros(trigger.fold_copies)
    certain = is_certain(trigger, seen)
    for one in known:
        if certain and not one.certain:
            continue
        if abs(here - one.at) < span and alike(one.likeness, seen.likeness):
            return one
    return None


def with_alert(
    trigger: Trigger, known: tuple[OpenAlert, ...], seen: Sighting, alert_id: str
) -> tuple[OpenAlert, ...]:
    """What is open once this comment has raised an alert, oldest first, without what is over."""
    if seen.likeness is None:
        return known
    new = OpenAlert(
        at=micros(seen.at),
        likeness=seen.likeness,
        alert_id=alert_id,
        certain=is_certain(trigger, seen),
    )
    kept = sorted((*known, new), key=lambda one: one.at)
    # A late comment may belong to an alert that is over already: keep two lengths.
    oldest = kept[-1].at - 2 * _micros(trigger.fold_copies)
    return tuple(one for one in kept if one.at >= oldest)[-MAX_OPEN:]


def _micros(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
