"""Cross-validation: every recipe on the same folds, each fold kept on disk when it is done."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import joblib
import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from moderator.classifier import artefact
from moderator.classifier.dataset import LabelledRows
from moderator.classifier.duplicates import near_duplicates
from moderator.classifier.kept_folds import FoldResult, KeptFolds
from moderator.classifier.metrics import at_base_rate
from moderator.classifier.recipe import Fitted, Recipe
from moderator.classifier.weights import NEITHER

SEED = 42
FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """One of five: row numbers of what is trained on and of what is held out.

    `known`, shape like `test`, says which held-out rows say nearly what a training row says.
    """

    number: int
    train: NDArray[np.int64]
    test: NDArray[np.int64]
    known: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A recipe's result on a fold and, of the first fold, the model that it is of."""

    result: FoldResult
    fitted: Fitted | None


def split(rows: LabelledRows, count: int = FOLDS) -> tuple[Fold, ...]:
    """The first `count` of five stratified folds (shuffled, seed 42)."""
    splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    pairs = list(splitter.split(np.zeros(len(rows)), rows.labels))[:count]
    return tuple(_fold(rows, number, *pair) for number, pair in enumerate(pairs))


def _fold(
    rows: LabelledRows, number: int, train: NDArray[np.int64], test: NDArray[np.int64]
) -> Fold:
    known = np.zeros(len(test), dtype=np.bool_)
    known[near_duplicates(rows.take(test).texts, rows.take(train).texts)] = True
    return Fold(number=number, train=train, test=test, known=known)


def cross_validate(
    rows: LabelledRows,
    recipes: Sequence[Recipe],
    folds: Sequence[Fold],
    *,
    keep: Path | None = None,
) -> Iterator[Measured]:
    """Fit and test each recipe on each fold; yields each result as soon as it is known.

    With `keep`, a folder, each result is written there and read back the next time instead of
    computed again.
    """
    kept = {r.name: KeptFolds(keep, rows, r) if keep else None for r in recipes}
    for fold in folds:
        for recipe in recipes:
            yield _measured(rows, recipe, fold, kept[recipe.name])


def _measured(rows: LabelledRows, recipe: Recipe, fold: Fold, kept: KeptFolds | None) -> Measured:
    first = fold.number == 0
    texts = rows.take(fold.test).texts
    found = kept.read(fold.number, texts if first else ()) if kept else None
    if found is not None:
        return Measured(result=found[0], fitted=found[1])
    fitted, result = _run(rows, recipe, fold)
    if kept:
        kept.write(result, fitted if first else None)
    return Measured(result=result, fitted=fitted if first else None)


def _run(rows: LabelledRows, recipe: Recipe, fold: Fold) -> tuple[Fitted, FoldResult]:
    wall, cpu = time.perf_counter(), time.process_time()
    fitted = recipe.fit(rows.take(fold.train))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    probabilities = fitted.probabilities(rows.take(fold.test).texts)
    base_rate = fitted.weights.base_rate
    toxic_share = float(np.mean(rows.labels[fold.train] != NEITHER))
    brought = at_base_rate(probabilities, wanted=toxic_share, given=base_rate)
    return fitted, FoldResult(
        recipe=recipe.name,
        fold=fold.number,
        probabilities=probabilities,
        decided=fitted.labels(brought),
        base_rate=np.nan if base_rate is None else base_rate,
        toxic_share=toxic_share,
        fit_s=wall,
        fit_cpu_s=cpu,
        pipeline_bytes=_pickled_bytes(fitted),
        artefact_bytes=len(artefact.pack(fitted, name=recipe.name)),
    )


def _pickled_bytes(fitted: Fitted) -> int:
    buffer = io.BytesIO()
    joblib.dump(fitted.pipeline, buffer, compress=3)
    return len(buffer.getvalue())
