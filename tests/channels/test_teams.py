"""Teams: exactly what is sent, and its limit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moderator.channels import teams
from moderator.channels.outbound import json_body
from moderator.channels.wording import word
from moderator.domain.errors import ChannelError
from tests.channels.alerts import HOSTILE, a_message, an_alert
from tests.channels.providers import TEAMS, replying
from tests.receivers import HttpReceiver, HttpReply


def line(*runs: dict[str, object]) -> dict[str, object]:
    """One line of a card."""
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **run} for run in runs]}


def fact(name: str, text: str) -> dict[str, object]:
    """A name in bold and what there is to tell."""
    return line({"text": f"{name}: ", "weight": "Bolder"}, {"text": text})


def test_an_alert_is_a_card_of_text_runs() -> None:
    """Word for word: no block of it reads Markdown."""
    with HttpReceiver() as far_end:
        far_end.default = TEAMS.yes
        TEAMS.channel(far_end).send(a_message(), "")
        (request,) = far_end.requests

    (attachment,) = request.json["attachments"]
    card = attachment.pop("content")
    assert request.json["type"] == "message"
    assert attachment == {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
    }
    assert card == {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": "slur: hate 86% by ann in general",
        "body": [
            line({"text": "slur: hate 86% by ann in general", "weight": "Bolder"}),
            line({"text": "ann wrote:"}),
            line({"text": "“You are a silly goose, and so is everybody who agrees with you."}),
            line({"text": "Go back to your pond!”"}),
            fact("By", "ann (id 9)"),
            fact("Where", "general, thread 7, comment 42 (forum)"),
            fact("Written", "22 Nov 2026, 10:00 UTC"),
            fact("Judged", "hate (hate 86%, offensive 12%, neither 1%)"),
            fact("Reached", "hate 86% (threshold 80%)"),
            fact("Because of", "“silly”, “goose”"),
            fact("Trigger", "slur, one comment"),
            line({"text": "Alert 01JD9Q · key 01JD9Q.mods", "isSubtle": True, "size": "Small"}),
        ],
        "actions": [
            {
                "type": "Action.OpenUrl",
                "title": "Open the comment (forum.example.org)",
                "url": "https://forum.example.org/t/ponds/7/42",
            },
            {
                "type": "Action.OpenUrl",
                "title": "Open the alert (mod.example.org)",
                "url": "https://mod.example.org/alerts/01JD9Q",
            },
        ],
    }


@pytest.mark.parametrize("reply", [HttpReply(status=200, body=b" "), replying(200, {"run": "1"})])
def test_a_workflow_that_is_made_to_answer_is_a_yes(reply: HttpReply) -> None:
    """Nothing, or some JSON of the workflow's own."""
    with HttpReceiver() as far_end:
        far_end.default = reply

        assert TEAMS.channel(far_end).send(a_message(), "") == "200"


def test_the_words_of_the_old_connectors_are_no_yes() -> None:
    """They said 200 and that it failed."""
    with HttpReceiver() as far_end:
        far_end.default = HttpReply(body=b"Webhook message delivery failed with error: 429")

        with pytest.raises(ChannelError):
            TEAMS.channel(far_end).send(a_message(), "")


@pytest.mark.parametrize("text", [*HOSTILE, "\U0001f9a2" * 1_000])
def test_the_limit_is_kept(text: str) -> None:
    """K14, whatever is written wherever, in the largest excerpt there is."""
    alert = an_alert(excerpt=text[:1_000], author_name=text, author_id=text, board=text)

    assert len(json_body(teams.payload(word(a_message(alert), 1_000)))) <= teams.MAX_BODY


@pytest.mark.parametrize("more", [0, 1])
def test_a_card_is_cut_at_the_limit_and_one_beyond(more: int) -> None:
    """In bytes, as it goes over the wire."""
    wording = word(a_message(an_alert(excerpt="x")), 1_000)
    room = teams.MAX_BODY - len(json_body(teams.payload(wording)))
    card = teams.payload(replace(wording, said="x" * (1 + room + more)))

    assert ("x…" in str(card)) == bool(more)
    assert teams.MAX_BODY - 6 <= len(json_body(card)) <= teams.MAX_BODY


def test_what_a_card_would_compute_is_shown_as_it_was_written() -> None:
    """`{{DATE(…)}}` is the one thing that a text run still reads."""
    card = teams.payload(word(a_message(an_alert(excerpt="{{DATE(x)}}")), 400))

    assert "{ {DATE(x)}}" in str(card)
    assert "{{" not in str(card)
