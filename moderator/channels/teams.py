"""Microsoft Teams, through a workflow that posts what its webhook gets, as an Adaptive Card.

What strangers wrote stands in text runs, where Teams reads no Markdown. A workflow says only that
it took the card; what became of it stands in the workflow's own history.
learn.microsoft.com/power-automate/teams/send-a-message-in-teams; adaptivecards.io/explorer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from moderator.channels.fitting import fitted
from moderator.channels.json_channel import Answer, JsonChannel, Request
from moderator.channels.outbound import json_body
from moderator.channels.phrases import Wording
from moderator.channels.plain_text import inert, said
from moderator.channels.settings import HttpSettings
from moderator.channels.web_address import check_provider
from moderator.channels.wording import word
from moderator.domain.message import Message

MAX_BODY = 25_000  # bytes; Teams takes 28 KB, of which the workflow needs some

_HOSTS = (".logic.azure.com", ".api.powerplatform.com")
_PATH = re.compile("/.+/workflows/.+|/workflows/.+")
_CARD = "application/vnd.microsoft.card.adaptive"


class TeamsSettings(HttpSettings):
    """The settings of a Teams channel."""

    kind: Literal["teams"] = Field("teams", description="Messages to a Microsoft Teams channel.")
    url: SecretStr = Field(
        description="The workflow's URL, at logic.azure.com or api.powerplatform.com. It is a "
        "password: whoever has it can write to the channel."
    )

    @field_validator("url")
    @classmethod
    def _is_a_workflow(cls, url: SecretStr, info: ValidationInfo) -> SecretStr:
        check_provider(
            url.get_secret_value(),
            info.data.get("allow_hosts", ()),
            hosts=_HOSTS,
            path=_PATH,
            like="https://….logic.azure.com/workflows/ or https://….api.powerplatform.com/",
        )
        return url


class TeamsChannel(JsonChannel[TeamsSettings]):
    """One workflow: one far end, one Teams channel or chat."""

    kind = "teams"
    provider = "Teams"

    def forms(self, message: Message) -> Sequence[Request]:
        """One card."""
        card = payload(word(message, self.settings.excerpt))
        return [Request(url=self.settings.url.get_secret_value(), payload=card)]

    def is_taken(self, answer: Answer) -> bool:
        """A workflow accepts without a word; one that is made to answer does so in JSON."""
        return not answer.body.strip() or bool(answer.content)


def payload(wording: Wording) -> dict[str, Any]:
    """The message as a card, short enough for Teams, in the envelope that its templates expect."""
    return _payload(fitted(wording, lambda form: len(json_body(_payload(form))) <= MAX_BODY))


def _payload(wording: Wording) -> dict[str, Any]:
    texts = [*wording.notes, *said(wording).split("\n")]
    facts = [_line(_bold(f"{fact.name}: "), _run(fact.text)) for fact in wording.facts]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": _inert(wording.title),
        "body": [
            _line(_bold(wording.title)),
            *(_line(_run(text)) for text in texts if text),
            *facts,
            _line({"type": "TextRun", "text": wording.footer, "isSubtle": True, "size": "Small"}),
        ],
        "actions": [
            {"type": "Action.OpenUrl", "title": f"{link.text} ({link.host})", "url": link.url}
            for link in wording.links
        ],
    }
    content = {"contentType": _CARD, "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [content]}


def _line(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": list(runs)}


def _run(text: str) -> dict[str, Any]:
    return {"type": "TextRun", "text": _inert(text)}


def _bold(text: str) -> dict[str, Any]:
    return {**_run(text), "weight": "Bolder"}


def _inert(text: str) -> str:
    """Also without `{{DATE(…)}}`, the one thing that cards compute inside of a text."""
    return inert(text).replace("{{", "{ {")
