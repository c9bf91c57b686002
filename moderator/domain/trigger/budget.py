"""How many alerts a day a moderator can bear, and how the threshold follows that.

A threshold is looked at once an hour, in levels of a ten-thousandth. What it would raise is told by
two numbers: the alerts of the last 24 hours, and those of a usual day of the last seven, which is
their mean without the two fullest. The larger one counts. So a flood of a day moves the threshold
while it lasts and for a day, and no longer: it lies in two of the spans of 24 hours at most.

Hysteresis: within a fifth of the budget nothing moves, because days differ by that much and each
move is a change people notice; and no look moves it by more than two hundredths, so that a flood
of an hour cannot lift it far, and what it lifted comes down again at the same pace: 0.02 an hour.
It stays between half of `when`, below which a quiet board would show harmless comments, and
`always_above`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

STEPS = 10_000  # levels of a threshold
STEP = 200  # the most that one look moves it by
BAND = 0.2  # part of the budget by which the alerts may differ from it
LOWEST = 0.5  # part of `when`
DAYS = 7  # of the past that are looked at
LEFT_OUT = {7: 2, 6: 2, 5: 2, 4: 1, 3: 1}  # how many of so many days, the fullest ones

Rate = Callable[[int], float]  # level -> alerts a day


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What a trigger asks for: `per_day` alerts; `always_above` alerts whatever the budget says,
    None: nothing does. `key` names the budget with all that it depends on, see `budget_key`.
    """

    per_day: float
    always_above: float | None = None
    key: str


def budget_key(trigger: str, *asked: object) -> str:
    """A short name of a trigger's budget: what is solved for one is no use to another."""
    return hashlib.sha256(json.dumps([trigger, *asked]).encode()).hexdigest()[:12]


def bounds(budget: Budget, when: float) -> tuple[int, int]:
    """The lowest and the highest level."""
    highest = 1.0 if budget.always_above is None else budget.always_above
    return round(when * LOWEST * STEPS), round(highest * STEPS)


def first_level(budget: Budget, when: float, rate: Rate) -> int:
    """The level to begin with where the past is known: the lowest that keeps to the budget."""
    return _lowest(*bounds(budget, when), budget.per_day, rate)


def next_level(budget: Budget, when: float, level: int, rate: Rate) -> int:
    """The level after one more look."""
    low, high = bounds(budget, when)
    now = rate(level)
    if now > budget.per_day * (1 + BAND):
        return _lowest(level, min(level + STEP, high), budget.per_day, rate)
    if now < budget.per_day * (1 - BAND):
        return _lowest(max(level - STEP, low), level, budget.per_day, rate)
    return level


def alerts_per_day(by_day: Sequence[int]) -> float:
    """The larger of the last day's alerts and a usual day's; the last day comes first."""
    usual = sorted(by_day)
    usual = usual[: len(usual) - LEFT_OUT.get(len(usual), 0)]
    return max(float(by_day[0]), sum(usual) / len(usual))


def _lowest(low: int, high: int, per_day: float, rate: Rate) -> int:
    """The lowest level from `low` to `high` that raises no more; `high` where none does."""
    while low < high:
        middle = (low + high) // 2
        if rate(middle) > per_day:
            low = middle + 1
        else:
            high = middle
    return high
