"""The headers of a webhook request that decide something."""

from __future__ import annotations

import re

from moderator.domain.errors import AmbiguousRequest, UnsupportedMedia
from moderator.sources.base import Headers

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
_MEDIA = re.compile(r'([a-z0-9.+/-]{1,100})(?:[ \t]*;[ \t]*charset="?utf-8"?)?', re.I)


def single(headers: Headers, name: str) -> str | None:
    """The value of a header that may stand only once, None where it does not stand.

    Two readers may differ on which of two values counts, so two are refused: AmbiguousRequest.
    """
    values = [value for key, value in headers if key == name]
    if len(values) > 1:
        raise AmbiguousRequest(f"the header {name} stands more than once")
    return values[0] if values else None


def require_media(headers: Headers, *allowed: str) -> None:
    """Refuse a content type that the source never sends, and every compressed body."""
    match = _MEDIA.fullmatch(single(headers, "content-type") or "")
    if match is None or match[1].lower() not in allowed:
        raise UnsupportedMedia(f"the content type must be {' or '.join(allowed)}, in UTF-8")
    if (single(headers, "content-encoding") or "identity").lower() != "identity":
        raise UnsupportedMedia("the body must not be compressed")
