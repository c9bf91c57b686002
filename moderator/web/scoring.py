"""Scoring for those who wait for the answer: beside the event loop, several texts at a time.

One thread judges whatever has come in by the time it is free. A text that takes long, or a scorer
that hangs, then delays other texts, but neither look-ups nor webhooks; and under load the way to
the thread and back is paid once for many texts.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass

from moderator.domain.errors import Overloaded, Unavailable
from moderator.domain.score import Score, Scorer

DEADLINE_S = 3.0
MAX_BATCH = 32
MAX_WAITING = 256  # texts; more are refused at the door
IDLE_S = 10.0  # after which the thread ends; the next text starts another
RETRY_AFTER_S = 5


@dataclass(frozen=True, slots=True)
class _Waiting:
    text: str
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Score]


class ScoringThread:
    """Judges texts for the coroutines of one process."""

    def __init__(
        self,
        scorer: Scorer,
        *,
        deadline_s: float = DEADLINE_S,
        max_waiting: int = MAX_WAITING,
        idle_s: float = IDLE_S,
    ) -> None:
        self._scorer = scorer
        self._deadline_s = deadline_s
        self._max_waiting = max_waiting
        self._idle_s = idle_s
        self._waiting: deque[_Waiting] = deque()
        self._changed = threading.Condition()
        self._runs = False

    async def score(self, text: str) -> Score:
        """The judgement of a text.

        Raises Overloaded where too many texts wait, Unavailable where it does not come in time.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Score] = loop.create_future()
        with self._changed:
            if len(self._waiting) >= self._max_waiting:
                raise Overloaded("too many texts are waiting", retry_after_s=RETRY_AFTER_S)
            self._waiting.append(_Waiting(text, loop, answer))
            self._changed.notify()
            if not self._runs:
                self._runs = True
                threading.Thread(target=self._run, name="scoring", daemon=True).start()
        try:
            async with asyncio.timeout(self._deadline_s):
                return await answer
        except TimeoutError:
            raise Unavailable(
                "the scorer did not answer in time", retry_after_s=RETRY_AFTER_S
            ) from None

    def _run(self) -> None:
        while batch := self._next_batch():
            outcome: list[Score] | Exception
            try:
                outcome = self._scorer.score_many([waiting.text for waiting in batch])
            except Exception as error:  # noqa: BLE001 - each of those who wait is told
                outcome = error
            for loop in {waiting.loop for waiting in batch}:
                with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                    loop.call_soon_threadsafe(_tell, loop, batch, outcome)

    def _next_batch(self) -> list[_Waiting]:
        """What is waiting; nothing after an idle while."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting, self._idle_s)
            take = min(len(self._waiting), MAX_BATCH)
            self._runs = take > 0
            return [self._waiting.popleft() for _ in range(take)]


def _tell(
    loop: asyncio.AbstractEventLoop, batch: list[_Waiting], outcome: list[Score] | Exception
) -> None:
    for i, waiting in enumerate(batch):
        if waiting.loop is not loop or waiting.answer.done():  # done: it was given up
            continue
        if isinstance(outcome, Exception):
            waiting.answer.set_exception(outcome)
        else:
            waiting.answer.set_result(outcome[i])
