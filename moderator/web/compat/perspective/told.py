"""The answer of an analyze request."""

from __future__ import annotations

from collections.abc import Sequence

from moderator.domain.community import Community
from moderator.domain.score import Probabilities
from moderator.web.compat.perspective.asked import PROBABILITY, Question
from moderator.web.compat.perspective.spans import Span

SIGNIFICANT = 9  # digits of a value: what a 32-bit float holds

Judged = tuple[Span, Probabilities]
Told = dict[str, object]


def told(
    question: Question, scores: Told, *, languages: Sequence[str], detected: Sequence[str]
) -> Told:
    """The answer; what is empty is absent, as in all of Google's JSON."""
    answer = {
        "attributeScores": scores,
        "languages": [*languages],
        "detectedLanguages": [*detected],
        "clientToken": question.client_token,
    }
    return {name: value for name, value in answer.items() if value}


def attribute_scores(question: Question, judgement: Probabilities, spans: Sequence[Judged]) -> Told:
    """The scores of each attribute, but for those below their threshold."""
    scores: Told = {}
    for each in question.wanted:
        value = _value(question.community, each.name, judgement)
        if each.threshold is None or value >= each.threshold:
            scores[each.name] = {
                "spanScores": [
                    {
                        "begin": span.begin,
                        "end": span.end,
                        "score": _score(_value(question.community, each.name, of_span)),
                    }
                    for span, of_span in spans
                ],
                "summaryScore": _score(value),
            }
    return scores


def _value(community: Community, name: str, judgement: Probabilities) -> float:
    value = community.value_of(name, judgement)
    assert value is not None  # asked for, so answered
    return float(f"{value:.{SIGNIFICANT}g}")


def _score(value: float) -> Told:
    return {"value": value, "type": PROBABILITY}
