"""The serving scorer: trained weights compiled to dictionaries. Imports numpy alone.

Its probabilities are those of the scikit-learn pipeline it was compiled from, within 1e-6, and
its explanation is exact: a decision value is the intercept plus what each word adds.
"""

from __future__ import annotations

import logging
import math

from moderator.classifier.evidence import Evidence, reader_of
from moderator.classifier.language import reason_to_abstain
from moderator.classifier.weights import LABELS, Weights
from moderator.domain.score import Abstention, Label, Probabilities, Score, Term

MOST_TERMS = 10  # words named in an explanation

logger = logging.getLogger(__name__)

Three = tuple[float, float, float]


class CompiledScorer:
    """A trained model, ready to judge texts. Safe to call from several threads at once."""

    def __init__(self, weights: Weights, *, name: str, digest: str) -> None:
        self._model = f"{name}@{digest[:12]}"
        self._reader = reader_of(weights)
        self._intercept: list[float] = weights.intercept.tolist()
        self._slope: list[float] = weights.slope.tolist()
        self._bias: list[float] = weights.bias.tolist()
        self._offset: list[float] = weights.offset.tolist()

    @property
    def model(self) -> str:
        """`<name>@<first 12 hex digits of the artefact's SHA-256>`."""
        return self._model

    def score(self, text: str) -> Score:
        """Judge one text. Raises nothing: a failure is an abstention, and is logged."""
        try:
            return self._judge(text)
        except Exception as exc:  # noqa: BLE001 - a comment must never be lost to a bug here
            # The message might quote the comment, so only the kind of error is told.
            logger.error("a text could not be scored", extra={"error": type(exc).__name__})
            return self._abstain(Abstention.FAILURE, 0.0)

    def score_many(self, texts: list[str]) -> list[Score]:
        """Judge many texts; element i belongs to text i."""
        return [self.score(text) for text in texts]

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
        return self._why(self._reader.weigh(text), LABELS.index(label), most)

    def _judge(self, text: str) -> Score:
        evidence = self._reader.weigh(text)
        coverage = evidence.known / evidence.words if evidence.words else 0.0
        reason = reason_to_abstain(text, evidence)
        if reason is not None:
            return self._abstain(reason, coverage)
        probabilities = self._probabilities(self._decision(evidence))
        chosen = self._choose(probabilities)
        hate, offensive, neither = probabilities
        return Score(
            model=self._model,
            probabilities=Probabilities(hate=hate, offensive=offensive, neither=neither),
            label=LABELS[chosen],
            coverage=coverage,
            why=self._why(evidence, chosen, MOST_TERMS),
        )

    def _abstain(self, reason: Abstention, coverage: float) -> Score:
        return Score(
            model=self._model, probabilities=None, label=None, coverage=coverage, abstained=reason
        )

    def _decision(self, evidence: Evidence) -> Three:
        norm = _norm(evidence)
        hate, offensive, neither, _ = evidence.total
        a, b, c = self._intercept
        return a + hate / norm, b + offensive / norm, c + neither / norm

    def _probabilities(self, decision: Three) -> Three:
        hate, offensive, neither = [
            _sigmoid(slope * value + bias)
            for slope, value, bias in zip(self._slope, decision, self._bias, strict=True)
        ]
        total = hate + offensive + neither
        return hate / total, offensive / total, neither / total

    def _choose(self, probabilities: Three) -> int:
        values = [
            math.log(max(p, 1e-300)) + offset
            for p, offset in zip(probabilities, self._offset, strict=True)
        ]
        return values.index(max(values))

    def _why(self, evidence: Evidence, k: int, most: int | None) -> tuple[Term, ...]:
        norm = _norm(evidence)
        said = [part for part in evidence.parts if part.share[k] != 0.0]
        said.sort(key=lambda part: -abs(part.share[k]))
        return tuple(
            [
                Term(term=word, start=start, end=end, label=LABELS[k], weight=share[k] / norm)
                for start, end, word, share in said[:most]
            ]
        )


def _norm(evidence: Evidence) -> float:
    return math.sqrt(evidence.total.square) or 1.0


def _sigmoid(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-700.0, min(700.0, value))))
