"""ntfy, at ntfy.sh or on a server of one's own: a push message to phones.

docs.ntfy.sh/publish/#publish-as-json; limits: …/#limitations.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from moderator.channels.fitting import fitted
from moderator.channels.json_channel import Answer, JsonChannel, Request
from moderator.channels.outbound import json_body
from moderator.channels.phrases import Wording
from moderator.channels.plain_text import inert, plain_blocks
from moderator.channels.settings import HttpSettings, Token
from moderator.channels.web_address import Server, check_own
from moderator.channels.wording import word
from moderator.domain.message import Message
from moderator.domain.trigger import Severity

MAX_MESSAGE = 4_096  # bytes in UTF-8; ntfy makes a file of a longer one
MAX_BODY = 8_192  # bytes of the whole JSON: twice that, as ntfy reads it

_TOPIC = re.compile("[A-Za-z0-9_-]{1,64}")
_PRIORITIES = {"min": 1, "low": 2, "default": 3, "high": 4, "max": 5}
_BY_SEVERITY = {Severity.INFO: "default", Severity.WARNING: "high", Severity.CRITICAL: "max"}


class NtfySettings(HttpSettings):
    """The settings of an ntfy channel."""

    kind: Literal["ntfy"] = Field("ntfy", description="Push messages to an ntfy topic.")
    server: Server = Field("https://ntfy.sh", description="The ntfy server: https:// and its host.")
    topic: SecretStr = Field(
        description="The topic. Where it needs no token it is a password: whoever knows it can "
        "read and write."
    )
    token: Token | None = Field(None, description="An access token, for a protected topic.")
    priority: Literal["min", "low", "default", "high", "max"] | None = Field(
        None,
        description="How loudly the phone tells: min, low, default, high or max. Left out: by the "
        "alert's severity, default for info, high for warning, max for critical.",
    )
    tags: tuple[Annotated[str, Field(pattern="^[a-z0-9_+-]{1,40}$")], ...] = Field(
        ("warning",), max_length=5, description="Up to 5 tags; ntfy shows many as an emoji."
    )

    @field_validator("server")
    @classmethod
    def _is_open(cls, server: str, info: ValidationInfo) -> str:
        check_own(server, info.data.get("allow_hosts", ()))
        return server

    @field_validator("topic")
    @classmethod
    def _is_a_topic(cls, topic: SecretStr) -> SecretStr:
        if not _TOPIC.fullmatch(topic.get_secret_value()):
            raise ValueError("it must be 1 to 64 letters, digits, _ or -")
        return topic


class NtfyChannel(JsonChannel[NtfySettings]):
    """One topic, whoever reads it."""

    kind = "ntfy"
    provider = "ntfy"

    def forms(self, message: Message) -> Sequence[Request]:
        """One push message, short enough to stay one."""
        wording = word(message, self.settings.excerpt)
        form = fitted(wording, lambda form: _fits(self._payload(message, form)))
        token = self.settings.token
        headers = {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}
        url = f"{self.settings.server}/"
        return [Request(url=url, headers=headers, payload=self._payload(message, form))]

    def is_taken(self, answer: Answer) -> bool:
        """ntfy answers with the message it made."""
        return isinstance(answer.content.get("id"), str)

    def word(self, answer: Answer) -> str:
        """ntfy's number for the error, which begins with the status."""
        code = answer.content.get("code")
        return str(code) if type(code) is int and 40_000 <= code < 60_000 else ""

    def _payload(self, message: Message, wording: Wording) -> dict[str, Any]:
        buttons = [
            {"action": "view", "label": f"{link.text} ({link.host})", "url": link.url}
            for link in wording.links
        ]
        click = {"click": wording.links[-1].url} if wording.links else {}
        return {
            "topic": self.settings.topic.get_secret_value(),
            "title": inert(wording.title),
            "message": "\n\n".join(plain_blocks(wording, with_links=False)),
            "priority": _PRIORITIES[self.settings.priority or _BY_SEVERITY[message.severity]],
            "tags": list(self.settings.tags),
            "actions": buttons,
            **click,
        }


def _fits(payload: dict[str, Any]) -> bool:
    return len(payload["message"].encode()) <= MAX_MESSAGE and len(json_body(payload)) <= MAX_BODY
