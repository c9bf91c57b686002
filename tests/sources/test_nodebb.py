"""NodeBB: our own payloads, and every capture of a running board where they are at hand."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from moderator.domain.comment import Author, CommentEvent, EventKind
from moderator.domain.errors import BadPayload, UnsupportedMedia
from tests.sources.captures import captured, own
from tests.sources.signed_requests import NOW, encode, nodebb_headers, receive_nodebb, source

TOPIC = CommentEvent(
    kind=EventKind.CREATED,
    comment_id="40",
    text="Tea is **better** 🍵",
    thread_id="8",
    board="5",
    url="https://board.example/post/40",
    author=Author(id="31", name="carla"),
    created_at=datetime(2026, 11, 22, 9, 0, 0, 125_000, tzinfo=UTC),
)
REPLY = replace(
    TOPIC,
    comment_id="41",
    text="I do not think so.",
    parent_id="40",
    url="https://board.example/post/41",
)
SHORT = replace(REPLY, parent_id=None, url=None, author=Author(id="31"))
EDIT_TIME = datetime(2026, 11, 22, 9, 10, 0, 250_000, tzinfo=UTC)
OWN: dict[str, tuple[CommentEvent, ...]] = {
    "nodebb_topic_post": (TOPIC,),
    "nodebb_topic_reply": (REPLY,),
    "nodebb_post_edit": (
        replace(SHORT, kind=EventKind.EDITED, text="I did not think so.", edited_at=EDIT_TIME),
    ),
    "nodebb_post_delete": (replace(SHORT, kind=EventKind.DELETED, text=None),),
    "nodebb_post_restore": (replace(SHORT, kind=EventKind.RESTORED, text="I did not think so."),),
    "nodebb_posts_purge": (
        replace(SHORT, kind=EventKind.DELETED, text=None, parent_id="40", edited_at=EDIT_TIME),
        replace(
            SHORT,
            kind=EventKind.DELETED,
            text=None,
            comment_id="https://remote.example/post/9",
            author=Author(id="https://remote.example/user/z"),
        ),
    ),
    "nodebb_post_queue_save": (),
}


@pytest.mark.parametrize("name", OWN)
def test_a_hook_becomes_its_events(name: str):
    """Each member in its place, from whichever of NodeBB's shapes."""
    delivery = receive_nodebb(own(name))
    assert delivery.events == OWN[name]
    assert (delivery.ignored is None) == bool(delivery.events)
    assert delivery.id is None


@pytest.mark.parametrize("name", OWN)
def test_nothing_secret_survives(name: str):
    """NodeBB sends the poster's cookie, token, address and session along."""
    body = own(name)
    assert "CANARY" in repr(body)
    shown = repr(receive_nodebb(body))
    for secret in ("CANARY", "203.0.113.77", "express.sid", "Bearer", "board.internal"):
        assert secret not in shown


def topic(**changes: object) -> Any:
    """Our own new topic with its post changed."""
    body = own("nodebb_topic_post")
    body["params"]["post"] |= changes
    return body


def test_the_html_is_read_where_the_typed_text_is_absent():
    """Emoji by their alternative text."""
    body = topic()
    del body["params"]["data"]
    (event,) = receive_nodebb(body).events
    assert event.text == "Tea is better 🍵"


def test_guests_are_not_one_author():
    """They all have user id 0; counting them together would blame each for all."""
    (event,) = receive_nodebb(topic(uid=0, user={"uid": 0, "username": "Guest"})).events
    assert event.author == Author(id=None, name="Guest")


def test_an_edit_of_the_title_alone_is_ignored():
    """The text is the one we know."""
    body = own("nodebb_post_edit")
    body["params"]["post"]["changed"] = False
    delivery = receive_nodebb(body)
    assert delivery.events == ()
    assert delivery.ignored == "action:post.edit changes no text"


@pytest.mark.parametrize(
    "hook",
    ["action:post.save", "action:flags.create", "action:topic.purge", "filter:x", "a b\n", ""],
)
def test_every_other_hook_is_ignored(hook: str):
    """post.save would bring each post a second time."""
    delivery = receive_nodebb({"hook": hook, "params": {"post": {"pid": 1, "content": "x"}}})
    assert delivery.events == ()
    assert delivery.ignored
    assert "\n" not in delivery.ignored


def test_an_empty_purge_is_ignored():
    """There is nothing to do, and no error to make NodeBB log."""
    assert receive_nodebb({"hook": "action:posts.purge", "params": {"posts": []}}).ignored


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "hook"),
        ({"hook": 5}, "hook"),
        ({"hook": "action:topic.post"}, "params"),
        ({"hook": "action:topic.post", "params": {}}, "params.post"),
        (topic(pid=None), "params.post.pid"),
        (topic(pid=1.5), "params.post.pid"),
        (topic(timestamp="now"), "params.post.timestamp"),
        (topic(user="carla"), "params.post.user"),
        ({"hook": "action:post.edit", "params": {"post": {"pid": 1}}}, "params.post.content"),
        ({"hook": "action:posts.purge", "params": {"posts": {}}}, "params.posts"),
        ({"hook": "action:posts.purge", "params": {"posts": [{}]}}, "params.posts[0].pid"),
    ],
    ids=lambda part: repr(part)[:40],
)
def test_what_is_malformed_is_named(body: object, field: str):
    """By its path in the body."""
    with pytest.raises(BadPayload) as caught:
        receive_nodebb(body)
    assert caught.value.field == field


