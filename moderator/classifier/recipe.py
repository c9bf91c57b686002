"""What a recipe is, and what comes of it.

A recipe makes a model from labelled texts; its `fit` returns the trained scikit-learn pipeline
together with the same model as plain weights. Everything is seeded: the same rows and library
versions give the same weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from moderator.classifier.dataset import LabelledRows
from moderator.classifier.metrics import at_base_rate
from moderator.classifier.weights import HATE, NEITHER, OFFENSIVE, Rule, Weights

Parameters = Mapping[str, object]
Step = Callable[[str], None]


def ignore_step(_: str) -> None:
    """A listener for those who do not watch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A trained model twice: scikit-learn's pipeline, and the same thing as plain weights."""

    pipeline: Pipeline
    weights: Weights

    def probabilities(
        self, texts: Sequence[str], base_rate: float | None = None
    ) -> NDArray[np.float64]:
        """The pipeline's probabilities, shape (n, 3), in the order of `LABELS`.

        With `base_rate`, those where this share of texts is toxic, if the model declares its own.
        """
        found: NDArray[np.float64] = self.pipeline.predict_proba(list(texts))
        if base_rate is None:
            return found
        return at_base_rate(found, wanted=base_rate, given=self.weights.base_rate)

    def labels(self, probabilities: NDArray[np.float64]) -> NDArray[np.int64]:
        """The decision rule's class of each row of probabilities."""
        return decide(probabilities, self.weights.rule, self.weights.hate_factor)


def decide(probabilities: NDArray[np.float64], rule: Rule, hate_factor: float) -> NDArray[np.int64]:
    """The rule's class of each row of probabilities, as an index into `LABELS`."""
    if rule is Rule.LARGEST:
        largest: NDArray[np.int64] = np.argmax(probabilities, axis=1)
        return largest
    hate, offensive = probabilities[:, HATE], probabilities[:, OFFENSIVE]
    worse = np.where(hate * hate_factor >= offensive, HATE, OFFENSIVE)
    return np.where(hate + offensive >= 0.5, worse, NEITHER)


class Recipe(Protocol):
    """A way to make a model; `fit` tells `step` what it is at.

    `parameters` is all that the result depends on besides the rows, fit for JSON.
    """

    @property
    def name(self) -> str: ...

    @property
    def parameters(self) -> Parameters: ...

    def fit(self, rows: LabelledRows, step: Step = ignore_step) -> Fitted: ...
