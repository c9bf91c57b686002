"""Discourse (https://www.discourse.org): its web hooks for posts.

Three things are not as they look:

* `X-Discourse-Event-Id` is no delivery id for us: the signature does not cover it, so anyone could
  change it, and each automatic retry has a new one. Repeats are known by post and revision.
* `version` is not enough to order by: an edit within the grace period changes the text under the
  same number (lib/post_revisor.rb, `ninja_edit?`). `updated_at` decides among equal numbers.
* `deleted_at` is null in some versions of `post_destroyed` and set in others: the event counts.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Literal
from urllib.parse import quote

from moderator.domain.comment import Author, CommentEvent, Delivery, EventKind, micros
from moderator.domain.errors import BadPayload
from moderator.sources.base import Headers
from moderator.sources.headers import FORM, JSON, require_media, single
from moderator.sources.markup import read_text
from moderator.sources.members import Members, is_web_url, named, object_at
from moderator.sources.settings import SourceSettings
from moderator.sources.signature import verify_hex
from moderator.sources.strict_json import parse

EVENTS = {
    "post_created": EventKind.CREATED,
    "post_edited": EventKind.EDITED,
    "post_destroyed": EventKind.DELETED,
    "post_recovered": EventKind.RESTORED,
}
PRIVATE_MESSAGE = "private_message"
REGULAR = 1  # of `post_type`; 2 moderator's action, 3 small action, 4 whisper among staff
MOST_REVISIONS = 2**20 - 1
MILLIS_BITS = 42  # holds milliseconds since 1970 until the year 2109


class DiscourseSettings(SourceSettings):
    """A Discourse site. A secret is the text in the web hook's field "Secret"."""

    kind: Literal["discourse"]


class DiscourseSource:
    """One Discourse site."""

    kind = "discourse"

    def __init__(self, name: str, settings: DiscourseSettings) -> None:
        self.name = name
        self._keys = settings.keys

    def receive(self, headers: Headers, body: bytes, now: datetime) -> Delivery:
        """Verify and parse one request; a ping and other kinds of event are ignored.

        The site may be set to label its JSON as a form; the body is JSON all the same.
        """
        instance = single(headers, "x-discourse-instance") or ""
        event = single(headers, "x-discourse-event") or ""
        index = verify_hex(headers, "x-discourse-event-signature", body, self._keys, "sha256")
        require_media(headers, JSON, FORM)
        content = object_at(parse(body), "")
        comment, ignored = _comment(event, content, instance)
        return Delivery(
            source=self.name,
            id=None,
            digest=hashlib.sha256(body).hexdigest(),
            events=() if comment is None else (comment,),
            ignored=ignored,
            secret_index=index,
        )


def _comment(event: str, content: Members, instance: str) -> tuple[CommentEvent | None, str | None]:
    """The event in a body, or why there is none to follow."""
    if not event:
        raise BadPayload("the header x-discourse-event is missing", field="x-discourse-event")
    if event not in EVENTS:
        return None, f"{named(event)} is not followed"
    post = content.child("post")
    if post.optional_integer("post_type") not in (REGULAR, None):
        return None, "the post is a whisper or an action, not a comment"
    return _post_event(EVENTS[event], post, instance), None


def _post_event(kind: EventKind, post: Members, instance: str) -> CommentEvent:
    topic = post.optional_id("topic_id")
    parent = post.optional_integer("reply_to_post_number")
    text, is_cut = _text(kind, post)
    updated_at = post.optional_time("updated_at")
    return CommentEvent(
        kind=kind,
        comment_id=post.id("id"),
        text=text,
        truncated=is_cut,
        thread_id=topic,
        # Discourse names the parent by its place in the topic, not by its id.
        parent_id=f"{topic}#{parent}" if topic and parent else None,
        board=_board(post),
        url=_url(instance, topic, post),
        author=Author(
            id=post.optional_id("user_id"), name=post.optional_name("username"), role=_role(post)
        ),
        created_at=post.optional_time("created_at"),
        edited_at=updated_at if kind is EventKind.EDITED else None,
        version=_revision(post.optional_integer("version", most=MOST_REVISIONS), updated_at),
        # No `occurred_at`: a restore carries no time, and the two must be ordered by one clock.
    )


def _text(kind: EventKind, post: Members) -> tuple[str | None, bool]:
    """What the author wrote; a deletion's text is a stub ("deleted by author") and not read."""
    if kind is EventKind.DELETED:
        return None, False
    if post.values.get("raw") is None:
        return read_text(post.string("cooked"), "html")
    return read_text(post.string("raw"), "markdown")


def _board(post: Members) -> str | None:
    if post.optional_string("topic_archetype") == PRIVATE_MESSAGE:
        return PRIVATE_MESSAGE
    return post.optional_id("category_slug") or post.optional_id("category_id")


def _role(post: Members) -> str:
    roles = (role for role in ("admin", "moderator", "staff") if post.flag(role))
    return next(roles, "member")


def _revision(version: int | None, updated_at: datetime | None) -> int | None:
    """Version and time of the last change in one number that orders as the pair does."""
    if version is None:
        return None
    millis = 0 if updated_at is None else max(0, micros(updated_at) // 1000)
    return (version << MILLIS_BITS) + min(millis, (1 << MILLIS_BITS) - 1)


def _url(instance: str, topic: str | None, post: Members) -> str | None:
    number = post.optional_integer("post_number")
    if not topic or not number or "?" in instance or "#" in instance:
        return None
    slug = quote(post.optional_string("topic_slug") or "-", safe="")
    url = f"{instance.rstrip('/')}/t/{slug}/{quote(topic, safe='')}/{number}"
    return url if is_web_url(url) else None
