"""Scoring beside the event loop."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace

import pytest

from moderator.domain.errors import Overloaded, Unavailable
from moderator.web.scoring import MAX_BATCH, Scoring
from tests.builders import MarkedScorer


class HeldScorer(MarkedScorer):
    """A scorer that waits until it is let go, and remembers its batches."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.batches: list[int] = []

    def score_many(self, texts, base_rates=None):
        """`score` of each, once let go."""
        self.let_go.wait(10)
        self.batches.append(len(texts))
        return super().score_many(texts, base_rates)


class FailingScorer(MarkedScorer):
    """A scorer that breaks its word and raises."""

    def score_many(self, texts, base_rates=None):
        """Nothing."""
        raise RuntimeError("broken")


@pytest.fixture
def scoring_by():
    """Makes scoring threads, and stops them in the end."""
    made = []

    def scoring_by(scorer, **options) -> Scoring:
        made.append(Scoring(scorer, **options))
        return made[-1]

    yield scoring_by
    for scoring in made:
        scoring.stop()


async def until_waiting(scoring, count) -> None:
    """Wait until so many texts wait."""
    while scoring.waiting != count:  # noqa: ASYNC110 - the other side is a thread
        await asyncio.sleep(0.001)


class RatedScorer(MarkedScorer):
    """A scorer whose judgements tell the base rate they were made at, as the model's name."""

    def score(self, text, base_rate=None):
        """The judgement."""
        return replace(super().score(text), model=f"{text}@{base_rate}")


def test_the_texts_of_a_request_are_judged_at_its_base_rate(scoring_by):
    scoring = scoring_by(RatedScorer())

    async def all_told():
        return await asyncio.gather(scoring.score_all(["a", "b"], 0.2), scoring.score_all(["c"]))

    told = [[score.model for score in request] for request in asyncio.run(all_told())]
    assert told == [["a@0.2", "b@0.2"], ["c@None"]]


def test_each_text_gets_its_own_judgement(scoring_by):
    scoring = scoring_by(MarkedScorer())

    async def scenario() -> list[float]:
        scores = await asyncio.gather(*(scoring.score(f"hate=0.{n}") for n in range(1, 10)))
        return [score.probabilities.hate for score in scores]

    assert asyncio.run(scenario()) == [n / 10 for n in range(1, 10)]


def test_what_comes_in_meanwhile_is_judged_together(scoring_by):
    scorer = HeldScorer()
    scoring = scoring_by(scorer)

    async def scenario() -> None:
        first = asyncio.create_task(scoring.score("first"))
        await asyncio.sleep(0)
        await until_waiting(scoring, 0)
        others = [asyncio.create_task(scoring.score("other")) for _ in range(MAX_BATCH + 3)]
        await until_waiting(scoring, MAX_BATCH + 3)
        scorer.let_go.set()
        await asyncio.gather(first, *others)

    asyncio.run(scenario())
    assert scorer.batches == [1, MAX_BATCH, 3]


def test_a_scorer_that_hangs_holds_nobody_for_ever_and_not_the_loop(scoring_by):
    scorer = HeldScorer()
    scoring = scoring_by(scorer, deadline_s=0.05, max_waiting=1)

    async def scenario() -> None:
        with pytest.raises(Unavailable):
            await scoring.score("first")
        waiting = asyncio.create_task(scoring.score("second"))
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await scoring.score("third")
        with pytest.raises(Unavailable):
            await waiting

    started = time.monotonic()
    asyncio.run(scenario())
    assert time.monotonic() - started < 1
    scorer.let_go.set()
    asyncio.run(until_waiting(scoring, 0))
    assert asyncio.run(scoring.score("hate=0.5")).probabilities.hate == 0.5


def test_a_scorer_that_raises_is_told_to_those_who_wait_and_works_again(scoring_by):
    scoring = scoring_by(FailingScorer())
    for _ in range(2):
        with pytest.raises(RuntimeError):
            asyncio.run(scoring.score("x"))
