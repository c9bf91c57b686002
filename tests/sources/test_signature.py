"""Who may bring comments: W1-W24 of the bad-input catalogue, and rotation."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any, Literal

import pytest

from moderator.domain.errors import AmbiguousRequest, BadSignature
from moderator.sources.signature import REFUSED, sign, sign_hex, standard_key
from tests.sources.signed_requests import (
    NEXT_SECRET,
    NOW,
    PLAIN_SECRET,
    SECRET,
    created,
    discourse_headers,
    encode,
    generic_headers,
    nodebb_headers,
    source,
)

BODY = encode(created())
TIMESTAMP = int(NOW.timestamp())
GOOD = sign(SECRET, "msg_1", TIMESTAMP, BODY)
GOOD_BASE64 = GOOD.removeprefix("v1,")


def test_the_signature_is_the_one_of_the_standard():
    """Id, time and body joined by dots, HMAC-SHA256 under the decoded secret, base64."""
    key = base64.b64decode("bXktdmVyeS1vd24ta2V5LWZvci10aGVzZS10ZXN0cw==")
    digest = hmac.new(key, b"msg_1.1795341600." + BODY, hashlib.sha256).digest()
    assert sign(SECRET, "msg_1", 1795341600, BODY) == "v1," + base64.b64encode(digest).decode()


def test_the_standards_own_worked_example_is_reproduced():
    """The figures are the example of the Standard Webhooks specification's libraries."""
    assert (
        sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_a_secret_without_the_prefix_is_its_own_bytes():
    """So that a board that knows nothing of whsec_ can share any long text."""
    assert standard_key("väldigt hemligt") == "väldigt hemligt".encode()


@pytest.mark.parametrize("secret", ["whsec_", "whsec_not base64", "whsec_abc", "whsec_ä"])
def test_a_secret_that_announces_base64_must_hold_it(secret: str):
    """The error does not quote the secret."""
    if secret == "whsec_":
        assert standard_key(secret) == b""  # refused later, for its length
        return
    with pytest.raises(ValueError, match="base64") as caught:
        standard_key(secret)
    assert secret not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "changes",
    [
        {"webhook_signature": None},  # W1
        {"webhook_signature": ""},  # W2
        {"webhook_signature": f"{GOOD}  {GOOD}"},  # W2: two blanks
        {"webhook_signature": f" {GOOD}"},
        {"webhook_signature": f"{GOOD} "},
        {"webhook_signature": f"{GOOD}\n"},
        {"webhook_signature": f"{GOOD}\t{GOOD}"},
        {"webhook_signature": "garbage"},  # W3
        {"webhook_signature": "v1,a"},  # W4
        {"webhook_signature": "v1,"},
        {"webhook_signature": "v1,a,b"},  # W5
        {"webhook_signature": f"{GOOD},b"},
        {"webhook_signature": "v1,é"},  # W6
        {"webhook_signature": "v1,\ud800"},
        {"webhook_signature": " ".join([GOOD] * 6)},  # W7
        {"webhook_signature": " ".join([GOOD] * 10_000)},  # W7
        {"webhook_signature": f"v0,{GOOD_BASE64}"},  # W8
        {"webhook_signature": f"v1a,{GOOD_BASE64}"},  # W8
        {"webhook_signature": f"V1,{GOOD_BASE64}"},
        {"webhook_signature": GOOD_BASE64},
        {"webhook_signature": f"v1,{base64.b64decode(GOOD_BASE64).hex()}"},  # W9: hex
        {"webhook_signature": f"v1,{GOOD_BASE64.upper()}"},  # W9
        {"webhook_signature": f"v1,{GOOD_BASE64.rstrip('=')}"},  # W9: no padding
        {"webhook_signature": f"v1,{GOOD_BASE64}="},
        {"webhook_signature": sign(SECRET, "msg_1", TIMESTAMP, BODY + b"\n")},  # W10
        {"webhook_signature": sign(SECRET, "msg_1", TIMESTAMP, BODY[:-1] + b"|")},  # W10
        {"webhook_signature": sign(SECRET, "msg_2", TIMESTAMP, BODY)},
        {"webhook_signature": sign(SECRET, "msg_1", TIMESTAMP + 1, BODY)},
        {"webhook_signature": sign(NEXT_SECRET, "msg_1", TIMESTAMP, BODY)},  # W13
        {"webhook_timestamp": None},  # W15
        {"webhook_timestamp": ""},
        {"webhook_timestamp": "nan"},
        {"webhook_timestamp": "inf"},
        {"webhook_timestamp": "1e10"},
        {"webhook_timestamp": "1674087231.4"},  # W16
        {"webhook_timestamp": f" {TIMESTAMP}"},
        {"webhook_timestamp": f"{TIMESTAMP}\n"},
        {"webhook_timestamp": "1_674_08723"},
        {"webhook_timestamp": "١٧٩٥٣٤١٦٠٠"},
        {"webhook_timestamp": "-795341600"},  # W19
        {"webhook_timestamp": "+795341600"},
        {"webhook_timestamp": "1" * 20},
        {"webhook_timestamp": "1" * 5_000},
        {"webhook_id": None},  # W20
        {"webhook_id": ""},
        {"webhook_id": "a" * 129},
        {"webhook_id": "a.b"},
        {"webhook_id": "a b"},
        {"webhook_id": "msg_1\r\nx: y"},
        {"webhook_id": "msg_1\n"},
        {"webhook_id": "msg_1\x00"},
        {"webhook_id": "mšg"},
    ],
    ids=repr,
)
def test_whatever_is_wrong_the_answer_is_the_same(changes: dict[str, Any]):
    """Nobody learns from the answer which part of his forgery was right."""
    with pytest.raises(BadSignature) as caught:
        source("generic").receive(generic_headers(BODY, **changes), BODY, NOW)
    assert str(caught.value) == REFUSED


