"""A name for a comment whose board has not told us its own.

It begins with a key of the text, so that comments with that text can be found again, and goes on
with what tells them apart. White space does not count in the key: two ways to take the markup out
of a text may differ in it.
"""

from __future__ import annotations

import hashlib
import json
import re

DIGITS = 24  # hexadecimal, of each half: 96 bits

_DERIVED = re.compile(f"text-([0-9a-f]{{{DIGITS}}})-[0-9a-f]{{{DIGITS}}}")


def text_key(text: str) -> str:
    """What all texts share that are this one but for their white space."""
    return _digest("".join(text.split()))


def derived_id(text: str, *context: str) -> str:
    """The name of the comment with this text in this context: story, author and the like."""
    return f"text-{text_key(text)}-{_digest(json.dumps(context))}"


def key_in(comment_id: str) -> str | None:
    """The text's key in a derived name, None in a board's own."""
    match = _DERIVED.fullmatch(comment_id)
    return None if match is None else match[1]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
