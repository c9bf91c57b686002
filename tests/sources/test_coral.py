"""Coral: what it asks of a phase, built and signed as its published source does it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError

from moderator.domain.comment import Announcement, Author, CommentEvent, Delivery, EventKind
from moderator.domain.derived_id import derived_id, key_in, text_key
from moderator.domain.errors import (
    AmbiguousRequest,
    BadPayload,
    BadSignature,
    DeliveryRefused,
    UnsupportedMedia,
)
from moderator.sources.coral import CoralSettings, CoralSource
from moderator.sources.signature import sign_hex
from tests.sources.signed_requests import (
    NOW,
    PLAIN_SECRET,
    coral_body,
    coral_headers,
    coral_question,
)
from tests.sources.test_hostile_requests import VALUES

PHASE, NEXT_PHASE, HOOK = (
    "empsec_0f9a4b7c2d8e61350f9a4b7c2d8e6135",
    "empsec_7d1c5e3b9a2f46087d1c5e3b9a2f4608",
    "whsec_a8b3c6d9e2f51704a8b3c6d9e2f51704",
)


def coral(*secrets: str, **changes: Any) -> CoralSource:
    """A Coral site with these secrets."""
    values = {"kind": "coral", "secrets": secrets or (PLAIN_SECRET,)} | changes
    return CoralSource("board", CoralSettings.model_validate(values))


def asked(value: object, **changes: Any) -> Delivery:
    """What becomes of a signed question."""
    body = coral_body(value)
    return coral(**changes).receive_phase(coral_headers(body), body)


def text_of(sent: str, **changes: Any) -> str | None:
    """The text that is read in a question's body."""
    (event,) = asked(coral_question(sent), **changes).events
    return event.text


def test_a_question_becomes_a_comment_with_a_name_of_our_own():
    delivery = asked(coral_question("<div>a <b>mild</b> remark &amp; more</div>"))
    (event,) = delivery.events
    assert delivery.id is None
    assert event == CommentEvent(
        kind=EventKind.CREATED,
        comment_id=event.comment_id,
        text="a mild remark & more",
        thread_id="245b3856-b0a0-4d2f-a6bb-58c71f18d6a6",
        board="a4bede88-2d2c-4424-bc18-4322a9e285a6",
        url="http://news.example/posts/a-story-url/",
        author=Author(id="baf4e943-3594-4fcc-b2ba-3e8de7a76352", role="COMMENTER"),
    )
    assert key_in(event.comment_id) == text_key("a mild remark & more")
    assert key_in("42") is None


def test_the_format_says_whether_markup_is_markup():
    assert text_of("1 < 2 and <b>so</b>", format="plain") == "1 < 2 and <b>so</b>"
    assert text_of("<p>1 &lt; 2</p><p>so</p>") == "1 < 2\nso"


@pytest.mark.parametrize(
    "changes",
    [
        {"comment": {"body": "another remark", "parentID": None}},
        {"comment": {"body": "a mild remark", "parentID": "d79b787f"}},
        {"author": {"id": "8", "role": "COMMENTER"}},
        {"story": {"id": "8", "url": None}},
    ],
)
def test_the_name_tells_comments_apart_by_text_place_and_author(changes: dict[str, Any]):
    first, second = (asked(coral_question(**c)).events[0] for c in ({}, changes))
    assert first.comment_id != second.comment_id


def test_what_is_asked_again_goes_by_the_same_name_also_as_an_edit():
    (first,) = asked(coral_question()).events
    (again,) = asked(coral_question(action="EDIT", site={})).events
    assert again == replace(first, board=None)


def test_white_space_does_not_count_in_a_name():
    assert derived_id("a mild\n remark ", "7") == derived_id("a mild remark", "7")
    assert derived_id("a mild remark", "7", "8") != derived_id("a mild remark", "78")


