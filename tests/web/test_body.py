"""Reading bodies: not too much, not for too long, not too many."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.requests import ClientDisconnect

from moderator.domain.errors import Overloaded, UnsupportedMedia
from moderator.web.body import Bodies
from moderator.web.errors import BodyTooLarge, BodyTooSlow

BARE = {"type": "http", "headers": []}


def arriving(*parts, ends=True) -> Any:
    """A body that arrives in these parts."""
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    if ends:
        messages.append({"type": "http.request"})
    waiting = iter(messages)

    async def receive():
        try:
            return next(waiting)
        except StopIteration:
            return {"type": "http.disconnect"}

    return receive


def read(bodies, receive, scope=BARE) -> Any:
    """The body, read to its end."""

    async def reading() -> Any:
        async with bodies.read(scope, receive) as body:
            assert bodies.held == len(body)
            return body

    return asyncio.run(reading())


def test_the_parts_are_put_together():
    bodies = Bodies()
    assert read(bodies, arriving(b"si", b"", b"lly")) == b"silly"
    assert bodies.held == 0


def test_more_than_the_largest_is_refused_as_soon_as_it_is_more():
    """A chunked body says nothing of its length beforehand."""
    bodies = Bodies(largest=10)
    with pytest.raises(BodyTooLarge):
        read(bodies, arriving(*[b"12345"] * 1_000))
    assert bodies.held == 0
    assert read(bodies, arriving(b"1234567890")) == b"1234567890"


def test_one_that_does_not_come_in_time_is_given_up():
    async def never():
        await asyncio.sleep(60)

    bodies = Bodies(deadline_s=0.01)
    with pytest.raises(BodyTooSlow):
        read(bodies, never)
    assert bodies.held == 0


def test_one_that_breaks_off_is_nobodys():
    bodies = Bodies()
    with pytest.raises(ClientDisconnect):
        read(bodies, arriving(b"sil", ends=False))
    assert bodies.held == 0


def test_bodies_are_refused_while_too_many_are_held():
    async def scenario() -> None:
        bodies = Bodies(largest=10, most_held=15)
        async with bodies.read(BARE, arriving(b"1234567890")):
            with pytest.raises(Overloaded):
                async with bodies.read(BARE, arriving(b"123456")):
                    pytest.fail("it was taken")
            assert bodies.held == 10
        async with bodies.read(BARE, arriving(b"123456")) as body:
            assert body == b"123456"

    asyncio.run(scenario())


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd", "GZIP", "identity, gzip"])
def test_a_compressed_one_is_refused(encoding):
    scope = {"type": "http", "headers": [(b"content-encoding", encoding.encode())]}
    with pytest.raises(UnsupportedMedia):
        read(Bodies(), arriving(b"x"), scope)


def test_identity_is_no_compression():
    scope = {"type": "http", "headers": [(b"content-encoding", b"identity")]}
    assert read(Bodies(), arriving(b"x"), scope) == b"x"


def test_a_timeout_of_the_work_itself_is_not_taken_for_a_slow_body():
    async def scenario() -> None:
        async with Bodies().read(BARE, arriving(b"x")):
            raise TimeoutError

    with pytest.raises(TimeoutError):
        asyncio.run(scenario())
