"""Scoring for those who wait for the answer: beside the event loop, several texts at a time.

A text that takes long, or a scorer that hangs, then delays other texts, but neither look-ups nor
webhooks; and under load the way to the thread and back is paid once for many texts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from moderator.batches import RETRY_AFTER_S, Batches
from moderator.domain.errors import Unavailable
from moderator.domain.score import Score, Scorer

DEADLINE_S = 3.0
MAX_BATCH = 32
MAX_WAITING = 256  # requests; more are refused at the door


_Texts = tuple[tuple[str, ...], float | None]  # texts, and the base rate they are judged at


class Scoring(Batches[_Texts, list[Score]]):
    """Judges texts for the coroutines of one process, in one thread."""

    def __init__(
        self, scorer: Scorer, *, deadline_s: float = DEADLINE_S, max_waiting: int = MAX_WAITING
    ) -> None:
        super().__init__(
            "scoring",
            lambda batch: _score_each(scorer, batch),
            max_batch=MAX_BATCH,
            max_waiting=max_waiting,
        )
        self._deadline_s = deadline_s

    async def score(self, text: str) -> Score:
        """The judgement of a text.

        Raises Overloaded where too many texts wait, Unavailable where it does not come in time.
        """
        return (await self.score_all([text]))[0]

    async def score_all(self, texts: Sequence[str], base_rate: float | None = None) -> list[Score]:
        """The judgements of the texts of one request, at a board's base rate or the model's own.

        Raises as `score`.
        """
        try:
            async with asyncio.timeout(self._deadline_s):
                return await self.submit((tuple(texts), base_rate))
        except TimeoutError:
            raise Unavailable(
                "the scorer did not answer in time", retry_after_s=RETRY_AFTER_S
            ) from None


def _score_each(scorer: Scorer, batch: Sequence[_Texts]) -> list[list[Score]]:
    """The judgements of each request of a batch."""
    texts = [text for request, _ in batch for text in request]
    base_rates = [base_rate for request, base_rate in batch for _ in request]
    scores = iter(scorer.score_many(texts, base_rates))
    return [[next(scores) for _ in request] for request, _ in batch]
