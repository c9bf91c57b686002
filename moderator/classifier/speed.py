"""How fast a model is, compiled and as scikit-learn's pipeline, on comments it has never met.

What is taken in one run on one machine may be compared, and nothing else may. It is processor time:
on a machine that others use, too, the clock on the wall tells what they do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from statistics import median
from typing import TypeVar

from moderator.classifier.figures import SpeedFigures
from moderator.classifier.marking import Judge
from moderator.classifier.scorer import CompiledScorer
from moderator.domain.errors import DataError

Work = TypeVar("Work")

COMMENT, LONG = 140, 2_000  # characters
SINGLES, LONG_SINGLES, PIPELINE_SINGLES = 300, 40, 100  # texts timed one by one
BATCHES, BATCH = 5, 100
MOST_READ_BEFORE = 5_000  # training texts: a scorer at work has read some, and remembers


def words_of(texts: Sequence[str]) -> Iterator[str]:
    """The texts' words in order, and again from the start without end, to make comments of.

    Raises DataError where there is no word.
    """
    words = [word for text in texts for word in text.split()]
    if not words:
        raise DataError("there is no word to make comments of")
    return cycle(words)


def cut(words: Iterator[str], length: int) -> str:
    """The next words, as many as make a comment of this many characters; the last may be cut."""
    taken: list[str] = []
    size = -1
    while size < length:
        taken.append(next(words))
        size += len(taken[-1]) + 1
    return " ".join(taken)[:length]


def measure_speed(
    scorer: CompiledScorer,
    words: Iterator[str],
    *,
    read_before: Sequence[str],
    pipeline: Judge | None = None,
) -> SpeedFigures:
    """Time a scorer and, where there is one, the pipeline of the same model.

    `words` are used up, so that the next model is timed on others: two models share what is
    remembered of words. `read_before` are texts that the scorer has read when the clock starts.
    """
    for text in read_before[:MOST_READ_BEFORE]:
        scorer.probabilities(text)
    singles = _cuts(words, SINGLES)
    one = scorer.probabilities
    return SpeedFigures(
        unseen_s=_median_time(one, singles),
        again_s=_median_time(one, singles),
        long_s=_median_time(one, _cuts(words, LONG_SINGLES, LONG)),
        compiled_per_s=BATCH / _median_time(lambda batch: [*map(one, batch)], _batches(words)),
        pipeline_s=None
        if pipeline is None
        else _median_time(lambda text: pipeline([text]), _cuts(words, PIPELINE_SINGLES)),
        pipeline_per_s=None
        if pipeline is None
        else BATCH / _median_time(pipeline, _batches(words)),
    )


def _cuts(words: Iterator[str], count: int, length: int = COMMENT) -> list[str]:
    return [cut(words, length) for _ in range(count)]


def _batches(words: Iterator[str]) -> list[list[str]]:
    return [_cuts(words, BATCH) for _ in range(BATCHES)]


def _median_time(work: Callable[[Work], object], pieces: Sequence[Work]) -> float:
    """The median processor time in seconds that the work takes for a piece."""
    spent = []
    for piece in pieces:
        start = time.process_time()
        work(piece)
        spent.append(time.process_time() - start)
    return median(spent)
