"""A route of somebody else's contract: a key as its clients send it, JSON in, JSON out.

What goes wrong is told in that contract's own shape: see dialects.py.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from moderator.sources.members import Members, object_at
from moderator.sources.strict_json import parse
from moderator.storage.keys import ApiKey
from moderator.web.answers import send_json
from moderator.web.auth import Door
from moderator.web.body import Bodies


@dataclass(frozen=True, slots=True, eq=False)
class JsonDoor:
    """One route; `work` makes of a body the answer, and says how many texts were scored for it.

    `public` is the name by which the configuration opens it to everybody. Else it takes a key of
    any scope, in `X-API-KEY` or as a bearer.
    """

    bodies: Bodies
    door: Door
    public: str
    work: Callable[[Members], Awaitable[tuple[object, int]]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises what `work` does, BadPayload, KeyMissing, TooManyWrongKeys, BodyTooLarge, ..."""
        runtime, key = self.door.runtime, None
        if self.public not in runtime.in_force.public:
            key = await run_in_threadpool(self._key, scope)
        async with self.bodies.read(scope, receive) as body:
            told, texts = await self.work(object_at(parse(body), ""))
        if key is not None:
            runtime.usage.scored(key.id, runtime.clock(), texts)
        await send_json(send, told)

    def _key(self, scope: Scope) -> ApiKey:
        given = [value for name, value in scope["headers"] if name == b"x-api-key"]
        if len(given) == 1:
            return self.door.key_by_secret(given[0].decode("latin-1"), scope)
        return self.door.key_of(scope)
