"""Cursors: where a page of a list ended.

A cursor holds a place, and a digest of that place and of the question it belongs to. It is no
secret: whoever forges one that holds sees a part of what their key lets them see anyway. The
digest is there so that a cursor that was cut, altered or taken along to another question is told
as such, and does not silently answer something else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence

from moderator.web.errors import BadCursor

LONGEST = 512
GREATEST = 2**53  # of a number in a place: an id, or microseconds since 1970 up to the year 2255
_DIGEST = 16  # bytes
_REFUSED = "it is not one that we handed out for this question; start again without it"

Place = Sequence[int | str]


def encode(place: Place, *, question: str) -> str:
    """A cursor for the page after `place`."""
    told = json.dumps(list(place), separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_digest(told, question) + told).decode().rstrip("=")


def decode(cursor: str, *kinds: type[int | str], question: str) -> list[int | str]:
    """The place in a cursor, whose parts are of `kinds`; raises BadCursor."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise BadCursor(_REFUSED) from None
    digest, told = raw[:_DIGEST], raw[_DIGEST:]
    if not hmac.compare_digest(digest, _digest(told, question)):
        raise BadCursor(_REFUSED)
    place = json.loads(told)
    if not isinstance(place, list) or [type(part) for part in place] != list(kinds):
        raise BadCursor(_REFUSED)
    if not all(map(_is_sane, place)):
        raise BadCursor(_REFUSED)
    return place


def _is_sane(part: int | str) -> bool:
    """Whether a database can be asked about it at all."""
    if isinstance(part, str):
        return part.isascii() and part.isprintable()
    return 0 <= part < GREATEST


def _digest(told: bytes, question: str) -> bytes:
    return hashlib.sha256(question.encode() + b"\0" + told).digest()[:_DIGEST]
