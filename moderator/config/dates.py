"""Moments as an operator writes them: a day, or a day and a time with its zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from moderator.config.problems import shown

DAY = "2[0-9]{3}-[0-9]{2}-[0-9]{2}"
TIME = "[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2})?"
ZONE = "([Zz]|[+-][0-9]{2}:[0-9]{2})"
EXAMPLES = "2026-12-31, or 2026-12-31T18:00Z"


def end_of(value: object) -> datetime:
    """The end of `2026-12-31` (UTC), or the moment `2026-12-31T18:00+01:00`. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} is not a date; write {EXAMPLES}")
    if re.fullmatch(f"{DAY}{TIME}", value):
        raise ValueError(f"{shown(value)} has no time zone; write {value}Z for UTC, or its offset")
    if re.fullmatch("[0-9]+[a-z]+", value):
        raise ValueError(
            f"{shown(value)} is a length of time, and nobody knows since when; write {EXAMPLES}"
        )
    if not re.fullmatch(f"{DAY}({TIME}{ZONE})?", value):
        raise ValueError(f"{shown(value)} is not a date; write {EXAMPLES}")
    try:
        moment = datetime.fromisoformat(value.upper())
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC) + timedelta(days=1)
        return moment.astimezone(UTC)
    except ValueError:
        raise ValueError(f"there is no {shown(value)} in any calendar; write {EXAMPLES}") from None


End = Annotated[
    datetime,
    PlainValidator(end_of),
    PlainSerializer(datetime.isoformat, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^{DAY}({TIME}{ZONE})?$",
            "examples": ["2026-12-31", "2026-12-31T18:00Z"],
        }
    ),
]
