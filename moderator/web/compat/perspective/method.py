"""What both methods of the Perspective API have around them: parameters, key, body, form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from moderator.domain.errors import UnsupportedMedia
from moderator.web.body import Bodies
from moderator.web.compat.perspective.access import Access
from moderator.web.compat.perspective.errors import MEDIA, Refusal, written
from moderator.web.compat.perspective.parameters import parameters
from moderator.web.compat.perspective.proto_json import read_body

Message = dict[str, object]
# What one method does with a message of its own and the public id of the caller's key.
Work = Callable[[Message, str | None], Awaitable[Message]]


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """`POST /v1alpha1/comments:...`: a message in, a message out. `takes` names the message."""

    bodies: Bodies
    access: Access
    takes: str
    work: Work

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises what says nothing of this API: an unknown bearer, no room, no database."""
        try:
            asked = parameters(scope)
            key_id = await self.access.key_id(scope, asked.key)
            _require_json(scope)
            async with self.bodies.read(scope, receive) as body:
                told = await self.work(read_body(body, self.takes), key_id)
        except Refusal as refusal:
            await send_google(send, refusal.code, refusal.body())
            return
        part = asked.selection.of(told)
        await send_google(send, 200, written({} if part is None else part, pretty=asked.pretty))


async def send_google(send: Send, status: int, body: bytes) -> None:
    """Answer with JSON under the content type that Google's APIs give it."""
    headers = [
        (b"content-type", MEDIA.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _require_json(scope: Scope) -> None:
    """Refuse a body that says it is something else; one that says nothing is taken as JSON."""
    given = [value for name, value in scope["headers"] if name == b"content-type"]
    for value in given:
        media = value.decode("latin-1").partition(";")[0].strip().lower()
        if media not in ("", "application/json", "text/json", "text/plain"):
            raise UnsupportedMedia("the content type must be application/json")
