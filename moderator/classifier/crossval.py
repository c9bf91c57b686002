"""Cross-validation: every recipe on the same folds, each fold kept on disk when it is done."""

from __future__ import annotations

import hashlib
import io
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import joblib
import numpy as np
import sklearn
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from moderator.classifier import artefact
from moderator.classifier.dataset import LabelledRows
from moderator.classifier.recipe import Fitted, Recipe
from moderator.classifier.scorer import CompiledScorer
from moderator.classifier.weights import NEITHER

SEED = 42
FOLDS = 5
TIMED_TEXTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldResult:
    """What one recipe did on one fold.

    `test` holds row numbers; `probabilities` (n, 3) and `decided` (n,) belong to them.
    `everyday` is P(toxic) of each everyday text. Times are in seconds: of the fit on the clock
    and on the processor, and the median for one text at a time, by the scikit-learn pipeline and
    by the compiled scorer. `pipeline_bytes` is the pickled pipeline, compressed; `artefact_bytes`
    the model file that would be shipped.
    """

    recipe: str
    fold: int
    test: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    decided: NDArray[np.int64]
    everyday: NDArray[np.float64]
    fit_s: float
    fit_cpu_s: float
    pipeline_text_s: float
    compiled_text_s: float
    pipeline_bytes: int
    artefact_bytes: int


def cross_validate(
    rows: LabelledRows,
    recipes: Sequence[Recipe],
    *,
    everyday: Sequence[str] = (),
    folds: int = FOLDS,
    keep: Path | None = None,
) -> Iterator[FoldResult]:
    """Fit and test each recipe on the first `folds` of five stratified folds (shuffled, seed 42).

    Yields each result as soon as it is known. `everyday` are clean texts of another source,
    scored by each fold's model. With `keep`, a folder, each result is written there and read
    back the next time instead of computed again.
    """
    splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    splits = list(splitter.split(np.zeros(len(rows)), rows.labels))[:folds]
    for fold, (train, test) in enumerate(splits):
        for recipe in recipes:
            kept = keep / _file_name(rows, recipe, fold, everyday) if keep else None
            if kept is not None and kept.exists():
                yield _read_fold(kept)
                continue
            result = _run_fold(rows, recipe, fold, train, test, everyday)
            if kept is not None:
                _write_fold(kept, result)
            yield result


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
    scorer = CompiledScorer(fitted.weights, name=recipe.name, digest="")
    return FoldResult(
        recipe=recipe.name,
        fold=fold,
        test=test,
        probabilities=probabilities,
        decided=fitted.labels(probabilities),
        everyday=1.0 - fitted.probabilities(everyday)[:, NEITHER] if everyday else np.empty(0),
        fit_s=wall,
        fit_cpu_s=cpu,
        pipeline_text_s=median_time(lambda text: fitted.probabilities([text]), texts),
        compiled_text_s=median_time(scorer.score, texts),
        pipeline_bytes=_pickled_bytes(fitted),
        artefact_bytes=len(artefact.pack(fitted, name=recipe.name)),
    )


def median_time(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """The median time in seconds that `work` takes for one of the first 200 texts."""
    spent = []
    for text in texts[:TIMED_TEXTS]:
        start = time.perf_counter()
        work(text)
        spent.append(time.perf_counter() - start)
    return float(np.median(spent))


def _pickled_bytes(fitted: Fitted) -> int:
    buffer = io.BytesIO()
    joblib.dump(fitted.pipeline, buffer, compress=3)
    return len(buffer.getvalue())


def _file_name(rows: LabelledRows, recipe: Recipe, fold: int, everyday: Sequence[str]) -> str:
    """One name for all that the result depends on."""
    facts = [rows.digest, len(rows), dict(recipe.parameters), list(everyday), sklearn.__version__]
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    return f"{recipe.name}-{fold + 1}of{FOLDS}-{digest[:12]}.npz"


def _write_fold(path: Path, result: FoldResult) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as out:
        np.savez_compressed(out, **{f.name: getattr(result, f.name) for f in fields(result)})
    unfinished.replace(path)


def _read_fold(path: Path) -> FoldResult:
    with np.load(path, allow_pickle=False) as kept:
        values = {
            f.name: kept[f.name] if kept[f.name].ndim else kept[f.name].item()
            for f in fields(FoldResult)
        }
    return FoldResult(**values)
