"""Coral (https://coralproject.net): it asks about a comment before it publishes it.

The question, an "external moderation phase", holds text, author and story, but neither an id nor a
time. So the comment goes by a name made of what was written, by whom and where: the same question,
sent again by Coral or by somebody who recorded it, is about the same comment and changes nothing.
Coral's webhooks tell its id afterwards, and what moderators decided, but no text.

A secret is used as Coral shows it, prefix and all; Coral signs with each one that it has not
thrown away (server/src/core/server/services/fetch/fetch.ts).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)

from moderator.domain.comment import Announcement, Author, CommentEvent, Delivery, EventKind
from moderator.domain.derived_id import derived_id
from moderator.domain.web_host import listed_hosts, plain_url
from moderator.sources.base import Headers
from moderator.sources.headers import JSON, require_media
from moderator.sources.markup import read_text
from moderator.sources.members import Members, named, object_at
from moderator.sources.settings import SourceSettings
from moderator.sources.signature import verify_hex_list
from moderator.sources.strict_json import parse

ACTIONS = ("NEW", "EDIT")
SIGNATURE = "x-coral-signature"
REPLIED = "COMMENT_REPLY_CREATED"
DECIDED = "COMMENT_LEFT_MODERATION_QUEUE"
PUBLISHED = ("COMMENT_CREATED", REPLIED)
EVENTS = (*PUBLISHED, "COMMENT_ENTERED_MODERATION_QUEUE", DECIDED)
PREFIXES = ("empsec_", "whsec_")  # of a phase's secret, of a webhook endpoint's

_TOKEN = re.compile("[!-~]{8,4000}")


class GraphqlSettings(BaseModel):
    """Where Coral can be asked what stands in a comment; `allow_hosts` is needed to check that."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    allow_hosts: Annotated[tuple[str, ...], AfterValidator(listed_hosts)] = Field(
        (), description="host:port, if the address is on your own network or not encrypted."
    )
    url: str = Field(description="Coral's own address and /api/graphql.")
    token: SecretStr = Field(
        description="The access token of an administrator or moderator of Coral."
    )

    @field_validator("token")
    @classmethod
    def _is_token(cls, token: SecretStr) -> SecretStr:
        if not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError(
                "it is no access token: 8 to 4000 letters, digits and signs, without blanks"
            )
        return token

    @field_validator("url")
    @classmethod
    def _is_encrypted(cls, url: str, info: ValidationInfo) -> str:
        parts, target = plain_url(url)
        if parts.scheme != "https" and target not in info.data.get("allow_hosts", ()):
            raise ValueError(
                "it must start with https://; a target without encryption must be listed under"
                " allow_hosts as host:port"
            )
        return url


class CoralSettings(SourceSettings):
    """A Coral site. Secrets are the phase's and the webhook endpoint's, as Coral shows them."""

    kind: Literal["coral"]
    format: Literal["html", "plain"] = Field(
        "html",
        description="What the phase sends, as chosen in Coral: HTML or plain text. Default: html.",
    )
    graphql: GraphqlSettings | None = Field(
        None,
        description="Lets decisions of Coral's moderators be joined to comments by their text."
        " Default: by story and time, where that is clear.",
    )


class CoralSource:
    """One Coral site."""

    kind = "coral"

    def __init__(self, name: str, settings: CoralSettings) -> None:
        self.name = name
        self._keys = settings.keys
        self._written_as = "text" if settings.format == "plain" else "html"

    def receive(self, headers: Headers, body: bytes, now: datetime) -> Delivery:
        """Verify and parse a webhook's request: it announces a comment by its id.

        The delivery's id is that of the event, which stands in the signed body. `X-Coral-Event` is
        not signed, and not read.
        """
        index, content = self._verified(headers, body)
        event = content.string("type")
        if event not in EVENTS:
            return self._delivery(body, index, ignored=f"{named(event)} is not followed")
        delivery = self._delivery(body, index)
        return replace(delivery, id=content.id("id"), announced=(_announcement(event, content),))

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


def _announcement(event: str, content: Members) -> Announcement:
    data, at = content.child("data"), content.optional_time("createdAt")
    status = data.optional_string("status") if event == DECIDED else None
    approved = {"APPROVED": True, "REJECTED": False}.get(status or "")
    if at is None:
        content.refuse("createdAt", "is missing")
    return Announcement(
        comment_id=data.id("commentID"),
        thread_id=data.id("storyID"),
        parent_id=_parent(data) if event == REPLIED else None,
        created_at=at if event in PUBLISHED else None,
        approved=approved,
        ruled_at=None if approved is None else at,
    )


def _parent(data: Members) -> str:
    """The first of the ancestors, which go up from the comment."""
    ancestors = data.values.get("ancestorIDs")
    if not isinstance(ancestors, list) or not ancestors:
        data.refuse("ancestorIDs", "must be a list that begins with the parent")
    return Members({"ancestorIDs": ancestors[0]}, data.path).id("ancestorIDs")


def _prefix(key: bytes) -> str:
    return next((prefix for prefix in PREFIXES if key.startswith(prefix.encode())), "")
