"""The providers that channels hand JSON to: how to reach a stand-in, and how each says yes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moderator.channels import KINDS
from moderator.channels.json_channel import JsonChannel
from moderator.channels.outbound import Outbound
from tests.receivers import HttpReceiver, HttpReply

CANARY = "CanaryOfTheWebhook"  # part of every secret here
SECRET = "CanaryOfTheWebhook-and-then-some"


def replying(status: int, content: object, **headers: str) -> HttpReply:
    """A JSON answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpReply(status=status, body=json.dumps(content).encode(), headers=named)


@dataclass(frozen=True, kw_only=True)
class Provider:
    """`settings` are what it takes to send to an origin; `forms` is how often a refused message is
    tried, `alike` what its sensible answers are called."""

    kind: str
    called: str
    settings: Callable[[str], dict[str, Any]]
    yes: HttpReply
    forms: int = 1

    def channel(
        self, receiver: HttpReceiver, *, deadline_s: float = 10.0, **settings: Any
    ) -> JsonChannel[Any]:
        """A channel that sends to the receiver."""
        facts = {"allow_hosts": [receiver.host_port], **self.settings(receiver.origin)}
        model = KINDS[self.kind].settings.model_validate({**facts, **settings})
        outbound = Outbound(allow_hosts=(receiver.host_port,), deadline_s=deadline_s)
        kind: Any = KINDS[self.kind].channel
        channel = kind("mods", model, outbound=outbound)
        assert isinstance(channel, JsonChannel)
        return channel


DISCORD = Provider(
    kind="discord",
    called="Discord",
    settings=lambda origin: {"url": f"{origin}/api/webhooks/42/{CANARY}?thread_id=7"},
    yes=replying(200, {"id": "1042", "type": 0, "content": ""}),
    forms=2,
)
TEAMS = Provider(
    kind="teams",
    called="Teams",
    settings=lambda origin: {
        "url": f"{origin}/workflows/a/triggers/manual/paths/invoke?sig={CANARY}"
    },
    yes=HttpReply(status=202, body=b""),
)
TELEGRAM = Provider(
    kind="telegram",
    called="Telegram",
    settings=lambda origin: {
        "server": origin,
        "token": f"123456789:{CANARY}-and-then-some-12",
        "chat": -1001234567890,
    },
    yes=replying(200, {"ok": True, "result": {"message_id": 5}}),
    forms=2,
)
MATRIX = Provider(
    kind="matrix",
    called="Matrix",
    settings=lambda origin: {
        "server": origin,
        "token": f"syt_{CANARY}",
        "room": "!pond:example.org",
    },
    yes=replying(200, {"event_id": "$1042"}),
)
NTFY = Provider(
    kind="ntfy",
    called="ntfy",
    settings=lambda origin: {"server": origin, "topic": CANARY, "token": f"tk_{CANARY}"},
    yes=replying(200, {"id": "x1042", "event": "message", "topic": "t"}),
)
PAGERDUTY = Provider(
    kind="pagerduty",
    called="PagerDuty",
    settings=lambda origin: {"server": origin, "routing_key": f"{CANARY}12345678901234"},
    yes=replying(202, {"status": "success", "message": "Event processed", "dedup_key": "k"}),
    forms=2,
)
WEBHOOK = Provider(
    kind="webhook",
    called="the receiver",
    settings=lambda origin: {"url": f"{origin}/alerts/{CANARY}", "secrets": [SECRET]},
    yes=HttpReply(status=204, body=b""),
)
PROVIDERS = (DISCORD, TEAMS, TELEGRAM, MATRIX, NTFY, PAGERDUTY, WEBHOOK)
# Those whose yes is more than a 2xx. Standard Webhooks has no other.
WITH_PROOF = tuple(each for each in PROVIDERS if each is not WEBHOOK)


def texts_in(content: Any) -> list[str]:
    """Every text of some JSON."""
    if isinstance(content, dict):
        return [text for each in content.values() for text in texts_in(each)]
    if isinstance(content, list):
        return [text for each in content for text in texts_in(each)]
    return [content] if isinstance(content, str) else []
