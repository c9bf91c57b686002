"""The `budget` of a trigger as an operator writes it: `20/day`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from moderator.config.problems import KeyPath, shown

LEAST, MOST = 0.1, 10_000.0
PATTERN = r"^[0-9]{1,5}(\.[0-9]{1,2})?/day$"
NUMBER = r"[0-9]{1,6}(?:\.[0-9]{1,3})?"
A_DAY = {"hour": 24.0, "h": 24.0, "week": 1 / 7, "w": 1 / 7, "month": 1 / 30, "d": 1.0, "days": 1.0}


def per_day(value: object) -> float:
    """`20/day` -> 20.0. Raises ValueError, which says what was probably meant."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(f"{value:g} has no unit; write {value:g}/day")
    if not isinstance(value, str):
        raise ValueError(
            f"{shown(value)} is not a number of alerts a day; write for example 20/day"
        )
    if not re.fullmatch(PATTERN, value):
        raise ValueError(f"{shown(value)} is not a number of alerts a day{_meant(value)}")
    number = float(value.removesuffix("/day"))
    if not LEAST <= number <= MOST:
        raise ValueError(f"{value} is out of bounds; {LEAST:g}/day to {MOST:g}/day is possible")
    return number


def _meant(text: str) -> str:
    found = re.fullmatch(rf"\s*({NUMBER})\s*(?:/|per|a|an)?\s*([A-Za-z]*)\s*", text)
    if found is None:
        return "; write for example 20/day"
    unit = found[2].lower()
    times = A_DAY.get(unit, 1.0)
    return f" (did you mean {round(float(found[1]) * times, 1):g}/day?)"


PerDay = Annotated[
    float,
    PlainValidator(per_day),
    PlainSerializer(lambda number: f"{number:g}/day", return_type=str),
    WithJsonSchema({"type": "string", "pattern": PATTERN}),
]


def of_budget(block: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """What does not fit together around a budget."""
    if "always_above" in block and "budget" not in block:
        yield (
            ("always_above",),
            "belongs to a budget and there is none: write budget (budget: 20/day), or leave"
            " always_above out",
        )
    if "budget" not in block:
        return
    when = block.get("when")
    if not isinstance(when, Mapping) or len(when) != 1:
        yield (
            ("budget",),
            "moves one threshold, and it has to know which: write when with one label, where it"
            " starts (when: {toxic: 0.8})",
        )
    for key in ("mean", "share", "rise"):
        if key in block:
            yield (
                (key,),
                f"{key} is not about single hits, and a budget moves only their threshold: leave"
                f" {key} or budget out",
            )
    above = block.get("always_above")
    if isinstance(when, Mapping) and isinstance(above, int | float):
        for label, least in when.items():
            if isinstance(least, int | float) and above < least <= 1:
                yield (
                    ("always_above",),
                    f"{above:g} is below {label}: {least:g}, where the threshold starts; write"
                    " more, or start lower",
                )
