"""Whether the process is up, whether it can work, and how it fares."""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import dataclass, field

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from moderator.domain.errors import ModeratorError
from moderator.storage import notices, outbox
from moderator.storage.engine import read
from moderator.web import metrics, openapi
from moderator.web.runtime import Runtime
from moderator.web.sessions import Visitors

LOOKED_FOR_S = 3.0  # how long what was found about the database is believed
MOST_NOTICES = 200
THREADS = 4  # of their own: look-ups that wait for the database must not keep these waiting

logger = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Operations:
    """The routes for whoever runs the service."""

    runtime: Runtime
    visitors: Visitors
    _threads: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(THREADS))
    _looking: threading.Lock = field(default_factory=threading.Lock)
    _looked_at: float = -LOOKED_FOR_S
    _database: str | None = None
    _schema: str | None = None

    async def healthz(self, _request: Request) -> Response:
        """The process is up; says nothing of anything else."""
        return JSONResponse({"status": "ok"})

    async def readyz(self, _request: Request) -> Response:
        """Whether it can work: 200 or 503, and each check with what was found."""
        await anyio.to_thread.run_sync(self._look, limiter=self._threads)
        checks: dict[str, dict[str, object]] = {
            "database": _check(self._database),
            "schema": _check(self._schema),
            "model": {"ok": True, "detail": self.runtime.scorer.model},
        }
        ready = all(check["ok"] for check in checks.values())
        # A newer configuration that was refused leaves the one before in force: that works.
        problems = self.runtime.in_force.problems
        refused = "a newer file was not taken; the one before is in force" if problems else None
        checks["configuration"] = {
            **_check(refused),
            "digest": self.runtime.in_force.digest,
            "problems": list(problems),
        }
        return JSONResponse(
            {"status": "ready" if ready else "not ready", "checks": checks},
            status_code=200 if ready else 503,
        )

    async def metrics(self, request: Request) -> Response:
        """The numbers, for Prometheus. Raises KeyMissing."""
        text = await anyio.to_thread.run_sync(self._metrics, request, limiter=self._threads)
        return Response(text, media_type=metrics.MEDIA)

    async def openapi(self, request: Request) -> Response:
        """The OpenAPI document. Raises KeyMissing."""
        await anyio.to_thread.run_sync(self.visitors.admit, request, limiter=self._threads)
        return JSONResponse(openapi.document(request.app))

    def _metrics(self, request: Request) -> bytes:
        self.visitors.admit(request)
        with read(self.runtime.engine) as tx:
            backlogs = outbox.backlogs(tx, self.runtime.in_force.timings)
            lasting = notices.newest_notices(tx, limit=MOST_NOTICES, is_open=True)
        return self.runtime.metrics.render(
            backlogs=backlogs,
            notices=lasting,
            channels=self.runtime.in_force.channels,
            waiting=self.runtime.intake.waiting,
            pid=os.getpid(),
            now=self.runtime.clock(),
        )

    def _look(self) -> None:
        """Find out about the database, unless that was just done."""
        with self._looking:
            if time.monotonic() - self._looked_at < LOOKED_FOR_S:
                return
            self._database = self._schema = None
            try:
                self._schema = self.runtime.schema_problem()
            except ModeratorError as error:
                self._database = str(error)
            except Exception as error:
                logger.exception("the database could not be looked at")
                self._database = f"it could not be looked at: {type(error).__name__}"
            if self._database is not None:
                self._schema = "not known while the database does not answer"
            self._looked_at = time.monotonic()


def _check(problem: str | None) -> dict[str, object]:
    return {"ok": problem is None, "detail": problem or "ok"}
