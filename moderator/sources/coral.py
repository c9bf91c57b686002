"""Coral (https://coralproject.net): it asks about a comment before it publishes it.

The question, an "external moderation phase", holds text, author and story, but neither an id nor a
time. So the comment goes by a name made of what was written, by whom and where: the same question,
sent again by Coral or by somebody who recorded it, is about the same comment and changes nothing.

A secret is used as Coral shows it, prefix and all; Coral signs with each one that it has not
thrown away (server/src/core/server/services/fetch/fetch.ts).
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Literal

from pydantic import Field

from moderator.domain.comment import Author, CommentEvent, Delivery, EventKind
from moderator.domain.derived_id import derived_id
from moderator.sources.base import Headers
from moderator.sources.headers import JSON, require_media
from moderator.sources.markup import read_text
from moderator.sources.members import Members, named, object_at
from moderator.sources.settings import SourceSettings
from moderator.sources.signature import verify_hex_list
from moderator.sources.strict_json import parse

ACTIONS = ("NEW", "EDIT")
SIGNATURE = "x-coral-signature"
PREFIXES = ("empsec_", "whsec_")  # of a phase's secret, of a webhook endpoint's


class CoralSettings(SourceSettings):
    """A Coral site. Secrets are the phase's and the webhook endpoint's, as Coral shows them."""

    kind: Literal["coral"]
    format: Literal["html", "plain"] = Field(
        "html",
        description="What the phase sends, as chosen in Coral: HTML or plain text. Default: html.",
    )


class CoralSource:
    """One Coral site."""

    kind = "coral"

    def __init__(self, name: str, settings: CoralSettings) -> None:
        self.name = name
        self._keys = settings.keys
        self._written_as = "text" if settings.format == "plain" else "html"

    def receive(self, headers: Headers, body: bytes, now: datetime) -> Delivery:
        """Verify and parse a webhook's request; all its events are ignored."""
        index, content = self._verified(headers, body)
        return self._delivery(
            body, index, ignored=f"{named(content.string('type'))} is not followed"
        )

    def receive_phase(self, headers: Headers, body: bytes) -> Delivery:
        """Verify and parse what Coral asks of an external moderation phase.

        The delivery has no id: nothing in the request tells it from another. It has no event where
        there is no text to judge. Raises as `receive` does.
        """
        index, content = self._verified(headers, body)
        if content.string("action") not in ACTIONS:
            content.refuse("action", f"must be {' or '.join(ACTIONS)}")
        event = self._event(content)
        if event is None:
            return self._delivery(body, index, ignored="the comment has no text")
        return self._delivery(body, index, event)

    def _verified(self, headers: Headers, body: bytes) -> tuple[int, Members]:
        """Which secret signed, counted among those of its kind, and what is in the body."""
        index = verify_hex_list(headers, SIGNATURE, body, self._keys, "sha256")
        require_media(headers, JSON)
        newer = self._keys[:index]
        rank = sum(_prefix(key) == _prefix(self._keys[index]) for key in newer)
        return rank, object_at(parse(body), "")

    def _delivery(
        self, body: bytes, index: int, *events: CommentEvent, ignored: str | None = None
    ) -> Delivery:
        return Delivery(
            source=self.name,
            id=None,
            digest=hashlib.sha256(body).hexdigest(),
            events=events,
            ignored=ignored,
            secret_index=index,
        )

    def _event(self, content: Members) -> CommentEvent | None:
        comment, author, story = (content.child(name) for name in ("comment", "author", "story"))
        sent = comment.optional_string("body")  # a comment may be a picture and nothing else
        text, is_cut = read_text(sent, self._written_as) if sent else ("", False)
        if not text:
            return None
        author_id, thread_id = author.id("id"), story.id("id")
        parent_id = comment.optional_id("parentID")
        return CommentEvent(
            # An edit, too: it does not say which comment it is an edit of.
            kind=EventKind.CREATED,
            comment_id=derived_id(text, thread_id, author_id, parent_id or ""),
            text=text,
            truncated=is_cut,
            thread_id=thread_id,
            parent_id=parent_id,
            board=content.optional_child("site").optional_id("id"),
            url=story.optional_url("url"),
            author=Author(id=author_id, role=author.optional_name("role")),
        )


def _prefix(key: bytes) -> str:
    return next((prefix for prefix in PREFIXES if key.startswith(prefix.encode())), "")
