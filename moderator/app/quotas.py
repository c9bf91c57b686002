"""Quotas for keys that there are none of: most likely somebody mistyped a name."""

from __future__ import annotations

from collections.abc import Collection

from moderator.storage import keys
from moderator.storage.engine import Engine, read
from moderator.web.quotas import DEFAULT


def without_key(engine: Engine, quotas: Collection[str]) -> list[str]:
    """The names of quotas that no key in force bears, as its name or id. Raises Unavailable."""
    if not quotas:
        return []
    with read(engine) as tx:
        live = [key for key in keys.keys(tx) if key.revoked_at is None]
    return sorted({*quotas} - {DEFAULT} - {key.name for key in live} - {key.id for key in live})
