"""Scoring beside the event loop."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from moderator.domain.errors import Overloaded, Unavailable
from moderator.web.scoring import MAX_BATCH, ScoringThread
from tests.builders import MarkedScorer


class HeldScorer(MarkedScorer):
    """A scorer that waits until it is let go, and remembers its batches."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.batches: list[int] = []

    def score_many(self, texts):
        """`score` of each, once let go."""
        self.let_go.wait(10)
        self.batches.append(len(texts))
        return super().score_many(texts)


class FailingScorer(MarkedScorer):
    """A scorer that breaks its word and raises."""

    def score_many(self, texts):
        """Nothing."""
        raise RuntimeError("broken")


async def until_waiting(scoring, count) -> None:
    """Wait until so many texts wait."""
    while len(scoring._waiting) != count:  # noqa: ASYNC110 - the other side is a thread
        await asyncio.sleep(0.001)


def test_each_text_gets_its_own_judgement():
    async def scenario() -> list[float]:
        scoring = ScoringThread(MarkedScorer(), idle_s=0.01)
        scores = await asyncio.gather(*(scoring.score(f"hate=0.{n}") for n in range(1, 10)))
        return [score.probabilities.hate for score in scores if score.probabilities]

    assert asyncio.run(scenario()) == [n / 10 for n in range(1, 10)]


def test_what_comes_in_meanwhile_is_judged_together():
    async def scenario() -> list[int]:
        scorer = HeldScorer()
        scoring = ScoringThread(scorer, idle_s=0.01)
        first = asyncio.create_task(scoring.score("first"))
        await asyncio.sleep(0)
        await until_waiting(scoring, 0)
        others = [asyncio.create_task(scoring.score("other")) for _ in range(MAX_BATCH + 3)]
        await until_waiting(scoring, MAX_BATCH + 3)
        scorer.let_go.set()
        await asyncio.gather(first, *others)
        return scorer.batches

    assert asyncio.run(scenario()) == [1, MAX_BATCH, 3]


def test_a_scorer_that_hangs_holds_nobody_for_ever_and_not_the_loop():
    async def scenario() -> float:
        scorer = HeldScorer()
        scoring = ScoringThread(scorer, deadline_s=0.05, max_waiting=1, idle_s=0.01)
        started = time.monotonic()
        with pytest.raises(Unavailable):
            await scoring.score("first")
        waiting = asyncio.create_task(scoring.score("second"))
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await scoring.score("third")
        with pytest.raises(Unavailable):
            await waiting
        took_s = time.monotonic() - started
        scorer.let_go.set()
        await until_waiting(scoring, 0)
        assert (await scoring.score("hate=0.5")).probabilities is not None
        return took_s

    assert asyncio.run(scenario()) < 1


def test_a_scorer_that_raises_is_told_to_those_who_wait():
    async def scenario() -> None:
        scoring = ScoringThread(FailingScorer(), idle_s=0.01)
        for _ in range(2):
            with pytest.raises(RuntimeError):
                await scoring.score("x")

    asyncio.run(scenario())


def test_the_thread_ends_when_nothing_comes_and_starts_again():
    async def scenario() -> None:
        scoring = ScoringThread(MarkedScorer(), idle_s=0.01)
        before = set(threading.enumerate())
        await scoring.score("one")
        for thread in set(threading.enumerate()) - before:
            thread.join(5)
            assert not thread.is_alive()
        await scoring.score("two")

    asyncio.run(scenario())
