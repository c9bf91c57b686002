"""Any board that can sign and send our own JSON.

The envelope and the signature are those of Standard Webhooks; what is in the envelope is written
down in docs/sources.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from moderator.domain.comment import Author, CommentEvent, Delivery, EventKind
from moderator.sources.base import Headers
from moderator.sources.headers import JSON, require_media
from moderator.sources.markup import READERS, read_text
from moderator.sources.members import Members, named, object_at
from moderator.sources.settings import SourceSettings
from moderator.sources.signature import standard_key, verify_standard
from moderator.sources.strict_json import parse

MOST_COMMENTS = 100  # in one delivery
TYPES = {f"comment.{kind}": kind for kind in EventKind}


class GenericSettings(SourceSettings):
    """A board that sends signed Standard Webhooks. Secrets are `whsec_` and base64, or text."""

    kind: Literal["generic"]

    @classmethod
    def key(cls, secret: str) -> bytes:
        """The key in a Standard Webhooks secret."""
        return standard_key(secret)


class GenericSource:
    """One board that speaks our own JSON."""

    kind = "generic"

    def __init__(self, name: str, settings: GenericSettings) -> None:
        self.name = name
        self._keys = settings.keys

    def receive(self, headers: Headers, body: bytes, now: datetime) -> Delivery:
        """Verify and parse one request. The delivery's id is `webhook-id`, which is signed."""
        signed = verify_standard(headers, body, self._keys, now)
        require_media(headers, JSON)
        envelope = object_at(parse(body), "")
        kind = TYPES.get(event := envelope.string("type"))
        return Delivery(
            source=self.name,
            id=signed.delivery_id,
            digest=hashlib.sha256(body).hexdigest(),
            events=() if kind is None else tuple(_events(kind, envelope)),
            ignored=f"{named(event)} is not followed" if kind is None else None,
            secret_index=signed.secret_index,
        )


def comment_event(kind: EventKind, data: Members, occurred_at: datetime | None) -> CommentEvent:
    """One `data` object as an event; raises BadPayload with the path of what is wrong.

    A deletion needs nothing but `id`, and its text is not read: it must not replace what is known.
    """
    author = data.optional_child("author")
    text, is_cut = (None, False) if kind is EventKind.DELETED else _text(data)
    return CommentEvent(
        kind=kind,
        comment_id=data.id("id"),
        text=text,
        truncated=is_cut,
        thread_id=data.optional_id("thread_id"),
        parent_id=data.optional_id("parent_id"),
        board=data.optional_id("board"),
        url=data.optional_url("url"),
        author=Author(
            id=author.optional_id("id"),
            name=author.optional_name("name"),
            role=author.optional_name("role"),
        ),
        created_at=data.optional_time("created_at"),
        edited_at=data.optional_time("edited_at"),
        version=data.optional_integer("version"),
        occurred_at=occurred_at,
    )


def _events(kind: EventKind, envelope: Members) -> Iterator[CommentEvent]:
    occurred_at = envelope.optional_time("timestamp")
    if not isinstance(envelope.values.get("data"), list):
        yield comment_event(kind, envelope.child("data"), occurred_at)
        return
    comments = list(envelope.children("data"))
    if not 1 <= len(comments) <= MOST_COMMENTS:
        envelope.refuse("data", f"must hold 1 to {MOST_COMMENTS} comments")
    for data in comments:
        yield comment_event(kind, data, occurred_at)


def _text(data: Members) -> tuple[str, bool]:
    written_as = data.optional_string("format") or "text"
    if written_as not in READERS:
        data.refuse("format", f"must be one of {', '.join(READERS)}")
    return read_text(data.string("text"), written_as)
