"""Matrix, as a user of a homeserver: one message in one room.

The message's key is the transaction id, so that a homeserver makes one message of all attempts.
spec.matrix.org/latest/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any, Literal
from urllib.parse import quote

from pydantic import Field, ValidationInfo, field_validator

from moderator.channels.fitting import fitted
from moderator.channels.json_channel import Answer, JsonChannel, Request
from moderator.channels.outbound import json_body
from moderator.channels.phrases import Wording
from moderator.channels.plain_text import inert, plain_blocks
from moderator.channels.retry_after import told_wait
from moderator.channels.settings import HttpSettings, Token
from moderator.channels.web_address import Server, check_own
from moderator.channels.wording import word
from moderator.domain.message import Message

MAX_CONTENT = 60_000  # bytes; an event may have 65,536, with what the homeserver adds to it

_ROOM = re.compile("![!-~]{1,254}")
_CODE = re.compile("M_[A-Z_]{2,40}")
_BROKEN = frozenset(
    {"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_INVALID_PARAM", "M_USER_DEACTIVATED", "M_FORBIDDEN"}
)


class MatrixSettings(HttpSettings):
    """The settings of a Matrix channel."""

    kind: Literal["matrix"] = Field("matrix", description="Messages to a Matrix room.")
    server: Server = Field(description="The homeserver: https:// and its host.")
    token: Token = Field(description="The access token of the user who writes the messages.")
    room: str = Field(description="The id of the room, like !abcdef:example.org; no #alias.")

    @field_validator("server")
    @classmethod
    def _is_open(cls, server: str, info: ValidationInfo) -> str:
        check_own(server, info.data.get("allow_hosts", ()))
        return server

    @field_validator("room")
    @classmethod
    def _is_an_id(cls, room: str) -> str:
        if not _ROOM.fullmatch(room):
            raise ValueError(
                "it must be the room's id, which begins with ! (in Element: Room settings, "
                "Advanced); a #name is not one"
            )
        return room


class MatrixChannel(JsonChannel[MatrixSettings]):
    """One user in one room."""

    kind = "matrix"
    provider = "Matrix"

    def forms(self, message: Message) -> Sequence[Request]:
        """With tags and without, in one event."""
        room, key = (quote(part, safe="") for part in (self.settings.room, message.key))
        return [
            Request(
                method="PUT",
                url=f"{self.settings.server}/_matrix/client/v3/rooms/{room}"
                f"/send/m.room.message/{key}",
                headers={"Authorization": f"Bearer {self.settings.token.get_secret_value()}"},
                payload=content(word(message, self.settings.excerpt)),
            )
        ]

    def is_taken(self, answer: Answer) -> bool:
        """The event has an id, a new one or that of the first attempt."""
        return isinstance(answer.content.get("event_id"), str)

    def is_broken(self, answer: Answer) -> bool:
        """The token or the room is not right."""
        return answer.content.get("errcode") in _BROKEN

    def wait_s(self, answer: Answer) -> float | None:
        """In milliseconds, by homeservers that do not use the header yet."""
        return told_wait(answer.content.get("retry_after_ms"), unit_s=0.001)

    def word(self, answer: Answer) -> str:
        """The specification's word for the error."""
        code = answer.content.get("errcode")
        return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def content(wording: Wording) -> dict[str, Any]:
    """The event: plain words for all, tags for those who read them, a mention of nobody."""
    return _content(fitted(wording, lambda form: len(json_body(_content(form))) <= MAX_CONTENT))


def _content(wording: Wording) -> dict[str, Any]:
    return {
        "msgtype": "m.text",
        "body": "\n\n".join([inert(wording.title), *plain_blocks(wording)]),
        "format": "org.matrix.custom.html",
        "formatted_body": _html(wording),
        "m.mentions": {},
    }


def _html(wording: Wording) -> str:
    quoted = f"<blockquote>{_lines(wording.said)}</blockquote>" if wording.said else ""
    facts = "".join(
        f"<li><strong>{_lines(fact.name)}:</strong> {_lines(fact.text)}</li>"
        for fact in wording.facts
    )
    links = "<br>".join(
        f'<a href="{html.escape(link.url)}">{_lines(link.text)}</a> on {_lines(link.host)}'
        for link in wording.links
    )
    paragraphs = [
        f"<strong>{_lines(wording.title)}</strong>",
        *map(_lines, wording.notes),
        _lines(wording.lead),
    ]
    parts = [*(f"<p>{each}</p>" for each in paragraphs), quoted, facts and f"<ul>{facts}</ul>"]
    parts += [links and f"<p>{links}</p>", f"<p>{html.escape(wording.footer)}</p>"]
    return "".join(parts)


def _lines(text: str) -> str:
    return html.escape(inert(text)).replace("\n", "<br>")
