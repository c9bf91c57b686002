"""Several processes on one port: one loads everything, the others are forked from it.

uvicorn's own `workers=` starts each process from nothing: on a small dyno two of them cost twice
the memory and twice the start. Forked after the imports and the model, they share both.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

RESTART_AFTER_S = 1.0  # a process that dies at once must not be forked in a tight loop

logger = logging.getLogger(__name__)


class Workers:
    """Keeps `count` forked processes running `work` until SIGTERM or SIGINT.

    Make it before any thread is started. `work` returns when its process received SIGTERM.
    """

    def __init__(self, count: int, work: Callable[[], None]) -> None:
        self._count = count
        self._work = work
        self._running: set[int] = set()
        self._is_stopping = False

    def run(self) -> None:
        """Fork, replace who dies, and return when all have ended."""
        gc.freeze()  # what is there now stays shared: the collector need not touch it
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for _ in range(self._count):
            self._fork()
        while self._running:
            pid, status = os.wait()
            self._running.discard(pid)
            if not self._is_stopping:
                code = os.waitstatus_to_exitcode(status)
                logger.error("a worker ended and is replaced", extra={"pid": pid, "code": code})
                time.sleep(RESTART_AFTER_S)
                if not self._is_stopping:
                    self._fork()

    def _fork(self) -> None:
        pid = os.fork()
        if pid == 0:
            self._be_a_worker()
        self._running.add(pid)
        if self._is_stopping:  # the signal came while we forked
            os.kill(pid, signal.SIGTERM)

    def _be_a_worker(self) -> NoReturn:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all: the parent tells us
        code = 1
        try:
            self._work()
            code = 0
        except Exception:
            logger.exception("a worker failed")
        finally:
            os._exit(code)

    def _stop(self, *_: object) -> None:
        self._is_stopping = True
        for pid in list(self._running):
            with suppress(ProcessLookupError):  # it ended meanwhile
                os.kill(pid, signal.SIGTERM)
