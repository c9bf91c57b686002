"""Who asks: API keys in the Authorization header, and links that open the moderators' pages."""

from __future__ import annotations

import base64
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request
from starlette.types import Scope

from moderator.storage import keys
from moderator.storage.engine import read
from moderator.storage.keys import ApiKey, KeyScope, LoginKind
from moderator.web.errors import KeyMissing, QuotaExceeded, ScopeTooSmall, TooManyWrongKeys
from moderator.web.hops import client_of
from moderator.web.quotas import quota_of
from moderator.web.runtime import Connection, Runtime

MOST_WRONG = 100  # keys that one address may get wrong within `WRONG_WITHIN`
WRONG_WITHIN = timedelta(minutes=1)
MOST_ADDRESSES = 10_000  # remembered at once

_KEY = re.compile(r"mod_[a-z2-7]{8}_[A-Za-z0-9_-]{43}")
_BEARER = re.compile(rb"[Bb]earer +(\S{1,128})")
_ASKS = "send it as: Authorization: Bearer mod_..."


def new_key() -> tuple[str, str]:
    """A fresh API key: its public id, and the secret `mod_<id>_<256 random bits>`."""
    key_id = base64.b32encode(secrets.token_bytes(5)).decode().lower()
    return key_id, f"mod_{key_id}_{secrets.token_urlsafe(32)}"


def new_login_link(tx: Connection, scope: KeyScope, expires_at: datetime) -> str:
    """The path of a link that opens the pages once, with this scope, before `expires_at`."""
    token = secrets.token_urlsafe(32)
    keys.add_login(tx, token, kind=LoginKind.LINK, scope=scope, expires_at=expires_at)
    return f"/login/{token}"


class WrongKeys:
    """How many keys each address got wrong of late, in this process alone."""

    def __init__(self, most: int = MOST_WRONG, within: timedelta = WRONG_WITHIN) -> None:
        self._most = most
        self._within = within
        self._wrong: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def __len__(self) -> int:
        """How many addresses are remembered."""
        return len(self._wrong)

    def count(self, address: str, now: datetime) -> None:
        """One more wrong key from `address`. Raises TooManyWrongKeys where it is one too many."""
        since, wrong = self._wrong.pop(address, (now, 0))
        if now - since >= self._within:
            since, wrong = now, 0
        self._wrong[address] = (since, wrong + 1)
        if len(self._wrong) > MOST_ADDRESSES:
            self._wrong.popitem(last=False)
        if wrong >= self._most:
            left = since + self._within - now
            raise TooManyWrongKeys(
                "good keys still work", retry_after_s=int(left.total_seconds()) + 1
            )


@dataclass(frozen=True, slots=True, eq=False)
class Door:
    """Knows keys, and counts those who guess."""

    runtime: Runtime
    wrong_keys: WrongKeys

    def key_of(self, scope: Scope) -> ApiKey:
        """The key a request was sent with. Reads the database.

        Raises KeyMissing, the same for none, a malformed, an unknown and a revoked one,
        TooManyWrongKeys after several wrong ones from one address, and QuotaExceeded.
        """
        secret = bearer_of(scope)
        if secret is None:
            raise KeyMissing(_ASKS)
        return self.key_by_secret(secret, scope)

    def key_by_secret(self, secret: str, scope: Scope) -> ApiKey:
        """The key of a secret that came with the request `scope` is of; raises as `key_of`."""
        return self.good(self.known(secret), scope)

    def good(self, key: ApiKey | None, scope: Scope) -> ApiKey:
        """The key that was found for the request `scope` is of; raises as `key_of` without one."""
        if key is not None:
            return key
        self.wrong_keys.count(client_of(scope), self.runtime.clock())
        raise KeyMissing(_ASKS)

    def known(self, secret: str) -> ApiKey | None:
        """The key of a secret, None where there is none in force; a request with it is counted.
        Reads the database. Raises QuotaExceeded.
        """
        (found,) = self.each_known([secret])
        if isinstance(found, QuotaExceeded):
            raise found
        return found

    def each_known(self, secrets: Sequence[str]) -> list[ApiKey | QuotaExceeded | None]:
        """`known` of each, by one question of the database."""
        wanted = {secret for secret in secrets if _KEY.fullmatch(secret)}
        found: Mapping[str, ApiKey] = {}
        if wanted:
            with read(self.runtime.engine) as tx:
                found = keys.keys_by_secret(tx, wanted)
        return [self._counted(found.get(secret)) for secret in secrets]

    def _counted(self, key: ApiKey | None) -> ApiKey | QuotaExceeded | None:
        try:
            if key is not None:
                self._count(key)
        except QuotaExceeded as error:
            return error
        return key

    def _count(self, key: ApiKey) -> None:
        runtime = self.runtime
        quota = quota_of(key, runtime.in_force.quotas)
        try:
            runtime.usage.request(runtime.engine, key.id, quota, runtime.clock())
        except QuotaExceeded:
            runtime.metrics.key_request(key.id, "refused")
            raise
        runtime.metrics.key_request(key.id, "admitted")

    def admit(self, scope: Scope, needed: KeyScope) -> ApiKey:
        """The key of a request that needs the scope `needed`; raises as `key_of`, and
        ScopeTooSmall.
        """
        key = self.key_of(scope)
        if not key.scope.includes(needed):
            raise ScopeTooSmall(f"it has the scope {key.scope}, and this needs {needed}")
        return key


@cache
def needs(needed: KeyScope) -> Callable[[Request], ApiKey]:
    """A dependency: the key of the request, which has at least this scope."""

    def admitted(request: Request) -> ApiKey:
        door: Door = request.app.state.door
        return door.admit(request.scope, needed)

    return admitted


Moderator = Annotated[ApiKey, Depends(needs(KeyScope.MODERATE))]


def bearer_of(scope: Scope) -> str | None:
    """What stands in the Authorization header as a bearer token, if anything does.

    Its length is checked before anything is done with it. Keys in the query string do not count:
    addresses end up in logs and histories.
    """
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    match = _BEARER.fullmatch(given[0]) if len(given) == 1 else None
    return None if match is None else match[1].decode("latin-1")
