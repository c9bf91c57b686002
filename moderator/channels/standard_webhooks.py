"""The signature of Standard Webhooks, as a sender makes it (https://www.standardwebhooks.com).

It is the scheme that the generic source checks: one moderator can tell another.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime

PREFIX = "whsec_"
MAX_ID = 128

_NOT_IN_AN_ID = re.compile("[^A-Za-z0-9_-]")


def key_of(secret: str) -> bytes:
    """The key in a secret: `whsec_` and base64, else the text's own bytes. Raises ValueError."""
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        raise ValueError(f"what follows {PREFIX} is not base64") from None


def webhook_id(key: str) -> str:
    """A message's key as a `webhook-id`, which may hold no dot: one would end the id early.

    "01JD9Q.mods" -> "01JD9Q_mods"
    """
    return _NOT_IN_AN_ID.sub("_", key)[:MAX_ID]


def signed_headers(
    keys: Iterable[bytes], delivery_id: str, moment: datetime, body: bytes
) -> Mapping[str, str]:
    """The three headers of a signed request, with a signature by each key."""
    timestamp = str(int(moment.timestamp()))
    signed = f"{delivery_id}.{timestamp}.".encode() + body
    signatures = (base64.b64encode(hmac.digest(key, signed, "sha256")).decode() for key in keys)
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