@pytest.mark.parametrize(
    "header",
    [
        GOOD,
        f"v1a,{'A' * 86}== {GOOD}",  # an Ed25519 signature beside ours
        " ".join([f"v1,{'A' * 43}="] * 4 + [GOOD]),  # the fifth is still looked at
    ],
)
def test_one_right_signature_among_five_is_enough(header: str):
    """Senders sign with old and new secret while they rotate, and with other schemes."""
    headers = generic_headers(BODY, webhook_signature=header)
    assert source("generic").receive(headers, BODY, NOW).id == "msg_1"


@pytest.mark.parametrize("id", ["a", "a" * 128, "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", "-_09"])
def test_delivery_ids_of_the_usual_forms_are_taken(id: str):
    """The id is signed, so the delivery may be known by it."""
    assert source("generic").receive(generic_headers(BODY, id=id), BODY, NOW).id == id


@pytest.mark.parametrize("id", ["a.b", "a b", "", "a" * 129, "mšg"])
def test_an_odd_delivery_id_is_refused_even_when_rightly_signed(id: str):
    """A dot would let id and time slide into each other under one signature."""
    with pytest.raises(BadSignature):
        source("generic").receive(generic_headers(BODY, id=id), BODY, NOW)


@pytest.mark.parametrize(
    "timestamp",
    [f"0{TIMESTAMP}", f"+{TIMESTAMP}", f"{TIMESTAMP}.0", "1_795_341_600", "١٧٩٥٣٤١٦٠٠"],
)
def test_an_odd_timestamp_is_refused_even_when_rightly_signed(timestamp: str):
    """W16: int() would take most of these."""
    signed = f"msg_1.{timestamp}.".encode() + BODY
    digest = hmac.new(standard_key(SECRET), signed, hashlib.sha256).digest()
    headers = generic_headers(
        BODY,
        webhook_timestamp=timestamp,
        webhook_signature=f"v1,{base64.b64encode(digest).decode()}",
    )
    with pytest.raises(BadSignature):
        source("generic").receive(headers, BODY, NOW)


@pytest.mark.parametrize("late_s", [-300, -299, 0, 299, 300])
def test_a_request_within_five_minutes_of_our_clock_is_taken(late_s: int):
    """W17, W18: the window is open to both sides."""
    assert source("generic").receive(generic_headers(BODY, late_s=late_s), BODY, NOW).events


@pytest.mark.parametrize("late_s", [-86_400, -301, 301, 86_400])
def test_a_rightly_signed_request_outside_the_window_is_refused(late_s: int):
    """W17, W18."""
    with pytest.raises(BadSignature):
        source("generic").receive(generic_headers(BODY, late_s=late_s), BODY, NOW)


@pytest.mark.parametrize(("secret", "place"), [(NEXT_SECRET, 0), (SECRET, 1)])
def test_while_a_secret_is_rotated_both_are_taken_and_told_apart(secret: str, place: int):
    """W12: the operator sees when nobody uses the old one any more."""
    board = source("generic", NEXT_SECRET, SECRET)
    assert board.receive(generic_headers(BODY, secret=secret), BODY, NOW).secret_index == place


