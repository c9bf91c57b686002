"""The serving scorer: trained weights compiled to dictionaries. Imports numpy alone.

Its probabilities are those of the scikit-learn pipeline it was compiled from, within 1e-6, and
its explanation is exact: a decision value is the intercept plus what each word adds.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from itertools import islice, repeat

from moderator.classifier.evidence import Evidence, Reader, TutorialReader
from moderator.classifier.language import coverage, reason_to_abstain
from moderator.classifier.robust_reader import RobustReader
from moderator.classifier.weights import (
    HATE,
    LABELS,
    NEITHER,
    OFFENSIVE,
    Link,
    Reading,
    Rule,
    Weights,
)
from moderator.domain.score import Abstention, Label, Probabilities, Score, Term

MOST_TERMS = 10  # words named in an explanation

logger = logging.getLogger(__name__)

Three = tuple[float, float, float]


class CompiledScorer:
    """A trained model, ready to judge texts. Safe to call from several threads at once."""

    def __init__(self, weights: Weights, *, name: str, digest: str) -> None:
        self._model = f"{name}@{digest[:12]}"
        self._reader = _reader_of(weights)
        self._intercept: list[float] = weights.intercept.tolist()
        self._slope: list[float] = weights.slope.tolist()
        self._bias: list[float] = weights.bias.tolist()
        self._link = weights.link
        self._rule = weights.rule
        self._hate_factor = weights.hate_factor
        self._base_rate = weights.base_rate

    @property
    def model(self) -> str:
        """`<name>@<first 12 hex digits of the artefact's SHA-256>`."""
        return self._model

    @property
    def base_rate(self) -> float | None:
        """The share of toxic texts that the probabilities refer to, if the model says."""
        return self._base_rate

    def score(self, text: str, base_rate: float | None = None) -> Score:
        """Judge one text. Raises nothing: a failure is an abstention, and is logged.

        With `base_rate`, strictly between 0 and 1, the probabilities are those for a board with
        this share of toxic comments; a model that declares no base rate of its own ignores it.
        """
        return self._scored(text, base_rate, is_english=False)

    def score_english(self, text: str, base_rate: float | None = None) -> Score:
        """As `score`, of a text that is known to be English: its language is not looked into."""
        return self._scored(text, base_rate, is_english=True)

    def _scored(self, text: str, base_rate: float | None, *, is_english: bool) -> Score:
        try:
            return self._judge(text, base_rate, is_english=is_english)
        except Exception as exc:  # noqa: BLE001 - a comment must never be lost to a bug here
            # The message might quote the comment, so only the kind of error is told.
            logger.error("a text could not be scored", extra={"error": type(exc).__name__})
            return self._abstain(Abstention.FAILURE, 0.0)

    def score_many(
        self, texts: Sequence[str], base_rates: Sequence[float | None] | None = None
    ) -> list[Score]:
        """Judge many texts; element i belongs to text i and base rate i."""
        return [*map(self.score, texts, base_rates or repeat(None))]

    def decision(self, text: str) -> Three:
        """The three decision values of a text, before the sigmoids; for tests and analysis."""
        return self._decision(self._reader.weigh(text))

    def probabilities(self, text: str) -> Three:
        """The probabilities of a text, also where `score` would abstain."""
        return self._probabilities(self.decision(text))

    def explain(self, text: str, label: Label, most: int | None = None) -> tuple[Term, ...]:
        """What each word adds to the label's decision value, largest absolute weight first.

        All words' weights and the intercept sum to the decision value.
        """
        return _why(self._reader.weigh(text), LABELS.index(label), most)

    def _judge(self, text: str, base_rate: float | None, *, is_english: bool) -> Score:
        evidence = self._reader.weigh(text)
        known = coverage(evidence)
        decision = self._decision(evidence)
        hate, offensive, neither = self._probabilities(decision)
        reason = reason_to_abstain(text, evidence, hate + offensive, is_english=is_english)
        if reason is not None:
            return self._abstain(reason, known)
        p = Probabilities(hate=hate, offensive=offensive, neither=neither)
        if base_rate is not None and self._base_rate is not None:
            p = p.at_base_rate(base_rate, given=self._base_rate)
        chosen = self._choose(p.hate, p.offensive, p.neither)
        why = _why(evidence, chosen, MOST_TERMS)
        return Score(
            model=self._model,
            probabilities=p,
            label=LABELS[chosen],
            coverage=known,
            why=why,
            residual=decision[chosen] - math.fsum(term.weight for term in why),
            base_rate=self._base_rate and (base_rate or self._base_rate),
        )

    def _abstain(self, reason: Abstention, coverage: float) -> Score:
        return Score(
            model=self._model, probabilities=None, label=None, coverage=coverage, abstained=reason
        )

    def _decision(self, evidence: Evidence) -> Three:
        hate, offensive, neither = evidence.sums
        a, b, c = self._intercept
        norm = evidence.norm
        return a + hate / norm, b + offensive / norm, c + neither / norm

    def _probabilities(self, decision: Three) -> Three:
        if self._link is Link.SOFTMAX:
            most = max(decision)
            hate, offensive, neither = [math.exp(value - most) for value in decision]
        else:
            hate, offensive, neither = map(_sigmoid, self._slope, self._bias, decision)
        total = hate + offensive + neither
        return hate / total, offensive / total, neither / total

    def _choose(self, hate: float, offensive: float, neither: float) -> int:
        """As `recipe.decide`, for one text."""
        if self._rule is Rule.LARGEST:
            return max(range(3), key=(hate, offensive, neither).__getitem__)
        if hate + offensive < 0.5:
            return NEITHER
        return HATE if hate * self._hate_factor >= offensive else OFFENSIVE


def _reader_of(weights: Weights) -> Reader:
    if weights.reading is Reading.TUTORIAL:
        return TutorialReader(weights)
    return RobustReader(weights)


def _why(evidence: Evidence, k: int, most: int | None) -> tuple[Term, ...]:
    """The parts that weigh most; of a few, marks of punctuation are none, for they tell nobody."""
    weights = evidence.weights(k)
    parts = evidence.parts
    largest = sorted(range(len(parts)), key=[abs(w) for w in weights].__getitem__, reverse=True)
    told = (i for i in largest if weights[i] and (most is None or not _is_mark(parts[i])))
    order = [*islice(told, most)]
    return tuple(
        [
            Term(
                term=parts[i],
                start=place.start,
                end=place.end,
                label=LABELS[k],
                weight=weights[i],
                transformations=place.transformations,
            )
            for i, place in zip(order, evidence.places(order), strict=True)
        ]
    )


def _is_mark(part: str) -> bool:
    return len(part) == 1 and part.isascii() and not part.isalnum()


def _sigmoid(slope: float, bias: float, value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-700.0, min(700.0, slope * value + bias))))
