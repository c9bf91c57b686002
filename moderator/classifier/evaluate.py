"""Measuring a finished model file as it serves: by the compiled scorer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moderator.classifier.comparison import reach
from moderator.classifier.dataset import LabelledRows, read_labelled
from moderator.classifier.exam import read_exam, timed_texts
from moderator.classifier.figures import Findings, ModelFigures
from moderator.classifier.held_out import Judged, summed_up
from moderator.classifier.marking import HeldOut, Judge, sit
from moderator.classifier.metrics import Floats
from moderator.classifier.pool import read_pool
from moderator.classifier.progress import each
from moderator.classifier.scorer import CompiledScorer
from moderator.classifier.speed import measure_speed, words_of
from moderator.classifier.weights import LABELS, NEITHER
from moderator.domain.errors import DataError
from moderator.domain.score import Score

FLATTERS = (
    "The model was trained on this very file: what it does there flatters it and stands in "
    "brackets. The other columns are of its card, from held-out folds: they are the honest ones."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """A finished model: its scorer, the digest and size in bytes of its file.

    `trained_digests` are the SHA-256 of the labelled files that it was trained on, `findings` what
    was measured when it was made; both are from its card.
    """

    scorer: CompiledScorer
    recipe: str
    sha256: str
    size: int
    trained_digests: Sequence[str] = ()
    findings: Findings | None = None


def evaluate(model: ModelFile, data: Path, *, pool: Path | None = None) -> Findings:
    """Score a labelled file and, with a pool's folder, sit the exam.

    The figures of the model's card stand before its own. Raises DataError for a malformed file,
    or one of whose classes too few rows could be judged.
    """
    rows = read_labelled(data, smallest_class=1)
    words = words_of(rows.texts if pool is None else timed_texts(pool))
    speed = measure_speed(model.scorer, words, read_before=rows.texts)
    scores = [model.scorer.score(text) for text in each(rows.texts, "scoring")]
    judged, part = _judged(rows, scores, model.scorer)
    exam = read_exam(pool, _trained_on(pool, rows))
    held_out = HeldOut(
        texts=judged.texts,
        labels=part.labels,
        probabilities=part.probabilities,
        base_rate=part.base_rate,
    )
    own = ModelFigures(
        name=model.scorer.model,
        recipe=model.recipe,
        base_rate=model.scorer.base_rate,
        held_out=summed_up([part], data=rows.name, folds=0),
        exam=sit(exam, _judge(model.scorer), held_out),
        speed=speed,
        model_bytes=model.size,
    )
    columns = (*(model.findings.columns if model.findings else ()), own)
    flatters = rows.digest in model.trained_digests
    return Findings(
        model=model.scorer.model,
        sha256=model.sha256,
        data=rows.name,
        data_sha256=rows.digest,
        rows=len(rows),
        trained_on=flatters,
        abstained=dict(Counter(str(s.abstained) for s in scores if s.abstained is not None)),
        columns=columns,
        reach=reach(columns, trained_on=flatters),
        notes=(*((FLATTERS,) if flatters else ()), *exam.notes()),
    )


def _trained_on(pool: Path | None, rows: LabelledRows) -> tuple[str, ...]:
    """What the exam's near-duplicates are looked for in: as when the model was made."""
    return rows.texts if pool is None else rows.texts + read_pool(pool).texts


def _judge(scorer: CompiledScorer) -> Judge:
    def judge(texts: Sequence[str]) -> Floats:
        return np.array([scorer.probabilities(text) for text in texts])

    return judge


def _judged(
    rows: LabelledRows, scores: Sequence[Score], scorer: CompiledScorer
) -> tuple[LabelledRows, Judged]:
    """The rows that were judged, and what of."""
    judged = [i for i, score in enumerate(scores) if score.probabilities is not None]
    kept = rows.take(judged)
    if len(np.unique(kept.labels)) < len(LABELS):
        raise DataError(f"{rows.name}: a class has no row that the model could judge")
    probabilities = [scores[i].probabilities for i in judged]
    toxic_share = float(np.mean(kept.labels != NEITHER))
    labels = [scorer.score(text, toxic_share).label for text in kept.texts]
    return kept, Judged(
        labels=kept.labels,
        probabilities=np.array([[p.of(name) for name in LABELS] for p in probabilities if p]),
        decided=np.array([LABELS.index(label) for label in labels if label]),
        known=np.zeros(len(kept), dtype=np.bool_),
        base_rate=scorer.base_rate,
        toxic_share=toxic_share,
    )