def test_a_signature_over_reformatted_json_is_refused():
    """W11: the raw bytes are what is signed."""
    headers = generic_headers(BODY.replace(b",", b", "))
    with pytest.raises(BadSignature):
        source("generic").receive(headers, BODY, NOW)


@pytest.mark.parametrize(
    "name",
    ["webhook-id", "webhook-timestamp", "webhook-signature", "content-type"],
)
def test_a_security_header_that_stands_twice_is_refused(name: str):
    """W24: whoever sits in front of us may have looked at the other one."""
    headers = generic_headers(BODY)
    twice = [*headers, (name, dict(headers)[name])]
    with pytest.raises(AmbiguousRequest, match=name):
        source("generic").receive(twice, BODY, NOW)


HEX = [
    ("discourse", "sha256", "x-discourse-event-signature"),
    ("nodebb", "sha1", "x-webhook-signature"),
]
HexBoard = tuple[str, Literal["sha1", "sha256"], str]


def _hex_request(board: HexBoard) -> tuple[bytes, dict[str, str]]:
    body = encode({"ping": "OK", "hook": "action:x"})
    if board[0] == "discourse":
        return body, dict(discourse_headers(body, "ping"))
    return body, dict(nodebb_headers(body))


@pytest.mark.parametrize("board", HEX)
def test_the_boards_hex_signature_is_taken(board: HexBoard):
    """Known answer: HMAC of the body alone, lower-case hex behind the algorithm's name."""
    kind, algorithm, name = board
    body, headers = _hex_request(board)
    expected = hmac.new(PLAIN_SECRET.encode(), body, algorithm).hexdigest()
    assert headers[name] == f"{algorithm}={expected}"
    assert source(kind).receive(list(headers.items()), body, NOW).ignored


@pytest.mark.parametrize("board", HEX)
@pytest.mark.parametrize(
    "change",
    [
        lambda _: "",
        lambda good: good.upper(),
        lambda good: good.split("=")[1],
        lambda good: good[:-1],
        lambda good: good + "0",
        lambda good: good + "\n",
        lambda good: " " + good,
        lambda good: f"{good},{good}",
        lambda good: good[:-1] + ("0" if good[-1] != "0" else "1"),
        lambda good: good[:-1] + "é",
        lambda good: good[:-1] + "\ud800",
        lambda good: good.replace("sha", "md"),
    ],
)
def test_any_other_hex_signature_is_refused(board: HexBoard, change: Callable[[str], str]):
    """One form, and the same answer to whatever differs from it."""
    kind, _, name = board
    body, headers = _hex_request(board)
    headers[name] = change(headers[name])
    with pytest.raises(BadSignature, match=REFUSED):
        source(kind).receive(list(headers.items()), body, NOW)


@pytest.mark.parametrize("board", HEX)
def test_a_board_without_a_signature_is_refused(board: HexBoard):
    """Both boards sign only once a secret is set there."""
    kind, _, name = board
    body, headers = _hex_request(board)
    del headers[name]
    with pytest.raises(BadSignature):
        source(kind).receive(list(headers.items()), body, NOW)


@pytest.mark.parametrize("board", HEX)
def test_a_hex_secret_can_be_rotated(board: HexBoard):
    """The place of the secret that signed is told."""
    kind, algorithm, name = board
    body, headers = _hex_request(board)
    rotating = source(kind, "a-new-text-of-enough-bytes-42", PLAIN_SECRET)
    assert rotating.receive(list(headers.items()), body, NOW).secret_index == 1
    headers[name] = sign_hex("a-new-text-of-enough-bytes-42", body, algorithm)
    assert rotating.receive(list(headers.items()), body, NOW).secret_index == 0


@pytest.mark.parametrize("board", HEX)
def test_a_hex_signature_that_stands_twice_is_refused(board: HexBoard):
    """W24 for the boards' own headers."""
    kind, _, name = board
    body, headers = _hex_request(board)
    with pytest.raises(AmbiguousRequest, match=name):
        source(kind).receive([*headers.items(), (name, headers[name])], body, NOW)


@pytest.mark.parametrize("name", ["x-discourse-event", "x-discourse-instance"])
def test_discourse_headers_that_are_read_may_stand_only_once(name: str):
    """They decide what happened and where a link points."""
    body = encode({"ping": "OK"})
    with pytest.raises(AmbiguousRequest, match=name):
        source("discourse").receive([*discourse_headers(body, "ping"), (name, "x")], body, NOW)