@pytest.mark.parametrize("sent", [None, "", "   ", "<div><br></div>"])
def test_a_comment_without_words_is_nothing_to_judge(sent: object):
    """A picture alone: Coral leaves the text out, or sends empty markup."""
    delivery = asked(coral_question(comment={"body": sent, "parentID": None}))
    assert (delivery.events, delivery.ignored) == ((), "the comment has no text")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"action": "DELETE"}, "action"),
        ({"action": None}, "action"),
        ({"comment": None}, "comment"),
        ({"comment": {"body": 7}}, "comment.body"),
        ({"comment": {"body": "x", "parentID": {}}}, "comment.parentID"),
        ({"author": {}}, "author.id"),
        ({"author": "ann"}, "author"),
        ({"author": {"id": "x" * 257}}, "author.id"),
        ({"author": {"id": "9", "role": 1}}, "author.role"),
        ({"story": {"url": "https://news.example"}}, "story.id"),
        ({"story": {"id": True}}, "story.id"),
        ({"site": []}, "site"),
    ],
)
def test_a_malformed_question_is_refused_by_the_member_that_is_wrong(
    changes: dict[str, Any], field: str
):
    with pytest.raises(BadPayload) as caught:
        asked(coral_question(**changes))
    assert caught.value.field == field


class TestSignatures:
    """Coral signs with the whole text of each of its secrets, and names neither id nor time."""

    BODY = coral_body(coral_question())

    def receive(self, known: tuple[str, ...], headers: list[tuple[str, str]]) -> Delivery:
        return coral(*known).receive_phase(headers, self.BODY)

    @pytest.mark.parametrize(
        ("known", "signing", "index"),
        [
            ((PHASE,), (PHASE,), 0),
            ((PHASE, HOOK), (HOOK,), 0),  # the other door's secret is not an old one
            ((NEXT_PHASE, HOOK, PHASE), (PHASE,), 1),
            ((NEXT_PHASE, PHASE), (PHASE, NEXT_PHASE), 0),  # rolled, and both are in force
            ((PHASE,), (NEXT_PHASE, HOOK, PHASE), 0),  # rolled, and we do not know of it yet
        ],
    )
    def test_one_secret_in_common_is_enough(
        self, known: tuple[str, ...], signing: tuple[str, ...], index: int
    ):
        assert self.receive(known, coral_headers(self.BODY, *signing)).secret_index == index

    GOOD = sign_hex(PHASE, BODY, "sha256")

    @pytest.mark.parametrize(
        "header",
        [
            None,
            "",
            sign_hex(NEXT_PHASE, BODY, "sha256"),
            sign_hex(PHASE.removeprefix("empsec_"), BODY, "sha256"),  # the prefix is part of it
            sign_hex(PHASE, BODY + b" ", "sha256"),
            sign_hex(PHASE, BODY, "sha1"),
            GOOD.upper(),
            GOOD + ",",
            GOOD + ",nonsense",
            f"{GOOD}, {GOOD}",
            ",".join([GOOD] * 11),
        ],
    )
    def test_anything_else_is_a_forgery(self, header: str | None):
        with pytest.raises(BadSignature):
            self.receive((PHASE,), coral_headers(self.BODY, x_coral_signature=header))

    def test_two_headers_are_one_too_many(self):
        headers = coral_headers(self.BODY, PHASE)
        with pytest.raises(AmbiguousRequest):
            self.receive((PHASE,), [*headers, ("x-coral-signature", self.GOOD)])

    def test_nothing_is_parsed_before_the_signature_holds(self):
        with pytest.raises(BadSignature):
            coral(PHASE).receive_phase(coral_headers(b"{", HOOK), b"{")
        with pytest.raises(BadPayload):
            coral(PHASE).receive_phase(coral_headers(b"{", PHASE), b"{")

    def test_another_content_type_is_refused(self):
        with pytest.raises(UnsupportedMedia):
            self.receive((PHASE,), coral_headers(self.BODY, PHASE, content_type="text/plain"))


WHEN = "2026-11-22T09:59:30.125Z"
AT = datetime(2026, 11, 22, 9, 59, 30, 125_000, tzinfo=UTC)
IDS = {"storyID": "7", "siteID": "1", "commentID": "42"}


def event(kind: str, **data: Any) -> dict[str, Any]:
    """A webhook's event as Coral sends it."""
    about = {"tenantID": "1", "tenantDomain": "coral.example", "createdAt": WHEN}
    return {"id": "b6c7d1f5", "type": kind, "data": IDS | data, **about}


def told(value: object) -> Delivery:
    """What becomes of a webhook's signed request."""
    body = coral_body(value)
    return coral().receive(coral_headers(body, x_coral_event="COMMENT_CREATED"), body, NOW)


