"""What is measured, a process each: `python -m tests.bench.served echo|moderator PORT`."""

from __future__ import annotations

import os
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from moderator.app import Service, create_app, load_scorer
from moderator.config import load_settings, server_settings
from moderator.intake import MAX_BATCH
from moderator.web.logs import configure as configure_logs


def echo() -> ASGIApp:
    """The least a JSON service can do: read the body, answer with it."""

    async def answer(request: Request) -> JSONResponse:
        return JSONResponse(await request.json())

    return Starlette(routes=[Route("/{path:path}", answer, methods=["POST"])])


def moderator() -> ASGIApp:
    """The service as `moderator serve` runs it; $MAX_BATCH limits a transaction's deliveries."""
    configure_logs("ERROR")
    server = server_settings(os.environ)
    settings = load_settings(server.config_path, os.environ)
    limit = int(os.environ.get("MAX_BATCH", MAX_BATCH))
    return create_app(Service(settings, server, os.environ, load_scorer(settings), max_batch=limit))


if __name__ == "__main__":
    name, port = sys.argv[1:]
    uvicorn.run(
        {"echo": echo, "moderator": moderator}[name](),
        host="127.0.0.1",
        port=int(port),
        log_config=None,
        access_log=False,
    )
