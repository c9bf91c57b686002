"""How often a board is toxic, as its block in the configuration may say."""

from __future__ import annotations

import difflib
import json
import math
from typing import Annotated, Literal

from pydantic import PlainValidator, WithJsonSchema

ESTIMATE: Literal["estimate"] = "estimate"


def base_rate(value: object) -> float | Literal["estimate"]:
    """A share strictly between 0 and 1, or `estimate`. Raises ValueError with what was meant."""
    if value == ESTIMATE:
        return ESTIMATE
    if isinstance(value, str):
        raise ValueError(f"{json.dumps(value, ensure_ascii=False)} {_meant(value)}")
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise ValueError(
            "is not a number; write the share of toxic comments, between 0 and 1, or estimate"
        )
    if not 0 < value < 1:
        per_cent = f" (did you mean {value / 100:g}?)" if 1 <= value < 100 else ""
        raise ValueError(
            f"{value} does not lie between 0 and 1: some comments are toxic, and some are"
            f" not{per_cent}"
        )
    return float(value)


def _meant(text: str) -> str:
    try:
        number = float(text.strip().rstrip("% ").replace(",", "."))
    except ValueError:
        near = difflib.get_close_matches(text[:64].lower(), [ESTIMATE], cutoff=0.6)
        meant = f" (did you mean {ESTIMATE}?)" if near else " or estimate"
        return f"is no number between 0 and 1{meant}"
    share = number / 100 if number >= 1 or "%" in text else number
    meant = f" (did you mean {share:g}?)" if 0 < share < 1 else ""
    return f"is text; write a number, without quotes{meant}"


ShareOrEstimate = Annotated[
    float | Literal["estimate"],
    PlainValidator(base_rate),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
                {"const": ESTIMATE},
            ]
        }
    ),
]
