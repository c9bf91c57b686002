"""Typed reading of what a board sent: every error names the member it is about.

"Optional" readers give None where a member is absent, null or an empty string. A value never
stands in an error's message: it may be somebody's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import NoReturn
from urllib.parse import urlsplit

from moderator.domain.comment import from_micros
from moderator.domain.errors import BadPayload

LONGEST_ID = 256  # code points
LONGEST_NAME = 256  # code points; longer names are cut
LONGEST_URL = 2_048
GREATEST = 2**63 - 1  # what a database holds as an integer
LAST_MILLIS = 253_402_300_799_999  # the end of the year 9999

_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]{1,12}))?(?:[Zz]|([+-])([0-9]{2}):([0-5][0-9]))"
)
_DIGITS = re.compile("[0-9]{1,15}")
_WORD = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


@dataclass(frozen=True, slots=True)
class Members:
    """The members of one JSON object, and its path in the body ("data[3]", "" at the top)."""

    values: dict[str, object]
    path: str

    def child(self, name: str) -> Members:
        """A member that must be an object."""
        return object_at(self.values.get(name), self._at(name))

    def children(self, name: str) -> Iterator[Members]:
        """The members of a list that must hold objects."""
        items = self.values.get(name)
        if not isinstance(items, list):
            self.refuse(name, "must be a list")
        for index, item in enumerate(items):
            yield object_at(item, f"{self._at(name)}[{index}]")

    def optional_child(self, name: str) -> Members:
        """A member that may be an object; without members where it is absent or null."""
        found = self.values.get(name)
        return object_at({} if found is None else found, self._at(name))

    def string(self, name: str) -> str:
        """A member that must be a string; the empty one is fine."""
        found = self.values.get(name)
        if not isinstance(found, str):
            self.refuse(name, "is missing" if found is None else "must be a string")
        return found

    def optional_string(self, name: str) -> str | None:
        """A member that may be a string."""
        return None if self._is_empty(name) else self.string(name)

    def optional_name(self, name: str) -> str | None:
        """A short string for people to read, cut where it is too long to be one."""
        found = self.optional_string(name)
        return None if found is None else found[:LONGEST_NAME]

    def id(self, name: str) -> str:
        """An identifier: a string, or an integer, which becomes its decimal digits."""
        found = self.values.get(name)
        if isinstance(found, bool) or not isinstance(found, str | int):
            problem = "is missing" if found is None else "must be a string or an integer"
            self.refuse(name, problem)
        text = str(found)
        if not 0 < len(text) <= LONGEST_ID:
            self.refuse(name, f"must be 1 to {LONGEST_ID} characters long")
        return text

    def optional_id(self, name: str) -> str | None:
        """An identifier that may be absent."""
        return None if self._is_empty(name) else self.id(name)

    def optional_integer(self, name: str, *, most: int = GREATEST) -> int | None:
        """A whole number from 0 to `most`."""
        found = self.values.get(name)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= most:
            self.refuse(name, f"must be a whole number from 0 to {most}")
        return found

    def flag(self, name: str) -> bool:
        """Whether a member is true or 1; boards send either."""
        return self.values.get(name) == 1

    def optional_time(self, name: str) -> datetime | None:
        """An RFC 3339 time, which must name its offset, as aware UTC.

        A leap second counts as the first second of the next minute.
        """
        found = self.optional_string(name)
        if found is None:
            return None
        match = _TIME.fullmatch(found)
        if match is None:
            self.refuse(name, "must be an RFC 3339 time with its offset: 2026-11-22T10:00:00Z")
        try:
            return _utc(match)
        except (ValueError, OverflowError):
            self.refuse(name, "is not a time on the calendar")

    def optional_millis(self, name: str) -> datetime | None:
        """Milliseconds since 1970 as aware UTC; 0 is how NodeBB says never."""
        found = None if self._is_empty(name) else self.values[name]
        if isinstance(found, str) and _DIGITS.fullmatch(found):
            found = int(found)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= LAST_MILLIS:
            self.refuse(name, "must be milliseconds since 1970")
        return from_micros(found * 1000) if found else None

    def optional_url(self, name: str) -> str | None:
        """A web address fit to be a link, else None: a comment is not refused for its address."""
        found = self.optional_string(name)
        return found if found is not None and is_web_url(found) else None

    def refuse(self, name: str, problem: str) -> NoReturn:
        """Refuse the request for one member."""
        raise BadPayload(f"{self._at(name)} {problem}", field=self._at(name))

    def _is_empty(self, name: str) -> bool:
        return self.values.get(name) in (None, "")

    def _at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


def object_at(value: object, path: str) -> Members:
    """A value that must be a JSON object, found at `path` ("" for the whole body)."""
    if not isinstance(value, dict):
        problem = "is missing" if value is None and path else "must be an object"
        raise BadPayload(f"{path or 'the body'} {problem}", field=path or None)
    return Members(value, path)


def is_web_url(url: str) -> bool:
    """Whether an address may be shown as a link: http(s), a host, no user, nothing invisible."""
    if len(url) > LONGEST_URL or not url.isprintable() or any(c in ' <>"\\`' for c in url):
        return False
    try:
        parts = urlsplit(url)
        port_is_sane = parts.port is None or parts.port > 0
    except ValueError:  # a bracket or a port that is none
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and "@" not in parts.netloc
        and port_is_sane
    )


def named(event: str) -> str:
    """An event's name as it may stand in a log, whoever chose it."""
    return event if _WORD.fullmatch(event) else "an unnamed event"


def _utc(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second = (int(match[i]) for i in range(1, 7))
    micros = int((match[7] or "0").ljust(6, "0")[:6])
    offset = timedelta(hours=int(match[9] or 0), minutes=int(match[10] or 0))
    zone = timezone(-offset if match[8] == "-" else offset)
    leap = 1 if second == 60 else 0
    when = datetime(year, month, day, hour, minute, second - leap, micros, zone)
    return when.astimezone(UTC) + timedelta(seconds=leap)
