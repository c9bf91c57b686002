"""The gate: too much is sent away before it costs, each kind in its own share."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from moderator.domain.errors import Overloaded
from moderator.web.errors import BadRequest, BodyTooLarge, HeadTooLarge
from moderator.web.gate import SHARES, Gate, Share


def scope_of(path="/", *headers, raw_path=None, query=b"") -> Any:
    """A request's head."""
    return {
        "type": "http",
        "path": path,
        "raw_path": raw_path or path.encode(),
        "query_string": query,
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }


SILENT: Any = None  # nobody sends, nobody listens


class Held:
    """An application whose requests wait until they are let go."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()
        self.under_way = 0

    async def __call__(self, scope, receive, send):
        self.under_way += 1
        await self.let_go.wait()
        self.under_way -= 1


SMALL = (
    Share(name="comments", prefixes=("/webhooks/",), limit=2),
    Share(name="health", prefixes=("/healthz",), limit=1),
    Share(name="look-ups", prefixes=("/",), limit=1),
)


def test_one_kind_over_its_limit_leaves_the_others_their_share():
    async def scenario() -> None:
        app = Held()
        gate = Gate(app, shares=SMALL)
        tasks = [
            asyncio.create_task(gate(scope_of(path), SILENT, SILENT))
            for path in ("/webhooks/a", "/webhooks/b", "/healthz", "/v1/scores")
        ]
        await asyncio.sleep(0)
        for path in ("/webhooks/a", "/healthz", "/"):
            with pytest.raises(Overloaded):
                await gate(scope_of(path), SILENT, SILENT)
        assert app.under_way == 4
        app.let_go.set()
        await asyncio.gather(*tasks)
        await gate(scope_of("/webhooks/a"), SILENT, SILENT)
        assert not +gate.under_way

    asyncio.run(scenario())


def test_a_request_that_fails_gives_its_place_back():
    async def failing(scope, receive, send):
        raise RuntimeError

    async def scenario() -> None:
        gate = Gate(failing, shares=SMALL)
        for _ in range(5):
            with pytest.raises(RuntimeError):
                await gate(scope_of("/"), SILENT, SILENT)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("scope", "error"),
    [
        (scope_of("/", *[(f"x-{n}", "1") for n in range(101)]), HeadTooLarge),
        (scope_of("/", ("x", "y" * 40_000)), HeadTooLarge),
        (scope_of("/", raw_path=b"/" + b"x" * 8_192), HeadTooLarge),
        (scope_of("/", query=b"x" * 8_192), HeadTooLarge),
        (scope_of("/", ("content-length", "5"), ("transfer-encoding", "chunked")), BadRequest),
        (scope_of("/", ("content-length", "5"), ("content-length", "5")), BadRequest),
        (scope_of("/", ("content-length", "1048577")), BodyTooLarge),
        (scope_of("/", ("content-length", "9" * 5_000)), BodyTooLarge),
        (scope_of("/", ("content-length", "+5")), BodyTooLarge),
    ],
)
def test_a_head_that_is_too_large_or_contradicts_itself_never_gets_in(scope, error):
    async def scenario() -> None:
        app = Held()
        with pytest.raises(error):
            await Gate(app)(scope, SILENT, SILENT)
        assert app.under_way == 0

    asyncio.run(scenario())


def test_every_path_has_a_share_and_health_has_one_of_its_own():
    assert SHARES[-1].prefixes == ("/",)
    assert [share.name for share in SHARES] == ["comments", "health", "look-ups"]
