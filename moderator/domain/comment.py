"""What a board tells us about its comments."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

MAX_CLOCK_LEAD = timedelta(days=1)  # a later edit time would freeze a comment for ever: cap it
MAX_TEXT = 65_536  # code points stored of one comment; what is longer is cut and marked


class EventKind(StrEnum):
    """What happened to a comment."""

    CREATED = "created"
    EDITED = "edited"
    DELETED = "deleted"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote a comment, as far as the board says."""

    id: str | None = None
    name: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEvent:
    """One event of one comment, in our own terms.

    `text` is plain text (markup removed), None where the board sent none; it holds neither NUL
    nor lone surrogates. `version` is the board's revision counter. `occurred_at` is when the
    event itself happened, where the board says so. All times are aware UTC. `is_english` is true
    where its sender says so: then no language is guessed. `truncated` is true
    when the board sent more than MAX_TEXT code points and `text` is the first of them.
    """

    kind: EventKind
    comment_id: str
    text: str | None = None
    thread_id: str | None = None
    parent_id: str | None = None
    board: str | None = None
    url: str | None = None
    author: Author = field(default_factory=Author)
    created_at: datetime | None = None
    edited_at: datetime | None = None
    version: int | None = None
    occurred_at: datetime | None = None
    truncated: bool = False
    is_english: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What a board says, by the comment's own id, of a comment that it asked about before the
    comment had one.

    `created_at` is set, and `parent_id` known, only where the comment has just been published;
    `parent_id` is None for one that replies to none. `approved` is what a person of the board
    decided at `ruled_at`. All times are aware UTC.
    """

    comment_id: str
    thread_id: str
    parent_id: str | None = None
    created_at: datetime | None = None
    approved: bool | None = None
    ruled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One verified and parsed webhook request.

    `id` is the sender's delivery id where the signature covers it, else None: an id that anyone
    could change must not decide whether a comment is taken. `digest` is the SHA-256 of the raw
    body in hex. `announced` are comments that the board told us of by their ids alone. `ignored`
    says why there is nothing to do (an event we do not follow, a ping).
    `secret_index` is the place of the secret that signed: not 0 while a rotation is going on.
    """

    source: str
    id: str | None
    digest: str
    events: tuple[CommentEvent, ...]
    announced: tuple[Announcement, ...] = ()
    ignored: str | None = None
    secret_index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Version:
    """Identity and place of one version of a comment.

    Ordered by the board's revision number, else by edit time in microseconds since 1970, else
    0; among equals by the digest of the text: arbitrary, but the same in whatever order and on
    whatever process the versions arrive.
    """

    order: int
    digest: str

    @property
    def label(self) -> str:
        """The name a version goes by in the API."""
        return f"{self.order}-{self.digest[:12]}"


def version_of(event: CommentEvent, now: datetime) -> Version:
    """The version of the comment that `event` shows. `now` caps times in the far future."""
    digest = hashlib.sha256((event.text or "").encode()).hexdigest()
    if event.version is not None:
        return Version(order=event.version, digest=digest)
    changed_at = event.edited_at
    if changed_at is None and event.kind is EventKind.EDITED:
        changed_at = event.occurred_at or now
    return Version(
        order=0 if changed_at is None else micros(capped(changed_at, now)), digest=digest
    )


def happened_at(event: CommentEvent, now: datetime) -> datetime:
    """When the text of `event` was written, on the board's clock as far as it is known."""
    if event.kind is EventKind.EDITED:
        when = event.edited_at or event.occurred_at
    else:
        when = event.edited_at or event.created_at or event.occurred_at
    return capped(when or now, now)


def capped(when: datetime, now: datetime) -> datetime:
    """`when`, but at most a day ahead of `now`."""
    return min(when, now + MAX_CLOCK_LEAD)


def micros(when: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def from_micros(value: int) -> datetime:
    """The inverse of `micros`."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)
