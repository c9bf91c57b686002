"""OpenAI's moderation endpoint, `POST /v1/moderations`.

Two of its thirteen categories are what our model tells: `hate`, and `harassment` for what is
offensive, which is near to it. The others have to be there, and are false and 0; docs/doors.md says
so to whoever points a client here.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from moderator.domain.comment import MAX_TEXT
from moderator.domain.score import Label, Score
from moderator.sources.members import Members
from moderator.web.errors import BodyTooLarge, Problem
from moderator.web.judged import judged
from moderator.web.scoring import Scoring

PUBLIC = "openai"
PATH = "/v1/moderations"
MEDIA = "application/json"
MOST_INPUTS = 100
CATEGORIES = (
    "hate", "hate/threatening", "harassment", "harassment/threatening", "illicit",
    "illicit/violent", "self-harm", "self-harm/intent", "self-harm/instructions", "sexual",
    "sexual/minors", "violence", "violence/graphic",
)  # fmt: skip

# The `type` of an error by status; any other is the caller's doing.
_TYPES = {401: "authentication_error", 429: "requests", 500: "server_error", 503: "server_error"}
_CODES = {401: "invalid_api_key", 429: "rate_limit_exceeded", 503: "server_is_overloaded"}


@dataclass(frozen=True, slots=True, eq=False)
class Moderations:
    """Judges every text of a request; stores none."""

    scoring: Scoring

    async def __call__(self, body: Members) -> tuple[object, int]:
        """Raises BadPayload, BodyTooLarge, NotJudged, and what `Scoring.score_all` does."""
        scores = await self.scoring.score_all(texts_of(body))
        told = {
            "id": f"modr-{secrets.token_hex(12)}",
            "model": scores[0].model,
            "results": [_result(score) for score in scores],
        }
        return told, len(scores)


def texts_of(body: Members) -> list[str]:
    """The texts that get a result each: a string, several, or one in parts. Raises BadPayload."""
    given = body.values.get("input")
    texts = [given] if isinstance(given, str) else _listed(body, given)
    if any(len(text) > MAX_TEXT for text in texts):
        raise BodyTooLarge(f"input holds a text of more than {MAX_TEXT:,} characters")
    return texts


def _listed(body: Members, given: object) -> list[str]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_INPUTS:
        body.refuse("input", f"must be a string, or a list of 1 to {MOST_INPUTS}")
    texts = [each for each in given if isinstance(each, str)]
    if len(texts) == len(given):
        return texts
    return ["\n".join(_part(part) for part in body.children("input"))]


def _part(part: Members) -> str:
    if part.string("type") != "text":
        part.refuse("type", "must be text: pictures are not judged here")
    return part.string("text")


def _result(score: Score) -> dict[str, object]:
    p = judged(score)
    return {
        "flagged": score.label is not Label.NEITHER,
        "categories": dict.fromkeys(CATEGORIES, False)
        | {"hate": score.label is Label.HATE, "harassment": score.label is Label.OFFENSIVE},
        "category_scores": dict.fromkeys(CATEGORIES, 0.0)
        | {"hate": p.hate, "harassment": p.offensive},
        "category_applied_input_types": dict.fromkeys(CATEGORIES, ())
        | {"hate": ["text"], "harassment": ["text"]},
    }


def problem_body(problem: Problem) -> bytes:
    """An error in OpenAI's shape."""
    error = {
        "message": problem.detail or problem.title,
        "type": _TYPES.get(problem.status, "invalid_request_error"),
        "param": problem.members.get("field"),
        "code": _CODES.get(problem.status, problem.type.replace("-", "_")),
    }
    return json.dumps({"error": error}).encode()
