"""The API's reference as a page: the OpenAPI document, to read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterView:
    """One parameter."""

    name: str
    place: str
    needed: bool
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationView:
    """One method of one path. `body` and `answer` are examples, empty where there is none."""

    method: str
    path: str
    summary: str
    access: str
    parameters: tuple[ParameterView, ...]
    body: str
    answer: str
    problems: tuple[tuple[str, str], ...]


def operations(document: Mapping[str, Any]) -> list[OperationView]:
    """Every operation of an OpenAPI document, in its order."""
    return [
        _operation(method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> OperationView:
    responses: Mapping[str, Any] = operation["responses"]
    return OperationView(
        method=method.upper(),
        path=path,
        summary=operation.get("description") or operation["summary"],
        access=_access(operation.get("security", [])),
        parameters=tuple(_parameter(one) for one in operation.get("parameters", ())),
        body=_example(operation.get("requestBody", {})),
        answer=_example(responses.get("200", {})),
        problems=tuple(
            (status, answer["description"])
            for status, answer in responses.items()
            if int(status) >= 400
        ),
    )


def _access(security: list[Mapping[str, list[str]]]) -> str:
    ways = [f"{way} ({', '.join(scopes)})" for one in security for way, scopes in one.items()]
    return " or ".join(ways)


def _parameter(one: Mapping[str, Any]) -> ParameterView:
    schema = one.get("schema", {})
    limits = [schema, *schema.get("anyOf", ())]
    said = [
        *([one["description"]] if "description" in one else []),
        *(
            f"{name} {part[name]}"
            for part in limits
            for name in ("minimum", "maximum", "default")
            if part.get(name) is not None
        ),
    ]
    return ParameterView(
        name=one["name"], place=one["in"], needed=one.get("required", False), says=", ".join(said)
    )


def _example(part: Mapping[str, Any]) -> str:
    example = part.get("content", {}).get("application/json", {}).get("example")
    return "" if example is None else json.dumps(example, indent=2)
