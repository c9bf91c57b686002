"""NodeBB (https://nodebb.org) with its official plugin nodebb-plugin-webhooks.

The plugin sends the parameters of server hooks as they are, the poster's IP address, session
cookie and even `Authorization` header among them (`caller`, `params.caller`, `params.data.req`).
So nothing is copied from a body but the members named in this file.

It signs the body alone: neither id nor time. Repeats are known by post and edit time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from moderator.domain.comment import Author, CommentEvent, Delivery, EventKind
from moderator.sources.base import Headers
from moderator.sources.headers import JSON, require_media
from moderator.sources.markup import read_text
from moderator.sources.members import Members, named, object_at
from moderator.sources.settings import SourceSettings
from moderator.sources.signature import verify_hex
from moderator.sources.strict_json import parse

GUEST = "0"  # the user id that all guests share


class NodeBBSettings(SourceSettings):
    """A NodeBB forum. A secret is the text in the plugin's field "Secret"."""

    kind: Literal["nodebb"]


class NodeBBSource:
    """One NodeBB forum."""

    kind = "nodebb"

    def __init__(self, name: str, settings: NodeBBSettings) -> None:
        self.name = name
        self._keys = settings.keys

    def receive(self, headers: Headers, body: bytes, now: datetime) -> Delivery:
        """Verify and parse one request; hooks that are not in `HOOKS` are ignored."""
        index = verify_hex(headers, "x-webhook-signature", body, self._keys, "sha1")
        require_media(headers, JSON)
        content = object_at(parse(body), "")
        events, ignored = _events(content.string("hook"), content)
        return Delivery(
            source=self.name,
            id=None,
            digest=hashlib.sha256(body).hexdigest(),
            events=events,
            ignored=ignored,
            secret_index=index,
        )


def _events(hook: str, content: Members) -> tuple[tuple[CommentEvent, ...], str | None]:
    """The events in a body, or why there is none to follow."""
    if hook not in HOOKS:
        return (), f"{named(hook)} is not followed"
    events = HOOKS[hook](content.child("params"))
    return events, None if events else f"{hook} changes no text"


def _posted(params: Members) -> tuple[CommentEvent, ...]:
    """A new post: `post.content` is HTML, what was typed is in `data.content`."""
    post = params.child("post")
    typed = params.optional_child("data")
    if typed.values.get("content") is None:
        return (_event(EventKind.CREATED, post, read_text(post.string("content"), "html")),)
    return (_event(EventKind.CREATED, post, read_text(typed.string("content"), "markdown")),)


def _edited(params: Members) -> tuple[CommentEvent, ...]:
    post = params.child("post")
    if post.values.get("changed") is False:  # only the topic's title or its tags
        return ()
    return (_event(EventKind.EDITED, post, read_text(post.string("content"), "markdown")),)


def _deleted(params: Members) -> tuple[CommentEvent, ...]:
    return (_event(EventKind.DELETED, params.child("post")),)


def _restored(params: Members) -> tuple[CommentEvent, ...]:
    post = params.child("post")
    return (_event(EventKind.RESTORED, post, read_text(post.string("content"), "markdown")),)


def _purged(params: Members) -> tuple[CommentEvent, ...]:
    return tuple(_event(EventKind.DELETED, post) for post in params.children("posts"))


HOOKS: dict[str, Callable[[Members], tuple[CommentEvent, ...]]] = {
    "action:topic.post": _posted,
    "action:topic.reply": _posted,
    "action:post.edit": _edited,
    "action:post.delete": _deleted,
    "action:post.restore": _restored,
    "action:posts.purge": _purged,
}


def _event(
    kind: EventKind, post: Members, text: tuple[str | None, bool] = (None, False)
) -> CommentEvent:
    uid = post.optional_id("uid")
    return CommentEvent(
        kind=kind,
        comment_id=post.id("pid"),
        text=text[0],
        truncated=text[1],
        thread_id=post.optional_id("tid"),
        parent_id=post.optional_id("toPid"),
        board=_board(post),
        url=post.optional_url("url"),
        author=Author(
            id=None if uid == GUEST else uid,
            name=post.optional_child("user").optional_name("username"),
        ),
        created_at=post.optional_millis("timestamp"),
        edited_at=post.optional_millis("edited"),
    )


def _board(post: Members) -> str | None:
    """The category's id: its name is in new posts only, and would split one board in two."""
    return post.optional_child("category").optional_id("cid") or post.optional_id("cid")
