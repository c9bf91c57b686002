"""Telegram, through a bot. Texts of strangers stand in `code` and `pre`: Telegram looks for
neither mentions nor links, hashtags or commands in there.

core.telegram.org/bots/api#sendmessage, #html-style, #responseparameters.
"""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from pydantic import Field, SecretStr, StrictInt, StrictStr, ValidationInfo, field_validator

from moderator.channels.fitting import fitted
from moderator.channels.json_channel import Answer, JsonChannel, Request
from moderator.channels.outbound import Outbound
from moderator.channels.phrases import Wording
from moderator.channels.plain_text import plain_blocks
from moderator.channels.retry_after import told_wait
from moderator.channels.settings import HttpSettings
from moderator.channels.visible import utf16_units
from moderator.channels.web_address import Server, check_provider
from moderator.channels.wording import word
from moderator.domain.message import Message

MAX_TEXT = 4_096  # UTF-16 units, once the tags are read

_SERVER = "https://api.telegram.org"
_TOKEN = re.compile("[0-9]{5,20}:[A-Za-z0-9_-]{30,64}")
_CHAT = re.compile("-?[0-9]{1,20}|@[A-Za-z][A-Za-z0-9_]{3,31}")
# What Telegram says in a 400 about the chat rather than about the message.
_BROKEN = ("chat not found", "not enough rights", "have no rights", "need administrator rights",
           "chat_write_forbidden", "message thread not found", "topic_closed", "user_deactivated",
           "topic_deleted", "bot was kicked", "peer_id_invalid")  # fmt: skip
_TAG = re.compile("<[^<>]*>")

logger = logging.getLogger(__name__)


class TelegramSettings(HttpSettings):
    """The settings of a Telegram channel."""

    kind: Literal["telegram"] = Field("telegram", description="Messages to a Telegram chat.")
    token: SecretStr = Field(description="The bot's token, as BotFather gives it.")
    chat: StrictInt | StrictStr = Field(
        description="The chat's id, like -1001234567890, or a public channel's @name."
    )
    topic: int | None = Field(
        None, strict=True, gt=0, description="In a group with topics: the topic's id."
    )
    server: Server = Field(
        _SERVER, description="Where the Bot API is; your own one has to stand under allow_hosts."
    )

    @field_validator("token")
    @classmethod
    def _is_a_token(cls, token: SecretStr) -> SecretStr:
        if not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("it must be a bot's token: digits, a colon, and 30 signs or more")
        return token

    @field_validator("chat")
    @classmethod
    def _is_a_chat(cls, chat: int | str) -> int | str:
        if not _CHAT.fullmatch(str(chat)):
            raise ValueError("it must be a chat's id, like -1001234567890, or a @name")
        return chat if str(chat).startswith("@") else int(chat)

    @field_validator("server")
    @classmethod
    def _is_telegram(cls, server: str, info: ValidationInfo) -> str:
        listed = info.data.get("allow_hosts", ())
        check_provider(
            server, listed, hosts=("api.telegram.org",), path=re.compile(""), like=_SERVER
        )
        return server


class TelegramChannel(JsonChannel[TelegramSettings]):
    """One bot and one chat. Follows a group that became a supergroup, and asks to write it down."""

    kind = "telegram"
    provider = "Telegram"

    def __init__(
        self, name: str, settings: TelegramSettings, *, outbound: Outbound | None = None
    ) -> None:
        super().__init__(name, settings, outbound=outbound)
        self._chat = settings.chat

    def forms(self, message: Message) -> Sequence[Request]:
        """With tags; as one piece of code where Telegram does not like these."""
        wording = word(message, self.settings.excerpt)
        url = f"{self.settings.server}/bot{self.settings.token.get_secret_value()}/sendMessage"
        place: dict[str, Any] = {"chat_id": self._chat}
        if self.settings.topic is not None:
            place["message_thread_id"] = self.settings.topic
        place["link_preview_options"] = {"is_disabled": True}
        return [
            Request(url=url, payload={**place, **form}) for form in (tagged(wording), bare(wording))
        ]

    def ask(self, request: Request) -> Answer:
        """Ask once more, in the new chat, where the answer is that the chat moved."""
        answer = super().ask(request)
        moved = _parameter(answer, "migrate_to_chat_id")
        if answer.status != 400 or type(moved) is not int or moved == request.payload["chat_id"]:
            return answer
        self._chat = moved
        logger.warning(
            "channel %s: the group is a supergroup now: write chat: %d", self.name, moved
        )
        return super().ask(replace(request, payload={**request.payload, "chat_id": moved}))

    def is_taken(self, answer: Answer) -> bool:
        """Telegram says `ok` in every answer."""
        return answer.content.get("ok") is True

    def is_broken(self, answer: Answer) -> bool:
        """The chat is gone, or the bot may not write there."""
        told = str(answer.content.get("description", "")).lower()
        return any(words in told for words in _BROKEN)

    def wait_s(self, answer: Answer) -> float | None:
        """Telegram says it in the JSON alone."""
        return told_wait(_parameter(answer, "retry_after"))


def tagged(wording: Wording) -> dict[str, Any]:
    """The message with tags, at most as long as Telegram takes."""
    form = fitted(wording, lambda form: utf16_units(_read(_html(form))) <= MAX_TEXT)
    return {"text": _html(form), "parse_mode": "HTML"}


def bare(wording: Wording) -> dict[str, Any]:
    """The same message without tags, all of it marked as code."""
    text = _plain(fitted(wording, lambda form: utf16_units(_plain(form)) <= MAX_TEXT))
    return {"text": text, "entities": [{"type": "code", "offset": 0, "length": utf16_units(text)}]}


def _html(wording: Wording) -> str:
    quoted = f"\n<pre>{html.escape(wording.said)}</pre>" if wording.said else ""
    facts = "\n".join(
        f"<b>{html.escape(fact.name)}:</b> {_code(fact.text)}" for fact in wording.facts
    )
    links = "\n".join(
        f'<a href="{html.escape(link.url)}">{html.escape(link.text)}</a> on {_code(link.host)}'
        for link in wording.links
    )
    notes = "\n".join(map(_code, wording.notes))
    blocks = [_code(wording.title), notes, _code(wording.lead) + quoted, facts, links]
    return "\n\n".join(filter(None, [*blocks, _code(wording.footer)]))


def _code(text: str) -> str:
    return f"<code>{html.escape(text)}</code>"


def _read(text: str) -> str:
    """What is left of the tags once Telegram has read them."""
    return html.unescape(_TAG.sub("", text))


def _plain(wording: Wording) -> str:
    return "\n\n".join([wording.title, *plain_blocks(wording)])


def _parameter(answer: Answer, name: str) -> object:
    parameters = answer.content.get("parameters")
    return parameters.get(name) if isinstance(parameters, dict) else None
