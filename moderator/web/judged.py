"""What is said where a route has to have numbers and the scorer gives none."""

from __future__ import annotations

from moderator.domain.score import Abstention, Probabilities, Score
from moderator.web.errors import NotJudged

_REASONS = {
    Abstention.LANGUAGE: "it does not seem to be English",
    Abstention.EMPTY: "there are no words in it",
    Abstention.TOO_SHORT: "it is too short",
    Abstention.LOW_COVERAGE: "the model knows too few of its words",
    Abstention.FAILURE: "the scorer failed on it",
}


def judged(score: Score) -> Probabilities:
    """A score's probabilities. Raises NotJudged: an invented number would pass for a judgement."""
    if score.probabilities is None:
        reason = score.abstained or Abstention.FAILURE
        raise NotJudged(_REASONS[reason], reason=reason.value)
    return score.probabilities
