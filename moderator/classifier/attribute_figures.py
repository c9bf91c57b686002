"""What our values for Perspective's attributes are worth, on labelled rows held out.

Each claim is a question that a labelled source answers by yes or no for each row. The probability
that answers the attribute is compared with it, and what else was tried, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_union

from moderator.classifier.crossval import FOLDS, SEED, cross_validate, split
from moderator.classifier.dataset import LabelledRows, read_columns
from moderator.classifier.exam import RANKING_FILES, read_exam
from moderator.classifier.held_out import of_fold
from moderator.classifier.intervals import Interval, auc_interval, share_interval
from moderator.classifier.metrics import (
    HALF,
    Flags,
    Floats,
    at_base_rate,
    auc,
    calibration_error,
    share,
    toxic_of,
)
from moderator.classifier.pool import PoolRows, read_pool
from moderator.classifier.progress import each
from moderator.classifier.recipe import Recipe
from moderator.classifier.scorer import CompiledScorer
from moderator.classifier.weights import HATE, NEITHER

COMPOUND_FILE = "mlma_en.csv"
COMPOUND_LABELS = ("abusive", "disrespectful", "fearful", "offensive", "hateful", "normal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Held-out rows: the probabilities (n, 3) a model gave, and whether each row is so (n,).

    The probabilities refer to `base_rate`, the share of toxic rows they are served for;
    `toxic_share` is the share that is toxic here, None where the labels do not say.
    """

    asked: str
    measure: str
    probabilities: Floats
    really: Flags
    base_rate: float | None
    toxic_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFigures:
    """One question answered; intervals hold the true figure 19 times of 20.

    `agreement` is the share of rows on the right side of 0.5, `found` and `false_alarms` the share
    of rows that are so and that are not which reach it; `calibration` is the expected calibration
    error after Bayes' rule has brought the value to the rows' own share of toxic ones, None where
    that is not known. `other_auc` is what the other of our two probabilities would have reached.
    """

    asked: str
    measure: str
    rows: int
    so: int
    auc: float
    auc_interval: Interval
    other_auc: float
    agreement: float
    agreement_interval: Interval
    found: float
    found_interval: Interval
    false_alarms: float
    calibration: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadFigures:
    """A head of its own, cross-validated: how it ranks rows whose compound label holds `label`."""

    label: str
    rows: int
    so: int
    auc: float
    auc_interval: Interval


def measure_claims(
    rows: LabelledRows, recipe: Recipe, scorer: CompiledScorer, pool: Path, *, keep: Path | None
) -> tuple[ClaimFigures, ...]:
    """Every claim: on the labelled file's held-out folds, and on other sources' test parts.

    Raises DataError naming the file when one is missing or malformed.
    """
    asked = [*_of_folds(rows, recipe, keep), *_of_test_parts(rows, scorer, pool, read_pool(pool))]
    return tuple(_answered(question) for question in asked)


def _of_folds(rows: LabelledRows, recipe: Recipe, keep: Path | None) -> Iterable[Question]:
    """Of all folds together, without the rows that a training row nearly says."""
    folds = split(rows, FOLDS)
    results = [
        m.result for m in each(cross_validate(rows, [recipe], folds, keep=keep), "folds", FOLDS)
    ]
    parts = [of_fold(rows, *pair) for pair in zip(folds, results, strict=True)]
    said = np.concatenate([part.probabilities[~part.known] for part in parts])
    labels = np.concatenate([part.labels[~part.known] for part in parts])
    toxic, name = labels != NEITHER, rows.name
    for asked, measure, which, really, toxic_share in (
        ("hate or offensive", "toxic", toxic | True, toxic, share(toxic)),
        ("hate", "hate", toxic | True, labels == HATE, share(toxic)),
        ("hate, among toxic rows", "hate", toxic, labels == HATE, None),
    ):
        yield Question(
            asked=f"{name}: {asked}",
            measure=measure,
            probabilities=said[which],
            really=really[which],
            base_rate=parts[0].base_rate,
            toxic_share=toxic_share,
        )


def _of_test_parts(
    rows: LabelledRows, scorer: CompiledScorer, pool: Path, pool_rows: PoolRows
) -> Iterable[Question]:
    """Of sources whose test parts say hateful or not: of the finished model, as it is served."""
    for suite in read_exam(pool, rows.texts + pool_rows.texts).ranking:
        said = np.array([scorer.probabilities(text) for text in suite.texts])
        for measure in ("toxic", "hate"):
            yield Question(
                asked=f"{RANKING_FILES[suite.name]}: hateful",
                measure=measure,
                probabilities=said,
                really=suite.toxic,
                base_rate=scorer.base_rate,
                toxic_share=share(suite.toxic) if measure == "toxic" else None,
            )


def _answered(question: Question) -> ClaimFigures:
    really = question.really
    toxic, hate = toxic_of(question.probabilities), question.probabilities[:, HATE]
    value, other = (toxic, hate) if question.measure == "toxic" else (hate, toxic)
    reached = value >= HALF
    right = reached == really
    return ClaimFigures(
        asked=question.asked,
        measure=question.measure,
        rows=len(really),
        so=int(really.sum()),
        auc=auc(value, really),
        auc_interval=auc_interval(value, really),
        other_auc=auc(other, really),
        agreement=share(right),
        agreement_interval=share_interval(int(right.sum()), len(right)),
        found=share(reached[really]),
        found_interval=share_interval(int(reached[really].sum()), int(really.sum())),
        false_alarms=share(reached[~really]),
        calibration=_calibration(question),
    )


def _calibration(question: Question) -> float | None:
    """Of the value on a board where as many comments are toxic as here."""
    if question.toxic_share is None:
        return None
    moved = at_base_rate(
        question.probabilities, wanted=question.toxic_share, given=question.base_rate
    )
    value = toxic_of(moved) if question.measure == "toxic" else moved[:, HATE]
    return calibration_error(value, question.really)


def measure_heads(pool: Path, labels: Sequence[str] = COMPOUND_LABELS) -> tuple[HeadFigures, ...]:
    """What heads trained on the one source with finer labels reach on its own held-out rows.

    Words, pairs and character n-grams, logistic regression, five folds.
    """
    rows, _ = read_columns(pool / COMPOUND_FILE, ("text", "label"))
    terms = make_union(
        TfidfVectorizer(sublinear_tf=True, min_df=2, ngram_range=(1, 2)),
        TfidfVectorizer(analyzer="char_wb", sublinear_tf=True, min_df=4, ngram_range=(3, 5)),
    ).fit_transform([row["text"] for row in rows])
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    heads = []
    for label in each(labels, "heads"):
        really = np.array([label in row["label"].split("_") for row in rows])
        machine = LogisticRegression(C=2.0, max_iter=1000)
        said = cross_val_predict(machine, terms, really, cv=folds, method="predict_proba")[:, 1]
        heads.append(
            HeadFigures(
                label=label,
                rows=len(rows),
                so=int(really.sum()),
                auc=auc(said, really),
                auc_interval=auc_interval(said, really),
            )
        )
    return tuple(heads)
