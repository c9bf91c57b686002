"""When a comment that passes by a window is an alert."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from moderator.domain.trigger.copies import original, with_alert
from moderator.domain.trigger.rule import (
    Scope,
    Sighting,
    Trigger,
    is_hit,
    needs_every_comment,
)
from moderator.domain.trigger.window import Measure, Window, count_around, measures, remember

NOTHING_HELD = Measure(count=0, means={}, share=0.0)  # the window is forgotten already


class Outcome(StrEnum):
    """What a comment means for a window."""

    NOTHING = "nothing"
    FIRED = "fired"
    FOLDED = "folded"  # belongs to the alert that is open already


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The verdict of `observe`: the outcome, the window as it is now, and the hits in it.

    `means`, `share` and `rise` are those of the window that was held against the trigger's; without
    either in the trigger, and for a comment that is no hit, there are none. The `count` of a
    comment that is no hit is 0. `alert_id` is the alert it raised or belongs to.
    """

    outcome: Outcome
    window: Window
    count: int
    alert_id: str | None = None
    means: dict[str, float] = field(default_factory=dict)
    share: float | None = None
    rise: float | None = None


def observe(trigger: Trigger, window: Window, seen: Sighting, alert_id: str) -> Finding:
    """Let a comment of this window's scope key pass by.

    `alert_id` is the name an alert gets if one is raised. The window afterwards does not depend
    on the order in which comments arrive, but for the alerts in it. A window that is over the
    trigger's limits when all of it has arrived raises an alert, whichever of its hits came last,
    as far as the window still remembers the others: a late comment completes what it belongs to.
    """
    hit = is_hit(trigger, seen)
    if hit and trigger.scope is Scope.COMMENT:
        return _observe_alone(trigger, window, seen, alert_id)
    window = remember(trigger, window, seen, hit)
    if not hit:
        return Finding(outcome=Outcome.NOTHING, window=window, count=0)
    found = _held_against(trigger, window, seen.at)
    outcome = Outcome.NOTHING
    if _reaches(trigger, found):
        if _is_quiet(trigger, window, seen.at):
            outcome = Outcome.FOLDED
        elif found.count >= trigger.count:
            outcome = Outcome.FIRED
            window = replace(window, fired_at=seen.at, alerts=window.alerts + 1, alert_id=alert_id)
    return Finding(
        outcome=outcome,
        window=window,
        count=found.count,
        alert_id=None if outcome is Outcome.NOTHING else window.alert_id,
        means=found.means,
        share=None if trigger.share is None else found.share,
        rise=None if trigger.rise is None else found.rise,
    )


def _observe_alone(trigger: Trigger, window: Window, seen: Sighting, alert_id: str) -> Finding:
    """A hit that is an alert by itself, unless it is a copy of one."""
    known = original(trigger, window.open, seen)
    if known is not None:
        return Finding(outcome=Outcome.FOLDED, window=window, count=1, alert_id=known.alert_id)
    window = replace(window, open=with_alert(trigger, window.open, seen, alert_id))
    return Finding(outcome=Outcome.FIRED, window=window, count=1, alert_id=alert_id)


def _held_against(trigger: Trigger, window: Window, at: datetime) -> Measure:
    """The window that comes nearest to firing: the limits of one window have to be reached."""
    if not needs_every_comment(trigger):
        return Measure(count=count_around(trigger, window, at), means={}, share=1.0)

    def nearness(measure: Measure) -> tuple[bool, int]:
        return _reaches(trigger, measure), measure.count

    return max(measures(trigger, window, at), key=nearness, default=NOTHING_HELD)


def _reaches(trigger: Trigger, measure: Measure) -> bool:
    if trigger.share is not None and measure.share < trigger.share:
        return False
    if trigger.rise is not None and (measure.rise is None or measure.rise < trigger.rise):
        return False
    return all(measure.means.get(name, 0) >= least for name, least in trigger.mean.items())


def _is_quiet(trigger: Trigger, window: Window, at: datetime) -> bool:
    return window.fired_at is not None and abs(at - window.fired_at) < trigger.cooldown
