"""Discourse: our own payloads, and the published shapes where they are at hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from moderator.domain.comment import Author, CommentEvent, EventKind, version_of
from moderator.domain.errors import BadPayload, UnsupportedMedia
from tests.sources.captures import captured, own
from tests.sources.signed_requests import (
    NOW,
    discourse_headers,
    encode,
    receive_discourse,
    source,
)

CREATED = CommentEvent(
    kind=EventKind.CREATED,
    comment_id="501",
    text="Tea is **better** than coffee.",
    thread_id="77",
    parent_id="77#2",
    board="kitchen",
    url="https://forum.example/t/tea-or-coffee/77/4",
    author=Author(id="12", name="ann", role="member"),
    created_at=datetime(2026, 11, 22, 9, 0, 0, 125_000, tzinfo=UTC),
    version=(1 << 42) + 1795338000125,
)
EDITED = replace(
    CREATED,
    kind=EventKind.EDITED,
    text="Tea is better than coffee, mostly.",
    edited_at=datetime(2026, 11, 22, 9, 20, 30, 500_000, tzinfo=UTC),
    version=(2 << 42) + 1795339230500,
)


def the_event(name: str, body: Any) -> CommentEvent:
    """The one event of a post."""
    (event,) = receive_discourse(name, body).events
    return event


def post(**changes: object) -> dict[str, object]:
    """Our own created post, changed; None leaves a member out."""
    changed = own("discourse_post_created")["post"] | changes
    return {"post": {name: value for name, value in changed.items() if value is not None}}


def test_a_new_post_is_a_new_comment():
    """What was typed is read, not its HTML."""
    delivery = receive_discourse("post_created", own("discourse_post_created"))
    assert delivery.events == (CREATED,)
    assert delivery.ignored is None


def test_an_edit_carries_the_time_of_the_change():
    """And a greater version."""
    assert the_event("post_edited", own("discourse_post_edited")) == EDITED


def test_a_deletion_leaves_the_text_alone():
    """What comes with it is the stub "post deleted by author"."""
    assert the_event("post_destroyed", own("discourse_post_destroyed")) == replace(
        EDITED, kind=EventKind.DELETED, text=None, edited_at=None
    )


def test_a_recovered_post_is_the_version_it_was():
    """So that its text is found again under the version that was stored."""
    event = the_event("post_recovered", own("discourse_post_recovered"))
    assert event == replace(EDITED, kind=EventKind.RESTORED, edited_at=None)
    assert version_of(event, NOW) == version_of(EDITED, NOW)


def test_the_delivery_has_no_id():
    """The event id is not signed and changes with every retry."""
    assert receive_discourse("post_created", own("discourse_post_created")).id is None


def test_edits_within_the_grace_period_are_ordered_by_their_time():
    """Discourse keeps the version number then; a late older text must not win."""
    first = the_event("post_edited", post(updated_at="2026-11-22T09:01:00.000Z", raw="zz first"))
    second = the_event("post_edited", post(updated_at="2026-11-22T09:02:00.000Z", raw="aa then"))
    assert version_of(CREATED, NOW) < version_of(first, NOW) < version_of(second, NOW)


def test_a_higher_version_wins_whatever_the_time_says():
    """The number is the board's own word for the order."""
    old = the_event("post_edited", post(version=2, updated_at="9999-01-01T00:00:00Z"))
    new = the_event("post_edited", post(version=3, updated_at=None))
    assert version_of(old, NOW) < version_of(new, NOW)


def test_without_a_version_the_time_orders():
    """A forgiving reading of versions we have not seen."""
    event = the_event("post_edited", post(version=None, updated_at="2026-11-22T09:01:00Z"))
    assert event.version is None
    assert event.edited_at == datetime(2026, 11, 22, 9, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("ping", {"ping": "OK"}),
        ("topic_created", {"topic": {"id": 77}}),
        ("user_created", {"user": {"id": 12}}),
        ("reviewable_created", {"reviewable": {}}),
        ("post_created", post(post_type=2)),
        ("post_created", post(post_type=3)),
        ("post_created", post(post_type=4)),  # a whisper
        ("post_destroyed", post(post_type=4)),
    ],
)
def test_whatever_is_no_comment_is_ignored(event: str, body: object):
    """With a 200: Discourse switches a hook off that keeps failing."""
    delivery = receive_discourse(event, body)
    assert delivery.events == ()
    assert delivery.ignored


def test_the_html_is_read_where_the_typed_text_is_absent():
    """Without its quotes."""
    cooked = "<aside class='quote'>no</aside><p>own <b>words</b></p>"
    assert the_event("post_created", post(raw=None, cooked=cooked)).text == "own words"


def test_an_empty_post_is_a_text():
    """It is not taken for an absent one."""
    assert the_event("post_created", post(raw="", cooked=None)).text == ""


@pytest.mark.parametrize(
    ("flags", "role"),
    [
        ({}, "member"),
        ({"staff": True}, "staff"),
        ({"moderator": True, "staff": True}, "moderator"),
        ({"admin": True, "moderator": True, "staff": True}, "admin"),
    ],
)
def test_the_highest_role_counts(flags: dict[str, object], role: str):
    """Triggers may leave staff out."""
    assert the_event("post_created", post(**flags)).author.role == role


