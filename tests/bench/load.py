"""Load: requests over a number of connections for some seconds, each answer timed."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import httptools
import uvloop

PATIENCE_S = 5.0  # for answers still owed when the time is over
RETRY_S = 0.01  # before a refused connection is tried again


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What came back within `seconds`: times of good answers in milliseconds, sorted.

    `failures` counts refused or broken connections, answers other than 2xx, and requests that
    were never answered.
    """

    seconds: float
    times_ms: Sequence[float]
    failures: int

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return len(self.times_ms) / self.seconds

    def percentile_ms(self, percent: float) -> float:
        """The time that `percent` of the good answers took at most; NaN where there is none."""
        if not self.times_ms:
            return math.nan
        rank = math.ceil(len(self.times_ms) * percent / 100) - 1
        return self.times_ms[max(rank, 0)]


def measure(port: int, requests: Iterator[bytes], *, connections: int, seconds: float) -> Round:
    """Send `requests` to 127.0.0.1, each connection its next one once the last is answered."""
    return uvloop.run(_measure(port, requests, connections, seconds))


async def _measure(port: int, requests: Iterator[bytes], connections: int, seconds: float) -> Round:
    tally = _Tally(requests, time.perf_counter() + seconds)
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(_talk(port, tally))
    return Round(seconds=seconds, times_ms=sorted(tally.times_ms), failures=tally.failures)


class _Tally:
    """What the connections share."""

    def __init__(self, requests: Iterator[bytes], deadline: float) -> None:
        self._requests = requests
        self.deadline = deadline
        self.times_ms: list[float] = []
        self.failures = 0

    @property
    def is_over(self) -> bool:
        return time.perf_counter() >= self.deadline

    def next_request(self) -> bytes:
        return next(self._requests)

    def record(self, began: float, status: int) -> None:
        now = time.perf_counter()
        if not 200 <= status < 300:
            self.failures += 1
        elif now <= self.deadline:
            self.times_ms.append((now - began) * 1_000)


async def _talk(port: int, tally: _Tally) -> None:
    """One client: it reconnects where the server closes, and the time of that counts."""
    loop = asyncio.get_running_loop()
    while not tally.is_over:
        client = _Client(tally)
        try:
            async with asyncio.timeout(tally.deadline - client.began + PATIENCE_S):
                await loop.create_connection(client.itself, "127.0.0.1", port)
                await client.closed
        except TimeoutError:
            tally.failures += 1
        except OSError:
            tally.failures += 1
            await asyncio.sleep(RETRY_S)
        finally:
            client.close()


class _Client(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, tally: _Tally) -> None:
        self.began = time.perf_counter()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tally = tally
        self._is_waiting = False
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)

    def itself(self) -> _Client:
        return self

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        self._send()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Called by the parser at the end of an answer."""
        self._is_waiting = False
        self._tally.record(self.began, self._parser.get_status_code())
        if self._tally.is_over or not self._parser.should_keep_alive():
            self.close()
            return
        self._parser = httptools.HttpResponseParser(self)
        self.began = time.perf_counter()
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._is_waiting:
            self._is_waiting = False
            self._tally.failures += 1
        if not self.closed.done():
            self.closed.set_result(None)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _send(self) -> None:
        assert self._transport is not None
        self._is_waiting = True
        self._transport.write(self._tally.next_request())
