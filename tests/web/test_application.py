"""The application as a server sees it: starting and stopping, WebSockets, answers cut in half."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import Any

import pytest

from moderator.sources.generic import GenericSettings, GenericSource
from moderator.web import build
from moderator.web.frame import Frame
from tests.web.site import SECRET


@pytest.fixture
def database_url(sqlite_url):
    """SQLite alone."""
    return sqlite_url


def spoken(app, scope, *messages) -> list[Any]:
    """What an application says in a conversation in which it hears these messages."""
    said = []

    async def conversation() -> None:
        heard = iter(messages)

        async def receive() -> Any:
            return next(heard)

        async def send(message) -> None:
            said.append(message)

        await app(scope, receive, send)

    asyncio.run(conversation())
    return said


def test_what_was_given_to_run_meanwhile_runs_from_start_to_stop(site):
    told = []

    @asynccontextmanager
    async def lifespan(app):
        told.append("started")
        yield
        told.append("stopped")

    app = build(site.runtime, lifespan=lifespan)
    said = spoken(
        app,
        {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}},
        {"type": "lifespan.startup"},
        {"type": "lifespan.shutdown"},
    )
    assert [message["type"] for message in said] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]
    assert told == ["started", "stopped"]


def test_a_websocket_is_closed(site):
    scope = {"type": "websocket", "path": "/", "headers": [], "query_string": b""}
    (said,) = spoken(site.app, scope, {"type": "websocket.connect"})
    assert said["type"] == "websocket.close"


def request(path="/") -> dict[str, Any]:
    """The head of a GET."""
    return {
        "type": "http",
        "method": "GET",
        "path": path,
        "scheme": "http",
        "headers": [],
        "query_string": b"",
    }


def test_an_answer_that_breaks_off_is_cut_and_never_finished_by_an_error(site):
    async def half(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("silly goose")

    said: list[Any] = []
    frame = Frame(half, runtime=site.runtime, templates={})

    async def send(message) -> None:
        said.append(message)

    with pytest.raises(RuntimeError):
        asyncio.run(frame(request(), None, send))  # type: ignore[arg-type]
    assert [message["type"] for message in said] == ["http.response.start"]


def test_a_client_that_went_away_is_counted_as_such(site):
    answer = spoken(
        site.app,
        request() | {"method": "POST", "path": "/predict"},
        {"type": "http.disconnect"},
    )
    assert answer == []
    told = site.client.get("/metrics", headers=site.key()).text
    assert 'method="POST",route="/predict",status="499"' in told


def test_a_secret_that_is_being_rotated_out_is_counted(site):
    new = "t4Kp9Xw2Vb7Nc1Zq6Lm3Jd8Rf5Gh0SyA"
    source = GenericSource("forum", GenericSettings(kind="generic", secrets=[new, SECRET]))
    site.configure(sources={"forum": source})
    assert site.send("hello").status_code == 200
    told = site.client.get("/metrics", headers=site.key()).text
    assert 'moderator_old_secret_deliveries_total{source="forum"} 1.0' in told
