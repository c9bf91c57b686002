"""Every route of the service, in one place."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI
from starlette.routing import Route

from moderator.web import operations
from moderator.web.runtime import Runtime

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build(runtime: Runtime, *, lifespan: Lifespan | None = None) -> FastAPI:
    """The web application on top of `runtime`; `lifespan` runs while it serves."""
    app = FastAPI(
        title="moderator",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.runtime = runtime
    app.router.routes.append(Route("/healthz", operations.healthz, methods=["GET"]))
    return app
