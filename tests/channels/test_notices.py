"""A notice, which tells of the service itself, on each way out."""

from __future__ import annotations

import io
from email import message_from_bytes
from typing import Any

import pytest

from moderator.channels.console import ConsoleChannel, ConsoleSettings
from moderator.channels.email_message import POLICY, compose
from moderator.channels.ntfy import NtfyChannel
from moderator.channels.pagerduty import PagerDutyChannel
from moderator.channels.phrases import Fact, Link
from moderator.channels.slack_blocks import payload as slack_payload
from moderator.channels.slack_blocks import plain_payload
from moderator.channels.wording import word
from moderator.domain.message import Message
from moderator.domain.notice import Notice
from moderator.domain.trigger import Severity
from tests.channels.alerts import RAISED_AT
from tests.channels.providers import PROVIDERS, Provider
from tests.receivers import HttpReceiver

LINES = ("Nothing has come from forum since 22 Nov 2026, 04:00 UTC.", "Look at its webhook.")


def a_notice(**changes: Any) -> Message:
    """A board went quiet."""
    facts: dict[str, Any] = {
        "id": "no_1",
        "kind": "source-silent",
        "subject": "forum",
        "title": "forum is silent",
        "lines": LINES,
        "severity": Severity.CRITICAL,
        "raised_at": RAISED_AT,
    }
    notice = Notice(**(facts | changes))
    return Message(key=f"{notice.id}.mods", about=notice, page_url="https://mod.example.org/")


def test_a_notice_is_told_in_its_own_words() -> None:
    wording = word(a_notice(), 400)

    assert (wording.title, wording.notes, wording.said) == ("forum is silent", (), "")
    assert wording.lead == "\n".join(LINES)
    assert wording.facts == (Fact(name="Noticed", text="22 Nov 2026, 10:00 UTC"),)
    assert wording.links == (
        Link(text="Open the page", host="mod.example.org", url="https://mod.example.org/"),
    )
    assert wording.footer == "Notice no_1 · key no_1.mods"


def test_a_notice_as_long_as_a_book_is_cut_where_every_channel_takes_it() -> None:
    wording = word(a_notice(title="x" * 999, lines=("y " * 9_999,)), 400)
    assert (len(wording.title), len(wording.lead)) == (150, 1_200)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.kind)
def test_every_provider_is_told_each_line(provider: Provider) -> None:
    with HttpReceiver() as far_end:
        far_end.default = provider.yes
        provider.channel(far_end, excerpt=0).send(a_notice(), "")
        (request,) = far_end.requests

    told = repr(request.json).replace("\\", "").replace("[.]", ".")
    assert all(words in told for words in ("forum is silent", "since 22 Nov 2026", "webhook."))


def test_mail_slack_and_console_tell_each_line() -> None:
    message = a_notice()
    wording = word(message, 400)
    mail = compose(message, wording, channel="mods", sender="a@x.example", recipient="b@x.example")
    read: Any = message_from_bytes(mail.as_bytes(policy=POLICY), policy=POLICY)
    stream = io.StringIO()
    ConsoleChannel("mods", ConsoleSettings(), stream=stream).send(message, "")

    parts = [part.get_content() for part in read.walk() if not part.is_multipart()]
    forms = [*parts, repr(slack_payload(wording)), repr(plain_payload(wording)), stream.getvalue()]
    assert len(forms) == 5
    assert [form for form in forms if not all(line in form for line in LINES)] == []


def forms_of(kind: str, message: Message) -> Any:
    """The first form of what a provider would be sent."""
    (provider,) = (each for each in PROVIDERS if each.kind == kind)
    with HttpReceiver() as far_end:
        channel = provider.channel(far_end)
        assert isinstance(channel, PagerDutyChannel | NtfyChannel) or kind == "webhook"
        return channel.forms(message)[0].payload


def test_an_incident_is_opened_by_a_notice_and_closed_by_the_one_that_ends_it() -> None:
    opened = forms_of("pagerduty", a_notice())
    closed = forms_of("pagerduty", a_notice(id="no_2", ends="no_1"))

    assert (opened["event_action"], opened["dedup_key"]) == ("trigger", "no_1.mods")
    assert (closed["event_action"], closed["dedup_key"]) == ("resolve", "no_1.mods")
    about = {name: opened["payload"][name] for name in ("source", "class", "severity")}
    assert about == {"source": "forum", "class": "source-silent", "severity": "critical"}


def test_a_phone_rings_as_loudly_as_the_notice_is_severe() -> None:
    assert forms_of("ntfy", a_notice())["priority"] == 5
    assert forms_of("ntfy", a_notice(severity=Severity.INFO))["priority"] == 3


def test_a_program_gets_a_notice_as_a_type_of_its_own() -> None:
    assert forms_of("webhook", a_notice()) == {
        "type": "notice.raised",
        "timestamp": "2026-11-22T10:00:05Z",
        "data": {
            "key": "no_1.mods",
            "title": "forum is silent",
            "page_url": "https://mod.example.org/",
            "notice_id": "no_1",
            "kind": "source-silent",
            "subject": "forum",
            "severity": "critical",
            "text": "\n".join(LINES),
            "ends": None,
        },
    }
    assert forms_of("webhook", a_notice(ends="no_0"))["type"] == "notice.ended"
