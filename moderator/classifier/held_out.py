"""Labelled rows that a model was not fitted on, summed up over folds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from moderator.classifier.crossval import Fold
from moderator.classifier.dataset import LabelledRows
from moderator.classifier.figures import ClassMetrics, HeldOutFigures, Metrics
from moderator.classifier.kept_folds import FoldResult
from moderator.classifier.metrics import (
    Flags,
    Floats,
    Indices,
    at_base_rate,
    confusion,
    histogram,
    measure,
    recall_curve,
    reliability,
    toxic_of,
)
from moderator.classifier.weights import HATE, LABEL_NAMES, LABELS, NEITHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Rows with their true classes (n,), probabilities (n, 3) and decided classes (n,).

    `known` says which rows nearly equal a training row. The probabilities refer to `base_rate`;
    where the model was trained a share `toxic_share` of the labelled rows was toxic, and at that
    share the rows were decided.
    """

    labels: Indices
    probabilities: Floats
    decided: Indices
    known: Flags
    base_rate: float | None
    toxic_share: float

    def metrics(self, rows: Flags) -> Metrics | None:
        """Of some of the rows; None where they lack a class."""
        labels = self.labels[rows]
        if len(np.unique(labels)) < len(LABELS):
            return None
        return measure(
            labels,
            self.brought[rows],
            self.decided[rows],
        )

    @property
    def brought(self) -> Floats:
        """The probabilities, shape (n, 3), brought to the training rows' share."""
        return at_base_rate(self.probabilities, wanted=self.toxic_share, given=self.base_rate)


def of_fold(rows: LabelledRows, fold: Fold, result: FoldResult) -> Judged:
    """What a recipe's model made of a fold's held-out rows."""
    return Judged(
        labels=rows.labels[fold.test],
        probabilities=result.probabilities,
        decided=result.decided,
        known=fold.known,
        base_rate=result.declared_base_rate,
        toxic_share=result.toxic_share,
    )


def summed_up(parts: Sequence[Judged], *, data: str, folds: int) -> HeldOutFigures:
    """Means over the parts, and curves and counts over all their rows together.

    Every part must have rows of each class.
    """
    each = [_all_of(part) for part in parts]
    distinct = [part.metrics(~part.known) for part in parts] if folds else []
    apart = [metrics for metrics in distinct if metrics is not None]
    labels = np.concatenate([part.labels for part in parts])
    found = np.vstack([part.brought for part in parts])
    toxic, really = toxic_of(found), labels != NEITHER
    declared = parts[0].base_rate is not None
    return HeldOutFigures(
        data=data,
        folds=folds,
        metrics=_mean_metrics(each),
        macro_f1_sd=float(np.std([metrics.macro_f1 for metrics in each])),
        near_duplicates=sum(int(part.known.sum()) for part in parts),
        distinct=_mean_metrics(apart) if apart and len(apart) == len(parts) else None,
        confusion=confusion(labels, np.concatenate([part.decided for part in parts])),
        histograms=tuple(histogram(toxic[labels == k]) for k in range(len(LABELS))),
        toxic_curve=recall_curve(toxic, really),
        hate_curve=recall_curve(found[:, HATE], labels == HATE),
        reliability=reliability(
            toxic, really, base_rate=parts[0].toxic_share if declared else None
        ),
    )


def _all_of(part: Judged) -> Metrics:
    metrics = part.metrics(np.ones(len(part.labels), dtype=np.bool_))
    if metrics is None:
        raise ValueError("a part lacks rows of a class")
    return metrics


def _mean_metrics(each: Sequence[Metrics]) -> Metrics:
    names = {field.name for field in fields(Metrics)} - {"rows", "classes"}
    return Metrics(
        rows=sum(metrics.rows for metrics in each),
        classes={name: _mean_class([m.classes[name] for m in each]) for name in LABEL_NAMES},
        **{name: _mean(getattr(metrics, name) for metrics in each) for name in names},
    )


def _mean_class(each: Sequence[ClassMetrics]) -> ClassMetrics:
    return ClassMetrics(
        precision=_mean(c.precision for c in each),
        recall=_mean(c.recall for c in each),
        f1=_mean(c.f1 for c in each),
        rows=sum(c.rows for c in each),
    )


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))
