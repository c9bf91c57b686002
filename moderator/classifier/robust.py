"""The default recipe: a linear model over folded words, pairs of words and character n-grams.

Three linear support vector machines, one a class, each with a sigmoid fitted on decisions about
rows it was not trained on. The decision rule is tuned for macro-F1 on the labelled rows' held-out
decisions.
What it costs to score adds up over the chunks of a text (see `text` and `weights`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC

from moderator.classifier.dataset import LabelledRows
from moderator.classifier.pool import PoolRows
from moderator.classifier.recipe import Fitted, Parameters, Step, decide, ignore_step
from moderator.classifier.text import is_gram, is_word, robust_terms
from moderator.classifier.weights import LABELS, NEITHER, Reading, Rule, Weights

Floats = NDArray[np.float64]
SEED = 42
HELD_OUT_FOLDS = 2
FINE, COARSE = 1e-4, 1e-2  # when liblinear stops; coarse moves a decision by some 0.001
RULE = Rule.TOXIC_FIRST
HATE_FACTORS = [round(1.1**power, 3) for power in range(20)]  # 1 to 6.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The numbers of the default recipe, chosen by cross-validation on Davidson and the pool."""

    regularisation: float = 0.05  # C of the support vector machines
    fewest_rows: int = 3  # that a word or a pair must occur in
    fewest_rows_gram: int = 10
    most_terms: int = 45_000  # pairs and n-grams kept, by largest weight in a first fit
    gram_scale: float = 0.5  # how much an n-gram counts against a word
    row_weight: float = 5.0  # of a labelled row, against a row of the pool of weight 1
    vote_share: float = 0.3  # of a row's target that is the annotators' votes, not their majority


@dataclass(frozen=True, slots=True, kw_only=True)
class Default:
    """Our recipe. Without a pool it is fitted on the labelled rows alone."""

    pool: PoolRows | None = None
    settings: Settings = Settings()
    name: str = "default"

    @property
    def parameters(self) -> Parameters:
        """The settings, and which pool."""
        pool = None if self.pool is None else self.pool.digest()
        return {**asdict(self.settings), "pool": pool}

    def fit(self, rows: LabelledRows, step: Step = ignore_step) -> Fitted:
        """Fit on the rows and the pool; about a minute for 125,000 texts on one core."""
        corpus = _corpus(rows, self.pool, self.settings)
        step("reading the texts")
        space = _TermSpace.found_in(corpus.texts, self.settings)
        step("choosing the terms")
        space, features = space.narrowed(corpus, self.settings)
        step("fitting")
        machines = [
            _fit_machine(features, corpus, k, self.settings, tolerance=FINE)
            for k in range(len(LABELS))
        ]
        step("calibrating on held-out rows")
        held_out = _held_out_decisions(features, corpus, self.settings)
        sigmoids = [_fit_sigmoid(held_out[:, k], corpus, k) for k in range(len(LABELS))]
        step("tuning the decision rule")
        model = CalibratedMachines(machines, sigmoids)
        own = model.calibrate(held_out[: len(rows)])
        factor = _best_hate_factor(own, rows.labels)
        return _fitted(space, model, factor, base_rate=corpus.toxic_share())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Corpus:
    """Everything that is trained on: the labelled rows first, then the pool."""

    texts: tuple[str, ...]
    targets: Floats  # (n, 3), rows sum to 1
    weights: Floats  # (n,)
    strata: NDArray[np.int64]  # (n,): likeliest class, and whether from the pool

    def toxic_share(self) -> float:
        """How much of the weight is on toxic texts: what the probabilities refer to."""
        toxic = 1.0 - self.targets[:, NEITHER]
        return round(float(self.weights @ toxic / self.weights.sum()), 6)


