"""Every route of the service, in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route

from moderator.storage.keys import KeyScope
from moderator.web import openapi
from moderator.web.api import (
    alerts,
    backtests,
    configurations,
    folded,
    notices,
    precision,
    scores,
    summaries,
    thresholds,
    usage,
    verdicts,
)
from moderator.web.api.query import EachOnce
from moderator.web.auth import Door, WrongKeys, needs
from moderator.web.body import Bodies
from moderator.web.compat import doors, perspective
from moderator.web.compat.coral import CoralPhase
from moderator.web.compat.dialects import told
from moderator.web.compat.perspective.access import Access
from moderator.web.errors import Problem, http_problem, validation_problem
from moderator.web.frame import Frame
from moderator.web.gate import Gate
from moderator.web.key_checks import KeyChecks
from moderator.web.logs import request_id
from moderator.web.operations import Operations
from moderator.web.pages.screens import Pages, templates
from moderator.web.predict import Predict
from moderator.web.runtime import Runtime
from moderator.web.scoring import Scoring
from moderator.web.sessions import Visitors
from moderator.web.webhook import Webhook

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build(runtime: Runtime, *, lifespan: Lifespan | None = None) -> FastAPI:
    """The web application on top of `runtime`; `lifespan` runs while it serves."""
    door = Door(runtime, WrongKeys())
    bodies = Bodies()
    visitors = Visitors(runtime, door)
    scoring = Scoring(runtime.scorer)
    key_checks = KeyChecks(door)
    routes = [
        *_intake(runtime, bodies, door, scoring),
        *perspective.routes(runtime, bodies, Access(door, key_checks), scoring),
        *doors.routes(runtime, bodies, door, scoring),
        *_look_ups(),
        *_operations(Operations(runtime, visitors)),
        *_pages(Pages(runtime, bodies, visitors, templates())),
    ]
    names = {_endpoint(route): route.path_format for route in routes}
    app = FastAPI(
        title=openapi.TITLE,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,  # the redirect would be built from the Host header
        middleware=[Middleware(Frame, runtime=runtime, templates=names), Middleware(Gate)],
        exception_handlers={
            HTTPException: _refused_by_router,
            RequestValidationError: _refused_by_validation,
        },
    )
    app.state.runtime, app.state.door = runtime, door
    app.state.bodies, app.state.scoring, app.state.key_checks = bodies, scoring, key_checks
    app.state.backtests = backtests.Backtests()
    app.router.routes[:] = routes
    return app


def _intake(runtime: Runtime, bodies: Bodies, door: Door, scoring: Scoring) -> list[Route]:
    """The hot paths: bare routes, since the framework would cost more than the work."""
    return [
        Route("/webhooks/{source}", Webhook(runtime, bodies), methods=["POST"]),
        Route("/phases/coral/{source}", CoralPhase(runtime, bodies), methods=["POST"]),
        Route("/predict", Predict(runtime, bodies, door, scoring), methods=["POST"]),
    ]


def _look_ups() -> list[APIRoute]:
    read, moderate = KeyScope.READ, KeyScope.MODERATE
    return [
        _look_up("GET", "/v1/scores", scores.scores, read),
        _look_up("POST", "/v1/scores:lookup", scores.lookup, read, body="Lookup"),
        _look_up("GET", "/v1/scores/{source}/{comment_id:path}", scores.score, read),
        _look_up(
            "POST",
            "/v1/scores/{source}/{comment_id:path}/verdict",
            verdicts.judge,
            moderate,
            body="Judgement",
        ),
        _look_up("GET", "/v1/threads/{source}/{thread_id:path}", summaries.thread, read),
        _look_up("GET", "/v1/authors/{source}/{author_id:path}", summaries.author, read),
        _look_up("GET", "/v1/alerts", alerts.alerts, read),
        _look_up("GET", "/v1/alerts/{alert_id}", alerts.alert, read),
        _look_up("GET", "/v1/alerts/{alert_id}/folded", folded.comments, read),
        _look_up("POST", "/v1/alerts/{alert_id}/ack", alerts.acknowledge, moderate),
        _look_up("POST", "/v1/backtests", backtests.backtest, moderate, body="BacktestQuestion"),
        _look_up("GET", "/v1/triggers/thresholds", thresholds.thresholds, read),
        _look_up("GET", "/v1/triggers/precision", precision.precision, read),
        _look_up("GET", "/v1/usage", usage.usage, read),
        _look_up("GET", "/v1/notices", notices.notices, read),
        _look_up("GET", "/v1/watch", notices.watch, read),
        _look_up("GET", "/v1/configurations", configurations.configurations, moderate),
        _look_up("GET", "/v1/configurations/{digest}", configurations.configuration, moderate),
    ]


def _operations(operations: Operations) -> list[Route]:
    return [
        Route("/healthz", operations.healthz, methods=["GET"]),
        Route("/readyz", operations.readyz, methods=["GET"]),
        Route("/metrics", operations.metrics, methods=["GET"]),
        Route("/openapi.json", operations.openapi, methods=["GET"]),
    ]


def _pages(pages: Pages) -> list[Route]:
    return [
        Route("/", pages.home, methods=["GET"]),
        Route("/alerts/{alert_id}", pages.alert, methods=["GET"]),
        Route("/alerts/{alert_id}/verdict", pages.judge, methods=["POST"]),
        Route("/docs", pages.docs, methods=["GET"]),
        Route("/login", pages.login_form, methods=["GET"]),
        Route("/login", pages.login, methods=["POST"]),
        Route("/login/{token}", pages.link_form, methods=["GET"]),
        Route("/login/{token}", pages.link, methods=["POST"]),
        Route("/logout", pages.logout, methods=["POST"]),
        Route("/assets/{name}", pages.asset, methods=["GET"]),
    ]


def _look_up(
    method: str,
    path: str,
    endpoint: Callable[..., Any],
    scope: KeyScope,
    *,
    body: str | None = None,
) -> APIRoute:
    """A route of the framework's: plain functions in its thread pool, parameters checked."""
    return APIRoute(
        path,
        endpoint,
        methods=[method],
        dependencies=[Depends(needs(scope)), EachOnce],  # in this order
        responses=openapi.LOOK_UP_PROBLEMS,
        openapi_extra=openapi.look_up(scope, body),
    )


def _endpoint(route: Route) -> Callable[..., Any]:
    endpoint: Callable[..., Any] = route.endpoint
    return endpoint


async def _refused_by_router(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        allowed = ", ".join(sorted(_allowed(request)))
        error = HTTPException(405, headers={"Allow": allowed})
    return _response(http_problem(error), request)


async def _refused_by_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return _response(validation_problem(error), request)


def _allowed(request: Request) -> set[str]:
    """Every method that some route of this path takes; the router itself names those of one."""
    routes: Iterable[BaseRoute] = request.app.router.routes
    return {
        method
        for route in routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }


def _response(problem: Problem, request: Request) -> Response:
    media, body = told(problem, request.scope["path"], request_id.get())
    headers = {**problem.headers, "content-type": media}
    return Response(body, status_code=problem.status, headers=headers)
