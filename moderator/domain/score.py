"""What the classifier says about one text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word that weighed on the decision.

    `start` and `end` are Unicode code point offsets into the text that was scored, end
    exclusive. `weight` is the word's share of the decision value of `label`; above zero it
    spoke for the label, below zero against it.
    """

    term: str
    start: int
    end: int
    label: Label
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A text's judgement, or the reason why there is none.

    Either `probabilities` and `label` are set and `abstained` is None, or the other way round.
    `label` is the model card's decision rule, not always the largest probability. `coverage` is
    the part of the text's words that the model knows, 0..1. `why` is ordered by absolute
    weight, largest first. `model` is `<name>@<first 12 hex digits of the artefact's SHA-256>`.
    """

    model: str
    probabilities: Probabilities | None
    label: Label | None
    coverage: float
    abstained: Abstention | None = None
    why: tuple[Term, ...] = ()

    def __post_init__(self) -> None:
        judged = self.probabilities is not None and self.label is not None
        if judged == (self.abstained is not None):
            raise ValueError("a score is either judged or abstained")


class Scorer(Protocol):
    """Anything that judges texts. Safe to call from several threads at once."""

    @property
    def model(self) -> str:
        """`<name>@<first 12 hex digits of the artefact's SHA-256>`."""

    def score(self, text: str) -> Score:
        """Judge one text. Raises nothing: a failure is an abstention."""

    def score_many(self, texts: list[str]) -> list[Score]:
        """Judge many texts; element i belongs to text i and equals `score(texts[i])`."""
