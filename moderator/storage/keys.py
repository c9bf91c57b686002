"""API keys and page logins: only digests are stored, so that a copy of the database opens nothing.

A key holds 256 random bits: a plain SHA-256 in a unique index is enough, and one look-up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select, update

from moderator.storage.tables import api_keys, page_logins


class KeyScope(StrEnum):
    """What a key may do; each includes the ones before it."""

    READ = "read"
    MODERATE = "moderate"
    ADMIN = "admin"

    def includes(self, needed: KeyScope) -> bool:
        """Whether this scope is enough where `needed` is asked for."""
        order = list(KeyScope)
        return order.index(self) >= order.index(needed)


class LoginKind(StrEnum):
    """A link is used up by opening it; a session lasts until it ends."""

    LINK = "link"
    SESSION = "session"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as it may be listed. `id` is its public part."""

    id: str
    scope: KeyScope
    name: str
    created_at: datetime
    revoked_at: datetime | None = None


def digest_of(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def add_key(tx: Connection, key: ApiKey, secret: str) -> None:
    """Store a new key by its digest."""
    tx.execute(
        api_keys.insert().values(
            id=key.id,
            digest=digest_of(secret),
            scope=key.scope,
            name=key.name,
            created_at=key.created_at,
        )
    )


def keys_by_secret(tx: Connection, secrets: Iterable[str]) -> dict[str, ApiKey]:
    """The keys that secrets belong to; unknown and revoked ones are left out."""
    by_digest = {digest_of(secret): secret for secret in secrets}
    statement = select(api_keys).where(
        api_keys.c.digest.in_(by_digest), api_keys.c.revoked_at.is_(None)
    )
    return {by_digest[row.digest]: _key(row) for row in tx.execute(statement)}


def keys(tx: Connection) -> list[ApiKey]:
    """All keys, revoked ones too, oldest first."""
    rows = tx.execute(select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id))
    return [_key(row) for row in rows]


def revoke_key(tx: Connection, key_id: str, now: datetime) -> bool:
    """Revoke a key; False where there is none of that id. Revoking twice changes nothing."""
    tx.execute(
        update(api_keys)
        .where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return tx.execute(select(api_keys.c.id).where(api_keys.c.id == key_id)).first() is not None


def add_login(
    tx: Connection, secret: str, *, kind: LoginKind, scope: KeyScope, expires_at: datetime
) -> None:
    """Store a one-time link or a session by its digest."""
    tx.execute(
        page_logins.insert().values(
            digest=digest_of(secret), kind=kind, scope=scope, expires_at=expires_at
        )
    )


def session(tx: Connection, secret: str, now: datetime) -> KeyScope | None:
    """What a session may do, None where there is none or it has ended."""
    row = tx.execute(
        select(page_logins.c.scope).where(
            page_logins.c.digest == digest_of(secret),
            page_logins.c.kind == LoginKind.SESSION,
            page_logins.c.expires_at > now,
        )
    ).first()
    return None if row is None else KeyScope(row.scope)


def end_login(tx: Connection, secret: str, *, kind: LoginKind, now: datetime) -> KeyScope | None:
    """Use up a link or close a session: what it was good for, None where it no longer was.

    One statement: of two that come at once with the same link one wins.
    """
    row = tx.execute(
        page_logins.delete()
        .where(page_logins.c.digest == digest_of(secret), page_logins.c.kind == kind)
        .returning(page_logins.c.scope, page_logins.c.expires_at)
    ).first()
    return None if row is None or row.expires_at <= now else KeyScope(row.scope)


def _key(row: Any) -> ApiKey:
    return ApiKey(
        id=row.id,
        scope=KeyScope(row.scope),
        name=row.name,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
    )
