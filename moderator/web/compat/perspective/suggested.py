"""What a suggestscore request says, checked as the Perspective API checks it."""

from __future__ import annotations

from moderator.domain import attribute
from moderator.web.compat.perspective.asked import Message, require_probability, unknown
from moderator.web.compat.perspective.errors import refused
from moderator.web.compat.perspective.spans import units


def suggested_of(message: Message, text: str) -> dict[str, float]:
    """Each attribute's suggested value, 0..1. Raises Refusal.

    The value is that of the summary, or of a span that is the whole text; what is said of a part
    alone says nothing on the comment, and is refused rather than forgotten.
    """
    scores: Message = message.get("attributeScores", {})
    if not scores:
        raise refused("INVALID_REQUEST", "attribute_scores must not be empty")
    return {name: _suggested(name, given, units(text)) for name, given in scores.items()}


def _suggested(name: str, given: Message, length: int) -> float:
    if name not in attribute.known():
        raise unknown(name)
    spans = [_span(name, span, length) for span in given.get("spanScores", [])]
    if "summaryScore" in given:
        return _value(name, given["summaryScore"])
    for begin, end, value in spans:
        if (begin, end) == (0, length):
            return value
    raise refused(
        "INVALID_REQUEST", f"Attribute {name} needs a summary_score, or a span of the whole text"
    )


def _span(name: str, span: Message, length: int) -> tuple[int, int, float]:
    if "begin" not in span or "end" not in span:
        raise refused("INVALID_REQUEST", f"Span scores of {name} must have begin and end")
    begin, end = span["begin"], span["end"]
    if not 0 <= begin < end <= length:
        raise refused("INVALID_REQUEST", f"A span of {name} lies outside the text")
    if "score" not in span:
        raise refused("INVALID_REQUEST", f"Span scores of {name} must have a score")
    return begin, end, _value(name, span["score"])


def _value(name: str, score: Message) -> float:
    require_probability(name, score.get("type"))
    value: float | None = score.get("value")
    if value is None or not 0.0 <= value <= 1.0:
        raise refused("INVALID_REQUEST", f"A score of {name} must have a value between 0 and 1")
    return value
