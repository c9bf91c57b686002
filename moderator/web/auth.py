"""Who asks: API keys in the Authorization header, and links that open the moderators' pages."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime

from moderator.storage import keys
from moderator.storage.keys import KeyScope, LoginKind
from moderator.web.runtime import Connection


def new_key() -> tuple[str, str]:
    """A fresh API key: its public id, and the secret `mod_<id>_<256 random bits>`."""
    key_id = base64.b32encode(secrets.token_bytes(5)).decode().lower()
    return key_id, f"mod_{key_id}_{secrets.token_urlsafe(32)}"


def new_login_link(tx: Connection, scope: KeyScope, expires_at: datetime) -> str:
    """The path of a link that opens the pages once, with this scope, before `expires_at`."""
    token = secrets.token_urlsafe(32)
    keys.add_login(tx, token, kind=LoginKind.LINK, scope=scope, expires_at=expires_at)
    return f"/login/{token}"