def _corpus(rows: LabelledRows, pool: PoolRows | None, settings: Settings) -> _Corpus:
    targets = np.eye(len(LABELS))[rows.labels]
    if rows.votes is not None:
        targets = (1 - settings.vote_share) * targets + settings.vote_share * rows.votes
    if pool is None:
        return _Corpus(
            texts=rows.texts,
            targets=targets,
            weights=np.full(len(rows), settings.row_weight),
            strata=rows.labels,
        )
    return _Corpus(
        texts=rows.texts + pool.texts,
        targets=np.vstack([targets, pool.targets]),
        weights=np.concatenate([np.full(len(rows), settings.row_weight), pool.weights]),
        strata=np.concatenate([rows.labels, len(LABELS) + pool.targets.argmax(axis=1)]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _TermSpace:
    """The terms in use, each with its idf; `counts` holds the training texts in it."""

    terms: tuple[str, ...]
    idf: Floats
    counts: sparse.csr_matrix

    @classmethod
    def found_in(cls, texts: Sequence[str], settings: Settings) -> _TermSpace:
        """All terms that occur often enough. An n-gram's idf is scaled down."""
        vectorizer = CountVectorizer(
            analyzer=robust_terms, min_df=min(settings.fewest_rows, len(texts)), dtype=np.float64
        )
        counts = vectorizer.fit_transform(texts)
        terms = vectorizer.get_feature_names_out()
        gram = np.fromiter(map(is_gram, terms), dtype=bool, count=len(terms))
        rows_with = np.bincount(counts.indices, minlength=len(terms))
        often = ~gram | (rows_with >= settings.fewest_rows_gram)
        idf = np.log((1 + len(texts)) / (1 + rows_with)) + 1.0
        idf = np.where(gram, settings.gram_scale, 1.0) * idf
        # Stored in single precision, so used in single precision from the start.
        return cls(
            terms=tuple(terms[often].tolist()),
            idf=_single(idf[often]),
            counts=counts[:, often],
        )

    def narrowed(self, corpus: _Corpus, settings: Settings) -> tuple[_TermSpace, sparse.csr_matrix]:
        """This space without the pairs and n-grams that weigh least in a first fit.

        All words stay: which words are known tells how far a text can be judged. Returns the
        training texts' features, too.
        """
        features = ChunkNorm(self.idf).transform(self.counts)
        word = np.fromiter(map(is_word, self.terms), dtype=bool, count=len(self.terms))
        if np.count_nonzero(~word) <= settings.most_terms:
            return self, features
        machines = [
            _fit_machine(features, corpus, k, settings, tolerance=COARSE)
            for k in range(len(LABELS))
        ]
        weight = np.max([np.abs(machine.coef_[0]) for machine in machines], axis=0)
        weight[word] = np.inf
        kept = np.sort(
            np.argsort(-weight, kind="stable")[: settings.most_terms + np.count_nonzero(word)]
        )
        space = _TermSpace(
            terms=tuple(self.terms[i] for i in kept),
            idf=self.idf[kept],
            counts=self.counts[:, kept],
        )
        return space, ChunkNorm(space.idf).transform(space.counts)


class ChunkNorm(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Counts to features: weighted by idf, divided by a norm that adds up over a text's parts."""

    def __init__(self, idf: Floats) -> None:
        self.idf = idf

    def fit(self, counts: sparse.csr_matrix, target: object = None) -> ChunkNorm:
        """Nothing to learn."""
        return self

    def transform(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Shape (n, terms) to the same shape; a row without known terms stays empty."""
        norm = np.sqrt(counts @ (self.idf * self.idf))
        norm[norm == 0.0] = 1.0
        return (sparse.diags(1.0 / norm) @ counts @ sparse.diags(self.idf)).tocsr()

    def __sklearn_is_fitted__(self) -> bool:
        return True


class CalibratedMachines(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """One linear machine a class, each with its sigmoid; probabilities are scaled to sum to 1."""

    def __init__(
        self, machines: Sequence[LinearSVC], sigmoids: Sequence[LogisticRegression]
    ) -> None:
        self.machines = machines
        self.sigmoids = sigmoids
        self.classes_ = np.arange(len(LABELS))

    def fit(self, features: sparse.csr_matrix, target: object = None) -> CalibratedMachines:
        """Fitted where it is made."""
        return self

    def decision_function(self, features: sparse.csr_matrix) -> Floats:
        """One decision value a class, shape (n, 3)."""
        return np.column_stack([machine.decision_function(features) for machine in self.machines])

    def calibrate(self, decisions: Floats) -> Floats:
        """Decision values to probabilities, shape (n, 3) both."""
        each = [
            sigmoid.predict_proba(decisions[:, [k]])[:, 1]
            for k, sigmoid in enumerate(self.sigmoids)
        ]
        joint: Floats = np.column_stack(each)
        joint /= joint.sum(axis=1, keepdims=True)
        return joint

    def predict_proba(self, features: sparse.csr_matrix) -> Floats:
        """Probabilities in the order of `LABELS`, shape (n, 3)."""
        return self.calibrate(self.decision_function(features))

    def __sklearn_is_fitted__(self) -> bool:
        return True


def _fit_machine(
    features: sparse.csr_matrix,
    corpus: _Corpus,
    k: int,
    settings: Settings,
    *,
    tolerance: float,
    rows: NDArray[np.int64] | None = None,
) -> LinearSVC:
    """One class against the others. A row that is partly of the class stands on both sides."""
    rows = np.arange(len(corpus.weights)) if rows is None else rows
    index, target, weight = _both_sides(corpus, k, rows)
    # The dual solver uses no BLAS, whose sums depend on the machine and its number of cores.
    machine = LinearSVC(
        C=settings.regularisation, dual=True, tol=tolerance, max_iter=5000, random_state=SEED
    )
    machine.fit(features[index], target, sample_weight=weight)
    machine.coef_ = _single(machine.coef_)
    return machine


def _both_sides(
    corpus: _Corpus, k: int, rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Row numbers, 1 or 0, and weights: each row for the class and against it, as it deserves."""
    share = corpus.targets[rows, k]
    weight = np.concatenate([corpus.weights[rows] * share, corpus.weights[rows] * (1.0 - share)])
    target = np.repeat([1, 0], len(rows))
    some = weight > 0.0
    return np.concatenate([rows, rows])[some], target[some], weight[some]


def _held_out_decisions(features: sparse.csr_matrix, corpus: _Corpus, settings: Settings) -> Floats:
    """Decision values of machines that were fitted without the row, shape (n, 3)."""
    decisions = np.zeros((len(corpus.weights), len(LABELS)))
    folds = StratifiedKFold(HELD_OUT_FOLDS, shuffle=True, random_state=SEED)
    for train, test in folds.split(corpus.strata, corpus.strata):
        for k in range(len(LABELS)):
            machine = _fit_machine(features, corpus, k, settings, tolerance=COARSE, rows=train)
            decisions[test, k] = machine.decision_function(features[test])
    return decisions


def _fit_sigmoid(decisions: Floats, corpus: _Corpus, k: int) -> LogisticRegression:
    index, target, weight = _both_sides(corpus, k, np.arange(len(decisions)))
    sigmoid = LogisticRegression(C=1e6, solver="newton-cholesky", tol=1e-10)
    sigmoid.fit(decisions[index, None], target, sample_weight=weight)
    sigmoid.coef_ = sigmoid.coef_.round(6)
    sigmoid.intercept_ = sigmoid.intercept_.round(6)
    return sigmoid


def _best_hate_factor(probabilities: Floats, labels: NDArray[np.int64]) -> float:
    """The factor whose decisions have the best macro-F1; of several, the smallest."""
    scores = [
        f1_score(labels, decide(probabilities, RULE, factor), average="macro", zero_division=0.0)
        for factor in HATE_FACTORS
    ]
    return HATE_FACTORS[int(np.argmax(scores))]


def _fitted(
    space: _TermSpace, model: CalibratedMachines, hate_factor: float, *, base_rate: float
) -> Fitted:
    counter = CountVectorizer(analyzer=robust_terms, vocabulary=space.terms, dtype=np.float64)
    weights = Weights(
        reading=Reading.ROBUST,
        terms=space.terms,
        idf=space.idf,
        coef=np.column_stack([machine.coef_[0] for machine in model.machines]),
        intercept=np.array([machine.intercept_[0] for machine in model.machines]),
        slope=np.array([sigmoid.coef_[0, 0] for sigmoid in model.sigmoids]),
        bias=np.array([sigmoid.intercept_[0] for sigmoid in model.sigmoids]),
        rule=RULE,
        hate_factor=hate_factor,
        base_rate=base_rate,
    )
    pipeline = Pipeline([("count", counter), ("norm", ChunkNorm(space.idf)), ("decide", model)])
    return Fitted(pipeline=pipeline, weights=weights)


def _single(numbers: Floats) -> Floats:
    """Rounded to what single precision can hold."""
    return numbers.astype(np.float32).astype(np.float64)
