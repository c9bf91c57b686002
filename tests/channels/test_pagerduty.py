"""PagerDuty: exactly what is sent."""

from __future__ import annotations

from typing import Any

import pytest

from moderator.channels import pagerduty
from moderator.domain.trigger import Severity
from tests.channels.alerts import HOSTILE, a_message, an_alert
from tests.channels.providers import CANARY, PAGERDUTY
from tests.receivers import HttpReceiver

LINKS = [
    {
        "href": "https://forum.example.org/t/ponds/7/42",
        "text": "Open the comment (forum.example.org)",
    },
    {"href": "https://mod.example.org/alerts/01JD9Q", "text": "Open the alert (mod.example.org)"},
]


def test_an_alert_is_an_event_under_its_own_key() -> None:
    """Word for word; the key makes one incident of all attempts."""
    with HttpReceiver() as far_end:
        far_end.default = PAGERDUTY.yes
        PAGERDUTY.channel(far_end).send(a_message(), "")
        (request,) = far_end.requests

    assert (request.method, request.path) == ("POST", "/v2/enqueue")
    assert request.json == {
        "routing_key": f"{CANARY}12345678901234",
        "event_action": "trigger",
        "dedup_key": "01JD9Q.mods",
        "client": "moderator",
        "links": LINKS,
        "payload": {
            "summary": "slur: hate 86% by ann in general",
            "source": "forum",
            "severity": "warning",
            "timestamp": "2026-11-22T10:00:05+00:00",
            "class": "slur",
            "custom_details": {
                "Text": "ann wrote:\n“You are a silly goose, and so is everybody who agrees with "
                "you.\nGo back to your pond!”",
                "By": "ann (id 9)",
                "Where": "general, thread 7, comment 42 (forum)",
                "Written": "22 Nov 2026, 10:00 UTC",
                "Judged": "hate (hate 86%, offensive 12%, neither 1%)",
                "Reached": "hate 86% (threshold 80%)",
                "Because of": "“silly”, “goose”",
                "Trigger": "slur, one comment",
                "Message": "Alert 01JD9Q · key 01JD9Q.mods",
            },
        },
    }


@pytest.mark.parametrize(
    ("severity", "is_test", "sent"),
    [
        (Severity.INFO, False, "info"),
        (Severity.WARNING, False, "warning"),
        (Severity.CRITICAL, False, "critical"),
        (Severity.CRITICAL, True, "info"),
    ],
)
def test_an_event_is_as_severe_as_the_alert(severity: Severity, is_test: bool, sent: str) -> None:
    """A test wakes nobody."""
    message = a_message(an_alert(severity=severity), is_test=is_test)
    with HttpReceiver() as far_end:
        forms = PAGERDUTY.channel(far_end).forms(message)

    assert [form.payload["payload"]["severity"] for form in forms] == [sent, sent]


@pytest.mark.parametrize("text", HOSTILE)
def test_the_limits_are_kept(text: str) -> None:
    """K14, whatever is written wherever; what PagerDuty needs is never empty."""
    alert = an_alert(excerpt=text[:1_000], author_name=text, source=text, trigger=text)
    with HttpReceiver() as far_end:
        rich, _ = PAGERDUTY.channel(far_end).forms(a_message(alert, key="k" * 300))

    event: dict[str, Any] = rich.payload["payload"]
    assert 1 <= len(event["summary"]) <= pagerduty.MAX_SUMMARY
    assert 1 <= len(event["source"]) <= pagerduty.MAX_SUMMARY
    assert len(rich.payload["dedup_key"]) == pagerduty.MAX_KEY
