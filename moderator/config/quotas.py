"""Quotas as an operator writes them: a whole number and the time it is for, `60/min`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from moderator.config.problems import shown
from moderator.domain.quota import Per, Quota

PATTERN = "^[1-9][0-9]{0,8}/(min|h|day)$"
_UNITS = {"m": Per.MINUTE, "h": Per.HOUR, "d": Per.DAY}


def parse_quota(value: object) -> Quota:
    """`60/min`, `1000/h` or `20000/day`. Raises ValueError."""
    if isinstance(value, int) and not isinstance(value, bool):
        advice = f"; write for example {value}/min" if value > 0 else ""
        raise ValueError(f"{value} does not say for how long{advice}")
    if not isinstance(value, str):
        raise ValueError("is no quota; write how many requests a key may make: 60/min")
    if not re.fullmatch(PATTERN, value):
        raise ValueError(f"{shown(value)} is no quota{_advice(value)}")
    limit, _, per = value.partition("/")
    return Quota(limit=int(limit), per=Per(per))


def _advice(text: str) -> str:
    words = re.fullmatch(r"\s*([0-9]{1,9})\s*(?:/|per|a|an)?\s*([A-Za-z]+)\.?\s*", text)
    if words and int(words[1]) > 0:
        limit, unit = int(words[1]), words[2].lower()
        if unit in ("s", "sec", "second", "qps"):
            return f": seconds are not counted (did you mean {60 * limit}/min?)"
        if unit[0] in _UNITS and not unit.startswith("mo"):
            return f" (did you mean {limit}/{_UNITS[unit[0]]}?)"
    return "; write a whole number and /min, /h or /day: 60/min"


QuotaText = Annotated[
    Quota,
    PlainValidator(parse_quota),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {"type": "string", "pattern": PATTERN, "examples": ["60/min", "1000/h", "20000/day"]}
    ),
]
