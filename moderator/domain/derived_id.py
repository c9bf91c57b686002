"""A name for a comment whose board has not told us its own.

It begins with what says which text it is, so that all comments with a text are found by the start
of their name, and goes on with what says which of them it is. White space does not count: two ways
to take the markup out of a text may differ in it.
"""

from __future__ import annotations

import hashlib
import json

DIGITS = 24  # hexadecimal, of each half: 96 bits
PREFIX = "text-"


def text_prefix(text: str) -> str:
    """What the derived ids of all comments with this text begin with."""
    return f"{PREFIX}{_digest(''.join(text.split()))}-"


def derived_id(text: str, *context: str) -> str:
    """The name of the comment with this text in this context: story, author and the like."""
    return text_prefix(text) + _digest(json.dumps(context))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
