"""A request's body as one of our shapes, read by the one strict reader."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from functools import cache
from typing import TypeVar

from fastapi import Request
from pydantic import ValidationError

from moderator.domain.errors import BadPayload
from moderator.sources.strict_json import parse
from moderator.web.api.shapes import Shape

Wanted = TypeVar("Wanted", bound=Shape)


@cache
def body_as(shape: type[Wanted]) -> Callable[[Request], Awaitable[Wanted]]:
    """A dependency: the body of the request as `shape`. Raises BadPayload."""

    async def read(request: Request) -> Wanted:
        async with request.app.state.bodies.read(request.scope, request.receive) as body:
            value = parse(body)
        try:
            return shape.model_validate_json(json.dumps(value), strict=True)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            says = f"{place or 'the body'}: {first['msg']}"
            raise BadPayload(says, field=place or None) from None

    return read
