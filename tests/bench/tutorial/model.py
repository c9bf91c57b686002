"""The tutorial's classifier, fitted on its data and kept for the next run."""

from __future__ import annotations

import os
from pathlib import Path

import joblib
import numpy as np

from moderator.classifier.dataset import read_labelled
from moderator.classifier.tutorial import Tutorial

SMALL = 3_000  # rows; fitted in seconds
DATA = Path(os.environ.get("MODERATOR_SHARED", "../shared")) / "data/davidson/labeled_data.csv"


def fitted(results: Path, rows: int) -> Path:
    """The pipeline fitted on `rows` random rows, in a file; fitted now unless it is there.

    A fit of 3,000 rows takes seconds, of all 24,783 some ten minutes. Raises DataError where the
    data is not at hand.
    """
    path = results / f"tutorial-{rows}.joblib"
    if not path.is_file():
        labelled = read_labelled(DATA)
        chosen = np.random.default_rng(0).permutation(len(labelled.texts))[:rows]
        fit = Tutorial().fit(labelled.take(chosen))
        unfinished = path.with_suffix(".unfinished")
        joblib.dump(fit.pipeline, unfinished)
        unfinished.rename(path)
    return path


def largest(results: Path) -> int | None:
    """The most rows that an earlier run fitted on."""
    sizes = [int(path.stem.split("-")[1]) for path in results.glob("tutorial-*.joblib")]
    return max(sizes, default=None)
