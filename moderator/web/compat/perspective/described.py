"""These routes in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from moderator.web.compat.perspective.errors import status_of
from moderator.web.compat.perspective.messages import for_openapi

Described = dict[str, Any]

SCHEMAS: Described = {
    **for_openapi(),
    "GoogleError": {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message", "status", "details"],
                "properties": {
                    "code": {"type": "integer"},
                    "message": {"type": "string"},
                    "status": {"type": "string", "examples": [status_of(400)]},
                    "details": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "properties": {
                                "errorType": {
                                    "type": "string",
                                    "description": "In what the Perspective API itself refuses.",
                                }
                            },
                        },
                    },
                },
            }
        },
    },
}
SECURITY_SCHEMES: Described = {
    "keyInQuery": {
        "type": "apiKey",
        "in": "query",
        "name": "key",
        "description": "A key of any scope, on the Perspective API's routes alone.",
    }
}
_MEANINGS = {
    400: "Refused in the Perspective API's own words, a wrong key in the query string included",
    401: "A key in the header that is not known",
    403: "No key",
    404: "Another version",
    408: "The body did not arrive within 10 s",
    413: "The body is larger than 1 MiB",
    415: "A content type other than JSON, or a compressed body",
    429: "Too many wrong keys from this address",
    500: "Our mistake, or the scorer's",
    503: "Nothing was stored; come again after `Retry-After` seconds",
}
_JSON = "application/json"
_BY_KEY = [{}, {"key": ["read"]}, {"keyInQuery": []}]
_TEXT = {"text": "You are a silly g00se."}
_SCORE = {"value": 0.84, "type": "PROBABILITY"}

ASKED: Described = {
    "comment": _TEXT,
    "requestedAttributes": {"TOXICITY": {}},
    "languages": ["en"],
    "clientToken": "request-1",
}
SUGGESTED: Described = {
    "comment": _TEXT,
    "attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}},
    "communityId": "Coral:https://news.example.org",
    "clientToken": "comment:42",
}
ANSWERED: Described = {
    "attributeScores": {
        "TOXICITY": {
            "spanScores": [{"begin": 0, "end": 22, "score": _SCORE}],
            "summaryScore": _SCORE,
        }
    },
    "languages": ["en"],
    "detectedLanguages": ["en"],
    "clientToken": "request-1",
}


def operations() -> dict[str, Described]:
    """By path and method."""
    problems = (400, 401, 403, 408, 413, 415, 429, 500, 503)
    return {
        "/v1alpha1/comments:analyze": {
            "post": _operation(
                "Score a comment, as the Perspective API does; stored unless doNotStore is set",
                *problems,
                message="AnalyzeComment",
                asked=ASKED,
                answered=ANSWERED,
            )
        },
        "/v1alpha1/comments:suggestscore": {
            "post": _operation(
                "Tell what the scores of a comment should have been: kept as a verdict",
                *problems,
                message="SuggestCommentScore",
                asked=SUGGESTED,
                answered={"clientToken": "comment:42"},
            )
        },
        "/$discovery/rest": {
            "get": {
                "summary": "The Perspective API's discovery document",
                "security": [],
                "parameters": [
                    {"name": "version", "in": "query", "schema": {"enum": ["v1alpha1"]}}
                ],
                "responses": {"200": _answer({"type": "object"}, {"version": "v1alpha1"})}
                | _refusals(404),
            }
        },
    }


def _operation(
    summary: str, *problems: int, message: str, asked: Described, answered: Described
) -> Described:
    return {
        "summary": summary,
        "security": _BY_KEY,
        "requestBody": {"required": True, "content": _content(f"{message}Request", asked)},
        "responses": {"200": _answer(_ref(f"{message}Response"), answered)} | _refusals(*problems),
    }


def _answer(schema: Described, example: Described) -> Described:
    content = {_JSON: {"schema": schema, "example": example}}
    return {"description": "Successful Response", "content": content}


def _refusals(*statuses: int) -> dict[str, Described]:
    content = {_JSON: {"schema": _ref("GoogleError")}}
    return {
        str(status): {"description": _MEANINGS[status], "content": content} for status in statuses
    }


def _content(message: str, example: Described) -> Described:
    return {_JSON: {"schema": _ref(message), "example": example}}


def _ref(name: str) -> Described:
    return {"$ref": f"#/components/schemas/{name}"}
