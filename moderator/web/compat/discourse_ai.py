"""The endpoints that the plugin Discourse AI asks, of both its generations.

The older one (until the end of 2024) sends `{"model", "content"}` to `/api/v1/classify` and reads
seven whole numbers, 0..100; the later one sends `{"inputs", "truncate"}` to the address it is given
and reads labels with their scores, as Hugging Face's text-embeddings-inference answers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from moderator.domain import attribute
from moderator.domain.errors import UnsupportedMedia
from moderator.domain.score import Label
from moderator.sources.markup import read_text
from moderator.sources.members import Members
from moderator.web.errors import Problem
from moderator.web.judged import judged
from moderator.web.scoring import Scoring

PUBLIC = "discourse-ai"
PREFIX = "/discourse-ai/"
MEDIA = "application/json"
UNJUDGED = "unjudged"  # the label of a text that the model cannot judge
PICTURE_MODELS = ("nsfw_detector", "opennsfw2")  # their content is the address of a picture
# The older generation's names; what no probability of ours means is 0.
NAMES = {
    "toxicity": "TOXICITY",
    "severe_toxicity": "SEVERE_TOXICITY",
    "obscene": "OBSCENE",
    "identity_attack": "IDENTITY_ATTACK",
    "insult": "INSULT",
    "threat": "THREAT",
    "sexual_explicit": "SEXUALLY_EXPLICIT",
}

# The `error_type` of text-embeddings-inference by status.
_TYPES = {429: "overloaded", 500: "backend", 503: "overloaded"}


@dataclass(frozen=True, slots=True, eq=False)
class Classify:
    """The older generation."""

    scoring: Scoring

    async def __call__(self, body: Members) -> tuple[object, int]:
        """Raises BadPayload, UnsupportedMedia, NotJudged, and what `Scoring.score` does."""
        if body.optional_string("model") in PICTURE_MODELS:
            raise UnsupportedMedia("pictures are not judged here")
        p = judged(await self.scoring.score(_text(body, "content")))
        told = {
            name: round(100 * (attribute.value_of(perspectives, p) or 0.0))
            for name, perspectives in NAMES.items()
        }
        return told, 1


@dataclass(frozen=True, slots=True, eq=False)
class Sentiment:
    """The later generation: our three classes, the likeliest first."""

    scoring: Scoring

    async def __call__(self, body: Members) -> tuple[object, int]:
        """Raises BadPayload, and what `Scoring.score` does. Too long a text is cut."""
        score = await self.scoring.score(_text(body, "inputs"))
        if score.probabilities is None:
            return [{"score": 1.0, "label": UNJUDGED}], 1
        by_label = {label.value: score.probabilities.of(label) for label in Label}
        likeliest = sorted(by_label, key=lambda label: -by_label[label])
        return [{"score": by_label[label], "label": label} for label in likeliest], 1


def _text(body: Members, name: str) -> str:
    """What a post says for itself: Discourse sends its Markdown, quotations and all."""
    return read_text(body.string(name), "markdown")[0]


def problem_body(problem: Problem) -> bytes:
    """An error in the shape of text-embeddings-inference."""
    kind = _TYPES.get(problem.status, "validation")
    return json.dumps({"error": problem.detail or problem.title, "error_type": kind}).encode()
