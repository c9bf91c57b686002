"""The parts that every message is made of: its lines, its links, and numbers in words."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

from moderator.channels.visible import is_hidden, shown

MAX_TITLE = 150  # UTF-16 units: what a Slack header may hold, and a subject line
MAX_NAME = 80  # code points shown of a name that a stranger chose
MAX_URL = 1_000  # with everything encoded
TEST = "This is a test. Nothing happened and nobody needs to act."

_SAFE_IN_URLS = "/%:@!$&'()*+,;=~-._?"
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?|[0-9a-f:]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of a message: `name: text`. `text` may hold what a stranger wrote, made visible."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A web address that may be opened: http or https, ASCII, no user name, no brackets in it.

    Where `url` itself is not shown, `text` and `host` are, so that nobody is led astray.
    """

    text: str
    host: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A message in plain words. Nothing in it is markup: each channel escapes all of it.

    `title` is one line of at most `MAX_TITLE` UTF-16 units without control characters. `notes`
    are sentences to be read first (a test, an edited comment). `lead`, of one line or more, comes
    before `said`, which is empty where nothing was said or the channel is set to send no text.
    `footer` holds the key of the message.
    """

    title: str
    notes: tuple[str, ...]
    lead: str
    said: str
    facts: tuple[Fact, ...]
    links: tuple[Link, ...]
    footer: str


def percent(value: float, decimals: int = 0) -> str:
    """A probability in per cent, rounded down, so that it never seems to reach what it did not.

    0.869 -> "86%", 0.004 -> "<1%", 0.8055 with one decimal -> "80.5%".
    """
    if 0 < value < 0.01 and not decimals:
        return "<1%"
    steps = 10**decimals
    return f"{math.floor(round(value * 100 * steps, 6)) / steps:.{decimals}f}%"


def span(seconds: int) -> str:
    """A length of time in its largest whole unit: 600 -> "10 minutes", 86 400 -> "24 hours"."""
    for length, unit, least in ((86_400, "day", 2), (3_600, "hour", 1), (60, "minute", 1)):
        if seconds % length == 0 and seconds >= length * least:
            return many(seconds // length, unit)
    return many(seconds, "second")


def length(passed: timedelta) -> str:
    """A length of time in its largest unit, rounded down: 125 s -> "2 minutes"."""
    seconds = max(1, int(passed.total_seconds()))
    for unit in (86_400, 3_600, 60):
        if seconds >= unit:
            return span(seconds - seconds % unit) if unit < 86_400 else many(seconds // unit, "day")
    return span(seconds)


def web_link(text: str, url: str) -> Link | None:
    """A link that may be shown as one, None where `url` is not a plain web address."""
    if "\\" in url or any(is_hidden(c) or c.isspace() for c in url):
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    path, query, fragment = (
        quote(part, safe=_SAFE_IN_URLS) for part in (parts.path, parts.query, parts.fragment)
    )
    tail = path + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    address = f"{parts.scheme}://{place}{tail}"
    return Link(text=text, host=host, url=address) if len(address) <= MAX_URL else None


def shown_name(name: str | None) -> str:
    """A name that a stranger chose, on one line, with what is invisible in it written out."""
    return " ".join(shown(name or "", MAX_NAME).split())


def when(moment: datetime) -> str:
    """A moment for people anywhere: "22 Nov 2026, 10:00 UTC"."""
    utc = moment.astimezone(UTC)
    return f"{utc.day} {utc:%b %Y, %H:%M} UTC"


def many(number: int, noun: str) -> str:
    """A number of things: 1 -> "1 hit", 2,000 -> "2,000 hits"."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"
