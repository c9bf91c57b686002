"""Who asks on the Perspective API's routes: they alone take a key in the query string."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.types import Scope

from moderator.web.auth import Door, bearer_of
from moderator.web.compat.perspective.errors import key_refused
from moderator.web.errors import KeyMissing
from moderator.web.key_checks import KeyChecks

PUBLIC = "perspective"  # the name by which the configuration opens these routes

_NONE = (
    "Method doesn't allow unregistered callers (callers without established identity). Please use"
    " API Key or other form of API consumer identity to call this API."
)
_WRONG = "API key not valid. Please pass a valid API key."


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """Lets in whoever has a key, of any scope, or everybody where the routes are public.

    The Perspective API has one key for scoring and for feedback, so `read` is enough for both.
    """

    door: Door
    checks: KeyChecks

    async def key_id(self, scope: Scope, key: str | None) -> str | None:
        """The public id of the key that a request came with: `key`, or one in its header.

        None where the routes are public and there is none that is known: a site that moves over
        may leave its old key where it is. Raises Refusal, KeyMissing, TooManyWrongKeys,
        QuotaExceeded.
        """
        is_public = PUBLIC in self.door.runtime.in_force.public
        secret = key or _header(scope, b"x-goog-api-key")
        if secret is not None:
            return await self._by_secret(secret, scope, is_public=is_public)
        if _header(scope, b"authorization") is not None and not is_public:
            bearer = bearer_of(scope)
            found = None if bearer is None else await self.checks.submit(bearer)
            return self.door.good(found, scope).id
        if is_public:
            return None
        raise key_refused(403, _NONE, "CONSUMER_IDENTITY_MISSING")

    async def _by_secret(self, secret: str, scope: Scope, *, is_public: bool) -> str | None:
        found = await self.checks.submit(secret)
        if is_public:
            return None if found is None else found.id
        try:
            return self.door.good(found, scope).id
        except KeyMissing:
            raise key_refused(400, _WRONG, "API_KEY_INVALID") from None


def _header(scope: Scope, wanted: bytes) -> str | None:
    values = [value for name, value in scope["headers"] if name == wanted]
    return values[0].decode("latin-1") if len(values) == 1 else None
