"""Reading a body that anybody may have sent: not too much, not for too long, not too many."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from moderator.domain.errors import Overloaded, UnsupportedMedia
from moderator.web.errors import BodyTooLarge, BodyTooSlow

LARGEST = 1 << 20  # bytes of one body
DEADLINE_S = 10.0  # from the first look at a body until its last byte
MOST_HELD = 32 << 20  # bytes of bodies held at once, in one process


class Bodies:
    """Reads the bodies of one process, and knows how much of them is in memory."""

    def __init__(
        self,
        *,
        largest: int = LARGEST,
        deadline_s: float = DEADLINE_S,
        most_held: int = MOST_HELD,
    ) -> None:
        self._largest = largest
        self._deadline_s = deadline_s
        self._most_held = most_held
        self.held = 0

    @asynccontextmanager
    async def read(self, scope: Scope, receive: Receive) -> AsyncIterator[bytes]:
        """The body of a request, which counts as held until the block ends.

        Raises UnsupportedMedia for a compressed one, BodyTooLarge, BodyTooSlow, Overloaded, and
        ClientDisconnect where it broke off.
        """
        refuse_encoding(scope)
        refuse_length(scope, self._largest)
        mine = _Part()
        try:
            body = await self._in_time(receive, mine)
            yield body
        finally:
            self.held -= mine.size

    async def _in_time(self, receive: Receive, mine: _Part) -> bytes:
        try:
            async with asyncio.timeout(self._deadline_s):
                return await self._collect(receive, mine)
        except TimeoutError:
            raise BodyTooSlow(f"it was not here after {self._deadline_s:g} s") from None

    async def _collect(self, receive: Receive, mine: _Part) -> bytes:
        parts: list[bytes] = []
        while True:
            message = await receive()
            if message["type"] != "http.request":
                raise ClientDisconnect
            part = message.get("body", b"")
            parts.append(part)
            mine.size += len(part)
            self.held += len(part)
            if mine.size > self._largest:
                raise _too_large(self._largest)
            if self.held > self._most_held:
                raise Overloaded("too many bodies are being read")
            if not message.get("more_body", False):
                return b"".join(parts)


@dataclass(slots=True)
class _Part:
    """How many of the bytes held belong to one request."""

    size: int = 0


def refuse_encoding(scope: Scope) -> None:
    """Refuse a compressed body: nothing is ever inflated."""
    for name, value in scope["headers"]:
        if name == b"content-encoding" and value.strip().lower() not in (b"", b"identity"):
            raise UnsupportedMedia("the body must not be compressed")


def refuse_length(scope: Scope, largest: int = LARGEST) -> None:
    """Refuse a body that says of itself that it is too large, before any of it is read."""
    for name, value in scope["headers"]:
        if name == b"content-length" and (not value.isdigit() or int(value[:20]) > largest):
            raise _too_large(largest)


def _too_large(largest: int) -> BodyTooLarge:
    return BodyTooLarge(f"more than {largest:,} bytes")
