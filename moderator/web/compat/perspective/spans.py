"""Parts of a text, and where they stand as the Perspective API counts: UTF-16 units, end exclusive.

A letter outside the Basic Multilingual Plane, as most emoji are, counts two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST = 64  # sentences told apart in one text; the last one is all the rest

_BLANK = re.compile(r"\s+")
_ENDS = tuple(".!?…")
_CLOSERS = "\"'”’)]"
_MOST_CLOSERS = 4  # of them behind a full stop; more are no way to end a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of a text. `begin` and `end` are offsets in UTF-16 units into the whole."""

    begin: int
    end: int
    text: str


def whole(text: str) -> Span:
    """The text as one span."""
    return Span(begin=0, end=units(text), text=text)


def sentences(text: str) -> list[Span]:
    """The sentences of a text, without the white space between them; lines end them, too."""
    found: list[Span] = []
    seen = at = 0  # code points looked at, and the UTF-16 units they are
    for start, end in _bounds(text):
        begin = at + units(text[seen:start])
        seen, at = end, begin + units(text[start:end])
        found.append(Span(begin=begin, end=at, text=text[start:end]))
    return found


def _bounds(text: str) -> list[tuple[int, int]]:
    """Where each sentence begins and ends, in code points."""
    stripped = text.rstrip()
    bounds: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    for blank in _BLANK.finditer(stripped, start):
        if len(bounds) == MOST - 1:
            break
        before = stripped[max(start, blank.start() - _MOST_CLOSERS - 1) : blank.start()]
        if "\n" in blank[0] or before.rstrip(_CLOSERS).endswith(_ENDS):
            bounds.append((start, blank.start()))
            start = blank.end()
    return [*bounds, (start, len(stripped))] if stripped else []


def units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
