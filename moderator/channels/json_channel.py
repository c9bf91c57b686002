"""What all channels share that hand JSON to a provider over HTTP.

A new one says three things: what it sends (`forms`), how the provider says yes (`is_taken`), and
which of its refusals speak of the channel rather than of one message (`is_broken`). Retries,
rate limits, redirects, pages of somebody else and lost connections are the same for all.
"""

from __future__ import annotations

import json
import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from moderator.channels.dialling import CertificateRefused
from moderator.channels.outbound import Outbound, Reply, json_body
from moderator.channels.patience import Patience
from moderator.channels.retry_after import UNCLEAR_S
from moderator.channels.settings import HttpSettings
from moderator.domain.errors import ChannelError, Fault
from moderator.domain.message import Message

# 4xx that speak of the channel rather than of the message, by code.
BROKEN = frozenset({401, 403, 404, 405, 407, 410, 451})
PASSING = frozenset({408, 421, 425, 429})

logger = logging.getLogger(__name__)

Settings = TypeVar("Settings", bound=HttpSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request to a provider. `url` and `headers` may hold secrets."""

    url: str = field(repr=False)
    payload: Mapping[str, Any] = field(repr=False)
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back. `content` is its JSON object, empty where there is none. Hostile input."""

    status: int
    body: bytes
    content: Mapping[str, Any]
    reply: Reply


class JsonChannel(ABC, Generic[Settings]):
    """One far end of one provider. Safe to call from several threads at once."""

    kind: str
    provider: ClassVar[str]  # as people call it: it stands in every error
    recipients: tuple[str, ...] = ("",)

    def __init__(self, name: str, settings: Settings, *, outbound: Outbound | None = None) -> None:
        self.name = name
        self.settings = settings
        self._outbound = outbound or Outbound(
            allow_hosts=settings.allow_hosts, ca_file=settings.ca_file
        )
        self._patience = Patience()

    @abstractmethod
    def forms(self, message: Message) -> Sequence[Request]:
        """The message, richest form first; the next one is tried where one is refused."""

    @abstractmethod
    def is_taken(self, answer: Answer) -> bool:
        """Whether a 2xx is the provider's own yes, and not a page of somebody in between."""

    def is_broken(self, answer: Answer) -> bool:
        """Whether a 4xx that does not tell by its code speaks of the channel."""
        return False

    def wait_s(self, answer: Answer) -> float | None:
        """How long the answer's JSON asks to wait; None where it does not say."""
        return None

    def word(self, answer: Answer) -> str:
        """The provider's own code for what happened: a number or a fixed word, never its text."""
        return ""

    def send(self, message: Message, recipient: str) -> str:
        """Send the alert, in a plainer form where the provider does not like a richer one."""
        *richer, plainest = self.forms(message)
        for request in richer:
            answer = self.ask(request)
            if self._fault_of(answer) is not Fault.REFUSED:
                return self._settled(answer)
            logger.error(
                "channel %s: %s answered %s to our richer form",
                self.name,
                self.provider,
                self._code(answer),
            )
        return self._settled(self.ask(plainest))

    def ask(self, request: Request) -> Answer:
        """One exchange. Raises ChannelError where what came back is not the provider's answer."""
        body = json_body(request.payload)
        try:
            reply = self._outbound.send(request.method, request.url, body, request.headers)
        except CertificateRefused as exc:
            raise self._patience.tried(exc) from None
        answer = Answer(
            status=reply.status, body=reply.body, content=_object(reply.body), reply=reply
        )
        if reply.status < 400 and self._fault_of(answer) is not None:
            words = f"an answer that is not {self.provider}'s: {reply.status}"
            raise self._patience.tried(ChannelError(words, maybe_sent=not reply.is_whole))
        self._patience.restored()
        return answer

    def _settled(self, answer: Answer) -> str:
        fault = self._fault_of(answer)
        if fault is None:
            return self._code(answer)
        wait = self._wait(answer) if fault is Fault.PASSING else None
        raise ChannelError(
            f"{self.provider} answered {self._code(answer)}",
            fault=fault,
            retry_after_s=wait,
            hold_channel=wait is not None,
            maybe_sent=answer.status in (502, 504),  # a gateway lost sight of its own request
        )

    def _fault_of(self, answer: Answer) -> Fault | None:
        if answer.status < 400:
            taken = answer.status // 100 == 2 and self.is_taken(answer)
            return None if taken else Fault.PASSING
        if answer.status >= 500 or answer.status in PASSING:
            return Fault.PASSING
        if answer.status in BROKEN or self.is_broken(answer):
            return Fault.BROKEN
        return Fault.REFUSED

    def _wait(self, answer: Answer) -> float | None:
        """The longest wait that header and JSON ask for."""
        told = (answer.reply.retry_after_s, self.wait_s(answer))
        unsaid = UNCLEAR_S if answer.status == 429 else None
        return max((each for each in told if each is not None), default=unsaid)

    def _code(self, answer: Answer) -> str:
        return f"{answer.status} {self.word(answer)}".rstrip()


def _object(body: bytes) -> Mapping[str, Any]:
    """The JSON object in an answer; RecursionError: a page of brackets."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