LEFT = "COMMENT_LEFT_MODERATION_QUEUE"


@pytest.mark.parametrize(
    ("value", "announced"),
    [
        (event("COMMENT_CREATED"), {"created_at": AT}),
        (
            event("COMMENT_REPLY_CREATED", ancestorIDs=["41", "40"]),
            {"created_at": AT, "parent_id": "41"},
        ),
        (event("COMMENT_ENTERED_MODERATION_QUEUE", queue="PENDING", status="PREMOD"), {}),
        (event(LEFT, queue="PENDING", status="APPROVED"), {"approved": True, "ruled_at": AT}),
        (event(LEFT, queue="REPORTED", status="REJECTED"), {"approved": False, "ruled_at": AT}),
        (event(LEFT, queue="REPORTED", status="NONE"), {}),
    ],
)
def test_a_webhook_announces_a_comment_by_its_id(value: object, announced: dict[str, Any]):
    delivery = told(value)
    assert delivery.announced == (Announcement(comment_id="42", thread_id="7", **announced),)
    assert (delivery.id, delivery.events, delivery.ignored) == ("b6c7d1f5", (), None)


def test_other_events_are_not_followed():
    assert told(event("STORY_CREATED")).ignored == "STORY_CREATED is not followed"


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"id": "1", "data": IDS}, "type"),
        (event("COMMENT_CREATED") | {"id": None}, "id"),
        (event("COMMENT_CREATED") | {"createdAt": None}, "createdAt"),
        (event("COMMENT_CREATED") | {"createdAt": "yesterday"}, "createdAt"),
        (event("COMMENT_CREATED") | {"data": []}, "data"),
        (event("COMMENT_CREATED", commentID=None), "data.commentID"),
        (event("COMMENT_CREATED", storyID=[]), "data.storyID"),
        (event("COMMENT_REPLY_CREATED"), "data.ancestorIDs"),
        (event("COMMENT_REPLY_CREATED", ancestorIDs=[]), "data.ancestorIDs"),
        (event("COMMENT_REPLY_CREATED", ancestorIDs=[{}]), "data.ancestorIDs"),
        (event(LEFT, status=1), "data.status"),
    ],
)
def test_a_malformed_event_is_refused_by_the_member_that_is_wrong(value: object, field: str):
    with pytest.raises(BadPayload) as caught:
        told(value)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": "markdown"}, "format"),
        ({"graphql": {}}, "url"),
        ({"graphql": {"url": "coral.example", "token": "x" * 20}}, "must start with https://"),
        ({"graphql": {"url": "http://coral.example", "token": "x" * 20}}, "allow_hosts"),
        ({"graphql": {"url": "https://a@coral.example", "token": "x" * 20}}, "user name"),
        ({"graphql": {"url": "https://coral.example", "token": "Canary"}}, "no access token"),
        ({"graphql": {"url": "https://coral.example", "token": "Canary Canary"}}, "without blanks"),
        (
            {"graphql": {"url": "https://c", "token": "x" * 20, "allow_hosts": ["c"]}},
            "each entry is a host and a port",
        ),
    ],
)
def test_a_wrong_setting_is_told_without_the_token(changes: dict[str, Any], words: str):
    with pytest.raises(ValidationError) as caught:
        coral(**changes)
    assert words in str(caught.value)
    assert "Canary" not in str(caught.value)


@given(value=VALUES)
def test_a_signed_nonsense_event_is_refused_or_makes_sense(value: object):
    said = event(LEFT) | (value if isinstance(value, dict) else {"data": value})
    body = json.dumps(said).encode()
    try:
        delivery = coral().receive(coral_headers(body), body, NOW)
    except DeliveryRefused:
        return
    assert bool(delivery.announced) != bool(delivery.ignored)


@given(value=VALUES)
def test_signed_nonsense_is_refused_or_makes_sense(value: object):
    question = coral_question() | (value if isinstance(value, dict) else {"comment": value})
    body = json.dumps(question).encode()  # JavaScript, too, escapes half a character
    try:
        delivery = coral().receive_phase(coral_headers(body), body)
    except DeliveryRefused:
        return
    assert bool(delivery.events) != bool(delivery.ignored)
