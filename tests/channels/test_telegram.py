"""Telegram: exactly what is sent, its limit, and groups that become supergroups."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from moderator.channels import telegram
from moderator.channels.phrases import Wording
from moderator.channels.visible import utf16_units
from moderator.channels.wording import word
from moderator.domain.errors import ChannelError, Fault
from tests.channels.alerts import HOSTILE, a_message, an_alert
from tests.channels.providers import CANARY, TELEGRAM, replying
from tests.receivers import HttpReceiver

MOVED = replying(400, {"ok": False, "parameters": {"migrate_to_chat_id": -1009}})


def seen(text: str) -> str:
    """A message as people read it: without its tags."""
    return html.unescape(re.sub("<[^<>]*>", "", text))


def message_with(excerpt: str, **facts: Any) -> Any:
    """An alert about a comment, in words."""
    return word(a_message(an_alert(excerpt=excerpt, **facts)), 1_000)


def test_an_alert_is_html_in_which_texts_are_code() -> None:
    """Word for word, in the topic, without a preview."""
    with HttpReceiver() as far_end:
        far_end.default = TELEGRAM.yes
        TELEGRAM.channel(far_end, topic=3).send(a_message(an_alert(excerpt="<b> & @ann")), "")
        (request,) = far_end.requests

    assert (request.method, request.path) == (
        "POST",
        f"/bot123456789:{CANARY}-and-then-some-12/sendMessage",
    )
    assert request.json == {
        "chat_id": -1001234567890,
        "message_thread_id": 3,
        "link_preview_options": {"is_disabled": True},
        "parse_mode": "HTML",
        "text": """\
<code>slur: hate 86% by ann in general</code>

<code>ann wrote:</code>
<pre>&lt;b&gt; &amp; @ann</pre>

<b>By:</b> <code>ann (id 9)</code>
<b>Where:</b> <code>general, thread 7, comment 42 (forum)</code>
<b>Written:</b> <code>22 Nov 2026, 10:00 UTC</code>
<b>Judged:</b> <code>hate (hate 86%, offensive 12%, neither 1%)</code>
<b>Reached:</b> <code>hate 86% (threshold 80%)</code>
<b>Because of:</b> <code>“silly”, “goose”</code>
<b>Trigger:</b> <code>slur, one comment</code>

<a href="https://forum.example.org/t/ponds/7/42">Open the comment</a> \
on <code>forum.example.org</code>
<a href="https://mod.example.org/alerts/01JD9Q">Open the alert</a> on <code>mod.example.org</code>

<code>Alert 01JD9Q · key 01JD9Q.mods</code>""",
    }


def test_a_group_that_became_a_supergroup_is_followed(caplog: pytest.LogCaptureFixture) -> None:
    """The message arrives, later ones go there at once, and the log says what to write."""
    with HttpReceiver() as far_end:
        far_end.default = TELEGRAM.yes
        far_end.script(MOVED)
        channel = TELEGRAM.channel(far_end)

        channel.send(a_message(), "")
        channel.send(a_message(), "")

        chats = [request.json["chat_id"] for request in far_end.requests]
    assert chats == [-1001234567890, -1009, -1009]
    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (
        logging.WARNING,
        "channel mods: the group is a supergroup now: write chat: -1009",
    )


@pytest.mark.parametrize("moved", [-1001234567890, "-1009", True, None, 1.5, {}])
def test_a_move_to_nowhere_is_not_followed(moved: object) -> None:
    """An answer is hostile input, and must not send us round in circles."""
    with HttpReceiver() as far_end:
        far_end.default = replying(400, {"parameters": {"migrate_to_chat_id": moved}})

        with pytest.raises(ChannelError) as error:
            TELEGRAM.channel(far_end).send(a_message(), "")

        assert len(far_end.requests) == TELEGRAM.forms
    assert error.value.fault is Fault.REFUSED


def test_a_chat_that_keeps_moving_is_not_followed_for_ever() -> None:
    """Once for each form."""
    with HttpReceiver() as far_end:
        far_end.script(
            *(
                replying(400, {"parameters": {"migrate_to_chat_id": -number}})
                for number in range(1, 9)
            )
        )
        with pytest.raises(ChannelError):
            TELEGRAM.channel(far_end).send(a_message(), "")

        assert len(far_end.requests) == 4


@pytest.mark.parametrize("text", [*HOSTILE, "&" * 1_000, "\U0001f9a2" * 1_000])
def test_the_limit_is_kept(text: str) -> None:
    """K14, whatever is written wherever."""
    wording = message_with(text[:1_000], author_name=text, author_id=text, board=text)

    assert utf16_units(seen(telegram.tagged(wording)["text"])) <= telegram.MAX_TEXT
    assert utf16_units(telegram.bare(wording)["text"]) <= telegram.MAX_TEXT


@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize("form", [telegram.tagged, telegram.bare])
def test_a_message_is_cut_at_the_limit_and_one_beyond(
    form: Callable[[Wording], dict[str, Any]], more: int
) -> None:
    """Counted as read, where an escaped sign is one; no escape is cut in half."""
    wording = message_with("&")
    room = telegram.MAX_TEXT - utf16_units(seen(form(wording)["text"]))
    wording = replace(wording, said="&" * (1 + room + more))

    text = form(wording)["text"]

    assert ("…" in text) == bool(more)
    assert utf16_units(seen(text)) == telegram.MAX_TEXT
    assert html.escape(seen(text)) == re.sub("<[^<>]*>", "", text) or "entities" in form(wording)
