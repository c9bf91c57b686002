"""Work done in batches: what arrives while one batch is worked on shares the next.

One thread works. A lone item waits for nobody: there is no timer, the thread takes whatever has
come in by the time it is free.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from moderator.domain.errors import Overloaded, Unavailable

RETRY_AFTER_S = 5

Given = TypeVar("Given")
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Given, Told]):
    given: Given
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Told]


class Batches(Generic[Given, Told]):
    """Hands items to `work` in batches of at most `max_batch`, from one thread of its own.

    `work` returns an answer, or an exception to be raised, for each item; what it raises itself
    is raised for all of them. The thread starts with the first item.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[Sequence[Given]], Sequence[Told | Exception]],
        *,
        max_batch: int,
        max_waiting: int,
    ) -> None:
        self._work = work
        self._max_batch = max_batch
        self._max_waiting = max_waiting
        self._waiting: deque[_Waiting[Given, Told]] = deque()
        self._changed = threading.Condition()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def waiting(self) -> int:
        """Items that no batch has taken up yet."""
        return len(self._waiting)

    async def submit(self, given: Given) -> Told:
        """The answer for an item.

        Raises Overloaded where too much is waiting, Unavailable once `stop` was called.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Told] = loop.create_future()
        with self._changed:
            if self._is_stopping:
                raise Unavailable("the service is stopping", retry_after_s=RETRY_AFTER_S)
            if len(self._waiting) >= self._max_waiting:
                raise Overloaded("too much is waiting", retry_after_s=RETRY_AFTER_S)
            self._waiting.append(_Waiting(given, loop, answer))
            if self._thread.ident is None:
                self._thread.start()
            self._changed.notify()
        return await answer

    def stop(self) -> None:
        """Refuse what comes from now on, finish what was taken in, and return."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while batch := self._next_batch():
            answers: Sequence[Told | Exception]
            try:
                answers = self._work([waiting.given for waiting in batch])
            except Exception as error:  # noqa: BLE001 - each of those who wait is told
                answers = [error] * len(batch)
            told = list(zip(batch, answers, strict=True))
            for loop in {waiting.loop for waiting in batch}:
                with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                    loop.call_soon_threadsafe(_tell, loop, told)

    def _next_batch(self) -> list[_Waiting[Given, Told]]:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_stopping)
            take = min(len(self._waiting), self._max_batch)
            return [self._waiting.popleft() for _ in range(take)]


def _tell(
    loop: asyncio.AbstractEventLoop,
    told: Sequence[tuple[_Waiting[Given, Told], Told | Exception]],
) -> None:
    for waiting, answer in told:
        if waiting.loop is not loop or waiting.answer.done():  # done: its client went away
            continue
        if isinstance(answer, Exception):
            waiting.answer.set_exception(answer)
        else:
            waiting.answer.set_result(answer)
