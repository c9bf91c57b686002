"""Honest figures: how right a classifier is, how sure it may be, how often it cries wolf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import log_loss, precision_recall_fscore_support, roc_auc_score

from moderator.classifier.weights import HATE, LABELS, NEITHER
from moderator.domain.score import Label

Floats = NDArray[np.float64]
BINS = 10  # of the calibration error; equal widths
ALARM_THRESHOLDS = (0.5, 0.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassMetrics:
    """Precision, recall and F1 of one class, 0..1, and how many rows are of it."""

    precision: float
    recall: float
    f1: float
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """What a classifier did on labelled rows, all 0..1 unless said.

    Labels are the decision rule's. `auc_hate` ranks hate against the rest, `auc_toxic` ranks hate
    and offensive against neither; both are by probability. `ece_*` is the expected calibration
    error in ten bins: of the largest probability, of P(hate), of P(toxic). `log_loss` is in nats.
    """

    rows: int
    accuracy: float
    weighted_f1: float
    macro_f1: float
    classes: dict[Label, ClassMetrics]
    auc_hate: float
    auc_toxic: float
    ece_top: float
    ece_hate: float
    ece_toxic: float
    log_loss: float


def measure(
    labels: NDArray[np.int64], probabilities: Floats, decided: NDArray[np.int64]
) -> Metrics:
    """Compare decisions and probabilities, shapes (n,) and (n, 3), with the true classes (n,).

    Every class must occur among `labels`.
    """
    order = list(range(len(LABELS)))
    each = precision_recall_fscore_support(labels, decided, labels=order, zero_division=0.0)
    share = each[3] / len(labels)
    toxic = 1.0 - probabilities[:, NEITHER]
    likeliest = probabilities.argmax(axis=1)
    return Metrics(
        rows=len(labels),
        accuracy=float(np.mean(labels == decided)),
        weighted_f1=float(each[2] @ share),
        macro_f1=float(each[2].mean()),
        classes={label: _class_metrics(each, k) for k, label in enumerate(LABELS)},
        auc_hate=float(roc_auc_score(labels == HATE, probabilities[:, HATE])),
        auc_toxic=float(roc_auc_score(labels != NEITHER, toxic)),
        ece_top=calibration_error(probabilities.max(axis=1), likeliest == labels),
        ece_hate=calibration_error(probabilities[:, HATE], labels == HATE),
        ece_toxic=calibration_error(toxic, labels != NEITHER),
        log_loss=float(log_loss(labels, probabilities, labels=order)),
    )


def calibration_error(claimed: Floats, happened: NDArray[np.bool_]) -> float:
    """Expected calibration error: |mean claim - share that happened|, weighted over ten bins.

    Worked example: of four claims of 0.75 two came true: |0.75 - 0.5| = 0.25.
    """
    bins = np.minimum((claimed * BINS).astype(np.int64), BINS - 1)
    gap = np.bincount(bins, weights=claimed - happened, minlength=BINS)
    return float(np.abs(gap).sum() / len(claimed))


def false_alarms(toxic: Floats, thresholds: Sequence[float] = ALARM_THRESHOLDS) -> list[float]:
    """The share of these clean texts whose P(toxic) reaches each threshold."""
    return [float(np.mean(toxic >= threshold)) for threshold in thresholds]


def _class_metrics(each: tuple[NDArray[np.float64], ...], k: int) -> ClassMetrics:
    precision, recall, f1, rows = (values[k] for values in each)
    return ClassMetrics(
        precision=float(precision), recall=float(recall), f1=float(f1), rows=int(rows)
    )
