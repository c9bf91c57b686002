"""A trained linear model as plain numbers: what is stored, loaded and scored with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from moderator.domain.score import Label

LABELS = tuple(Label)  # every array of three is in this order: hate, offensive, neither
HATE, OFFENSIVE, NEITHER = range(3)
LABEL_NAMES = tuple(label.value for label in LABELS)


class Reading(StrEnum):
    """How a text becomes features; each has one reader in `text`."""

    TUTORIAL = "tutorial"  # lower case, ASCII letters only, words of two letters or more
    ROBUST = "robust"  # folded chunks: words, pairs of words, character n-grams


class Link(StrEnum):
    """How decision values become probabilities."""

    SIGMOIDS = "sigmoids"  # q_k = 1 / (1 + exp(-(slope_k f_k + bias_k))), then p = q / sum(q)
    SOFTMAX = "softmax"  # p_k = exp(f_k) / sum_j exp(f_j)


class Rule(StrEnum):
    """How probabilities become a label."""

    LARGEST = "largest"  # the class with the largest probability
    TOXIC_FIRST = "toxic first"  # neither, unless p_hate + p_offensive >= 0.5; then the larger
    # of p_hate * hate_factor and p_offensive


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """One-vs-rest linear decisions over weighted terms, and what turns them into a judgement.

    A text with count c_t of term t has, for class k in the order of `LABELS`, the
    decision value

        f_k = intercept_k + (sum_t c_t idf_t coef_tk) / norm
        norm = sqrt(sum_t c_t^2 idf_t^2)     TUTORIAL: scikit-learn's L2 norm
        norm = sqrt(sum_t c_t   idf_t^2)     ROBUST: adds up over parts of the text

    `link` makes probabilities of these; what the label is, `rule` says.

    `terms` is sorted and has no duplicates; `idf` has shape (n,), `coef` (n, 3), `intercept`,
    `slope` and `bias` (3,); the last two are ones and zeros where `link` does without.
    `base_rate` is the share of toxic texts that the probabilities refer to, strictly between 0
    and 1, or None where nobody said. `lexicon` holds the words that a disguise may hide, the
    likeliest first (see `disguise`).
    """

    reading: Reading
    terms: tuple[str, ...]
    idf: NDArray[np.float64]
    coef: NDArray[np.float64]
    intercept: NDArray[np.float64]
    slope: NDArray[np.float64]
    bias: NDArray[np.float64]
    link: Link
    rule: Rule
    hate_factor: float
    base_rate: float | None = None
    lexicon: tuple[str, ...] = ()

    @property
    def precision(self) -> type[np.float32] | type[np.float64]:
        """What `idf` and `coef` are stored in without losing anything."""
        fits = all(np.array_equal(a, a.astype(np.float32)) for a in (self.idf, self.coef))
        return np.float32 if fits else np.float64