def test_only_json_is_taken():
    """The plugin sends nothing else."""
    body = encode(topic())
    headers = dict(nodebb_headers(body)) | {"content-type": "application/x-www-form-urlencoded"}
    with pytest.raises(UnsupportedMedia):
        source("nodebb").receive(list(headers.items()), body, NOW)


ALICE, BOB = Author(id="2", name="alice62231"), Author(id="3", name="bob62232")
FIRST = CommentEvent(
    kind=EventKind.CREATED,
    comment_id="2",
    text='First **post** html & "quotes" — naïve 😀 http://example.org/x',
    thread_id="2",
    board="5",
    url="http://127.0.0.1:14567/post/2",
    author=ALICE,
    created_at=datetime(2026, 11, 22, 15, 43, 53, 652_000, tzinfo=UTC),
)
PLAIN = replace(
    FIRST,
    comment_id="3",
    text="A plain reply",
    url="http://127.0.0.1:14567/post/3",
    author=BOB,
    created_at=datetime(2026, 11, 22, 15, 43, 53, 927_000, tzinfo=UTC),
)
THREADED = replace(
    FIRST,
    comment_id="4",
    text="@bob threaded reply\n\nsecond line",
    parent_id="3",
    url="http://127.0.0.1:14567/post/4",
    created_at=datetime(2026, 11, 22, 15, 43, 54, 11_000, tzinfo=UTC),
)


def later(event: CommentEvent, kind: EventKind, text: str | None, edited_ms: int | None = None):
    """What NodeBB sends of a post once it is there: no name, no address, no parent."""
    edited_at = None
    if edited_ms is not None:
        edited_at = datetime(2026, 11, 22, 15, 43, 54, edited_ms * 1000, tzinfo=UTC)
    return replace(
        event,
        kind=kind,
        text=text,
        url=None,
        parent_id=None,
        author=Author(id=event.author.id),
        edited_at=edited_at,
    )


CAPTURED: dict[str, tuple[CommentEvent, ...]] = {
    "000_action_post-queue.save": (),
    "001_action_post.save": (),
    "002_action_topic.post": (FIRST,),
    "003_action_post.save": (),
    "004_action_topic.reply": (PLAIN,),
    "005_action_post.save": (),
    "006_action_topic.reply": (THREADED,),
    "007_action_post.edit": (later(PLAIN, EventKind.EDITED, "A plain reply, edited", 99),),
    "008_action_post.edit": (later(FIRST, EventKind.EDITED, "First post edited", 134),),
    "009_action_flags.addReport": (),
    "010_action_flags.update": (),
    "011_action_flags.create": (),
    "012_action_post.delete": (later(THREADED, EventKind.DELETED, None),),
    "013_action_flags.update": (),
    "014_action_post.restore": (later(THREADED, EventKind.RESTORED, THREADED.text),),
    "015_action_post.delete": (later(PLAIN, EventKind.DELETED, None),),
    "016_action_posts.purge": (later(PLAIN, EventKind.DELETED, None, 99),),
    "017_action_topic.delete": (),
    "018_action_posts.purge": (replace(later(THREADED, EventKind.DELETED, None), parent_id="3"),),
    "019_action_posts.purge": (later(FIRST, EventKind.DELETED, None, 134),),
    "020_action_topic.purge": (),
    "021_action_topics.purge": (),
}


@pytest.mark.parametrize("name", CAPTURED)
def test_a_capture_becomes_its_events(name: str):
    """Signed anew, since captures are stored re-indented."""
    delivery = receive_nodebb(captured("nodebb_reduced", name)["body"])
    assert delivery.events == CAPTURED[name]
    assert (delivery.ignored is None) == bool(delivery.events)


FULL = {
    "004_action_topic.reply": (PLAIN,),
    "012_action_post.delete": (later(THREADED, EventKind.DELETED, None),),
}


@pytest.mark.parametrize("name", FULL)
def test_nothing_secret_in_a_whole_capture_survives(name: str):
    """Every string and number that stands only where we do not look is absent from the result."""
    body = captured("nodebb_full", name)["body"]
    delivery = receive_nodebb(body)
    assert delivery.events == FULL[name]
    secrets = {
        value
        for part in (body["caller"], body["params"]["caller"], _request(body))
        for value in _leaves(part)
        if len(value) > 4
    } - {"A plain reply"}  # what the request brought is the post itself
    assert {"Bearer master-tok", "127.0.0.1", "127.0.0.1:14567"} <= secrets
    for field in _leaves(asdict(delivery.events[0])):
        told = field.removeprefix("http://127.0.0.1:14567/")  # the post's own address
        assert [secret for secret in secrets if secret in told] == []


def _request(body: dict[str, Any]) -> object:
    return body["params"].get("data", {}).get("req", {})


def _leaves(value: object) -> set[str]:
    if isinstance(value, dict):
        return {leaf for item in value.values() for leaf in _leaves(item)}
    if isinstance(value, list):
        return {leaf for item in value for leaf in _leaves(item)}
    return set() if isinstance(value, bool) else {str(value)}
