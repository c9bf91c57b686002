"""Linear decisions: support vector machines, blended and turned into log-odds.

Everything here stays one linear function of the features for each class, so that whatever is
combined can be compiled to one weight a term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from moderator.classifier.corpus import Corpus
from moderator.classifier.weights import LABELS, NEITHER

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
SEED = 42
FINE, COARSE = 1e-4, 1e-2  # when liblinear stops; coarse moves a decision by some 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """One decision value a class: features @ coef + intercept; shapes (terms, 3) and (3,)."""

    coef: Floats
    intercept: Floats

    def decide(self, features: sparse.csr_matrix) -> Floats:
        """Shape (n, terms) to (n, 3)."""
        decided: Floats = features @ self.coef + self.intercept
        return decided

    def mixed(self, matrix: Floats, shift: Floats) -> Linear:
        """The decisions `decide(x) @ matrix + shift`, as one linear function."""
        # Sums in a fixed order: BLAS may round otherwise on another machine.
        coef = sum(self.coef[:, [j]] * matrix[j] for j in range(len(LABELS)))
        intercept = sum(self.intercept[j] * matrix[j] for j in range(len(LABELS)))
        return Linear(coef=np.asarray(coef), intercept=np.asarray(intercept) + shift)

    def blended(self, other: Linear, share: Sequence[float]) -> Linear:
        """For each class, `share` of the other's decision and the rest of this one's."""
        theirs = np.asarray(share)
        return Linear(
            coef=self.coef * (1.0 - theirs) + other.coef * theirs,
            intercept=self.intercept * (1.0 - theirs) + other.intercept * theirs,
        )


def fit_machines(
    features: sparse.csr_matrix,
    corpus: Corpus,
    *,
    regularisation: float,
    tolerance: float,
    rows: Indices | None = None,
) -> Linear:
    """One support vector machine a class against the others, on all rows or on these.

    A row that is partly of a class stands on both sides. The sources' offsets are fitted, too,
    and left out of what is returned.
    """
    rows = np.arange(len(corpus.weights)) if rows is None else rows
    wide = sparse.hstack([features, corpus.offsets]).tocsr()
    coefs, intercepts = [], []
    for k in range(len(LABELS)):
        index, target, weight = corpus.both_sides(k, rows)
        # The dual solver uses no BLAS, whose sums depend on the machine and its number of cores.
        machine = LinearSVC(
            C=regularisation, dual=True, tol=tolerance, max_iter=5000, random_state=SEED
        )
        machine.fit(wide[index], target, sample_weight=weight)
        coefs.append(machine.coef_[0, : features.shape[1]])
        intercepts.append(machine.intercept_[0])
    return Linear(coef=np.column_stack(coefs), intercept=np.array(intercepts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """Machines fitted on everything, with a share of machines fitted on labelled rows alone.

    `own_share` is that share for each class. The pool widens what is known; the labelled rows
    alone know better what they themselves call hate.
    """

    regularisation: float
    own_regularisation: float
    own_share: tuple[float, float, float]

    def fit(
        self,
        features: sparse.csr_matrix,
        corpus: Corpus,
        *,
        tolerance: float,
        rows: Indices | None = None,
    ) -> Linear:
        """Fit on all rows, or on these."""
        rows = np.arange(len(corpus.weights)) if rows is None else rows
        labelled = rows[rows < len(corpus.labels)]
        own = self._machines(features, corpus, labelled, self.own_regularisation, tolerance)
        if len(labelled) == len(rows):
            return own
        every = self._machines(features, corpus, rows, self.regularisation, tolerance)
        return every.blended(own, self.own_share)

    def _machines(
        self,
        features: sparse.csr_matrix,
        corpus: Corpus,
        rows: Indices,
        regularisation: float,
        tolerance: float,
    ) -> Linear:
        return fit_machines(
            features, corpus, regularisation=regularisation, tolerance=tolerance, rows=rows
        )

    def held_out(self, features: sparse.csr_matrix, corpus: Corpus, *, folds: int) -> Floats:
        """What machines say about each row that were fitted without it; shape (n, 3)."""
        likeliest = corpus.targets.argmax(axis=1)
        likeliest[corpus.labelled] = corpus.labels
        strata = likeliest + len(LABELS) * (np.arange(len(likeliest)) >= len(corpus.labels))
        decisions = np.zeros(corpus.targets.shape)
        splitter = StratifiedKFold(folds, shuffle=True, random_state=SEED)
        for train, test in splitter.split(strata, strata):
            machines = self.fit(features, corpus, tolerance=COARSE, rows=train)
            decisions[test] = machines.decide(features[test])
        return decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Decision values to log-odds that a softmax turns into probabilities.

    `matrix` (3, 3) and `shift` (3,) were fitted on held-out decisions.
    """

    matrix: Floats
    shift: Floats

    @classmethod
    def fitted(cls, decisions: Floats, corpus: Corpus) -> Calibration:
        """Fit on held-out decisions (n, 3) about the corpus' rows.

        Labelled rows stand for their majority. The pool adds what it says about each side, but
        how much of all is toxic stays the labelled rows' share.
        """
        believed = corpus.targets.copy()
        believed[corpus.labelled] = np.eye(len(LABELS))[corpus.labels]
        believed *= corpus.calibrating[:, None]
        share = corpus.toxic_share
        sides = np.array([1.0 - share if k == NEITHER else share for k in range(len(LABELS))])
        neither = believed[:, NEITHER].sum()
        totals = np.where(np.arange(len(LABELS)) == NEITHER, neither, believed.sum() - neither)
        weights = (believed * (sides / totals) * len(corpus.labels)).T.ravel()
        some = weights > 0.0
        rows = np.tile(np.arange(len(believed)), len(LABELS))[some]
        classes = np.repeat(np.arange(len(LABELS)), len(believed))[some]
        fit = LogisticRegression(C=1e3, solver="newton-cholesky", tol=1e-10, max_iter=200)
        fit.fit(decisions[rows], classes, sample_weight=weights[some])
        # A softmax does not notice what is added to all classes: none is preferred.
        matrix = fit.coef_.T - fit.coef_.T.mean(axis=1, keepdims=True)
        shift = fit.intercept_ - fit.intercept_.mean()
        return cls(matrix=matrix.round(6), shift=shift.round(6))

    def probabilities(self, decisions: Floats) -> Floats:
        """Shape (n, 3) both."""
        odds = np.exp(decisions @ self.matrix + self.shift)
        joint: Floats = odds / odds.sum(axis=1, keepdims=True)
        return joint
