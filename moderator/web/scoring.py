"""Scoring for those who wait for the answer: beside the event loop, several texts at a time.

A text that takes long, or a scorer that hangs, then delays other texts, but neither look-ups nor
webhooks; and under load the way to the thread and back is paid once for many texts.
"""

from __future__ import annotations

import asyncio

from moderator.batches import RETRY_AFTER_S, Batches
from moderator.domain.errors import Unavailable
from moderator.domain.score import Score, Scorer

DEADLINE_S = 3.0
MAX_BATCH = 32
MAX_WAITING = 256  # texts; more are refused at the door


class Scoring(Batches[str, Score]):
    """Judges texts for the coroutines of one process, in one thread."""

    def __init__(
        self, scorer: Scorer, *, deadline_s: float = DEADLINE_S, max_waiting: int = MAX_WAITING
    ) -> None:
        super().__init__(
            "scoring",
            lambda texts: scorer.score_many(list(texts)),
            max_batch=MAX_BATCH,
            max_waiting=max_waiting,
        )
        self._deadline_s = deadline_s

    async def score(self, text: str) -> Score:
        """The judgement of a text.

        Raises Overloaded where too many texts wait, Unavailable where it does not come in time.
        """
        try:
            async with asyncio.timeout(self._deadline_s):
                return await self.submit(text)
        except TimeoutError:
            raise Unavailable(
                "the scorer did not answer in time", retry_after_s=RETRY_AFTER_S
            ) from None
