"""Requests as boards make them, rightly signed unless a test changes something."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from moderator.domain.comment import Delivery
from moderator.sources import KINDS, build
from moderator.sources.base import Headers, Source
from moderator.sources.signature import sign, sign_hex

SECRET = "whsec_bXktdmVyeS1vd24ta2V5LWZvci10aGVzZS10ZXN0cw=="
NEXT_SECRET = "whsec_dGhlLXNlY3JldC10aGF0LWNvbWVzLWFmdGVyLWl0Lg=="
PLAIN_SECRET = "quite-a-long-text-0123456789"
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def source(kind: str, *secrets: str) -> Source:
    """The source `board` of a kind, with these secrets or that kind's usual one."""
    usual = SECRET if kind == "generic" else PLAIN_SECRET
    settings = KINDS[kind].settings(kind=kind, secrets=secrets or (usual,))
    return build("board", settings)


def encode(value: object) -> bytes:
    """JSON as a board would send it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def generic_headers(
    body: bytes, *, secret: str = SECRET, id: str = "msg_1", late_s: int = 0, **changes: str | None
) -> list[tuple[str, str]]:
    """The headers of a Standard Webhooks request, sent `late_s` seconds before NOW.

    `changes` replace headers (`webhook_id=…`) or, by None, leave them out.
    """
    timestamp = int(NOW.timestamp()) - late_s
    headers: dict[str, str | None] = {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secret, id, timestamp, body),
    }
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    return [(name, value) for name, value in headers.items() if value is not None]


def receive_generic(value: object) -> Delivery:
    """What the generic source makes of a signed JSON value."""
    body = value if isinstance(value, bytes) else encode(value)
    return source("generic").receive(generic_headers(body), body, NOW)


def created(**data: Any) -> dict[str, object]:
    """A `comment.created` with the least that one needs, and these members."""
    return {"type": "comment.created", "data": {"id": "42", "text": "a mild remark", **data}}


def discourse_headers(body: bytes, event: str, *, secret: str = PLAIN_SECRET) -> Headers:
    """The headers of a Discourse web hook."""
    return [
        ("content-type", "application/json"),
        ("x-discourse-instance", "https://forum.example"),
        ("x-discourse-event-id", "158765"),
        ("x-discourse-event-type", "post"),
        ("x-discourse-event", event),
        ("x-discourse-event-signature", sign_hex(secret, body, "sha256")),
    ]


def receive_discourse(event: str, value: object) -> Delivery:
    """What the Discourse source makes of a signed body."""
    body = encode(value)
    return source("discourse").receive(discourse_headers(body, event), body, NOW)


def nodebb_headers(body: bytes, *, secret: str = PLAIN_SECRET) -> Headers:
    """The headers of nodebb-plugin-webhooks."""
    return [
        ("content-type", "application/json"),
        ("x-webhook-signature", sign_hex(secret, body, "sha1")),
    ]


def receive_nodebb(value: object) -> Delivery:
    """What the NodeBB source makes of a signed body."""
    body = encode(value)
    return source("nodebb").receive(nodebb_headers(body), body, NOW)


def coral_body(value: object) -> bytes:
    """JSON as Coral writes it: `JSON.stringify(value, null, 2)`."""
    return json.dumps(value, ensure_ascii=False, indent=2).encode()


def coral_headers(body: bytes, *secrets: str, **changes: str | None) -> list[tuple[str, str]]:
    """The headers of a request of Coral's, with a signature by each secret."""
    signatures = [sign_hex(secret, body, "sha256") for secret in secrets or (PLAIN_SECRET,)]
    headers: dict[str, str | None] = {
        "content-type": "application/json",
        "user-agent": "Coral Moderation/9.11.8",
        "x-coral-signature": ",".join(signatures),
    }
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    return [(name, value) for name, value in headers.items() if value is not None]


def coral_question(text: str = "a mild remark", **changes: Any) -> dict[str, Any]:
    """What Coral asks of a phase, with top-level members replaced."""
    question = {
        "action": "NEW",
        "comment": {"body": text, "parentID": None},
        "author": {"id": "baf4e943-3594-4fcc-b2ba-3e8de7a76352", "role": "COMMENTER"},
        "story": {
            "id": "245b3856-b0a0-4d2f-a6bb-58c71f18d6a6",
            "url": "http://news.example/posts/a-story-url/",
        },
        "site": {"id": "a4bede88-2d2c-4424-bc18-4322a9e285a6"},
        "tenantID": "19ba5794-7eeb-4d46-a81b-c00c61672501",
        "tenantDomain": "coral.example",
    }
    return question | changes
