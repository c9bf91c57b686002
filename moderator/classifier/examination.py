"""Recipes measured side by side: on held-out folds, against the clock, in the exam."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moderator.classifier.comparison import ALONE, NEW, TUTORIAL
from moderator.classifier.crossval import FOLDS, Fold, Measured, cross_validate, split
from moderator.classifier.dataset import LabelledRows
from moderator.classifier.exam import Exam, read_exam, timed_texts
from moderator.classifier.figures import ExamFigures, ModelFigures, SpeedFigures
from moderator.classifier.held_out import of_fold, summed_up
from moderator.classifier.kept_folds import KeptFolds
from moderator.classifier.marking import HeldOut, sit
from moderator.classifier.pool import PoolRows
from moderator.classifier.progress import each
from moderator.classifier.recipe import Fitted, Recipe
from moderator.classifier.scorer import CompiledScorer
from moderator.classifier.speed import measure_speed, words_of

ALONE_RECIPE = "default-without-pool"
COLUMN_NAMES = {"tutorial": TUTORIAL, ALONE_RECIPE: ALONE, "default": NEW}


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """One column for each recipe, and what the reader must know of all of them."""

    columns: tuple[ModelFigures, ...]
    notes: tuple[str, ...]


def examine(
    rows: LabelledRows,
    recipes: Sequence[Recipe],
    *,
    folds: int,
    pool: Path | None = None,
    pool_rows: PoolRows | None = None,
    keep: Path | None = None,
) -> Examination:
    """Measure recipes on the first `folds` (1 to 5) of five folds, and examine the first's models.

    `pool` is the folder that the exam is read from, `pool_rows` what of it the recipes may have
    been trained on. With `keep`, a folder, what is known is read from there; times of single
    comments and of batches are always taken anew.
    """
    parts = split(rows, folds)
    results = cross_validate(rows, recipes, parts, keep=keep)
    measured = [*each(results, "measuring on held-out folds", folds * len(recipes))]
    first = {m.result.recipe: m.fitted for m in measured if m.fitted is not None}
    # Timed first: what the exam asks must not have been read, for words are remembered.
    words = words_of(rows.texts if pool is None else timed_texts(pool))
    speeds = {
        name: measure_speed(
            CompiledScorer(fitted.weights, name=name, digest=""),
            words,
            read_before=rows.texts,
            pipeline=fitted.probabilities,
        )
        for name, fitted in each(first.items(), "timing")
    }
    exam = read_exam(pool, rows.texts + (() if pool_rows is None else pool_rows.texts))
    columns = [
        _column(
            rows,
            parts,
            [m for m in measured if m.result.recipe == recipe.name],
            speeds[recipe.name],
            _examined(rows, parts[0], recipe, first[recipe.name], measured, exam, keep),
        )
        for recipe in each(recipes, "examining")
    ]
    return Examination(columns=tuple(columns), notes=(*_fold_notes(rows, folds), *exam.notes()))


def _examined(
    rows: LabelledRows,
    fold: Fold,
    recipe: Recipe,
    fitted: Fitted,
    measured: Sequence[Measured],
    exam: Exam,
    keep: Path | None,
) -> ExamFigures:
    """How the first fold's model did, asked about the rows that no training row says again."""
    result = next(m.result for m in measured if m.result.recipe == recipe.name)
    held = rows.take(fold.test[~fold.known])
    held_out = HeldOut(
        texts=held.texts,
        labels=held.labels,
        probabilities=result.probabilities[~fold.known],
        base_rate=result.declared_base_rate,
    )

    def sat() -> ExamFigures:
        return sit(exam, fitted.probabilities, held_out)

    return sat() if keep is None else KeptFolds(keep, rows, recipe).exam(exam.digest(), sat)


def _column(
    rows: LabelledRows,
    folds: Sequence[Fold],
    measured: Sequence[Measured],
    speed: SpeedFigures,
    exam: ExamFigures,
) -> ModelFigures:
    results = [m.result for m in measured]
    parts = [of_fold(rows, *pair) for pair in zip(folds, results, strict=True)]
    return ModelFigures(
        name=COLUMN_NAMES.get(results[0].recipe, results[0].recipe),
        recipe=results[0].recipe,
        base_rate=results[0].declared_base_rate,
        held_out=summed_up(parts, data=rows.name, folds=len(folds)),
        exam=exam,
        speed=speed,
        model_bytes=round(float(np.median([r.artefact_bytes for r in results]))),
        pipeline_bytes=round(float(np.median([r.pipeline_bytes for r in results]))),
        fit_s=float(np.median([r.fit_s for r in results])),
        fit_cpu_s=float(np.median([r.fit_cpu_s for r in results])),
    )


def _fold_notes(rows: LabelledRows, folds: int) -> tuple[str, ...]:
    return (
        f"{rows.name}: stratified folds (shuffled, seed 42), {folds} of {FOLDS} held out in turn, "
        "figures are means over them. Whatever a recipe tunes it tunes inside the training part. "
        "Probabilities were brought to the training part's share of toxic rows, by Bayes' rule, "
        "where the model declares another. "
        "Everything else is asked of the first fold's models, about held-out rows that no row of "
        "its training part says again.",
        "Times of comments and batches: medians of processor time, all of one run, on comments "
        "that no model had met, after 5,000 training rows had been read. "
        "Times of fitting are by the clock, of the run that fitted.",
    )
