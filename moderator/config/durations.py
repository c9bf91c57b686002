"""Lengths of time as an operator writes them: a whole number and its unit, `10m`."""

from __future__ import annotations

import re
from datetime import timedelta

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from moderator.config.problems import shown

UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365),
}
PATTERN = "^[0-9]{1,9}(s|m|h|d|w|y)$"


def parse_duration(text: str, *, least: str, most: str) -> timedelta:
    """`90s`, `10m`, `24h`, `30d`, `2w` or `1y` (365 days), within the bounds. Raises ValueError."""
    if not re.fullmatch(PATTERN, text):
        raise ValueError(f"{shown(text)} is not a duration{_advice(text)}")
    length = _length(text)
    if length < _length(least):
        raise ValueError(f"{text} is too short; at least {least}")
    if length > _length(most):
        raise ValueError(f"{text} is too long; at most {most}")
    return length


def _length(text: str) -> timedelta:
    try:
        return int(text[:-1]) * UNITS[text[-1]]
    except OverflowError:
        return timedelta.max


def _advice(text: str) -> str:
    words = re.fullmatch(r"\s*([0-9]{1,9})\s*([A-Za-z]+)\.?\s*", text)
    if words and (unit := _unit(words[2].lower())):
        return f" (did you mean {words[1]}{unit}?)"
    if re.fullmatch(r"\s*-.*", text, re.DOTALL):
        return "; it cannot be negative"
    return "; write a whole number and a unit: 90s, 10m, 24h, 30d, 2w, 1y"


def _unit(word: str) -> str | None:
    if word.startswith("mo"):  # months have no length of their own
        return None
    return word[0] if word[0] in UNITS else None


def written(length: timedelta) -> str:
    """The duration in the largest unit that it is a whole number of: 365 days are `1y`."""
    unit = next(u for u in reversed(UNITS) if not length % UNITS[u])
    return f"{length // UNITS[unit]}{unit}"


def bounded(least: str, most: str) -> PlainValidator:
    """Makes a pydantic field of timedelta take the text of a duration within these bounds."""

    def validate(value: object) -> timedelta:
        if isinstance(value, str):
            return parse_duration(value, least=least, most=most)
        if isinstance(value, int) and not isinstance(value, bool):
            if value < 0:
                raise ValueError(f"{value} is negative and has no unit; write for example 10m")
            raise ValueError(f"{value} has no unit; write {value}s, {value}m, {value}h or {value}d")
        raise ValueError(
            f"{shown(value)} is not a duration; write a whole number and a unit: 90s, 10m, 24h, 30d"
        )

    return PlainValidator(validate)


DURATION_TEXT = PlainSerializer(written, return_type=str)
DURATION_SCHEMA = WithJsonSchema(
    {"type": "string", "pattern": PATTERN, "examples": ["90s", "10m", "24h", "30d", "1y"]}
)