@pytest.mark.parametrize(
    ("changes", "board"),
    [
        ({}, "kitchen"),
        ({"category_slug": None}, "6"),
        ({"category_slug": None, "category_id": None}, None),
        ({"topic_archetype": "private_message"}, "private_message"),
    ],
)
def test_the_board_is_the_category(changes: dict[str, object], board: str | None):
    """By its slug; messages between members are a board of their own."""
    assert the_event("post_created", post(**changes)).board == board


@pytest.mark.parametrize(
    ("instance", "changes", "url"),
    [
        ("https://forum.example", {}, "https://forum.example/t/tea-or-coffee/77/4"),
        ("http://forum.example/sub/", {}, "http://forum.example/sub/t/tea-or-coffee/77/4"),
        ("https://forum.example", {"topic_slug": None}, "https://forum.example/t/-/77/4"),
        ("https://f.example", {"topic_slug": "a/../ü"}, "https://f.example/t/a%2F..%2F%C3%BC/77/4"),
        ("https://forum.example", {"topic_id": None}, None),
        ("https://forum.example", {"post_number": None}, None),
        ("javascript:alert(1)//", {}, None),
        ("https://forum.example@evil.example", {}, None),
        ("https://evil.example/?", {}, None),
        ("https://evil.example/#", {}, None),
        ("", {}, None),
    ],
)
def test_the_link_is_made_of_instance_and_topic(
    instance: str, changes: dict[str, object], url: str | None
):
    """And is left out where it would be no plain web address."""
    body = encode(post(**changes))
    headers = dict(discourse_headers(body, "post_created")) | {"x-discourse-instance": instance}
    (event,) = source("discourse").receive(list(headers.items()), body, NOW).events
    assert event.url == url


def test_json_under_the_name_of_a_form_is_still_json():
    """An administrator may choose that label in Discourse; the body is the same."""
    body = encode(post())
    headers = dict(discourse_headers(body, "post_created"))
    headers["content-type"] = "application/x-www-form-urlencoded"
    assert source("discourse").receive(list(headers.items()), body, NOW).events == (CREATED,)
    headers["content-type"] = "text/plain"
    with pytest.raises(UnsupportedMedia):
        source("discourse").receive(list(headers.items()), body, NOW)


def test_a_form_is_not_decoded():
    """Under a form's label, too, only JSON is read."""
    body = b"payload=%7B%7D"
    headers = dict(discourse_headers(body, "post_created"))
    headers["content-type"] = "application/x-www-form-urlencoded"
    with pytest.raises(BadPayload, match="not JSON"):
        source("discourse").receive(list(headers.items()), body, NOW)


@pytest.mark.parametrize(
    ("event", "body", "field"),
    [
        ("post_created", {}, "post"),
        ("post_created", {"post": []}, "post"),
        ("post_created", post(id=None), "post.id"),
        ("post_created", post(raw=None, cooked=None), "post.cooked"),
        ("post_created", post(raw=5), "post.raw"),
        ("post_edited", post(version=-1), "post.version"),
        ("post_edited", post(version=2**20), "post.version"),
        ("post_edited", post(updated_at="yesterday"), "post.updated_at"),
        ("post_edited", post(post_type="x"), "post.post_type"),
        ("", post(), "x-discourse-event"),
    ],
)
def test_what_is_malformed_is_named(event: str, body: object, field: str):
    """By its path in the body."""
    with pytest.raises(BadPayload) as caught:
        receive_discourse(event, body)
    assert caught.value.field == field


PUBLISHED = {
    "post_created": CommentEvent(
        kind=EventKind.CREATED,
        comment_id="79563",
        text="the **raw** markdown",
        thread_id="46582",
        board="project",
        url="https://discussion.example/t/docs-meeting/46582/3",
        author=Author(id="2401", name="ann", role="member"),
        created_at=datetime(2023, 2, 9, 10, 19, 46, 324_000, tzinfo=UTC),
        version=(1 << 42) + 1675937986324,
    ),
    "post_edited": CommentEvent(
        kind=EventKind.EDITED,
        comment_id="127406",
        text="edited raw",
        thread_id="31544",
        parent_id="31544#37",
        board="english",
        url="https://discussion.example/t/problems-upgrading/31544/38",
        author=Author(id="11878", name="john", role="member"),
        created_at=datetime(2023, 2, 10, 9, 5, 22, 431_000, tzinfo=UTC),
        edited_at=datetime(2023, 2, 10, 9, 44, 54, 865_000, tzinfo=UTC),
        version=(3 << 42) + 1676022294865,
    ),
    "post_destroyed": CommentEvent(
        kind=EventKind.DELETED,
        comment_id="126080",
        text=None,
        thread_id="31274",
        board="english",
        url="https://discussion.example/t/name-resolution-failure/31274/1",
        author=Author(id="11781", name="pn", role="member"),
        created_at=datetime(2023, 1, 29, 1, 22, 59, 114_000, tzinfo=UTC),
        version=(1 << 42) + 1674955379114,
    ),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_shape_is_understood(name: str):
    """With its own headers, signed anew."""
    shape = captured("discourse", f"{name}.SHAPE")
    body = encode(shape["body"])
    given = {key.lower(): value for key, value in shape["headers"].items()}
    signed = dict(discourse_headers(body, name))
    given["x-discourse-event-signature"] = signed["x-discourse-event-signature"]
    headers = [("content-type", "application/json"), *given.items()]
    assert source("discourse").receive(headers, body, NOW).events == (PUBLISHED[name],)
