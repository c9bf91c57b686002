"""The default recipe: a linear model over folded words, pairs of words and character n-grams.

    texts ─▶ bad words that disguises may hide ─▶ terms ─▶ machines, of everything and of the
    labelled rows alone, blended ─▶ a softmax fitted on held-out rows ─▶ one weight a term

What it costs to score adds up over the chunks of a text (see `text` and `weights`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import Pipeline

from moderator.classifier.corpus import Corpus, corpus_of
from moderator.classifier.dataset import LabelledRows
from moderator.classifier.machines import COARSE, FINE, Blend, Calibration, Linear, fit_machines
from moderator.classifier.pool import PoolRows
from moderator.classifier.recipe import Fitted, Parameters, Step, decide, ignore_step
from moderator.classifier.termspace import ChunkNorm, TermSpace, single
from moderator.classifier.weights import LABELS, NEITHER, Link, Reading, Rule, Weights

Floats = NDArray[np.float64]
RULE = Rule.TOXIC_FIRST
HATE_FACTORS = [round(1.05**power, 3) for power in range(40)]  # 1 to 6.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The numbers of the default recipe, chosen on development rows (see the model card)."""

    regularisation: float = 0.1  # C of the support vector machines
    own_regularisation: float = 0.02  # C of those fitted on labelled rows alone
    fewest_rows: int = 3  # that a word or a pair must occur in
    fewest_rows_gram: int = 10
    most_terms: int = 45_000  # pairs and n-grams kept, by largest weight in a first fit
    gram_scale: float = 0.5  # how much an n-gram counts against a word
    row_weight: float = 5.0  # of a labelled row, against a row of the pool of weight 1
    vote_share: float = 0.6  # of a row's target that is the annotators' votes, not their majority
    own_share: tuple[float, float, float] = (0.7, 0.4, 0.3)  # see `machines.Blend`
    lexicon_words: int = 1_000  # at most, that a disguise may hide
    lexicon_rows: int = 8  # in which such a word must occur undisguised
    calibration_folds: int = 2
    calibrating_weight: float = 30.0  # of a labelled row, against a row of the pool
    base_rate: float = 0.15  # the share of toxic comments that probabilities refer to


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
        """Fit on the rows and the pool; some two minutes for 120,000 texts on one core."""
        settings = self.settings
        corpus = corpus_of(
            rows,
            self.pool,
            row_weight=settings.row_weight,
            vote_share=settings.vote_share,
            calibrating_weight=settings.calibrating_weight,
        )
        step("finding what disguises may hide")
        lexicon = _lexicon(corpus, settings)
        step("reading the texts")
        space = _space(corpus.texts, lexicon, settings)
        step("choosing the terms")
        space = space.narrowed(_first_fit(space, corpus, settings).coef, settings.most_terms)
        features = space.features
        step("fitting")
        blend = Blend(
            regularisation=settings.regularisation,
            own_regularisation=settings.own_regularisation,
            own_share=settings.own_share,
        )
        machines = blend.fit(features, corpus, tolerance=FINE)
        step("calibrating on held-out rows")
        held_out = blend.held_out(features, corpus, folds=settings.calibration_folds)
        calibration = Calibration.fitted(held_out, corpus)
        own = calibration.probabilities(held_out[corpus.labelled])
        factor = _best_hate_factor(own, corpus.labels)
        odds = _at_base_rate(
            machines.mixed(calibration.matrix, calibration.shift),
            given=corpus.toxic_share,
            wanted=settings.base_rate,
        )
        return _fitted(space, odds, factor, settings.base_rate)


def _space(texts: tuple[str, ...], lexicon: tuple[str, ...], settings: Settings) -> TermSpace:
    return TermSpace.found_in(
        texts,
        lexicon,
        fewest_rows=settings.fewest_rows,
        fewest_rows_gram=settings.fewest_rows_gram,
        gram_scale=settings.gram_scale,
    )


def _first_fit(space: TermSpace, corpus: Corpus, settings: Settings) -> Linear:
    return fit_machines(
        space.features, corpus, regularisation=settings.regularisation, tolerance=COARSE
    )


def _lexicon(corpus: Corpus, settings: Settings) -> tuple[str, ...]:
    """The words that speak most for a toxic text where they stand undisguised; commonest first.

    Whoever hides a word hides one of these; what is hidden is then read as the word.
    """
    space = _space(corpus.texts, (), settings)
    toxic = -_first_fit(space, corpus, settings).coef[:, NEITHER] * space.idf
    rows_with = np.bincount(space.counts.indices, minlength=len(space.terms))
    plain = np.array([t.isascii() and t.isalpha() and len(t) > 2 for t in space.terms])
    fit = space.words & plain & (rows_with >= settings.lexicon_rows) & (toxic > 0.0)
    strongest = np.argsort(-np.where(fit, toxic, 0.0), kind="stable")
    strongest = strongest[: min(settings.lexicon_words, np.count_nonzero(fit))]
    commonest = strongest[np.argsort(-rows_with[strongest], kind="stable")]
    return tuple(space.terms[i] for i in commonest)


def _best_hate_factor(probabilities: Floats, labels: NDArray[np.int64]) -> float:
    """The factor whose decisions have the best macro-F1; of several, the smallest."""
    scores = [
        f1_score(labels, decide(probabilities, RULE, factor), average="macro", zero_division=0.0)
        for factor in HATE_FACTORS
    ]
    return HATE_FACTORS[int(np.argmax(scores))]


def _at_base_rate(odds: Linear, *, given: float, wanted: float) -> Linear:
    """Log-odds where a share `wanted` of the texts is toxic, not `given`."""
    more = np.log(wanted / given)
    less = np.log((1.0 - wanted) / (1.0 - given))
    shift: Floats = np.full(len(LABELS), more)
    shift[NEITHER] = less
    return Linear(coef=odds.coef, intercept=odds.intercept + shift - shift.mean())


def _fitted(space: TermSpace, odds: Linear, hate_factor: float, base_rate: float) -> Fitted:
    coef = single(odds.coef)
    weights = Weights(
        reading=Reading.ROBUST,
        terms=space.terms,
        idf=space.idf,
        coef=coef,
        intercept=odds.intercept,
        slope=np.ones(len(LABELS)),
        bias=np.zeros(len(LABELS)),
        link=Link.SOFTMAX,
        rule=RULE,
        hate_factor=hate_factor,
        base_rate=base_rate,
        lexicon=space.lexicon,
    )
    softmax = LogisticRegression()
    softmax.classes_ = np.arange(len(LABELS))
    softmax.coef_, softmax.intercept_ = coef.T, odds.intercept
    steps = [("count", space.counter()), ("norm", ChunkNorm(space.idf)), ("decide", softmax)]
    return Fitted(pipeline=Pipeline(steps), weights=weights)
