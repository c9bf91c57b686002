"""Fold results kept in a folder, so that a slow recipe is fitted once.

Nothing of another making is taken for one's own: the files of a recipe bear a digest of all that
its results depend on, and the first fold's model must still say what it said. The folder is as
trusted as the program: a model in it is a pickle.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import joblib
import numpy as np
import sklearn
from numpy.typing import NDArray

from moderator.classifier import figures, marking, metrics, tricks
from moderator.classifier.dataset import LabelledRows
from moderator.classifier.figures import ExamFigures, from_json
from moderator.classifier.metrics import at_base_rate
from moderator.classifier.recipe import Fitted, Recipe

PACKAGE = f"{__name__.rpartition('.')[0]}."
# How texts are read and labels decided by the rule: a kept model is asked again, and would show it.
SHOWN_BY_ANSWERS = {f"{PACKAGE}{name}" for name in ("text", "dataset", "recipe", "weights", "pool")}

SAME = 1e-9  # by which a kept model's probabilities may differ from those it gave
CHECKED = 300  # held-out texts on which it is asked again


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldResult:
    """What one recipe did on one fold.

    `probabilities` (n, 3) and `decided` (n,) belong to the fold's held-out rows. `base_rate` is
    what the probabilities refer to, not a number where the model does not say; `toxic_share` the
    share of toxic rows in the training part. Times are in seconds: of the fit on the clock and on
    the processor. `pipeline_bytes` is the pickled pipeline, compressed; `artefact_bytes` the model
    file that would be shipped.
    """

    recipe: str
    fold: int
    probabilities: NDArray[np.float64]
    decided: NDArray[np.int64]
    base_rate: float
    toxic_share: float
    fit_s: float
    fit_cpu_s: float
    pipeline_bytes: int
    artefact_bytes: int

    @property
    def declared_base_rate(self) -> float | None:
        """What the probabilities refer to, where the model says."""
        return None if np.isnan(self.base_rate) else self.base_rate


class KeptFolds:
    """One recipe's results on one file, in a folder."""

    def __init__(self, folder: Path, rows: LabelledRows, recipe: Recipe) -> None:
        facts = [rows.digest, len(rows), dict(recipe.parameters), sklearn.__version__]
        made_by = json.dumps([facts, _code_of(recipe)], sort_keys=True)
        digest = hashlib.sha256(made_by.encode()).hexdigest()
        self._folder = folder
        self._name = f"{recipe.name}-{digest[:12]}"

    def read(self, fold: int, texts: Sequence[str]) -> tuple[FoldResult, Fitted | None] | None:
        """A fold's result, of the first fold with the model; None where there is none.

        `texts` are the first fold's held-out texts. Where its model says something else of them
        now, texts are read differently: all of the recipe's results are thrown away.
        """
        path = self._path(fold)
        if not path.exists():
            return None
        result = _read_result(path)
        if fold > 0:
            return result, None
        fitted: Fitted | None = joblib.load(self._model) if self._model.exists() else None
        if fitted is not None and _says_the_same(fitted, result, texts[:CHECKED]):
            return result, fitted
        for stale in self._folder.glob(f"{self._name}-*"):
            stale.unlink()
        return None

    def write(self, result: FoldResult, fitted: Fitted | None) -> None:
        """Keep a fold's result and, of the first fold, the model."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if fitted is not None:
            joblib.dump(fitted, self._model, compress=3)
        path = self._path(result.fold)
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as out:
            np.savez_compressed(out, **{f.name: getattr(result, f.name) for f in fields(result)})
        unfinished.replace(path)

    def exam(self, asked: str, sit: Callable[[], ExamFigures]) -> ExamFigures:
        """How the first fold's model did in the exam of this digest; `sit` where it never sat."""
        path = self._folder / f"{self._name}-exam-{_marked_by(asked)[:12]}.json"
        if path.exists():
            return from_json(ExamFigures, json.loads(path.read_text()))
        found = sit()
        path.write_text(json.dumps(asdict(found)))
        return found

    def _path(self, fold: int) -> Path:
        return self._folder / f"{self._name}-fold{fold + 1}.npz"

    @property
    def _model(self) -> Path:
        return self._folder / f"{self._name}-model.joblib"


def _code_of(recipe: Recipe) -> list[str]:
    """The source of the recipe's module and of what it uses of ours, but for `SHOWN_BY_ANSWERS`."""
    seen: set[str] = set()
    waiting = {type(recipe).__module__}
    while waiting:
        name = waiting.pop()
        seen.add(name)
        used = {
            getattr(thing, "__module__", None) or "" for thing in vars(sys.modules[name]).values()
        }
        waiting |= (
            {module for module in used if module.startswith(PACKAGE)} - seen - SHOWN_BY_ANSWERS
        )
    return [inspect.getsource(sys.modules[name]) for name in sorted(seen)]


def _marked_by(asked: str) -> str:
    """A digest of what was asked and of the code that marks the answers."""
    code = [inspect.getsource(module) for module in (figures, marking, metrics, tricks)]
    return hashlib.sha256("\0".join([asked, *code]).encode()).hexdigest()


def _says_the_same(fitted: Fitted, result: FoldResult, texts: Sequence[str]) -> bool:
    then = result.probabilities[: len(texts)]
    same = np.allclose(fitted.probabilities(texts), then, rtol=0.0, atol=SAME)
    # Decided as in the fold: at the training part's share of toxic rows.
    brought = at_base_rate(then, wanted=result.toxic_share, given=result.declared_base_rate)
    return bool(same and np.array_equal(fitted.labels(brought), result.decided[: len(texts)]))


def _read_result(path: Path) -> FoldResult:
    with np.load(path, allow_pickle=False) as kept:
        values = {
            f.name: kept[f.name] if kept[f.name].ndim else kept[f.name].item()
            for f in fields(FoldResult)
        }
    return FoldResult(**values)
