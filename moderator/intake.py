"""Group commit: what arrives while one transaction is flushed shares the next one.

One thread a process owns the writing connection. A lone request waits for nobody: there is no
timer, the thread takes whatever has come in by the time it is free.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from moderator.domain.comment import Delivery
from moderator.domain.errors import Overloaded, Unavailable
from moderator.ingest import Answer

MAX_BATCH = 64  # deliveries a transaction: beyond it the flush is a small part of the cost
MAX_WAITING = 512  # deliveries waiting: some seconds of work; more is refused at the door
RETRY_AFTER_S = 5

Ingest = Callable[[Sequence[Delivery]], list[Answer]]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Waiting:
    delivery: Delivery
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Answer]


class Intake:
    """Hands deliveries to `ingest` in batches, from one thread of its own."""

    def __init__(
        self, ingest: Ingest, *, max_batch: int = MAX_BATCH, max_waiting: int = MAX_WAITING
    ) -> None:
        self._ingest = ingest
        self._max_batch = max_batch
        self._max_waiting = max_waiting
        self._waiting: deque[_Waiting] = deque()
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="intake", daemon=True)

    def start(self) -> None:
        """Start taking deliveries."""
        self._thread.start()

    def stop(self) -> None:
        """Refuse what comes from now on, finish what was taken in, and return."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()

    @property
    def waiting(self) -> int:
        """Deliveries that no transaction has taken up yet."""
        return len(self._waiting)

    async def submit(self, delivery: Delivery) -> Answer:
        """The answer for a delivery, once its transaction is committed.

        Raises Overloaded where too much is waiting, Unavailable where the database does not
        take it; nothing was stored then.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        with self._changed:
            if self._stopping:
                raise Unavailable("the service is stopping", retry_after_s=RETRY_AFTER_S)
            if len(self._waiting) >= self._max_waiting:
                raise Overloaded("too many comments are waiting", retry_after_s=RETRY_AFTER_S)
            self._waiting.append(_Waiting(delivery, loop, answer))
            self._changed.notify()
        return await answer

    def _run(self) -> None:
        while batch := self._next_batch():
            self._finish(batch)

    def _next_batch(self) -> list[_Waiting]:
        with self._changed:
            while not self._waiting and not self._stopping:
                self._changed.wait()
            take = min(len(self._waiting), self._max_batch)
            return [self._waiting.popleft() for _ in range(take)]

    def _finish(self, batch: Sequence[_Waiting]) -> None:
        try:
            answers = self._ingest([waiting.delivery for waiting in batch])
        except Unavailable as error:
            self._tell(batch, [error] * len(batch))
        except Exception as error:
            if len(batch) == 1:
                logger.exception("a delivery could not be taken")
                self._tell(batch, [error])
            else:  # one poisoned comment fails alone
                for waiting in batch:
                    self._finish([waiting])
        else:
            self._tell(batch, answers)

    @staticmethod
    def _tell(batch: Sequence[_Waiting], answers: Sequence[Answer | Exception]) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Waiting, Answer | Exception]]] = {}
        for waiting, answer in zip(batch, answers, strict=True):
            by_loop.setdefault(waiting.loop, []).append((waiting, answer))
        for loop, told in by_loop.items():
            loop.call_soon_threadsafe(_settle, told)


def _settle(told: Sequence[tuple[_Waiting, Answer | Exception]]) -> None:
    for waiting, answer in told:
        if waiting.answer.done():  # the client went away meanwhile
            continue
        if isinstance(answer, Exception) and not isinstance(answer, tuple):
            waiting.answer.set_exception(answer)
        else:
            waiting.answer.set_result(answer)
