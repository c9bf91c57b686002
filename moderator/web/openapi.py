"""The OpenAPI document: what the framework knows of its routes, and by hand what it does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from moderator import __version__
from moderator.storage.keys import KeyScope
from moderator.web import examples
from moderator.web.api.backtests import BacktestQuestion
from moderator.web.api.shapes import Judgement, Lookup
from moderator.web.compat import described_doors
from moderator.web.compat.perspective import described as perspective
from moderator.web.errors import MEDIA

TITLE = "moderator"
_DESCRIPTION = (
    "Scores the comments of message boards and tells moderators when a discussion turns nasty. "
    "Keys go into the header `Authorization: Bearer mod_...`; errors are RFC 9457 problems, "
    "but for the routes of other services' contracts, which answer as those do."
)
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:moderator:problem:not-found"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "field": {"type": "string", "description": "The member or parameter that is wrong."},
        "reason": {"type": "string", "description": "Why the scorer abstained."},
        "key": {"type": "string", "description": "Public id of the key whose quota is used up."},
        "limit": {"type": "integer", "description": "How many requests it may make."},
        "per": {"type": "string", "enum": ["min", "h", "day"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "request_id": {"type": "string", "description": "Not in 401s, which are all alike."},
    },
}
_MEANINGS = {
    400: "A cursor of another question, or a head that contradicts itself",
    401: "No key, or none that is known; a delivery that is not signed by this source",
    403: "The key's scope is too small; a form that is not from our page",
    404: "Nothing of that name",
    405: "Another method, named in `Allow`",
    408: "The body did not arrive within 10 s",
    409: "This delivery id came before with another body",
    413: "The body is larger than 1 MiB",
    415: "A content type that is not sent here, or a compressed body",
    422: "A parameter or the body is malformed",
    429: "The key's quota is used up, or too many wrong keys came from this address; see"
    " `Retry-After`",
    500: "Our mistake; the request's id finds it in the log",
    503: "Nothing was stored; come again after `Retry-After` seconds",
}

Operation = dict[str, Any]


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    content = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _MEANINGS[status], "content": content} for status in statuses}


LOOK_UP_PROBLEMS = _problems(400, 401, 403, 404, 422, 429, 503)


def look_up(scope: KeyScope, body: str | None) -> Operation:
    """What a look-up's route adds to what the framework finds out by itself."""
    told: Operation = {"security": [{"key": [scope.value]}]}
    if body is not None:
        schema = {"$ref": f"#/components/schemas/{body}"}
        told["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    return told


def document(app: FastAPI) -> Mapping[str, Any]:
    """The OpenAPI 3.1 document of all routes of `app`."""
    told = get_openapi(
        title=TITLE, version=__version__, description=_DESCRIPTION, routes=app.router.routes
    )
    schemas: dict[str, Any] = told["components"]["schemas"]
    for asked in (Lookup, Judgement, BacktestQuestion):
        schema = asked.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs", {}) | {asked.__name__: schema}
    schemas |= {"Problem": _PROBLEM, **perspective.SCHEMAS}
    told["components"]["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "A key, mod_<id>_<secret>."},
        "session": {"type": "apiKey", "in": "cookie", "name": "moderator"},
        **perspective.SECURITY_SCHEMES,
        **described_doors.SECURITY_SCHEMES,
    }
    for path, operations in (
        _BARE | perspective.operations() | described_doors.operations()
    ).items():
        told["paths"].setdefault(path, {}).update(operations)
    for path, method, example in examples.ANSWERS:
        content = told["paths"][path][method]["responses"]["200"]["content"]["application/json"]
        content["example"] = example
    for path, method, example in examples.BODIES:
        body = told["paths"][path][method]["requestBody"]
        body["content"]["application/json"]["example"] = example
    return told


def _operation(
    summary: str,
    *problems: int,
    security: list[dict[str, list[str]]] | None = None,
    media: str = "application/json",
    body: Operation | None = None,
    parameters: tuple[str, ...] = (),
    status: int = 200,
    more: Operation | None = None,
) -> Operation:
    told: Operation = {
        "summary": summary,
        "responses": {
            str(status): {
                "description": "Successful Response",
                "content": {media: {"schema": {"type": "object"} if "json" in media else {}}},
            }
        }
        | (more or {})
        | {str(code): answer for code, answer in _problems(*problems).items()},
        "security": security or [],
    }
    if parameters:
        told["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in parameters
        ]
    if body is not None:
        told["requestBody"] = {"required": True, "content": body}
    return told


_JSON_BODY = {"application/json": {"schema": {"type": "object"}}}
_TEXT_BODY = {
    "application/json": {
        "schema": {
            "type": "object",
            "required": ["text"],
            "additionalProperties": False,
            "properties": {"text": {"type": "string", "maxLength": 65_536}},
        }
    }
}
_FORM_BODY = {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}
_HTML = "text/html"
_BY_SESSION = [{"session": ["read"]}]
_BY_KEY_OR_SESSION = [{"key": ["read"]}, {"session": ["read"]}]

_NOTHING_TO_SAY = {"204": {"description": "There is nothing to say of the comment"}}

_BARE: dict[str, dict[str, Operation]] = {
    "/webhooks/{source}": {
        "post": _operation(
            "Take in what a board tells of its comments, signed by a secret of that source",
            *(400, 401, 404, 408, 409, 413, 415, 422, 503),
            body=_JSON_BODY,
            parameters=("source",),
        )
    },
    "/phases/coral/{source}": {
        "post": _operation(
            "Tell Coral what to do with a comment",
            *(400, 401, 404, 408, 413, 415, 422, 503),
            body=_JSON_BODY,
            parameters=("source",),
            more=_NOTHING_TO_SAY,
        )
    },
    "/predict": {
        "post": _operation(
            "Judge one text; open without a key where the configuration says so",
            *(400, 401, 408, 413, 415, 422, 429, 503),
            security=[{}, {"key": ["read"]}],
            body=_TEXT_BODY,
        )
    },
    "/healthz": {"get": _operation("The process is up")},
    "/readyz": {"get": _operation("It can work: database, schema, model", 503)},
    "/metrics": {
        "get": _operation(
            "Numbers for Prometheus",
            *(401, 429, 503),
            security=_BY_KEY_OR_SESSION,
            media="text/plain",
        )
    },
    "/openapi.json": {
        "get": _operation("This document", 401, 429, 503, security=_BY_KEY_OR_SESSION)
    },
    "/": {"get": _operation("The newest alerts and scores", security=_BY_SESSION, media=_HTML)},
    "/alerts/{alert_id}": {
        "get": _operation("One alert", security=_BY_SESSION, media=_HTML, parameters=("alert_id",))
    },
    "/alerts/{alert_id}/verdict": {
        "post": _operation(
            "Says whether the alert was right",
            *(403, 404, 415, 422),
            security=[{"session": ["moderate"]}],
            media=_HTML,
            body=_FORM_BODY,
            parameters=("alert_id",),
            status=303,
        )
    },
    "/docs": {"get": _operation("This API, to read", security=_BY_SESSION, media=_HTML)},
    "/login": {
        "get": _operation("Asks for a key", media=_HTML),
        "post": _operation("Opens a session", media=_HTML, body=_FORM_BODY, status=303),
    },
    "/login/{token}": {
        "get": _operation("Shows a one-time link's button", media=_HTML, parameters=("token",)),
        "post": _operation(
            "Uses a one-time link up",
            media=_HTML,
            body=_FORM_BODY,
            parameters=("token",),
            status=303,
        ),
    },
    "/logout": {
        "post": _operation(
            "Ends the session", security=_BY_SESSION, media=_HTML, body=_FORM_BODY, status=303
        )
    },
    "/assets/{name}": {
        "get": _operation("Style, script, image", media="text/css", parameters=("name",))
    },
}
