"""What is asked for in a request, checked as the Perspective API checks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moderator.domain import attribute
from moderator.domain.community import Community
from moderator.web.compat.perspective.errors import Refusal, refused, shown
from moderator.web.compat.perspective.spans import units

MOST_BYTES = 20_480
PROBABILITY = "PROBABILITY"

_UNSPECIFIED = "SCORE_TYPE_UNSPECIFIED"  # probabilities, where there are any
_TEXT_TYPES = {None, "TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT"}

Message = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An attribute that is asked for; `threshold` is the least value that is told."""

    name: str
    threshold: float | None = None


def text_of(message: Message) -> str:
    """The comment's text. Raises Refusal."""
    comment: Message = message.get("comment", {})
    text: str = comment.get("text", "")
    if not text.strip():
        raise refused("COMMENT_EMPTY", "Comment must be non-empty.")
    if comment.get("type") not in _TEXT_TYPES:
        raise refused("INVALID_REQUEST", "Currently, only 'PLAIN_TEXT' comments are supported")
    size = len(text.encode())
    if size > MOST_BYTES:
        raise refused(
            "COMMENT_TOO_LONG",
            f"Comment text was too many bytes. Value ({size}) exceeded limit ({MOST_BYTES}).",
        )
    context: Message = message.get("context", {})
    if context.get("entries") and "articleAndParentComment" in context:
        raise refused(
            "INVALID_REQUEST",
            "Context can have either entries or article_and_parent_comment, but both fields were"
            " populated.",
        )
    return text


def wanted_of(message: Message, community: Community) -> list[Wanted]:
    """The attributes asked for, in that order. Raises Refusal for one that is not answered.

    With `dropUnsupportedAttributes` those that Perspective has and we have not are left out.
    """
    requested: Message = message.get("requestedAttributes", {})
    if not requested:
        raise refused("NO_REQUESTED_ATTRIBUTES", "Missing requested_attributes")
    drops = message.get("dropUnsupportedAttributes", False)
    return [
        Wanted(name=name, threshold=_parameters(name, parameters))
        for name, parameters in requested.items()
        if _is_answered(name, community, drops=drops)
    ]


def languages_of(message: Message) -> list[str]:
    """The languages the site says the text is in, as written; empty where it leaves it open."""
    return [language for language in message.get("languages", []) if language]


def foreign(languages: list[str]) -> list[str]:
    """Those that are not English, by ISO 639 or BCP 47."""
    return [one for one in languages if one.lower().replace("_", "-").split("-")[0] != "en"]


def not_in_language(name: str, message: str, **languages: list[str]) -> Refusal:
    """The refusal of an attribute for a text in another language."""
    return refused(
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        f"Attribute {name} does not support request languages: {message}",
        languageNotSupportedByAttributeError={**languages, "attribute": name},
    )


def suggested_of(message: Message, text: str) -> dict[str, float]:
    """Each attribute's suggested value, 0..1. Raises Refusal.

    The value is that of the summary, or of a span that is the whole text; what is said of a part
    alone says nothing on the comment, and is refused rather than forgotten.
    """
    scores: Message = message.get("attributeScores", {})
    if not scores:
        raise refused("INVALID_REQUEST", "attribute_scores must not be empty")
    return {name: _suggested(name, given, units(text)) for name, given in scores.items()}


def _is_answered(name: str, community: Community, *, drops: bool) -> bool:
    if community.answers(name):
        return True
    if drops and name in attribute.known():
        return False
    raise _unknown(name)


def _unknown(name: str) -> Refusal:
    return refused("INVALID_REQUEST", f"Unknown requested attribute: {shown(name)}")


def _parameters(name: str, parameters: Message) -> float | None:
    _require_probability(name, parameters.get("scoreType"))
    threshold: float | None = parameters.get("scoreThreshold")
    if threshold is not None and not 0.0 <= threshold <= 1.0:
        raise refused("INVALID_REQUEST", f"Score threshold of {name} must be between 0 and 1")
    return threshold


def _require_probability(name: str, score_type: str | None) -> None:
    if score_type not in (None, PROBABILITY, _UNSPECIFIED):
        raise refused(
            "INVALID_REQUEST",
            f"Requested score type {score_type} is not supported by attribute {name}",
        )


def _suggested(name: str, given: Message, length: int) -> float:
    if name not in attribute.known():
        raise _unknown(name)
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
    _require_probability(name, score.get("type"))
    value: float | None = score.get("value")
    if value is None or not 0.0 <= value <= 1.0:
        raise refused("INVALID_REQUEST", f"A score of {name} must have a value between 0 and 1")
    return value
