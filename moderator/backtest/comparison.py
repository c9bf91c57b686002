"""Two sets of triggers on the same past: alerts a day, and which comments change side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from moderator.backtest.past import Past, Progress, sightings
from moderator.backtest.replay import Replay
from moderator.backtest.steering import Steering
from moderator.domain.comment import MAX_CLOCK_LEAD
from moderator.domain.passing import Raised
from moderator.domain.precision import Precision, precision_of
from moderator.domain.trigger import Trigger
from moderator.storage import past_comments, verdicts
from moderator.storage.engine import Engine, read

Comment = tuple[str, str]  # source, comment id
Label = tuple[str, str, str]  # source, comment id, version


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Triggers to be tried out on the last `length` of the past."""

    triggers: tuple[Trigger, ...]
    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a change does to one trigger. A comment changes side when it raises an alert on one
    side alone; `added` and `removed` are in the order of arrival.
    """

    before: tuple[Raised, ...]
    after: tuple[Raised, ...]
    added: tuple[Comment, ...]
    removed: tuple[Comment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """The effect by trigger. `toxic` is what people settled on about versions of comments.
    `without_likeness` comments were stored before copies were known: of them none is folded,
    neither before nor after. `bars` are the thresholds that a trigger's budget would have set on
    the side after, one after the other.
    """

    past: Past
    effects: dict[str, Effect]
    toxic: Mapping[Label, bool] = field(default_factory=dict)
    without_likeness: int = 0
    bars: Mapping[str, Sequence[float]] = field(default_factory=dict)

    @property
    def precision(self) -> Precision:
        """How often all alerts of both sides together were right, each comment counted once."""
        sides = (side for one in self.effects.values() for side in (one.before, one.after))
        return precision_of((_label(alert) for side in sides for alert in side), self.toxic)

    def precisions(self, effect: Effect) -> dict[str, Precision]:
        """How often one trigger was right: on both sides, and in what comes and what goes."""
        both = (*effect.before, *effect.after)
        return {
            "before": precision_of(map(_label, effect.before), self.toxic),
            "after": precision_of(map(_label, effect.after), self.toxic),
            "added": precision_of(_labels_of(effect.added, both), self.toxic),
            "removed": precision_of(_labels_of(effect.removed, both), self.toxic),
        }

    def as_json(self) -> dict[str, Any]:
        """What `backtest --json` and `POST /v1/backtests` give."""
        return {
            "days": self.past.days,
            "comments": self.past.comments,
            "without_likeness": self.without_likeness,
            "triggers": {
                name: {
                    "before": self._side(effect.before),
                    "after": self._side(effect.after),
                    "added": [comment_id for _, comment_id in effect.added],
                    "removed": [comment_id for _, comment_id in effect.removed],
                    "verdicts": {
                        part: precision.as_json()
                        for part, precision in self.precisions(effect).items()
                    },
                }
                for name, effect in self.effects.items()
            },
        }

    def by_day(self, side: Sequence[Raised]) -> list[tuple[date, int]]:
        """Alerts on each day (UTC), from the first of the past to the last."""
        found = Counter(alert.written_at.date() for alert in side)
        first, last = self.past.start.date(), self.past.end.date()
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return [(day, found[day]) for day in days]

    def _side(self, side: Sequence[Raised]) -> dict[str, float]:
        return {"alerts": len(side), "alerts_per_day": self.past.per_day(len(side))}


def run(
    engine: Engine,
    past: Past,
    *,
    present: Sequence[Trigger],
    candidate: Sequence[Trigger] | None,
    progress: Progress | None = None,
) -> Backtest:
    """Replay the past through the present triggers and through the candidate's.

    Without a candidate the other side is what was raised when the comments came, under whatever
    configuration was in force then. Raises Unavailable.
    """
    sides = [
        (Replay(triggers, past.start), Steering(triggers))
        for triggers in (present, candidate)
        if triggers is not None
    ]
    unlike = 0
    for seen in sightings(engine, past, progress):
        unlike += seen.likeness is None and seen.at >= past.start
        for side, steering in sides:
            side.see(steering.steered(seen) if steering else seen)
    known = (*present, *(candidate or ()))
    if not any(trigger.fold_copies for trigger in known):
        unlike = 0
    names = [trigger.name for trigger in known]
    (first, _), (last, steering) = sides[0], sides[-1]
    before = _was_raised(engine, past) if candidate is None else first.raised
    found = compare(past, names, before, last.raised, without_likeness=unlike)
    found = replace(found, bars=_bars(present if candidate is None else candidate, steering))
    with read(engine) as tx:  # a board's clock may run ahead of ours: a day is never too little
        return replace(found, toxic=verdicts.settled(tx, since=past.start - MAX_CLOCK_LEAD))


def _bars(triggers: Iterable[Trigger], steering: Steering) -> dict[str, list[float]]:
    budgets = {trigger.name: trigger.budget for trigger in triggers}
    return {name: steering.bars(each.key) for name, each in budgets.items() if each is not None}


def compare(
    past: Past,
    names: Iterable[str],
    before: Sequence[Raised],
    after: Sequence[Raised],
    *,
    without_likeness: int = 0,
) -> Backtest:
    """Two lists of alerts, trigger by trigger; `names` come first and in their order."""
    known = dict.fromkeys([*names, *(alert.trigger for alert in (*before, *after))])
    return Backtest(
        past=past,
        effects={name: _effect(_of(name, before), _of(name, after)) for name in known},
        without_likeness=without_likeness,
    )


def _of(trigger: str, alerts: Sequence[Raised]) -> tuple[Raised, ...]:
    return tuple(alert for alert in alerts if alert.trigger == trigger)


def _effect(before: tuple[Raised, ...], after: tuple[Raised, ...]) -> Effect:
    old, new = _comments(before), _comments(after)
    return Effect(
        before=before,
        after=after,
        added=tuple(comment for comment in new if comment not in old),
        removed=tuple(comment for comment in old if comment not in new),
    )


def _label(alert: Raised) -> Label:
    return alert.source, alert.comment_id, alert.version


def _labels_of(comments: Iterable[Comment], alerts: Iterable[Raised]) -> list[Label]:
    wanted = set(comments)
    return [_label(one) for one in alerts if (one.source, one.comment_id) in wanted]


def _comments(alerts: Sequence[Raised]) -> dict[Comment, None]:
    return dict.fromkeys((alert.source, alert.comment_id) for alert in alerts)


def _was_raised(engine: Engine, past: Past) -> list[Raised]:
    with read(engine) as tx:
        return past_comments.alerts_raised(tx, past.start)
