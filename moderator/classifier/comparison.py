"""Fold results summed up: one column a recipe, and the table that sets them side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from moderator.classifier.crossval import FOLDS, FoldResult
from moderator.classifier.metrics import (
    ALARM_THRESHOLDS,
    ClassMetrics,
    Metrics,
    false_alarms,
    measure,
)
from moderator.domain.score import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeFigures:
    """A recipe's figures: means over the folds that were measured.

    `macro_f1_sd` is the standard deviation of macro-F1 over the folds. `false_alarms` is the share
    of clean everyday texts called toxic at each of `ALARM_THRESHOLDS`; empty where there were no
    such texts. Times are in seconds, sizes in bytes; see `crossval.FoldResult`.
    """

    recipe: str
    folds: int
    metrics: Metrics
    macro_f1_sd: float
    false_alarms: tuple[float, ...]
    fit_s: float
    fit_cpu_s: float
    pipeline_text_s: float
    compiled_text_s: float
    pipeline_bytes: int
    artefact_bytes: int


def summed_up(
    results: Iterable[FoldResult], labels: NDArray[np.int64]
) -> tuple[RecipeFigures, ...]:
    """One column for each recipe, in the order of first appearance; `labels` of all rows."""
    by_recipe: dict[str, list[FoldResult]] = {}
    for result in results:
        by_recipe.setdefault(result.recipe, []).append(result)
    return tuple(_figures(own, labels) for own in by_recipe.values())


def _figures(results: Sequence[FoldResult], labels: NDArray[np.int64]) -> RecipeFigures:
    each = [measure(labels[r.test], r.probabilities, r.decided) for r in results]
    alarms = [false_alarms(r.everyday) for r in results if len(r.everyday)]
    return RecipeFigures(
        recipe=results[0].recipe,
        folds=len(results),
        metrics=_mean_metrics(each),
        macro_f1_sd=float(np.std([m.macro_f1 for m in each])),
        false_alarms=tuple(np.mean(alarms, axis=0).tolist()) if alarms else (),
        fit_s=_mean(r.fit_s for r in results),
        fit_cpu_s=_mean(r.fit_cpu_s for r in results),
        pipeline_text_s=_mean(r.pipeline_text_s for r in results),
        compiled_text_s=_mean(r.compiled_text_s for r in results),
        pipeline_bytes=round(_mean(r.pipeline_bytes for r in results)),
        artefact_bytes=round(_mean(r.artefact_bytes for r in results)),
    )


def _mean_metrics(each: Sequence[Metrics]) -> Metrics:
    names = {f.name for f in fields(Metrics)} - {"rows", "classes"}
    return Metrics(
        rows=sum(m.rows for m in each),
        classes={label: _mean_class([m.classes[label] for m in each]) for label in Label},
        **{name: _mean(getattr(m, name) for m in each) for name in names},
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


def comparison_table(columns: Sequence[RecipeFigures], names: Sequence[str] = ()) -> str:
    """A Markdown table: a line for each figure, a column for each recipe.

    `names` are the headings; without them the recipes' own names are.
    """
    heads = list(names) or [column.recipe for column in columns]
    lines = [["", *heads], ["---"] * (len(columns) + 1)]
    lines += [[name, *map(show, columns)] for name, show in _LINES]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _of_class(label: Label) -> Callable[[RecipeFigures], str]:
    def show(column: RecipeFigures) -> str:
        own = column.metrics.classes[label]
        return f"{own.precision:.3f} / {own.recall:.3f} / {own.f1:.3f}"

    return show


def _alarm(position: int) -> Callable[[RecipeFigures], str]:
    def show(column: RecipeFigures) -> str:
        found = column.false_alarms
        return f"{found[position]:.1%}" if found else "not measured"

    return show


_LINES: tuple[tuple[str, Callable[[RecipeFigures], str]], ...] = (
    ("folds measured", lambda c: f"{c.folds} of {FOLDS}"),
    ("accuracy", lambda c: f"{c.metrics.accuracy:.3f}"),
    ("weighted F1", lambda c: f"{c.metrics.weighted_f1:.3f}"),
    ("macro-F1 (sd over folds)", lambda c: f"{c.metrics.macro_f1:.3f} ({c.macro_f1_sd:.3f})"),
    *((f"{label} precision / recall / F1", _of_class(label)) for label in Label),
    ("AUC hate against the rest", lambda c: f"{c.metrics.auc_hate:.3f}"),
    ("AUC toxic against neither", lambda c: f"{c.metrics.auc_toxic:.3f}"),
    (
        "calibration error: top / hate / toxic",
        lambda c: f"{c.metrics.ece_top:.3f} / {c.metrics.ece_hate:.3f} / {c.metrics.ece_toxic:.3f}",
    ),
    ("log-loss, nats", lambda c: f"{c.metrics.log_loss:.3f}"),
    *(
        (f"clean everyday texts called toxic at {threshold}", _alarm(i))
        for i, threshold in enumerate(ALARM_THRESHOLDS)
    ),
    ("training, seconds (processor)", lambda c: f"{c.fit_s:.0f} ({c.fit_cpu_s:.0f})"),
    ("pickled pipeline, MB", lambda c: f"{c.pipeline_bytes / 1e6:.2f}"),
    ("shipped model file, MB", lambda c: f"{c.artefact_bytes / 1e6:.2f}"),
    ("one text, pipeline, ms", lambda c: f"{c.pipeline_text_s * 1e3:.2f}"),
    ("one text, compiled, ms", lambda c: f"{c.compiled_text_s * 1e3:.2f}"),
)
