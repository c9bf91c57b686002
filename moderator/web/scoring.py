"""Scoring for those who wait for the answer: beside the event loop, several texts at a time.

A text that takes long, or a scorer that hangs, then delays other texts, but neither look-ups nor
webhooks; and under load the way to the thread and back is paid once for many texts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from moderator.batches import RETRY_AFTER_S, Batches
from moderator.domain.errors import Unavailable
from moderator.domain.score import Score, Scorer, as_english

DEADLINE_S = 3.0
MAX_BATCH = 32
MAX_WAITING = 256  # requests; more are refused at the door


@dataclass(frozen=True, slots=True)
class _Texts:
    """What one request wants judged, and at which base rate."""

    texts: tuple[str, ...]
    base_rate: float | None
    is_english: bool  # known to be, so that no language is guessed


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

    async def score_all(
        self, texts: Sequence[str], base_rate: float | None = None, *, is_english: bool = False
    ) -> list[Score]:
        """The judgements of the texts of one request, at a board's base rate or the model's own.

        The language of texts that are known to be English is not looked into. Raises as `score`.
        """
        try:
            async with asyncio.timeout(self._deadline_s):
                return await self.submit(_Texts(tuple(texts), base_rate, is_english))
        except TimeoutError:
            raise Unavailable(
                "the scorer did not answer in time", retry_after_s=RETRY_AFTER_S
            ) from None


def _score_each(scorer: Scorer, batch: Sequence[_Texts]) -> list[list[Score]]:
    """The judgements of each request of a batch."""
    every = [(text, asked) for asked in batch for text in asked.texts]
    found = scorer.score_many([text for text, _ in every], [asked.base_rate for _, asked in every])
    scores = iter(
        as_english(scorer, text, score, asked.base_rate) if asked.is_english else score
        for (text, asked), score in zip(every, found, strict=True)
    )
    return [[next(scores) for _ in asked.texts] for asked in batch]
