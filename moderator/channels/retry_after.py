"""What a far end says about when to come again."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from moderator.domain.retry import MAX_RETRY_AFTER_S

UNCLEAR_S = 60.0  # where the header is missing, wrong or lies in the past

_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")


def retry_after(value: str | None, now: datetime) -> float:
    """Seconds to wait by a `Retry-After` header (RFC 9110, section 10.2.3), at most 24 h.

    "30" -> 30; "0" -> 0; a date 90 s from now -> 90; None, "-1", "abc", "1e9" and a past date
    -> 60. Of two headers, which HTTP joins by a comma, the longer wait counts.
    """
    moment = _date(value)
    if moment is not None:
        left = (moment - now).total_seconds()
        return min(left, MAX_RETRY_AFTER_S) if left > 0 else UNCLEAR_S
    return max(_seconds(part) for part in (value or "").split(","))


def told_wait(number: object, unit_s: float = 1.0) -> float | None:
    """Seconds to wait by a number in an answer's JSON, at most 24 h; None where there is none.

    30 -> 30; 1500 with a unit of 0.001 s -> 1.5; what is no length of time -> 60.
    """
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int | float) or not number >= 0:
        return UNCLEAR_S
    return min(number, MAX_RETRY_AFTER_S / unit_s) * unit_s


def http_date(value: str | None, fallback: datetime) -> datetime:
    """The time of a `Date` header, `fallback` where there is none to be read."""
    return _date(value) or fallback


def _seconds(part: str) -> float:
    digits = part.strip(" \t")
    return min(float(digits), MAX_RETRY_AFTER_S) if _SECONDS.fullmatch(digits) else UNCLEAR_S


def _date(value: str | None) -> datetime | None:
    if value is None or not re.search("[A-Za-z]{3}", value):
        return None
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
