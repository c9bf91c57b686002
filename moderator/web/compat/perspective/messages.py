"""The messages of the Perspective API, version v1alpha1: one description of them all.

It is written as Google's discovery documents are; requests are read by it, and it is served in
the discovery document and in OpenAPI.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def _message(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties}


def _ref(name: str) -> Schema:
    return {"$ref": name}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


_STRING: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_FLOAT: Schema = {"type": "number", "format": "float"}
_INTEGER: Schema = {"type": "integer", "format": "int32"}
_SCORE_TYPE: Schema = {
    "type": "string",
    "enum": ["SCORE_TYPE_UNSPECIFIED", "PROBABILITY", "STD_DEV_SCORE", "PERCENTILE", "RAW"],
}
_TEXT_TYPE: Schema = {"type": "string", "enum": ["TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT", "HTML"]}

MESSAGES: dict[str, Schema] = {
    "AnalyzeCommentRequest": _message(
        comment=_ref("TextEntry"),
        requestedAttributes=_map(_ref("AttributeParameters")),
        languages=_list(_STRING),
        doNotStore=_FLAG,
        spanAnnotations=_FLAG,
        dropUnsupportedAttributes=_FLAG,
        clientToken=_STRING,
        sessionId=_STRING,
        communityId=_STRING,
        context=_ref("Context"),
    ),
    "AnalyzeCommentResponse": _message(
        attributeScores=_map(_ref("AttributeScores")),
        languages=_list(_STRING),
        detectedLanguages=_list(_STRING),
        clientToken=_STRING,
    ),
    "SuggestCommentScoreRequest": _message(
        comment=_ref("TextEntry"),
        attributeScores=_map(_ref("AttributeScores")),
        languages=_list(_STRING),
        clientToken=_STRING,
        sessionId=_STRING,
        communityId=_STRING,
        context=_ref("Context"),
    ),
    "SuggestCommentScoreResponse": _message(
        clientToken=_STRING,
        detectedLanguages=_list(_STRING),
        requestedLanguages=_list(_STRING),
    ),
    "TextEntry": _message(text=_STRING, type=_TEXT_TYPE),
    "Context": _message(
        entries=_list(_ref("TextEntry")), articleAndParentComment=_ref("ArticleAndParentComment")
    ),
    "ArticleAndParentComment": _message(article=_ref("TextEntry"), parentComment=_ref("TextEntry")),
    "AttributeParameters": _message(scoreType=_SCORE_TYPE, scoreThreshold=_FLOAT),
    "AttributeScores": _message(summaryScore=_ref("Score"), spanScores=_list(_ref("SpanScore"))),
    "SpanScore": _message(begin=_INTEGER, end=_INTEGER, score=_ref("Score")),
    "Score": _message(value=_FLOAT, type=_SCORE_TYPE),
}


def for_discovery() -> dict[str, Schema]:
    """The messages as a discovery document holds them: each says its own name."""
    return {name: {"id": name, **schema} for name, schema in MESSAGES.items()}


def for_openapi() -> dict[str, Schema]:
    """The messages as OpenAPI holds them."""
    return {name: _openapi(schema) | _CLOSED for name, schema in MESSAGES.items()}


_CLOSED = {"additionalProperties": False}


def _openapi(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_openapi(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: f"#/components/schemas/{value}" if key == "$ref" else _openapi(value)
        for key, value in schema.items()
    }
