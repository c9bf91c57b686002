"""A digest, which tells many alerts, on each way out."""

from __future__ import annotations

import io
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from moderator.channels import discord, matrix, ntfy, slack_blocks, teams, telegram
from moderator.channels.console import ConsoleChannel, ConsoleSettings
from moderator.channels.email_message import compose
from moderator.channels.outbound import json_body
from moderator.channels.phrases import Link
from moderator.channels.visible import utf16_units
from moderator.channels.wording import word
from moderator.domain.message import TOLD, Digest, Message, Tally
from moderator.domain.trigger import Severity
from tests.channels.alerts import HOSTILE, RAISED_AT, a_heated_thread, an_alert
from tests.channels.providers import PROVIDERS, Provider
from tests.receivers import HttpReceiver


def a_digest(**changes: Any) -> Message:
    """412 alerts of two triggers, within five minutes."""
    facts: dict[str, Any] = {
        "tallies": (
            Tally(trigger="threats", severity=Severity.CRITICAL, count=12),
            Tally(trigger="slur", severity=Severity.WARNING, count=400),
        ),
        "told": (
            an_alert(id="a1", trigger="threats", severity=Severity.CRITICAL),
            a_heated_thread(id="a2"),
        ),
        "first_at": RAISED_AT,
        "last_at": RAISED_AT + timedelta(minutes=5),
    }
    return Message(
        key="digest-a1.mods",
        about=Digest(**(facts | changes)),
        page_url="https://mod.example.org/",
    )


def test_a_digest_counts_all_and_tells_the_most_severe_a_line_each() -> None:
    wording = word(a_digest(), 400)

    assert wording.title == "412 alerts, 12 of them critical: 400 slur, 12 threats"
    assert wording.lead == (
        "Raised from 22 Nov 2026, 10:00 UTC to 22 Nov 2026, 10:05 UTC:\n12 × threats (critical)\n"
        "400 × slur (warning)\nThe 2 most severe follow; all are on the page."
    )
    assert [(fact.name, fact.text) for fact in wording.facts] == [
        (
            "1",
            "critical, 22 Nov 2026, 10:00 UTC, threats: hate 86% by ann in general: “You are a "
            "silly goose, and so is everybody who agrees with you. Go back to your…”",
        ),
        (
            "2",
            "warning, 22 Nov 2026, 10:00 UTC, heated-thread: 5 hits within 10 minutes, mean toxic "
            "61% in thread 7 (general): “You are a silly goose, and so is everybody who agrees "
            "with you. Go back to your…”",
        ),
    ]
    assert wording.links == (
        Link(text="Open the alerts", host="mod.example.org", url="https://mod.example.org/"),
    )
    assert wording.footer == "412 alerts · key digest-a1.mods"


def test_without_an_excerpt_nothing_of_the_comments_is_told() -> None:
    assert "goose" not in repr(word(a_digest(), 0))


def test_many_triggers_are_counted_in_one_line_more() -> None:
    tallies = tuple(Tally(trigger=f"t{n}", severity=Severity.INFO, count=50 - n) for n in range(14))
    wording = word(a_digest(tallies=tallies, told=(an_alert(),)), 400)

    assert wording.title == "609 alerts: 50 t0, 49 t1, 48 t2, 11 more triggers"
    assert "154 × 4 other triggers" in wording.lead


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.kind)
def test_every_provider_is_told_how_many_and_the_key(provider: Provider) -> None:
    with HttpReceiver() as far_end:
        far_end.default = provider.yes
        provider.channel(far_end).send(a_digest(), "")
        (request,) = far_end.requests

    told = repr(request.json).replace("\\", "")
    assert "412" in told
    assert "digest-a1.mods" in told or "digest-a1.mods" in request.path
    assert "threats" in told


def test_mail_slack_and_console_tell_it() -> None:
    message = a_digest()
    wording = word(message, 400)
    mail = compose(message, wording, channel="mods", sender="a@x.example", recipient="b@x.example")
    stream = io.StringIO()
    ConsoleChannel("mods", ConsoleSettings(), stream=stream).send(message, "")
    (plain, html) = (_text(mail, kind) for kind in ("plain", "html"))

    assert mail["Subject"] == wording.title
    forms = [plain, html, repr(slack_blocks.payload(wording)), stream.getvalue()]
    for words in ("400 × slur (warning)", "critical, 22 Nov 2026", "digest-a1.mods"):
        assert [form for form in forms if words not in form] == []


def _text(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize("text", HOSTILE)
def test_the_longest_digest_fits_everywhere(text: str) -> None:
    """The most lines of the longest alerts, in what each provider takes."""
    alert = an_alert(
        excerpt=text[:1_000], author_name=text, author_id=text, board=text, thread_id=text
    )
    tallies = tuple(
        Tally(trigger="x" * 60, severity=Severity.WARNING, count=10**6 + n) for n in range(40)
    )
    message = a_digest(tallies=tallies, told=(alert,) * TOLD)
    wording = word(message, 1_000)

    assert utf16_units(wording.title) <= 150
    assert len(json_body(teams.payload(wording))) <= teams.MAX_BODY
    assert len(json_body(matrix.content(wording))) <= matrix.MAX_CONTENT
    assert utf16_units(discord.bare(wording)["content"]) <= discord.MAX_CONTENT
    assert len(telegram.bare(wording)["text"]) <= telegram.MAX_TEXT
    for block in slack_blocks.payload(wording)["blocks"]:
        texts = [block.get("text"), *block.get("elements", [])]
        assert max(utf16_units(t["text"]) for t in texts if t) <= slack_blocks.MAX_SECTION
    (provider,) = (each for each in PROVIDERS if each.kind == "ntfy")
    with HttpReceiver() as far_end:
        (form,) = provider.channel(far_end).forms(message)
    assert len(form.payload["message"].encode()) <= ntfy.MAX_MESSAGE


def form_of(kind: str) -> Any:
    """The first form of what a provider would be sent."""
    (provider,) = (each for each in PROVIDERS if each.kind == kind)
    with HttpReceiver() as far_end:
        return provider.channel(far_end).forms(a_digest())[0].payload


def test_a_digest_is_as_loud_as_its_most_severe_alert() -> None:
    event = form_of("pagerduty")
    assert event["dedup_key"] == "digest-a1.mods"
    about = {name: event["payload"][name] for name in ("severity", "class", "source")}
    assert about == {"severity": "critical", "class": "digest", "source": "forum"}
    assert form_of("ntfy")["priority"] == 5


def test_a_program_gets_the_counts_and_the_most_severe() -> None:
    told = form_of("webhook")
    alerts = told["data"].pop("alerts")

    assert [(one["alert_id"], one["trigger"]) for one in alerts] == [
        ("a1", "threats"),
        ("a2", "heated-thread"),
    ]
    assert alerts[0]["text"].startswith("You are a silly goose")
    assert told == {
        "type": "alerts.digest",
        "timestamp": "2026-11-22T10:05:05Z",
        "data": {
            "key": "digest-a1.mods",
            "title": "412 alerts, 12 of them critical: 400 slur, 12 threats",
            "page_url": "https://mod.example.org/",
            "severity": "critical",
            "count": 412,
            "first_at": "2026-11-22T10:00:05Z",
            "last_at": "2026-11-22T10:05:05Z",
            "tallies": [
                {"trigger": "threats", "severity": "critical", "count": 12},
                {"trigger": "slur", "severity": "warning", "count": 400},
            ],
        },
    }
