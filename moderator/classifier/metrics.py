"""Honest figures: how right a classifier is, how sure it may be, how often it cries wolf."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    f1_score,
    log_loss,
    precision_recall_curve,
    precision_recall_fscore_support,
    roc_auc_score,
)

from moderator.classifier.figures import (
    CURVE_POINTS,
    HISTOGRAM_BINS,
    ClassMetrics,
    CurvePoint,
    Metrics,
    Reliability,
    ReliabilityBin,
)
from moderator.classifier.weights import HATE, LABEL_NAMES, LABELS, NEITHER

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.int64]

BINS = 10  # of the calibration error; equal widths
HALF, HIGH = 0.5, 0.8  # thresholds that figures are given for
STRICT = 0.005  # the share of clean comments that the strict threshold may flag


def toxic_of(probabilities: Floats) -> Floats:
    """P(toxic), shape (n,), of probabilities of shape (n, 3)."""
    toxic: Floats = 1.0 - probabilities[:, NEITHER]
    return toxic


def at_base_rate(probabilities: Floats, *, wanted: float, given: float | None) -> Floats:
    """The probabilities, shape (n, 3), where a share `wanted` is toxic and not `given`.

    Bayes' rule, as `Probabilities.at_base_rate`; unchanged where `given` is not known.
    """
    if given is None:
        return probabilities
    more, less = wanted / given, (1.0 - wanted) / (1.0 - given)
    factors = np.array([less if k == NEITHER else more for k in range(len(LABELS))])
    moved: Floats = probabilities * factors
    moved /= moved.sum(axis=1, keepdims=True)
    return moved


def measure(labels: Indices, probabilities: Floats, decided: Indices) -> Metrics:
    """Compare decisions (n,) and probabilities (n, 3) with the true classes (n,).

    Every class must occur among `labels`.
    """
    order = list(range(len(LABELS)))
    each = precision_recall_fscore_support(labels, decided, labels=order, zero_division=0.0)
    toxic, really = toxic_of(probabilities), labels != NEITHER
    return Metrics(
        rows=len(labels),
        accuracy=float(np.mean(labels == decided)),
        weighted_f1=float(each[2] @ (each[3] / len(labels))),
        macro_f1=float(each[2].mean()),
        classes={name: _class_metrics(each, k) for k, name in enumerate(LABEL_NAMES)},
        toxic_f1=float(f1_score(really, toxic >= HALF, zero_division=0.0)),
        auc_hate=auc(probabilities[:, HATE], labels == HATE),
        auc_toxic=auc(toxic, really),
        ece_top=calibration_error(
            probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
        ),
        ece_hate=calibration_error(probabilities[:, HATE], labels == HATE),
        ece_toxic=calibration_error(toxic, really),
        log_loss=float(log_loss(labels, probabilities, labels=order)),
    )


def auc(ranked: Floats, really: Flags) -> float:
    """The chance that one that really is ranks above one that is not; both must occur."""
    return float(roc_auc_score(really, ranked))


def share(flags: Flags) -> float:
    """The share of these that is true; 0 where there are none."""
    return float(np.mean(flags)) if len(flags) else 0.0


def calibration_error(claimed: Floats, happened: Flags) -> float:
    """Expected calibration error: |mean claim - share that happened|, weighted over ten bins.

    Worked example: of four claims of 0.75 two came true: |0.75 - 0.5| = 0.25.
    """
    return reliability(claimed, happened).error


def reliability(
    claimed: Floats,
    happened: Flags,
    weights: Floats | None = None,
    *,
    base_rate: float | None = None,
) -> Reliability:
    """Claims (n,) against what happened (n,), each row counting with its weight, or alike.

    `base_rate` is noted as what the claims were brought to.
    """
    weights = np.ones(len(claimed)) if weights is None else weights
    index = np.minimum((claimed * BINS).astype(np.int64), BINS - 1)
    rows = np.bincount(index, minlength=BINS)
    weight = np.bincount(index, weights=weights, minlength=BINS)
    divisor = np.where(weight > 0.0, weight, 1.0)
    claims = np.bincount(index, weights=weights * claimed, minlength=BINS) / divisor
    shares = np.bincount(index, weights=weights * happened, minlength=BINS) / divisor
    parts = weight / weights.sum()
    return Reliability(
        toxic_share=float(weights @ happened / weights.sum()),
        base_rate=base_rate,
        error=float(np.sum(parts * np.abs(claims - shares))),
        bins=tuple(
            ReliabilityBin(rows=n, share=part, claimed=claim, happened=share)
            for n, part, claim, share in zip(
                rows.tolist(), parts.tolist(), claims.tolist(), shares.tolist(), strict=True
            )
        ),
    )


def strict_threshold(clean: Floats, flags: float = STRICT) -> float:
    """The lowest threshold at which at most this share of clean texts, P(toxic) (n,), is flagged.

    Worked example: of 1,000 clean texts 5 may be flagged, so it lies just above the sixth
    highest P(toxic).
    """
    allowed = int(flags * len(clean) + 1e-9)
    return float(np.nextafter(np.sort(clean)[::-1][allowed], np.inf))


def alarms_per_1000(clean: Floats, thresholds: Floats) -> tuple[float, ...]:
    """How many of a thousand clean texts, P(toxic) (n,), reach each threshold."""
    below = np.searchsorted(np.sort(clean), thresholds, side="left")
    alarms: list[float] = (1000.0 * (len(clean) - below) / len(clean)).tolist()
    return tuple(alarms)


def histogram(toxic: Floats) -> tuple[int, ...]:
    """How many of these P(toxic) lie in each of twenty equal bins, the last one closed."""
    index = np.minimum((toxic * HISTOGRAM_BINS).astype(np.int64), HISTOGRAM_BINS - 1)
    counts: list[int] = np.bincount(index, minlength=HISTOGRAM_BINS).tolist()
    return tuple(counts)


def recall_curve(ranked: Floats, really: Flags) -> tuple[CurvePoint, ...]:
    """Precision against recall, recall falling: up to 200 points, evenly spread over recall."""
    precision, recall, thresholds = precision_recall_curve(really, ranked)
    wanted = np.linspace(1.0, 0.0, CURVE_POINTS)
    # Of several points the last one that still has the recall: it is the most precise.
    last = np.searchsorted(-recall[:-1], -wanted, side="right") - 1
    return tuple(
        CurvePoint(
            threshold=float(thresholds[i]), recall=float(recall[i]), precision=float(precision[i])
        )
        for i in np.unique(last)
    )


def confusion(labels: Indices, decided: Indices) -> tuple[tuple[int, ...], ...]:
    """How many rows of class i were labelled j."""
    cells = np.bincount(labels * len(LABELS) + decided, minlength=len(LABELS) ** 2)
    return tuple(map(tuple, cells.reshape(len(LABELS), -1).tolist()))


def _class_metrics(each: tuple[Floats, ...], k: int) -> ClassMetrics:
    precision, recall, f1, rows = (values[k] for values in each)
    return ClassMetrics(
        precision=float(precision), recall=float(recall), f1=float(f1), rows=int(rows)
    )
