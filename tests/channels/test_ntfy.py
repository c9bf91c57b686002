"""ntfy: exactly what is sent, how loudly, and its limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from moderator.channels import ntfy
from moderator.channels.outbound import json_body
from moderator.domain.errors import ChannelError
from moderator.domain.message import Message
from moderator.domain.score import Label, Term
from moderator.domain.trigger import Severity
from tests.channels.alerts import HOSTILE, a_message, an_alert
from tests.channels.providers import CANARY, NTFY, replying
from tests.receivers import HttpReceiver

LETTER = Term(term="a", start=0, end=1, label=Label.HATE, weight=1.0)


def sent(message: Message, **settings: Any) -> dict[str, Any]:
    """The JSON of one message."""
    with HttpReceiver() as far_end:
        (request,) = NTFY.channel(far_end, **settings).forms(message)
    return dict(request.payload)


def test_an_alert_is_a_push_message_that_opens_the_alert() -> None:
    """Word for word; the topic, a secret, is not in the address."""
    with HttpReceiver() as far_end:
        far_end.default = NTFY.yes
        NTFY.channel(far_end, tags=["goose", "warning"]).send(a_message(), "")
        (request,) = far_end.requests

    assert (request.method, request.path) == ("POST", "/")
    assert request.headers["Authorization"] == f"Bearer tk_{CANARY}"
    assert request.json == {
        "topic": CANARY,
        "title": "slur: hate 86% by ann in general",
        "message": """\
ann wrote:
“You are a silly goose, and so is everybody who agrees with you.
Go back to your pond!”

By: ann (id 9)
Where: general, thread 7, comment 42 (forum)
Written: 22 Nov 2026, 10:00 UTC
Judged: hate (hate 86%, offensive 12%, neither 1%)
Reached: hate 86% (threshold 80%)
Because of: “silly”, “goose”
Trigger: slur, one comment

Alert 01JD9Q · key 01JD9Q.mods""",
        "priority": 4,
        "tags": ["goose", "warning"],
        "click": "https://mod.example.org/alerts/01JD9Q",
        "actions": [
            {
                "action": "view",
                "label": "Open the comment (forum.example.org)",
                "url": "https://forum.example.org/t/ponds/7/42",
            },
            {
                "action": "view",
                "label": "Open the alert (mod.example.org)",
                "url": "https://mod.example.org/alerts/01JD9Q",
            },
        ],
    }


def test_without_a_token_nothing_is_said_of_one() -> None:
    """An open topic."""
    with HttpReceiver() as far_end:
        far_end.default = NTFY.yes
        NTFY.channel(far_end, token=None).send(a_message(), "")

        assert "Authorization" not in far_end.requests[0].headers


@pytest.mark.parametrize(
    ("message", "settings", "priority"),
    [
        (a_message(an_alert(severity=Severity.INFO)), {}, 3),
        (a_message(an_alert(severity=Severity.WARNING)), {}, 4),
        (a_message(an_alert(severity=Severity.CRITICAL)), {}, 5),
        (a_message(an_alert(severity=Severity.CRITICAL), is_test=True), {}, 3),
        (a_message(an_alert(severity=Severity.CRITICAL)), {"priority": "min"}, 1),
    ],
)
def test_the_phone_is_as_loud_as_the_alert_is_severe(
    message: Message, settings: dict[str, Any], priority: int
) -> None:
    """Unless the settings say otherwise."""
    assert sent(message, **settings)["priority"] == priority


def test_without_links_there_is_nothing_to_click() -> None:
    """No public URL, no address of the comment."""
    content = sent(a_message(an_alert(url=None), page_url=None))

    assert "click" not in content
    assert content["actions"] == []


def test_the_number_of_an_error_is_shown() -> None:
    """ntfy tells its many limits apart by it."""
    with HttpReceiver() as far_end:
        far_end.default = replying(429, {"code": 42908, "http": 429, "error": "canary"})
        with pytest.raises(ChannelError) as error:
            NTFY.channel(far_end).send(a_message(), "")

    assert str(error.value) == "ntfy answered 429 42908"


@pytest.mark.parametrize("text", [*HOSTILE, "\U0001f9a2" * 1_000, "\u00e4" * 1_000])
def test_the_limits_are_kept(text: str) -> None:
    """K14: longer than this ntfy makes a file of a message, or refuses it."""
    alert = an_alert(excerpt=text[:1_000], author_name=text, author_id=text, board=text)
    content = sent(a_message(alert), excerpt=1_000)

    assert len(content["message"].encode()) <= ntfy.MAX_MESSAGE
    assert len(json_body(content)) <= ntfy.MAX_BODY


@pytest.mark.parametrize("more", [0, 1])
def test_a_message_is_cut_at_the_limit_and_one_beyond(more: int) -> None:
    """In bytes of the whole JSON, where a letter of six bytes is the first to reach it."""
    empty = len(json_body(sent(a_message(an_alert(excerpt="x")), excerpt=1_000))) - 1
    letters, rest = divmod(ntfy.MAX_BODY - empty, 12)  # a swan is twelve bytes of JSON
    text = "\U0001f9a2" * letters + "x" * (rest + more)
    content = sent(a_message(an_alert(excerpt=text)), excerpt=1_000)

    assert ("…" in content["message"]) == bool(more)
    assert ntfy.MAX_BODY - 20 <= len(json_body(content)) <= ntfy.MAX_BODY


@pytest.mark.parametrize("more", [0, 1])
def test_a_text_is_cut_at_its_own_limit_and_one_beyond(more: int) -> None:
    """4,096 bytes in UTF-8 are one message; from 4,097 ntfy makes a file."""

    def message_of(text: str) -> str:
        # Long facts in ASCII: else the JSON, in which other letters are longer, is full first.
        words = tuple(replace(LETTER, term=letter * 80) for letter in "abcde")
        facts = {
            "author_name": "n" * 80,
            "board": "b" * 80,
            "thread_id": "t" * 80,
            "author_id": "i" * 80,
            "comment_id": "c" * 80,
        }
        alert = an_alert(excerpt=text, why=words, url=None, **facts)
        return str(sent(a_message(alert, page_url=None), excerpt=1_000)["message"])

    room = ntfy.MAX_MESSAGE - len(message_of("").encode()) - len("\n\u201c\u201d".encode())
    letters, rest = divmod(room, 3)
    told = message_of("\u5df4" * letters + "x" * (rest + more))

    assert letters < 1_000
    assert ("\u2026" in told) == bool(more)
    assert ntfy.MAX_MESSAGE - 3 <= len(told.encode()) <= ntfy.MAX_MESSAGE
