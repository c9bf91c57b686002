"""PagerDuty, through its Events API v2. All attempts of one message are one event: it has its key.

developer.pagerduty.com/docs/events-api-v2-overview, …/docs/send-alert-event
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from moderator.channels.json_channel import Answer, JsonChannel, Request
from moderator.channels.phrases import Wording, shown_name
from moderator.channels.plain_text import inert, said
from moderator.channels.settings import HttpSettings
from moderator.channels.visible import cut
from moderator.channels.web_address import Server, check_provider
from moderator.channels.wording import word
from moderator.domain.alert import Alert
from moderator.domain.message import Digest, Message
from moderator.domain.notice import Notice

MAX_KEY = 255
MAX_SUMMARY = 1_024

_HOSTS = ("events.pagerduty.com", "events.eu.pagerduty.com")
_SERVER = "https://events.pagerduty.com"
_KEY = re.compile("[A-Za-z0-9]{32}")


class PagerDutySettings(HttpSettings):
    """The settings of a PagerDuty channel."""

    kind: Literal["pagerduty"] = Field("pagerduty", description="Events for a PagerDuty service.")
    routing_key: SecretStr = Field(
        description="The integration key of the service's Events API v2 integration."
    )
    server: Server = Field(
        _SERVER, description="https://events.eu.pagerduty.com where the account is European."
    )

    @field_validator("routing_key")
    @classmethod
    def _is_a_key(cls, key: SecretStr) -> SecretStr:
        if not _KEY.fullmatch(key.get_secret_value()):
            raise ValueError("it must be an integration key: 32 letters and digits")
        return key

    @field_validator("server")
    @classmethod
    def _is_pagerduty(cls, server: str, info: ValidationInfo) -> str:
        listed = info.data.get("allow_hosts", ())
        check_provider(server, listed, hosts=_HOSTS, path=re.compile(""), like=_SERVER)
        return server


class PagerDutyChannel(JsonChannel[PagerDutySettings]):
    """One service: one integration key."""

    kind = "pagerduty"
    provider = "PagerDuty"

    def forms(self, message: Message) -> Sequence[Request]:
        """An event with all details; the bare event where PagerDuty refuses them."""
        url = f"{self.settings.server}/v2/enqueue"
        details = _details(word(message, self.settings.excerpt))
        return [
            Request(url=url, payload=self._event(message, {"custom_details": details})),
            Request(url=url, payload=self._event(message, {})),
        ]

    def is_taken(self, answer: Answer) -> bool:
        """PagerDuty says so in a word."""
        return answer.content.get("status") == "success"

    def is_broken(self, answer: Answer) -> bool:
        """A routing key that is not right spoils every event."""
        return "routing" in str(answer.content.get("errors", "")).lower()

    def _event(self, message: Message, details: dict[str, Any]) -> dict[str, Any]:
        wording = word(message, self.settings.excerpt)
        origin, sort = _origin(message.about)
        links = [{"href": link.url, "text": f"{link.text} ({link.host})"} for link in wording.links]
        return {
            "routing_key": self.settings.routing_key.get_secret_value(),
            **self._of_which_incident(message),
            "client": "moderator",
            "links": links,
            "payload": {
                "summary": cut(inert(wording.title), MAX_SUMMARY),
                "source": inert(shown_name(origin)) or "moderator",
                "severity": message.severity.value,
                "timestamp": message.raised_at.isoformat(),
                "class": inert(shown_name(sort)),
                **details,
            },
        }

    def _of_which_incident(self, message: Message) -> dict[str, str]:
        """A notice that says something to be over closes the incident that told of it."""
        about = message.about
        if isinstance(about, Notice) and about.ends is not None:
            return {"event_action": "resolve", "dedup_key": f"{about.ends}.{self.name}"[:MAX_KEY]}
        return {"event_action": "trigger", "dedup_key": message.key[:MAX_KEY]}


def _origin(about: Alert | Notice | Digest) -> tuple[str, str]:
    """Where it comes from, and which sort of thing it is."""
    if isinstance(about, Digest):
        sources = {alert.source for alert in about.told}
        return sources.pop() if len(sources) == 1 else "", "digest"
    if isinstance(about, Notice):
        return about.subject, about.kind
    return about.source, about.trigger


def _details(wording: Wording) -> dict[str, str]:
    told = {
        "Note": inert(" ".join(wording.notes)),
        "Text": inert(said(wording)),
        **{fact.name: inert(fact.text) for fact in wording.facts},
        "Message": wording.footer,
    }
    return {name: text for name, text in told.items() if text}
