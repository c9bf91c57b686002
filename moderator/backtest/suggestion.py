"""The threshold that would have kept a trigger to so many alerts a day."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from moderator.backtest.comparison import Backtest, Effect, run
from moderator.backtest.past import Past, Progress, sightings
from moderator.backtest.replay import Replay
from moderator.domain.errors import DataError
from moderator.domain.trigger import (
    Mode,
    Sighting,
    Trigger,
    concerns,
    needs_every_comment,
    scope_key,
)
from moderator.domain.trigger.budget import STEPS
from moderator.storage.engine import Engine

STRIDE = 250  # from the top in such steps, until there are too many alerts
FEWEST = 100  # comments a suggestion rests on
ROUNDING = 2  # steps that thresholds may be off by, when they are rounded
MOST_KEPT = 100_000  # comments in memory, the likeliest hits: some 150 MB


_Candidate = tuple[float, int, Sighting]  # its height, its place in the order of arrival


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """The threshold that keeps to the budget, and what that does.

    `chosen` is the trigger with it: all labels of `when` moved by as much as the first, which
    `threshold` is of. `curve` holds alerts a day for other thresholds of the first label, growing.
    `backtest` compares the trigger as it is with the chosen one.
    """

    chosen: Trigger
    threshold: float
    curve: tuple[tuple[float, float], ...]
    backtest: Backtest

    @property
    def effect(self) -> Effect:
        """What the change does to this trigger."""
        return self.backtest.effects[self.chosen.name]

    @property
    def alerts_per_day(self) -> float:
        """What the chosen threshold would have given."""
        return self.backtest.past.per_day(len(self.effect.after))


def suggest(
    engine: Engine,
    past: Past,
    trigger: Trigger,
    alerts_per_day: float,
    progress: Progress | None = None,
    *,
    most_kept: int = MOST_KEPT,
) -> Suggestion:
    """The lowest threshold that would have raised at most so many alerts a day in this past.

    `most_kept` is how many comments, the likeliest hits, are held in memory at least; of a trigger
    that needs every comment, all of them are.
    Raises DataError where the past or the trigger does not give one, and Unavailable.
    """
    _refuse_too_little(past, trigger)
    mode = Mode.SHADOW if trigger.mode is Mode.OFF else trigger.mode
    asked = replace(trigger, mode=mode, budget=None)  # the threshold that is found shall hold
    search = _Search(
        asked, past, _candidates(asked, sightings(engine, past, progress), most_kept), most_kept
    )
    level = search.lowest_within(alerts_per_day * past.days, alerts_per_day)
    chosen = moved(asked, level)
    return Suggestion(
        chosen=chosen,
        threshold=level / STEPS,
        curve=search.curve(),
        backtest=run(engine, past, present=[trigger], candidate=[chosen]),
    )


def moved(trigger: Trigger, level: int) -> Trigger:
    """The trigger with its first threshold at `level` / STEPS, and the others as far from it as
    they were, within 0..1.
    """
    shift = level - _level(trigger)
    when = {
        name: min(max(round(least * STEPS) + shift, 0), STEPS) / STEPS
        for name, least in trigger.when.items()
    }
    return replace(trigger, when=when)


def _level(trigger: Trigger) -> int:
    return round(next(iter(trigger.when.values())) * STEPS)


def _refuse_too_little(past: Past, trigger: Trigger) -> None:
    if not trigger.when:
        raise DataError(f"{trigger.name} has no threshold to move: it has no `when`")
    if past.comments < FEWEST:
        raise DataError(
            f"there is too little past to tell: {past.comments} judged comments are stored, and a "
            f"suggestion needs {FEWEST} at least"
        )


def _candidates(trigger: Trigger, seen: Iterable[Sighting], most_kept: int) -> list[_Candidate]:
    """What may matter to the trigger at some threshold, highest first: all that it needs, or the
    `most_kept` that stay hits longest as the threshold rises.
    """
    always = needs_every_comment(trigger)
    least = -math.inf
    kept: list[_Candidate] = []
    for number, one in enumerate(seen):
        height = math.inf if always else _height(trigger, one)
        if height < least or not concerns(trigger, one) or scope_key(trigger, one) is None:
            continue
        kept.append((height, number, one))
        if len(kept) > 2 * most_kept and not always:
            kept = _highest(kept)[:most_kept]
            least = kept[-1][0]
    return _highest(kept)


def _highest(kept: list[_Candidate]) -> list[_Candidate]:
    return sorted(kept, key=lambda candidate: (-candidate[0], candidate[1]))


def _height(trigger: Trigger, seen: Sighting) -> float:
    """How far the thresholds may rise until this comment is no hit any more."""
    return min(seen.probabilities.of(name) - least for name, least in trigger.when.items())


class _Search:
    """Looks for a level, from the top: there are few hits, so that each look costs little."""

    def __init__(
        self, trigger: Trigger, past: Past, ranked: list[_Candidate], most_kept: int
    ) -> None:
        self._trigger = trigger
        self._past = past
        self._ranked = ranked
        self._all_kept = len(ranked) < most_kept
        self._alerts: dict[int, int] = {}

    def lowest_within(self, alerts: float, per_day: float) -> int:
        """The lowest level below which there are more than so many alerts. Raises DataError."""
        within: int | None = None
        for level in range(STEPS, -1, -STRIDE):
            if self._at(level) > alerts:
                break
            within = level
        else:
            raise DataError(self._too_few(per_day))
        if within is None:
            raise DataError(
                f"no threshold keeps {self._trigger.name} to {per_day:g} alerts a day: at 1 there "
                f"are {self._past.per_day(self._at(STEPS)):g}. Give it a `count` or a `cooldown`"
            )
        return self._between(level, within, alerts)

    def curve(self) -> tuple[tuple[float, float], ...]:
        """Alerts a day by threshold, growing, wherever that was looked at and all hits are kept."""
        per_day = self._past.per_day
        return tuple(
            (level / STEPS, per_day(found))
            for level, found in sorted(self._alerts.items())
            if self._all_kept or self._end(level) < len(self._ranked)
        )

    def _between(self, above: int, within: int, alerts: float) -> int:
        while within - above > 1:
            middle = (above + within) // 2
            if self._at(middle) > alerts:
                above = middle
            else:
                within = middle
        return within

    def _at(self, level: int) -> int:
        """How many alerts a level gives."""
        if level not in self._alerts:
            replay = Replay([moved(self._trigger, level)], self._past.start)
            self._alerts[level] = len(replay.see_all(self._that_matter(level)))
        return self._alerts[level]

    def _that_matter(self, level: int) -> Iterator[Sighting]:
        """All hits at a level, with a few that are none, in the order of arrival."""
        ranked = self._ranked[: self._end(level)]
        return (one for _, _, one in sorted(ranked, key=lambda candidate: candidate[1]))

    def _end(self, level: int) -> int:
        """How many of the candidates that is."""
        least = (level - _level(self._trigger) - ROUNDING) / STEPS
        return bisect_right(self._ranked, -least, key=lambda candidate: -candidate[0])

    def _too_few(self, per_day: float) -> str:
        found = self._past.per_day(max(self._alerts.values()))
        if not self._all_kept:
            return (
                f"the {len(self._ranked):,} likeliest comments were looked at, and they give at "
                f"most {found:g} alerts a day, not {per_day:g}: look at less of the past"
            )
        return (
            "there is too little past for that: whatever its threshold, "
            f"{self._trigger.name} would have raised at most {found:g} alerts a day, "
            f"not {per_day:g}"
        )
