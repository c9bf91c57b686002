"""Which comment, of those that a board asked us about, is the one it now calls by an id.

Pure. Where two could be meant, none is: a decision of a moderator's must not be written down at
the wrong comment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit

BEFORE = timedelta(seconds=30)  # a comment is asked about at most so long before it is published
AFTER = timedelta(seconds=5)  # how far the board's clock may be behind ours
NAMED = "commentID"  # the parameter in which Coral names a comment


class JoinedBy(StrEnum):
    """What two names for one comment were joined by."""

    TEXT = "text"
    ORDER = "order"  # the only one of its thread at that time


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A comment that the board asked about; `comment_id` is our name for it."""

    comment_id: str
    thread_id: str | None
    author_id: str | None
    parent_id: str | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """What is known of the comment that is looked for. None: not known.

    `parent_id` "" is a comment that replies to none. `url` may name the comment in its query.
    """

    thread_id: str | None = None
    author_id: str | None = None
    parent_id: str | None = None
    url: str | None = None


def the_one(asked: Iterable[Asked], clue: Clue) -> str | None:
    """Our name for the one comment that fits, None where none or several do."""
    fitting = [each for each in asked if _fits(each, clue)]
    return fitting[0].comment_id if len(fitting) == 1 else None


def _fits(each: Asked, clue: Clue) -> bool:
    pairs = (
        (clue.thread_id, each.thread_id),
        (clue.author_id, each.author_id),
        (clue.parent_id, each.parent_id or ""),
        (story_of(clue.url), story_of(each.url)),
    )
    return all(wanted is None or wanted == found for wanted, found in pairs)


def story_of(url: str | None) -> str | None:
    """A comment's address without what names the comment in it; None for what is no address."""
    return None if url is None else _with(url)


def address_of(url: str, board_id: str) -> str:
    """The address at which Coral shows one comment of the story at `url`."""
    return _with(url, (NAMED, board_id)) or url


def _with(url: str, *named: tuple[str, str]) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != NAMED]
    return parts._replace(query=urlencode([*query, *named]), fragment="").geturl()
