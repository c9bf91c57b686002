"""Measuring a model file on labelled rows, as it serves: by the compiled scorer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moderator.classifier.crossval import median_time
from moderator.classifier.dataset import LabelledRows, read_labelled
from moderator.classifier.metrics import BINS, Metrics, false_alarms, measure
from moderator.classifier.pool import read_everyday
from moderator.classifier.progress import each
from moderator.classifier.scorer import CompiledScorer
from moderator.classifier.weights import LABELS, NEITHER
from moderator.domain.errors import DataError
from moderator.domain.score import Abstention, Score

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Bin = tuple[int, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What a model did on the rows of a file.

    `metrics` are over the rows it judged; `abstained` counts the others by reason.
    `confusion[i][j]` counts judged rows of class i that were labelled j, in the order of
    `LABELS`. `reliability` holds, for ten equal bins of P(toxic), how many rows fell in, their
    mean P(toxic) and the share that was toxic. `trained_on` is true where the card says that the
    model was trained on this very file: its figures then flatter. Times are in seconds.
    """

    model: str
    data: str
    data_sha256: str
    rows: int
    trained_on: bool
    metrics: Metrics
    confusion: tuple[tuple[int, ...], ...]
    reliability: tuple[Bin, ...]
    abstained: Mapping[Abstention, int]
    false_alarms: tuple[float, ...]
    text_s: float


def evaluate(
    scorer: CompiledScorer,
    data: Path,
    *,
    trained_digests: Sequence[str] = (),
    everyday: Path | None = None,
) -> Evaluation:
    """Score a labelled file and compare.

    `trained_digests` are the SHA-256 of the files that the model was trained on (from its card),
    `everyday` a file with rows labelled `clean` for false alarms. Raises DataError for a
    malformed file, or one of whose classes too few rows could be judged.
    """
    rows = read_labelled(data, smallest_class=1)
    scores = [scorer.score(text) for text in each(rows.texts, "scoring")]
    labels, probabilities, decided = _judged(rows, scores)
    if len(np.unique(labels)) < len(LABELS):
        raise DataError(f"{data}: a class has no row that the model could judge")
    return Evaluation(
        model=scorer.model,
        data=rows.name,
        data_sha256=rows.digest,
        rows=len(rows),
        trained_on=rows.digest in trained_digests,
        metrics=measure(labels, probabilities, decided),
        confusion=confusion(labels, decided),
        reliability=reliability(1.0 - probabilities[:, NEITHER], labels != NEITHER),
        abstained=Counter(s.abstained for s in scores if s.abstained is not None),
        false_alarms=_false_alarms(scorer, everyday),
        text_s=median_time(scorer.score, rows.texts),
    )


def _judged(rows: LabelledRows, scores: Sequence[Score]) -> tuple[Indices, Floats, Indices]:
    """True classes, probabilities and labels of the rows that were judged."""
    labels, probabilities, decided = [], [], []
    for truth, score in zip(rows.labels, scores, strict=True):
        if score.probabilities is not None and score.label is not None:
            labels.append(truth)
            probabilities.append([score.probabilities.of(label) for label in LABELS])
            decided.append(LABELS.index(score.label))
    return np.array(labels), np.array(probabilities).reshape(-1, len(LABELS)), np.array(decided)


def confusion(labels: Indices, decided: Indices) -> tuple[tuple[int, ...], ...]:
    """How many rows of class i were labelled j."""
    cells = np.bincount(labels * len(LABELS) + decided, minlength=len(LABELS) ** 2)
    return tuple(map(tuple, cells.reshape(len(LABELS), -1).tolist()))


def reliability(claimed: Floats, happened: NDArray[np.bool_]) -> tuple[Bin, ...]:
    """For each of ten equal bins of the claimed probability: rows, mean claim, share that was."""
    index = np.minimum((claimed * BINS).astype(np.int64), BINS - 1)
    rows = np.bincount(index, minlength=BINS)
    claims = np.bincount(index, weights=claimed, minlength=BINS) / np.maximum(rows, 1)
    shares = np.bincount(index, weights=happened, minlength=BINS) / np.maximum(rows, 1)
    return tuple(zip(rows.tolist(), claims.tolist(), shares.tolist(), strict=True))


def _false_alarms(scorer: CompiledScorer, everyday: Path | None) -> tuple[float, ...]:
    if everyday is None:
        return ()
    found = [scorer.score(text).probabilities for text in each(read_everyday(everyday), "alarms")]
    toxic = [0.0 if probabilities is None else probabilities.toxic for probabilities in found]
    return tuple(false_alarms(np.array(toxic)))
