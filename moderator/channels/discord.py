"""Discord, through a channel's webhook, as an embed.

What strangers wrote is escaped sign by sign, and no mention in it may call anybody.
discord.com/developers/docs/resources/webhook#execute-webhook; limits: …/message#embed-limits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from moderator.channels.fitting import fitted
from moderator.channels.json_channel import Answer, JsonChannel, Request
from moderator.channels.phrases import Link, Wording
from moderator.channels.plain_text import said
from moderator.channels.retry_after import told_wait
from moderator.channels.settings import HttpSettings
from moderator.channels.visible import escaped, utf16_units
from moderator.channels.web_address import check_provider
from moderator.channels.wording import word
from moderator.domain.message import Message

# All in UTF-16 units: no more than Discord counts, whichever way it does.
MAX_TITLE = 256
MAX_DESCRIPTION = 4_096
MAX_VALUE = 1_024
MAX_EMBED = 6_000  # title, description, names and values of fields, footer
MAX_CONTENT = 2_000

_HOSTS = ("discord.com", "ptb.discord.com", "canary.discord.com", "discordapp.com")
_PATH = re.compile(r"/api(/v[0-9]{1,2})?/webhooks/[0-9]{1,20}/[A-Za-z0-9_-]{1,200}")
_SIGNS = "\\*_~`|<>#@:[].+-"  # of Markdown, mentions, addresses, emoji and invitations
_NEEDS_A_THREAD = 220001  # the channel is a forum: the URL has to name one of its threads
_SILENT: dict[str, Any] = {"allowed_mentions": {"parse": []}}
_NO_PREVIEWS = 1 << 2


class DiscordSettings(HttpSettings):
    """The settings of a Discord channel."""

    kind: Literal["discord"] = Field("discord", description="Messages to a Discord channel.")
    url: SecretStr = Field(
        description="The webhook's URL, https://discord.com/api/webhooks/… It is a password: "
        "whoever has it can write to the channel. For a thread, add ?thread_id= and its id."
    )

    @field_validator("url")
    @classmethod
    def _is_discord(cls, url: SecretStr, info: ValidationInfo) -> SecretStr:
        check_provider(
            url.get_secret_value(),
            info.data.get("allow_hosts", ()),
            hosts=_HOSTS,
            path=_PATH,
            like="https://discord.com/api/webhooks/",
        )
        return url


class DiscordChannel(JsonChannel[DiscordSettings]):
    """One webhook: one far end, one Discord channel or thread."""

    kind = "discord"
    provider = "Discord"

    def forms(self, message: Message) -> Sequence[Request]:
        """An embed; without one where Discord refuses that."""
        wording = word(message, self.settings.excerpt)
        url = _waiting(self.settings.url.get_secret_value())
        return [Request(url=url, payload=form) for form in (with_embed(wording), bare(wording))]

    def is_taken(self, answer: Answer) -> bool:
        """With `wait=true` Discord answers with the message it made."""
        return isinstance(answer.content.get("id"), str)

    def is_broken(self, answer: Answer) -> bool:
        """No message will be taken while the thread is missing."""
        return answer.content.get("code") == _NEEDS_A_THREAD

    def wait_s(self, answer: Answer) -> float | None:
        """Discord says it in seconds, more exactly than in the header."""
        return told_wait(answer.content.get("retry_after"))

    def word(self, answer: Answer) -> str:
        """Discord's number for the error."""
        code = answer.content.get("code")
        return str(code) if type(code) is int and 0 < code < 1_000_000 else ""


def with_embed(wording: Wording) -> dict[str, Any]:
    """The message as an embed: title, what was said with the links, the facts, the key."""
    return {"embeds": [_embed(fitted(wording, lambda form: _fits(_embed(form))))], **_SILENT}


def bare(wording: Wording) -> dict[str, Any]:
    """The same message without an embed."""
    form = fitted(wording, lambda form: utf16_units(_content(form)) <= MAX_CONTENT)
    return {"content": _content(form), "flags": _NO_PREVIEWS, **_SILENT}


def _embed(wording: Wording) -> dict[str, Any]:
    lines = [*wording.notes, said(wording)]
    return {
        "title": escaped(wording.title, _inert, MAX_TITLE, utf16_units),
        "description": "\n\n".join([*map(_markdown, lines), *_links(wording)]),
        "fields": [
            {
                "name": fact.name,
                "value": escaped(fact.text, _inert, MAX_VALUE, utf16_units),
                "inline": False,
            }
            for fact in wording.facts
        ],
        "footer": {"text": wording.footer},
    }


def _fits(embed: dict[str, Any]) -> bool:
    fields = [text for each in embed["fields"] for text in (each["name"], each["value"])]
    texts = [embed["title"], embed["description"], *fields, embed["footer"]["text"]]
    return (
        utf16_units(embed["description"]) <= MAX_DESCRIPTION
        and sum(map(utf16_units, texts)) <= MAX_EMBED
    )


def _content(wording: Wording) -> str:
    facts = "\n".join(_markdown(f"{fact.name}: {fact.text}") for fact in wording.facts)
    blocks = [*map(_markdown, (wording.title, *wording.notes, said(wording))), facts]
    return "\n\n".join(filter(None, [*blocks, *_links(wording), _markdown(wording.footer)]))


def _links(wording: Wording) -> list[str]:
    return [" · ".join(map(_link, wording.links))] if wording.links else []


def _link(link: Link) -> str:
    url = link.url.replace("(", "%28").replace(")", "%29")
    return f"[{link.text}]({url}) on {_markdown(link.host)}"


def _markdown(text: str) -> str:
    return "".join(map(_inert, text))


def _inert(char: str) -> str:
    """Discord takes a backslash before any sign as: print the sign."""
    return f"\\{char}" if char[0] in _SIGNS else char


def _waiting(url: str) -> str:
    """The URL with `wait=true`: without it Discord answers before it has looked."""
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query) if pair[0] != "wait"]
    return parts._replace(query=urlencode([*query, ("wait", "true")])).geturl()
