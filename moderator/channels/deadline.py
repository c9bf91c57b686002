"""A deadline for a whole exchange: a far end that drips one byte a second cannot stretch it."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from types import TracebackType


class Deadline:
    """`seconds` from now, by the monotonic clock; a watched connection is cut when they are over.

    The timeouts of sockets hold for one read each, and start anew with every byte.
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._watched: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for watched in self._watched:
                watched.close()
            self._watched.clear()

    def remaining(self, at_most: float) -> float:
        """Seconds left, never more than `at_most`; raises TimeoutError where there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, at_most)

    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._end

    def watch(self, connection: socket.socket) -> None:
        """Cut this connection when the time is up, whatever TLS layer it is wrapped in later."""
        with self._lock:
            self._watched.append(connection.dup())
        if self.is_over():  # the timer has been here already
            self._cut()

    def _cut(self) -> None:
        with self._lock:
            for watched in self._watched:
                with contextlib.suppress(OSError):  # the far end was quicker
                    watched.shutdown(socket.SHUT_RDWR)
