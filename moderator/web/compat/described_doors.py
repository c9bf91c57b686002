"""The routes of `doors` in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from moderator.web.compat import akismet, discourse_ai, openai

Described = dict[str, Any]

SECURITY_SCHEMES: Described = {
    "keyInHeader": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-KEY",
        "description": "A key of any scope, on the routes for OpenAI's and Discourse AI's clients.",
    }
}
_BY_KEY = [{}, {"key": ["read"]}, {"keyInHeader": []}]
_MEANINGS = {
    401: "No key, or none that is known",
    404: "These routes are off",
    408: "The body did not arrive within 10 s",
    413: "The body or a text is too large",
    415: "A content type or content that is not taken",
    422: "The body is malformed, or a text cannot be judged",
    429: "Too many wrong keys from this address",
    503: "The scorer is overloaded; come again after `Retry-After` seconds",
}
_TEXT = "You are a silly g00se."

MODERATED: Described = {
    "id": "modr-5f1c9a2be07d4c335f1c9a2b",
    "model": "default@0123456789ab",
    "results": [
        {
            "flagged": True,
            "categories": dict.fromkeys(openai.CATEGORIES, False) | {"harassment": True},
            "category_scores": dict.fromkeys(openai.CATEGORIES, 0.0)
            | {"hate": 0.01, "harassment": 0.84},
            "category_applied_input_types": {
                name: ["text"] if name in ("hate", "harassment") else []
                for name in openai.CATEGORIES
            },
        }
    ],
}
CLASSIFIED: Described = dict.fromkeys(discourse_ai.NAMES, 0) | {
    "toxicity": 85,
    "identity_attack": 1,
}
FELT: list[Described] = [
    {"score": 0.84, "label": "offensive"},
    {"score": 0.15, "label": "neither"},
    {"score": 0.01, "label": "hate"},
]


def operations() -> dict[str, Described]:
    """By path and method."""
    told = {
        openai.PATH: _json(
            "Judge texts as OpenAI's moderation does; eleven of its categories are always false",
            {"input": _TEXT},
            MODERATED,
        ),
        f"{discourse_ai.PREFIX}api/v1/classify": _json(
            "Judge a post for Discourse AI of 2024 and before",
            {"model": "unbiased", "content": _TEXT},
            CLASSIFIED,
        ),
        f"{discourse_ai.PREFIX}sentiment": _json(
            "Judge a post for Discourse AI since 2024", {"inputs": _TEXT, "truncate": True}, FELT
        ),
    }
    words = {
        "verify-key": ("Whether a key is good, as Akismet says it", "valid"),
        "comment-check": ("Whether a comment is toxic, as Akismet says spam", "true"),
        "submit-spam": ("A person's word that a text is spam", akismet.THANKS),
        "submit-ham": ("A person's word that a text is not spam", akismet.THANKS),
    }
    told |= {f"{akismet.PREFIX}{path}": _form(*said) for path, said in words.items()}
    return {path: {"post": operation} for path, operation in told.items()}


def _json(summary: str, asked: Described, answered: object) -> Described:
    media = openai.MEDIA
    return {
        "summary": summary,
        "security": _BY_KEY,
        "requestBody": {
            "required": True,
            "content": {media: {"schema": {"type": "object"}, "example": asked}},
        },
        "responses": {"200": _answer(media, answered)}
        | _refusals(media, 401, 408, 413, 415, 422, 429, 503),
    }


def _form(summary: str, word: str) -> Described:
    """Without `security`: the key is a field of the form, and a wrong one gets a 200, too."""
    schema = {
        "type": "object",
        "required": ["blog"],
        "properties": {
            name: {"type": "string"}
            for name in ("api_key", "key", "blog", "user_ip", "comment_content")
        },
    }
    media = akismet.MEDIA.partition(";")[0]
    return {
        "summary": summary,
        "security": [],
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": schema}},
        },
        "responses": {"200": _answer(media, word)}
        | _refusals(media, 404, 408, 413, 415, 422, 429, 503),
    }


def _answer(media: str, example: object) -> Described:
    schema: Described = {} if media == openai.MEDIA else {"type": "string"}
    content = {media: {"schema": schema, "example": example}}
    return {"description": "Successful Response", "content": content}


def _refusals(media: str, *statuses: int) -> Described:
    content: Described = {media: {"schema": {}}}
    return {
        str(status): {"description": _MEANINGS[status], "content": content} for status in statuses
    }
