"""Slack, through an incoming webhook.

Its answers: docs.slack.dev/messaging/sending-messages-using-incoming-webhooks.
"""

from __future__ import annotations

import logging
import re
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from moderator.channels.dialling import CertificateRefused
from moderator.channels.outbound import Outbound, Reply
from moderator.channels.patience import Patience
from moderator.channels.retry_after import UNCLEAR_S
from moderator.channels.settings import AllowHosts, CaFile, ChannelSettings, Excerpt
from moderator.channels.slack_blocks import payload, plain_payload
from moderator.channels.web_address import ELSEWHERE
from moderator.channels.wording import word
from moderator.domain.errors import ChannelError, Fault
from moderator.domain.message import Message
from moderator.domain.web_host import plain_url

HOST = "hooks.slack.com"

# Slack answers in one word of these letters; anything else came from somebody in between.
_WORD = re.compile(rb"[a-z_]{2,40}")
# 4xx that speak of the channel rather than of the message, by code.
_BROKEN = frozenset({401, 403, 404, 405, 407, 410, 451})
_BROKEN_WORDS = frozenset({"invalid_token", "user_not_found", "channel_not_found", "no_service"})
_PASSING = frozenset({408, 421, 425})

logger = logging.getLogger(__name__)


class SlackSettings(ChannelSettings):
    """The settings of a Slack channel."""

    kind: Literal["slack"] = Field("slack", description="Messages to a Slack channel.")
    allow_hosts: AllowHosts = ()
    url: SecretStr = Field(
        description="The incoming webhook's URL, https://hooks.slack.com/services/… It is a "
        "password: whoever has it can write to the channel."
    )
    excerpt: Excerpt = 400
    ca_file: CaFile = None

    @field_validator("url")
    @classmethod
    def _is_slack(cls, url: SecretStr, info: ValidationInfo) -> SecretStr:
        _check_url(url.get_secret_value(), info.data.get("allow_hosts", ()))
        return url


def _check_url(url: str, allow_hosts: tuple[str, ...]) -> None:
    """Raise ValueError, without the URL in it, for one that is no place to send alerts to."""
    parts, target = plain_url(url)
    if target in allow_hosts:
        return
    if parts.scheme != "https" or parts.netloc.lower() != HOST:
        raise ValueError(f"it must start with https://{HOST}/; {ELSEWHERE}")
    if len(parts.path) < 2:
        raise ValueError("its path, the webhook's secret part, is missing")


class SlackChannel:
    """One incoming webhook: one far end, one Slack channel."""

    kind = "slack"
    recipients = ("",)

    def __init__(
        self,
        name: str,
        settings: SlackSettings,
        *,
        outbound: Outbound | None = None,
    ) -> None:
        self._name = name
        self._settings = settings
        self._outbound = outbound or Outbound(
            allow_hosts=settings.allow_hosts, ca_file=settings.ca_file
        )
        self._patience = Patience()

    def send(self, message: Message, recipient: str) -> str:
        """Post the alert; once more without blocks where Slack does not like their form."""
        wording = word(message, self._settings.excerpt)
        reply = self._post(payload(wording))
        if _fault_of(reply) is Fault.REFUSED:
            logger.error("channel %s: Slack answered %s to our blocks", self._name, _said(reply))
            reply = self._post(plain_payload(wording))
        if (error := _error_of(reply)) is not None:
            raise error
        if reply.status != 200:
            logger.warning("channel %s: Slack took it and answered %s", self._name, _said(reply))
        return _said(reply)

    def _post(self, content: dict[str, object]) -> Reply:
        """One request. Raises ChannelError where what came back is not an answer of Slack's."""
        try:
            reply = self._outbound.post(self._settings.url.get_secret_value(), content)
        except CertificateRefused as exc:
            raise self._patience.tried(exc) from None
        if _is_strange(reply):
            words = f"an answer that is not Slack's: {_said(reply)}"
            raise self._patience.tried(ChannelError(words, maybe_sent=not reply.is_whole))
        self._patience.restored()
        return reply


def _is_taken(reply: Reply) -> bool:
    """Slack's answer is `ok`; 204 has no room for it."""
    return reply.status == 204 or (reply.status // 100 == 2 and reply.body.strip() == b"ok")


def _is_strange(reply: Reply) -> bool:
    """A redirect or a page of somebody else's: a captive portal, a proxy, a typing error."""
    return reply.status < 400 and not _is_taken(reply)


def _fault_of(reply: Reply) -> Fault | None:
    if _is_taken(reply):
        return None
    if reply.status >= 500 or reply.status == 429 or reply.status in _PASSING:
        return Fault.PASSING
    if reply.status in _BROKEN or reply.body.strip().decode("latin-1") in _BROKEN_WORDS:
        return Fault.BROKEN
    return Fault.REFUSED


def _error_of(reply: Reply) -> ChannelError | None:
    """What a reply that came from Slack means; None where the message was taken."""
    fault = _fault_of(reply)
    if fault is None:
        return None
    wait = reply.retry_after_s if fault is Fault.PASSING else None
    if reply.status == 429 and wait is None:
        wait = UNCLEAR_S
    return ChannelError(
        f"Slack answered {_said(reply)}",
        fault=fault,
        retry_after_s=wait,
        hold_channel=wait is not None,
        maybe_sent=reply.status in (502, 504),  # a gateway that lost sight of its own request
    )


def _said(reply: Reply) -> str:
    """The code and Slack's word; never a text of somebody in between, which may hold anything."""
    answer = reply.body.strip()
    return f"{reply.status} {answer.decode()}" if _WORD.fullmatch(answer) else str(reply.status)
