"""What the classifier says about one text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self


class Label(StrEnum):
    """The three classes of Davidson et al. 2017."""

    HATE = "hate"
    OFFENSIVE = "offensive"
    NEITHER = "neither"


class Abstention(StrEnum):
    """Why a text was not judged. Such a text is shown to people; no threshold fires on it."""

    LANGUAGE = "language"
    EMPTY = "empty"
    TOO_SHORT = "too_short"
    LOW_COVERAGE = "low_coverage"
    FAILURE = "failure"


class Transformation(StrEnum):
    """What had to be undone before a word could be read."""

    ENTITY = "entity"  # &amp;
    COMPATIBILITY = "compatibility"  # full-width, circled and other styled letters: Unicode's NFKC
    INVISIBLE = "invisible"  # zero-width and control characters
    CONFUSABLE = "confusable"  # a letter of another script that looks like ours
    DIACRITIC = "diacritic"
    LEET = "leet"  # digits and signs for letters
    MASKED = "masked"  # a star or another mark for a letter
    REPEATED = "repeated"  # a letter three times or more
    SPACED = "spaced"  # blanks or dots between the letters


# A letter with an accent and one written as an entity are ways to write, not to hide.
EVASIONS = frozenset(Transformation) - {Transformation.ENTITY, Transformation.DIACRITIC}


@dataclass(frozen=True, slots=True, kw_only=True)
class Probabilities:
    """One probability a class, summing to 1 within 1e-6."""

    hate: float
    offensive: float
    neither: float

    def __post_init__(self) -> None:
        values = (self.hate, self.offensive, self.neither)
        if not all(math.isfinite(p) and 0.0 <= p <= 1.0 for p in values):
            raise ValueError("a probability lies outside 0..1")
        if abs(sum(values) - 1.0) > 1e-6:
            raise ValueError("the probabilities do not sum to 1")

    @property
    def toxic(self) -> float:
        """Hate or offensive: the probability that the text is not fit for a civil board."""
        return self.hate + self.offensive

    def of(self, name: str) -> float:
        """The probability a threshold names: a label, or `toxic`."""
        return float(getattr(self, name))

    def at_base_rate(self, wanted: float, *, given: float) -> Self:
        """What these would be where a share `wanted` of all texts is toxic, not `given`.

        Both lie strictly between 0 and 1. This is Bayes' rule for another prior; it holds where
        toxic texts are alike on both sides, and the others, too. The order of texts stays.
        """
        more, less = wanted / given, (1.0 - wanted) / (1.0 - given)
        hate, offensive, neither = self.hate * more, self.offensive * more, self.neither * less
        total = hate + offensive + neither
        return type(self)(hate=hate / total, offensive=offensive / total, neither=neither / total)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word that weighed on the decision.

    `start` and `end` are Unicode code point offsets into the text that was scored, end
    exclusive. `weight` is the word's share of the decision value of `label`; above zero it
    spoke for the label, below zero against it. `transformations` are what disguised the word.
    """

    term: str
    start: int
    end: int
    label: Label
    weight: float
    transformations: tuple[Transformation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A text's judgement, or the reason why there is none.

    Either `probabilities` and `label` are set and `abstained` is None, or the other way round.
    `label` is the model card's decision rule, not always the largest probability. `coverage` is
    the part of the text's words that the model knows, 0..1. `why` is ordered by absolute
    weight, largest first; its weights and `residual` (all words not listed, and the model's
    intercept) sum to the decision value of the label. The probabilities refer to a board where a
    share `base_rate` of the comments is toxic, None where the model does not say.
    `model` is `<name>@<first 12 hex digits of the artefact's SHA-256>`.
    """

    model: str
    probabilities: Probabilities | None
    label: Label | None
    coverage: float
    abstained: Abstention | None = None
    why: tuple[Term, ...] = ()
    residual: float | None = None
    base_rate: float | None = None

    def __post_init__(self) -> None:
        judged = self.probabilities is not None and self.label is not None
        if judged == (self.abstained is not None):
            raise ValueError("a score is either judged or abstained")


def evades(score: Score) -> bool:
    """Whether a word that spoke for hate or offence was written so that it would not be read.

    Where the label is neither, what weighed against it spoke for the others.
    """
    return any(
        term.weight * (-1 if term.label is Label.NEITHER else 1) > 0
        and not EVASIONS.isdisjoint(term.transformations)
        for term in score.why
    )


class Scorer(Protocol):
    """Anything that judges texts. Safe to call from several threads at once."""

    @property
    def model(self) -> str:
        """`<name>@<first 12 hex digits of the artefact's SHA-256>`."""

    @property
    def base_rate(self) -> float | None:
        """The share of toxic texts that the model's probabilities refer to, if it says."""

    def score(self, text: str, base_rate: float | None = None) -> Score:
        """Judge one text, at a board's base rate or the model's. A failure is an abstention."""

    def score_many(
        self, texts: Sequence[str], base_rates: Sequence[float | None] | None = None
    ) -> list[Score]:
        """Judge many texts; element i equals `score(texts[i], base_rates[i])`."""

    def score_english(self, text: str, base_rate: float | None = None) -> Score:
        """As `score`, of a text that is known to be English: its language is not looked into."""


def as_english(scorer: Scorer, text: str, score: Score, base_rate: float | None) -> Score:
    """What counts of a text that its sender says is English, where `score` is its judgement."""
    if score.abstained is not Abstention.LANGUAGE:
        return score
    return scorer.score_english(text, base_rate)
