"""What every request gets around it: a name, the safe headers, one log line, one measurement,
and an answer whatever happens.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from moderator.domain.errors import ModeratorError
from moderator.web.compat.dialects import told
from moderator.web.errors import UNEXPECTED, Problem, problem_of
from moderator.web.hops import believe
from moderator.web.logs import request_id
from moderator.web.runtime import Runtime

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
SAFE_HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
# A browser must not be told this over plain HTTP (RFC 6797, section 7.2).
ONLY_HTTPS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")

_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
UNMATCHED = "(none)"  # the route of a request that no route was found for
ABORTED = 499  # the status told of a request whose sender went away before the answer

logger = logging.getLogger("moderator.access")


class Frame:
    """The outermost middleware. `templates` names each endpoint's route: `/webhooks/{source}`."""

    def __init__(
        self, app: ASGIApp, *, runtime: Runtime, templates: Mapping[Callable[..., object], str]
    ) -> None:
        self._app = app
        self._runtime = runtime
        self._templates = templates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, in any case."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks WebSocket
            await send({"type": "websocket.close", "code": 1000})
            return
        started = time.perf_counter()
        name = _request_id(scope)
        token = request_id.set(name)
        believe(scope, self._runtime.trusted_hops)
        answer = _Answer(send, name, scope["path"], is_https=scope["scheme"] == "https")
        try:
            await self._app(scope, receive, answer.send)
        except ClientDisconnect:
            logger.debug("the sender went away")
        except ModeratorError as error:
            await answer.problem(problem_of(error, self._runtime.jitter()))
        except Exception:
            logger.exception("a request failed unexpectedly")
            if answer.status is not None:
                raise  # half an answer is out: the server must cut the connection
            await answer.problem(UNEXPECTED)
        finally:
            self._tell(scope, answer.status or ABORTED, time.perf_counter() - started)
            request_id.reset(token)

    def _tell(self, scope: Scope, status: int, took_s: float) -> None:
        endpoint = scope.get("endpoint")
        route = self._templates.get(endpoint, UNMATCHED) if endpoint else UNMATCHED
        method = scope["method"] if scope["method"] in METHODS else "-"
        self._runtime.metrics.request(method, route, status, took_s)
        facts = {
            "method": method,
            "route": route,
            "status": status,
            "ms": round(took_s * 1000, 2),
        }
        source = scope.get("path_params", {}).get("source")
        if source in self._runtime.in_force.sources:
            facts["source"] = source
        logger.info("request", extra=facts)


class _Answer:
    """The answer to one request on its way out."""

    def __init__(self, send: Send, name: str, path: str, *, is_https: bool) -> None:
        self._send = send
        self._name = name
        self._path = path
        self._is_https = is_https
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        """Pass a message on, the first one with our headers."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [*message.get("headers", ()), *SAFE_HEADERS]
            if self._is_https:
                headers.append(ONLY_HTTPS)
            headers.append((b"x-request-id", self._name.encode()))
            message = {**message, "headers": headers}
        await self._send(message)

    async def problem(self, problem: Problem) -> None:
        """Answer with a problem, unless something is out already."""
        if self.status is None:
            await send_problem(self.send, problem, self._name, self._path)


async def send_problem(send: Send, problem: Problem, name: str, path: str) -> None:
    """Send a problem as the whole answer, in the shape that the clients of `path` read."""
    media, body = told(problem, path, name)
    headers = {
        "content-type": media,
        "content-length": str(len(body)),
        **problem.headers,
    }
    raw = [(key.encode(), value.encode("latin-1")) for key, value in headers.items()]
    await send({"type": "http.response.start", "status": problem.status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


def _request_id(scope: Scope) -> str:
    """The sender's own name for the request where it is a sane one, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _GIVEN_ID.fullmatch(value):
            return str(value.decode())
    return secrets.token_hex(8)
