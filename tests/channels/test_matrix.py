"""Matrix: exactly what is sent, and where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moderator.channels import matrix
from moderator.channels.outbound import json_body
from moderator.channels.wording import word
from moderator.domain.errors import ChannelError
from tests.channels.alerts import HOSTILE, a_message, an_alert
from tests.channels.providers import CANARY, MATRIX, replying
from tests.receivers import HttpReceiver, HttpReply


def test_an_alert_is_one_event_under_its_own_key() -> None:
    """Word for word; the transaction id makes one event of all attempts."""
    with HttpReceiver() as far_end:
        far_end.default = MATRIX.yes
        MATRIX.channel(far_end).send(a_message(an_alert(excerpt="<b> @room\nevil.example")), "")
        (request,) = far_end.requests

    assert (request.method, request.path) == (
        "PUT",
        "/_matrix/client/v3/rooms/%21pond%3Aexample.org/send/m.room.message/01JD9Q.mods",
    )
    assert request.headers["Authorization"] == f"Bearer syt_{CANARY}"
    assert request.json == {
        "msgtype": "m.text",
        "m.mentions": {},
        "body": """\
slur: hate 86% by ann in general

ann wrote:
“<b> [@]room
evil[.]example”

By: ann (id 9)
Where: general, thread 7, comment 42 (forum)
Written: 22 Nov 2026, 10:00 UTC
Judged: hate (hate 86%, offensive 12%, neither 1%)
Reached: hate 86% (threshold 80%)
Because of: “silly”, “goose”
Trigger: slur, one comment

Open the comment: https://forum.example.org/t/ponds/7/42
Open the alert: https://mod.example.org/alerts/01JD9Q

Alert 01JD9Q · key 01JD9Q.mods""",
        "format": "org.matrix.custom.html",
        "formatted_body": (
            "<p><strong>slur: hate 86% by ann in general</strong></p><p>ann wrote:</p>"
            "<blockquote>&lt;b&gt; [@]room<br>evil[.]example</blockquote>"
            "<ul><li><strong>By:</strong> ann (id 9)</li>"
            "<li><strong>Where:</strong> general, thread 7, comment 42 (forum)</li>"
            "<li><strong>Written:</strong> 22 Nov 2026, 10:00 UTC</li>"
            "<li><strong>Judged:</strong> hate (hate 86%, offensive 12%, neither 1%)</li>"
            "<li><strong>Reached:</strong> hate 86% (threshold 80%)</li>"
            "<li><strong>Because of:</strong> “silly”, “goose”</li>"
            "<li><strong>Trigger:</strong> slur, one comment</li></ul>"
            '<p><a href="https://forum.example.org/t/ponds/7/42">Open the comment</a>'
            " on forum[.]example[.]org<br>"
            '<a href="https://mod.example.org/alerts/01JD9Q">Open the alert</a>'
            " on mod[.]example[.]org</p><p>Alert 01JD9Q · key 01JD9Q.mods</p>"
        ),
    }


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (replying(403, {"errcode": "M_FORBIDDEN", "error": "canary"}), "403 M_FORBIDDEN"),
        (replying(401, {"errcode": "M_UNKNOWN_TOKEN"}), "401 M_UNKNOWN_TOKEN"),
        (replying(413, {"errcode": "M_TOO_LARGE"}), "413 M_TOO_LARGE"),
        (replying(400, {"errcode": f"M_{CANARY}"}), "400"),
        (HttpReply(status=500, body=b'{"errcode": 5}'), "500"),
    ],
)
def test_the_word_of_an_error_is_shown(reply: HttpReply, told: str) -> None:
    """Where it is one of the specification's form."""
    with HttpReceiver() as far_end:
        far_end.default = reply
        with pytest.raises(ChannelError) as error:
            MATRIX.channel(far_end).send(a_message(), "")

    assert str(error.value) == f"Matrix answered {told}"


@pytest.mark.parametrize("text", [*HOSTILE, "\U0001f9a2" * 1_000])
def test_the_limit_is_kept(text: str) -> None:
    """K14, whatever is written wherever."""
    alert = an_alert(excerpt=text[:1_000], author_name=text, author_id=text, board=text)

    assert len(json_body(matrix.content(word(a_message(alert), 1_000)))) <= matrix.MAX_CONTENT


@pytest.mark.parametrize("more", [0, 1])
def test_an_event_is_cut_at_the_limit_and_one_beyond(more: int) -> None:
    """In bytes; what was said stands in it twice."""
    wording = word(a_message(an_alert(excerpt="x")), 1_000)
    room = matrix.MAX_CONTENT - len(json_body(matrix.content(wording)))
    event = matrix.content(replace(wording, said="x" * (1 + room // 2 + more)))

    assert ("x…" in event["body"]) == bool(more)
    assert matrix.MAX_CONTENT - 14 <= len(json_body(event)) <= matrix.MAX_CONTENT
