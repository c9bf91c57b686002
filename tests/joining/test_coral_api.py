"""Reading a comment at Coral over real HTTP."""

from __future__ import annotations

import json

import pytest

from moderator.domain.errors import ChannelError
from moderator.joining import Read
from moderator.joining.coral_api import CoralApi
from moderator.sources.coral import GraphqlSettings
from tests.receivers import HttpReceiver, HttpReply

TOKEN = "eyJ.Canary-of-the-token"
COMMENT = {
    "body": "<div>a <b>mild</b> remark</div>",
    "author": {"id": "9"},
    "parent": None,
    "story": {"id": "7"},
}


@pytest.fixture
def far_end():
    """Coral's API on this machine."""
    with HttpReceiver() as receiver:
        yield receiver


def api(far_end: HttpReceiver, *, is_allowed: bool = True) -> CoralApi:
    """What reads there."""
    allowed = [far_end.host_port] if is_allowed else []
    url = far_end.origin if is_allowed else far_end.origin.replace("http:", "https:")
    settings = {"url": f"{url}/api/graphql", "token": TOKEN, "allow_hosts": allowed}
    return CoralApi(GraphqlSettings.model_validate(settings, strict=False))


def answering(far_end: HttpReceiver, value: object, status: int = 200) -> None:
    far_end.script(HttpReply(status=status, body=json.dumps(value).encode()))


def test_a_comment_is_read_with_its_place(far_end: HttpReceiver):
    answering(far_end, {"data": {"comment": COMMENT}})
    assert api(far_end)("c1") == Read(
        text="a mild remark", thread_id="7", author_id="9", parent_id=""
    )
    (request,) = far_end.requests
    assert (request.path, request.json["variables"]) == ("/api/graphql", {"id": "c1"})
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("comment", [None, COMMENT | {"body": None}])
def test_a_comment_that_is_gone_is_none(far_end: HttpReceiver, comment: object):
    answering(far_end, {"data": {"comment": comment}})
    assert api(far_end)("c1") is None


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ({}, 500),
        ({"data": {"comment": COMMENT}}, 302),
        ([], 200),
        ({"data": None}, 200),
        ({"data": {"comment": {"body": 1}}}, 200),
        ({"data": {"comment": COMMENT | {"story": None}}}, 200),
        ({"errors": [{"message": "Canary"}], "data": {"comment": None}}, 200),
    ],
)
def test_anything_else_is_no_answer(far_end: HttpReceiver, value: object, status: int):
    """And what is said of it holds neither the token nor the address nor Coral's words."""
    answering(far_end, value, status)
    with pytest.raises(ChannelError) as caught:
        api(far_end)("c1")
    for secret in ("Canary", "127.0.0.1", "mild"):
        assert secret not in str(caught.value)


def test_a_private_address_is_not_called_unless_it_is_listed(far_end: HttpReceiver):
    with pytest.raises(ChannelError, match="private or loopback"):
        api(far_end, is_allowed=False)("c1")
    assert far_end.requests == []
