"""Cross-validation: every recipe on the same folds, each fold kept on disk when it is done."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import joblib
import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from moderator.classifier.dataset import LabelledRows
from moderator.classifier.recipe import Fitted, Recipe

SEED = 42
TIMED_TEXTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldResult:
    """What one recipe did on one fold.

    `test` holds row numbers; `probabilities` (n, 3) and `decided` (n,) belong to them.
    `everyday` is P(toxic) of each everyday text. Times are in seconds; `one_text_s` is the median
    of the pipeline's time for one text at a time; `pipeline_bytes` the size of the pickled
    scikit-learn pipeline, compressed.
    """

    recipe: str
    fold: int
    test: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    decided: NDArray[np.int64]
    everyday: NDArray[np.float64]
    fit_s: float
    fit_cpu_s: float
    one_text_s: float
    pipeline_bytes: int


def cross_validate(
    rows: LabelledRows,
    recipes: Sequence[Recipe],
    *,
    everyday: Sequence[str] = (),
    folds: int = 5,
    only: Sequence[int] | None = None,
    keep: Path | None = None,
    done: Callable[[FoldResult], None] = lambda _: None,
) -> list[FoldResult]:
    """Fit and test each recipe on the same stratified folds (shuffled, seed 42).

    `everyday` are clean texts of another source, scored by each fold's model. `only` restricts
    the work to these folds. With `keep`, a folder, each result is written there as soon as it
    is known and read back instead of computed again.
    """
    splitter = StratifiedKFold(folds, shuffle=True, random_state=SEED)
    splits = list(splitter.split(np.zeros(len(rows)), rows.labels))
    results = []
    for fold in only if only is not None else range(folds):
        train, test = splits[fold]
        for recipe in recipes:
            kept = keep / f"{rows.digest[:12]}-{recipe.name}-{fold}of{folds}.npz" if keep else None
            if kept is not None and kept.exists():
                result = _read_fold(kept)
            else:
                result = _run_fold(rows, recipe, fold, train, test, everyday)
                if kept is not None:
                    _write_fold(kept, result)
            done(result)
            results.append(result)
    return results


def _run_fold(
    rows: LabelledRows,
    recipe: Recipe,
    fold: int,
    train: NDArray[np.int64],
    test: NDArray[np.int64],
    everyday: Sequence[str],
) -> FoldResult:
    wall, cpu = time.perf_counter(), time.process_time()
    fitted = recipe.fit(rows.take(train))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    texts = rows.take(test).texts
    probabilities = fitted.probabilities(texts)
    return FoldResult(
        recipe=recipe.name,
        fold=fold,
        test=test,
        probabilities=probabilities,
        decided=fitted.labels(probabilities),
        everyday=1.0 - fitted.probabilities(everyday)[:, 2] if everyday else np.empty(0),
        fit_s=wall,
        fit_cpu_s=cpu,
        one_text_s=_median_one_text(fitted, texts[:TIMED_TEXTS]),
        pipeline_bytes=_pickled_bytes(fitted),
    )


def _median_one_text(fitted: Fitted, texts: Sequence[str]) -> float:
    spent = []
    for text in texts:
        start = time.perf_counter()
        fitted.probabilities([text])
        spent.append(time.perf_counter() - start)
    return float(np.median(spent))


def _pickled_bytes(fitted: Fitted) -> int:
    buffer = io.BytesIO()
    joblib.dump(fitted.pipeline, buffer, compress=3)
    return len(buffer.getvalue())


def _write_fold(path: Path, result: FoldResult) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        np.savez_compressed(out, **{name: getattr(result, name) for name in result.__slots__})


def _read_fold(path: Path) -> FoldResult:
    with np.load(path, allow_pickle=False) as kept:
        arrays = {name: kept[name] for name in FoldResult.__slots__}
    return FoldResult(
        recipe=str(arrays["recipe"]),
        fold=int(arrays["fold"]),
        test=arrays["test"],
        probabilities=arrays["probabilities"],
        decided=arrays["decided"],
        everyday=arrays["everyday"],
        fit_s=float(arrays["fit_s"]),
        fit_cpu_s=float(arrays["fit_cpu_s"]),
        one_text_s=float(arrays["one_text_s"]),
        pipeline_bytes=int(arrays["pipeline_bytes"]),
    )
