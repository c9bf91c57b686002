"""The JSON of our own contract, member by member."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest

from moderator.domain.comment import MAX_TEXT, Author, CommentEvent, EventKind
from moderator.domain.errors import BadPayload, UnsupportedMedia
from moderator.sources.generic import comment_event
from moderator.sources.members import object_at
from tests.sources.signed_requests import (
    NOW,
    created,
    encode,
    generic_headers,
    receive_generic,
    source,
)

WHOLE: dict[str, Any] = {
    "type": "comment.edited",
    "timestamp": "2026-11-22T10:00:00Z",
    "data": {
        "id": "42",
        "thread_id": "7",
        "parent_id": "41",
        "board": "general",
        "url": "https://board.example/t/7#42",
        "text": "you are a <b>silly</b> goose",
        "format": "html",
        "author": {"id": "9", "name": "ann", "role": "member"},
        "created_at": "2026-11-22T09:00:00Z",
        "edited_at": "2026-11-22T09:59:59.250+00:00",
        "version": 3,
    },
}


def test_a_whole_envelope_becomes_a_whole_event():
    """Every member of the contract arrives in its place."""
    delivery = receive_generic(WHOLE)
    assert delivery.source == "board"
    assert delivery.id == "msg_1"
    assert delivery.digest == hashlib.sha256(encode(WHOLE)).hexdigest()
    assert delivery.ignored is None
    assert delivery.events == (
        CommentEvent(
            kind=EventKind.EDITED,
            comment_id="42",
            text="you are a silly goose",
            thread_id="7",
            parent_id="41",
            board="general",
            url="https://board.example/t/7#42",
            author=Author(id="9", name="ann", role="member"),
            created_at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
            edited_at=datetime(2026, 11, 22, 9, 59, 59, 250_000, tzinfo=UTC),
            version=3,
            occurred_at=NOW,
        ),
    )


def test_id_and_text_are_enough():
    """Whatever else a board does not know may be absent or null."""
    event = CommentEvent(kind=EventKind.CREATED, comment_id="42", text="a mild remark")
    assert receive_generic(created()).events == (event,)
    nothing = dict.fromkeys(set(WHOLE["data"]) - {"id", "text"})
    assert receive_generic(created(**nothing) | {"timestamp": None}).events == (event,)


@pytest.mark.parametrize("kind", EventKind)
def test_each_type_of_event_is_told_apart(kind: EventKind):
    """comment.created, edited, deleted, restored."""
    body = created() | {"type": f"comment.{kind}"}
    assert [event.kind for event in receive_generic(body).events] == [kind]


def test_a_deletion_needs_an_id_alone_and_its_text_is_not_read():
    """What a board sends as the text of a deletion is a stub or wrong."""
    for data in ({"id": 42}, {"id": "42", "text": "[removed]"}, {"id": "42", "text": 7}):
        (event,) = receive_generic({"type": "comment.deleted", "data": data}).events
        assert (event.comment_id, event.text) == ("42", None)


@pytest.mark.parametrize("type", ["comment.created", "comment.edited", "comment.restored"])
@pytest.mark.parametrize(("text", "problem"), [(None, "is missing"), (5, "must be a string")])
def test_every_other_event_needs_its_text(type: str, text: object, problem: str):
    """W38."""
    with pytest.raises(BadPayload, match=rf"^data\.text {problem}$") as caught:
        receive_generic(created(text=text) | {"type": type})
    assert caught.value.field == "data.text"


@pytest.mark.parametrize("text", ["", " ", "x", "\n" * 65, "{{7*7}} ${x} %s {0.__class__} <b>"])
def test_any_text_is_a_text(text: str):
    """W38, W58: an empty one too, and nothing in it is formatted."""
    assert receive_generic(created(text=text)).events[0].text == text


def test_a_list_of_comments_becomes_an_event_each_in_order():
    """Up to a hundred in one delivery, all of one type."""
    comments = [{"id": n, "text": f"remark {n}"} for n in range(100)]
    delivery = receive_generic({"type": "comment.created", "data": comments})
    assert [event.comment_id for event in delivery.events] == [str(n) for n in range(100)]


@pytest.mark.parametrize("count", [0, 101])
def test_a_list_of_none_or_too_many_is_refused(count: int):
    """As a whole: a batch is taken or it is not."""
    with pytest.raises(BadPayload, match=r"^data must hold 1 to 100 comments$"):
        receive_generic({"type": "comment.created", "data": [{"id": 1, "text": "x"}] * count})


def test_an_error_in_a_list_names_its_place():
    """The sender must find it among a hundred."""
    comments = [{"id": 1, "text": "x"}, {"id": 2, "text": "x", "version": -1}]
    with pytest.raises(BadPayload) as caught:
        receive_generic({"type": "comment.created", "data": comments})
    assert caught.value.field == "data[1].version"


@pytest.mark.parametrize("type", ["comment.liked", "ping", "", "COMMENT.CREATED", "x" * 1_000])
def test_an_unknown_type_is_ignored_and_says_so(type: str):
    """W47: refused, the board would send it for days and then switch us off."""
    delivery = receive_generic({"type": type, "data": 5})
    assert delivery.events == ()
    assert delivery.ignored is not None
    assert delivery.ignored.endswith("is not followed")
    assert len(delivery.ignored) < 100


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], None),
        ("x", None),
        (5, None),
        (None, None),
        ({"data": {}}, "type"),
        ({"type": 5, "data": {}}, "type"),
        ({"type": "comment.created"}, "data"),
        ({"type": "comment.created", "data": "x"}, "data"),
        ({"type": "comment.created", "data": [5]}, "data[0]"),
        (created() | {"timestamp": "today"}, "timestamp"),
        (created(id=None), "data.id"),
        (created(id=True), "data.id"),
        (created(id=4.2), "data.id"),
        (created(id=""), "data.id"),
        (created(thread_id=[]), "data.thread_id"),
        (created(board={}), "data.board"),
        (created(url=5), "data.url"),
        (created(format="bbcode"), "data.format"),
        (created(author="ann"), "data.author"),
        (created(author={"id": 1.5}), "data.author.id"),
        (created(author={"name": 5}), "data.author.name"),
        (created(created_at="2026-11-22T10:00:00"), "data.created_at"),
        (created(edited_at=1795341600), "data.edited_at"),
        (created(version="3"), "data.version"),
        (created(version=True), "data.version"),
        (created(version=2**63), "data.version"),
    ],
    ids=lambda part: repr(part)[:60],
)
def test_what_is_malformed_is_named(body: object, field: str | None):
    """W30, W37, W52: with the path of the member, so that the sender can mend it."""
    with pytest.raises(BadPayload) as caught:
        receive_generic(body)
    assert caught.value.field == field


def test_unknown_members_are_passed_over():
    """W48: a board may send more than we read, ten thousand members more."""
    more = {f"member_{n}": n for n in range(10_000)}
    assert len(receive_generic(created(**more) | {"x": 1}).events) == 1


def test_a_too_long_text_is_cut_and_marked():
    """W39, W57: at a code point."""
    (event,) = receive_generic(created(text="😀" * (MAX_TEXT + 1))).events
    assert (event.text, event.truncated) == ("😀" * MAX_TEXT, True)


@pytest.mark.parametrize(
    ("written_as", "text"),
    [
        ("text", "> hi <b>there</b>\n[you](x)"),
        ("html", "> hi there [you](x)"),
        ("markdown", "you"),
    ],
)
def test_the_format_says_how_the_text_is_read(written_as: str, text: str):
    """What is stored and scored is plain text."""
    given = "> hi <b>there</b>\n[you](x)"
    assert receive_generic(created(text=given, format=written_as)).events[0].text == text


def test_odd_characters_are_replaced_or_kept():
    """W35, W36: no NUL, no lone surrogate; everything else as it came (W56)."""
    body = (
        b'{"type":"comment.created","data":{"id":"a\\u0000","text":"\\ud800b\\u0000\\u202e'
        b'","author":{"name":"\\udfff"}}}'
    )
    (event,) = receive_generic(body).events
    assert event.comment_id == "a\ufffd"
    assert event.text == "\ufffdb\ufffd\u202e"
    assert event.author.name == "\ufffd"


@pytest.mark.parametrize(
    "media",
    [
        "application/json",
        "application/json; charset=utf-8",
        'Application/JSON;charset="UTF-8"',
    ],
)
def test_json_is_taken_under_its_own_name(media: str):
    """With charset utf-8 or without one."""
    body = encode(created())
    assert source("generic").receive(generic_headers(body, content_type=media), body, NOW).events


@pytest.mark.parametrize(
    "media",
    [
        None,
        "",
        "text/plain",  # W44
        "text/json",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "application/json, text/plain",
        "application/jsonx",
        "application/json\n",
        "application/json;" + " " * 60_000,
    ],
)
def test_any_other_content_type_is_refused(media: str | None):
    """W44: before anything is parsed."""
    body = b"\x00 never parsed"
    with pytest.raises(UnsupportedMedia):
        source("generic").receive(generic_headers(body, content_type=media), body, NOW)


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd", "gzip, identity", "x"])
def test_a_compressed_body_is_refused(encoding: str):
    """W43: it is never inflated, so it cannot blow up."""
    body = encode(created())
    with pytest.raises(UnsupportedMedia, match="compressed"):
        source("generic").receive(generic_headers(body, content_encoding=encoding), body, NOW)


def test_identity_is_no_compression():
    """Some senders spell it out."""
    body = encode(created())
    headers = generic_headers(body, content_encoding="identity")
    assert source("generic").receive(headers, body, NOW).events


def test_the_signature_is_looked_at_before_the_content_type():
    """A stranger learns nothing, not even what the source takes."""
    with pytest.raises(Exception, match="not signed"):
        source("generic").receive([("content-type", "text/plain")], b"", NOW)


def test_one_data_object_can_be_read_without_an_envelope():
    """History is imported as one such object a line."""
    event = comment_event(EventKind.CREATED, object_at({"id": 1, "text": "x"}, ""), NOW)
    assert (event.comment_id, event.occurred_at) == ("1", NOW)
    with pytest.raises(BadPayload, match=r"^text is missing$"):
        comment_event(EventKind.CREATED, object_at({"id": 1}, ""), None)
    with pytest.raises(BadPayload, match=r"^format must be one of text, html, markdown$"):
        comment_event(
            EventKind.CREATED, object_at({"id": 1, "text": "x", "format": "rtf"}, ""), None
        )
