"""The signed webhook: exactly what is sent, and that our own source takes its signature."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from moderator.channels import KINDS
from moderator.channels.outbound import Outbound
from moderator.channels.standard_webhooks import MAX_ID, key_of, signed_headers, webhook_id
from moderator.channels.webhook import WebhookChannel, payload
from moderator.domain.errors import BadSignature
from moderator.domain.trigger import Severity
from moderator.sources import signature
from tests.channels.alerts import HOSTILE, a_message, an_alert
from tests.channels.providers import CANARY, SECRET, WEBHOOK, texts_in
from tests.receivers import HttpReceiver, HttpReply, HttpRequest

NOW = datetime(2026, 11, 22, 10, 0, 30, tzinfo=UTC)
NEWER = "whsec_" + "bmV3ZXItc2VjcmV0LW9mLTI0LWJ5dGVzIQ=="
ROOT = Path(__file__).parents[2]


def sent(*secrets: str) -> HttpRequest:
    """One alert as the receiver gets it, signed by each secret."""
    with HttpReceiver() as far_end:
        far_end.default = WEBHOOK.yes
        facts = {"allow_hosts": [far_end.host_port], **WEBHOOK.settings(far_end.origin)}
        settings = KINDS["webhook"].settings.model_validate({**facts, "secrets": list(secrets)})
        outbound = Outbound(allow_hosts=(far_end.host_port,))
        channel = WebhookChannel(
            "mods",
            settings,  # type: ignore[arg-type]
            outbound=outbound,
            clock=lambda: NOW,
        )
        channel.send(a_message(), "")
        (request,) = far_end.requests
    return request


def test_an_alert_is_one_documented_object() -> None:
    """Word for word."""
    request = sent(SECRET)

    assert (request.method, request.path) == ("POST", f"/alerts/{CANARY}")
    assert request.headers["webhook-id"] == "01JD9Q_mods"
    assert request.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert request.json == {
        "type": "alert.raised",
        "timestamp": "2026-11-22T10:00:05Z",
        "data": {
            "key": "01JD9Q.mods",
            "title": "slur: hate 86% by ann in general",
            "text": "You are a silly goose, and so is everybody who agrees with you.\n"
            "Go back to your pond!",
            "page_url": "https://mod.example.org/alerts/01JD9Q",
            "alert_id": "01JD9Q",
            "trigger": "slur",
            "severity": "warning",
            "mode": "live",
            "scope": "comment",
            "count": 1,
            "within_s": 0,
            "folded": 0,
            "escalated": None,
            "thresholds": {"hate": 0.8},
            "mean_thresholds": {},
            "means": {},
            "share_threshold": None,
            "share": None,
            "scores": {"hate": 0.864, "offensive": 0.121, "neither": 0.015},
            "label": "hate",
            "model": "base@0123456789ab",
            "source": "forum",
            "board": "general",
            "thread_id": "7",
            "comment_id": "42",
            "version": "0-abcdef012345",
            "url": "https://forum.example.org/t/ponds/7/42",
            "author": {"id": "9", "name": "ann"},
            "written_at": "2026-11-22T10:00:00Z",
            "since_edited": False,
            "why": [
                {"term": "silly", "label": "hate", "weight": 1.2},
                {"term": "pond", "label": "hate", "weight": -0.9},
                {"term": "goose", "label": "hate", "weight": 0.8},
            ],
        },
    }


def test_every_member_is_in_the_documentation() -> None:
    """By its name, in the channel's section."""
    page = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
    section = page.partition("\n## `webhook`")[2].partition("\n## ")[0]
    data = payload(a_message(), 400)["data"]

    assert [name for name in data if f"`{name}`" not in section] == []
    assert {"alert.raised", "alert.test"} <= set(re.findall("alert[.][a-z]+", section))


@pytest.mark.parametrize("secret", [SECRET, NEWER])
def test_our_own_source_takes_the_signature(secret: str) -> None:
    """By each secret that signs, so that a receiver can change to the newer one at leisure."""
    request = sent(SECRET, NEWER)
    headers = [(name.lower(), value) for name, value in request.headers.items()]

    keys = [signature.standard_key(secret)]
    signed = signature.verify_standard(headers, request.body, keys, NOW + timedelta(seconds=9))

    assert signed.delivery_id == "01JD9Q_mods"
    for body, moment in ((request.body + b" ", NOW), (request.body, NOW + timedelta(hours=1))):
        with pytest.raises(BadSignature):
            signature.verify_standard(headers, body, keys, moment)


def test_both_ends_sign_alike() -> None:
    """The small signer here and the verifier's own."""
    headers = signed_headers([key_of(NEWER)], "a_b", NOW, b"{}")

    assert key_of(NEWER) == signature.standard_key(NEWER)
    assert headers["webhook-signature"] == signature.sign(NEWER, "a_b", int(NOW.timestamp()), b"{}")


@pytest.mark.parametrize(
    ("key", "told"),
    [("01JD9Q.mods", "01JD9Q_mods"), ("a b:c/ä", "a_b_c__"), ("k" * 200, "k" * 128)],
)
def test_an_id_holds_no_sign_that_could_end_it_early(key: str, told: str) -> None:
    """A dot stands between id, time and body."""
    assert webhook_id(key) == told
    assert len(told) <= MAX_ID


def test_a_test_is_another_type() -> None:
    """A program can tell it by that."""
    assert payload(a_message(is_test=True), 400)["type"] == "alert.test"


def test_a_severe_alert_says_so() -> None:
    """By the trigger's own word."""
    message = a_message(an_alert(severity=Severity.CRITICAL))

    assert payload(message, 400)["data"]["severity"] == "critical"


def test_without_a_text_there_are_no_words_of_it_either() -> None:
    """excerpt: 0."""
    data = payload(a_message(), 0)["data"]

    assert (data["text"], data["why"]) == (None, [])


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_are_made_visible_and_addresses_are_web_addresses(text: str) -> None:
    """As in all channels: what cannot be seen is written out."""
    alert = an_alert(excerpt=text[:1_000], author_name=text, board=text, url=text, thread_id=text)
    told = "".join(texts_in(payload(a_message(alert), 400)["data"])).replace("\n", "")

    assert not [char for char in told if char < " " or "\u202a" <= char <= "\u202e"]
    assert told.encode()
    assert payload(a_message(alert), 400)["data"]["url"] is None


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_2xx_is_a_yes(status: int) -> None:
    """Standard Webhooks asks for no word in the answer."""
    with HttpReceiver() as far_end:
        far_end.default = HttpReply(status=status, body=b"")

        assert WEBHOOK.channel(far_end).send(a_message(), "") == str(status)
