"""Whatever comes, a source answers with a delivery or with one of our own errors."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.comment import MAX_TEXT, CommentEvent, Delivery
from moderator.domain.errors import BadPayload, BadSignature, DeliveryRefused
from moderator.sources import KINDS
from moderator.sources.discourse import EVENTS
from moderator.sources.markup import READERS, read_text
from moderator.sources.nodebb import HOOKS
from moderator.sources.strict_json import parse
from tests.sources.signed_requests import (
    NOW,
    discourse_headers,
    generic_headers,
    nodebb_headers,
    source,
)

HEADER_NAMES = [
    "content-type", "content-encoding", "webhook-id", "webhook-timestamp", "webhook-signature",
    "x-discourse-event", "x-discourse-instance", "x-discourse-event-signature",
    "x-webhook-signature",
]  # fmt: skip
HEADER_VALUES = st.one_of(
    st.text(max_size=80),
    st.sampled_from(["application/json", "v1,", "sha256=", "sha1=" + "0" * 40, "1795341600"]),
)
HEADERS = st.lists(st.tuples(st.sampled_from(HEADER_NAMES), HEADER_VALUES), max_size=12)

WORDS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40),
    st.sampled_from(["comment.created", "html", "markdown", "2026-11-22T10:00:00Z", "<a b='",
                     "https://x.example", "[quote]", "&#0", "\ud800", "9999-12-31T23:59:60Z"]),
)  # fmt: skip
MEMBER_NAMES = st.sampled_from(
    [
        "type", "data", "id", "text", "format", "author", "name", "role", "created_at",
        "edited_at", "version", "url", "timestamp", "post", "raw", "cooked", "post_type",
        "topic_id", "updated_at", "user_id", "params", "hook", "posts", "pid", "content", "user",
        "edited", "changed", "category", "cid", "deleted",
    ]
)  # fmt: skip
VALUES = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(MEMBER_NAMES, inner, max_size=8)
    ),
    max_leaves=25,
)
GENERIC_BODIES = st.fixed_dictionaries(
    {"type": st.sampled_from(["comment.created", "comment.deleted", "comment.edited"])},
    optional={"data": VALUES, "timestamp": WORDS},
)
NODEBB_BODIES = st.fixed_dictionaries(
    {"hook": st.sampled_from(sorted(HOOKS))},
    optional={"params": st.dictionaries(MEMBER_NAMES, VALUES, max_size=5)},
)


@pytest.mark.parametrize("kind", KINDS)
@given(headers=HEADERS, body=st.binary(max_size=200))
def test_strangers_are_refused(kind: str, headers: list[tuple[str, str]], body: bytes):
    """Nobody guesses a signature, and no header makes us stumble."""
    with pytest.raises(DeliveryRefused):
        source(kind).receive(headers, body, NOW)


@given(body=st.one_of(st.binary(max_size=200), VALUES.map(lambda v: json.dumps(v).encode())))
def test_json_is_read_or_refused(body: bytes):
    """And what was read can be written to any database."""
    try:
        json.dumps(parse(body), ensure_ascii=False).encode()
    except BadPayload:
        return


@given(text=st.text(st.sampled_from("<>/!-&#x0;ab='\" \n[]()=quote\ud800😀"), max_size=200))
def test_markup_always_becomes_text(text: str):
    """Every reader ends, and never makes more of a text than entities do."""
    for written_as in READERS:
        plain, _ = read_text(text, written_as)
        assert len(plain) <= len(text) + 1


@given(body=GENERIC_BODIES)
def test_signed_nonsense_in_our_own_json_is_refused_or_makes_sense(body: object):
    """The generic source."""
    raw = json.dumps(body).encode()
    _check(lambda: source("generic").receive(generic_headers(raw), raw, NOW))


@given(event=st.sampled_from(sorted(EVENTS)), post=st.dictionaries(MEMBER_NAMES, VALUES))
def test_signed_nonsense_from_discourse_is_refused_or_makes_sense(event: str, post: object):
    """The Discourse source."""
    raw = json.dumps({"post": post}).encode()
    _check(lambda: source("discourse").receive(discourse_headers(raw, event), raw, NOW))


@given(body=NODEBB_BODIES)
def test_signed_nonsense_from_nodebb_is_refused_or_makes_sense(body: object):
    """The NodeBB source."""
    raw = json.dumps(body).encode()
    _check(lambda: source("nodebb").receive(nodebb_headers(raw), raw, NOW))


def _check(receive) -> None:
    try:
        delivery: Delivery = receive()
    except BadPayload:
        return
    except BadSignature:  # pragma: no cover
        pytest.fail("the request was rightly signed")
    assert bool(delivery.events) != bool(delivery.ignored)
    for event in delivery.events:
        _check_event(event)


def _check_event(event: CommentEvent) -> None:
    """What the rest of the house relies on."""
    assert 0 < len(event.comment_id) <= 256
    strings = (
        event.comment_id, event.text, event.thread_id, event.parent_id, event.board, event.url,
        event.author.id, event.author.name, event.author.role,
    )  # fmt: skip
    for string in strings:
        assert string is None or "\x00" not in string
        (string or "").encode()  # no lone surrogates
    assert event.text is None or len(event.text) <= MAX_TEXT
    for when in (event.created_at, event.edited_at, event.occurred_at):
        assert when is None or when.utcoffset() == timedelta(0)
    assert event.version is None or 0 <= event.version < 2**63
