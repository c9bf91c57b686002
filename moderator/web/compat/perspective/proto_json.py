"""Requests read by the description of their messages, as Google's servers read JSON.

Names may be written `doNotStore` or `do_not_store`; null is as good as absent; numbers may stand
in quotes; a name that the message does not have is refused. No value stands in an error's message:
it may be somebody's words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import NoReturn

from moderator.domain.errors import BadPayload
from moderator.sources.strict_json import parse
from moderator.web.compat.perspective.errors import malformed, shown
from moderator.web.compat.perspective.messages import MESSAGES, Schema

TYPES = "type.googleapis.com/google.commentanalyzer.v1alpha1"

_INTEGER = re.compile("-?[0-9]{1,10}")
_FLOAT = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?")
_SNAKE = re.compile("_([a-z])")


def read_body(body: bytes, message: str) -> dict[str, object]:
    """The message of that name in a body, by its fields' names; absent ones are left out.

    No body at all is an empty message. Raises Refusal.
    """
    try:
        value = parse(body) if body.strip() else {}
    except BadPayload as error:
        told = str(error)
        message = f"Invalid JSON payload received. {told[:1].upper()}{told[1:]}"
        raise malformed(message) from None
    return read_message(value, message, "")


def read_message(value: object, message: str, path: str) -> dict[str, object]:
    """The fields of a message that stands at `path`. Raises Refusal."""
    if not isinstance(value, dict):
        _invalid(path or "(root)", f"{TYPES}.{message}")
    properties: Mapping[str, Schema] = MESSAGES[message]["properties"]
    found: dict[str, object] = {}
    for written, member in value.items():
        name = written if written in properties else _SNAKE.sub(_capital, written)
        if name not in properties:
            where = f" at '{path}'" if path else ""
            raise malformed(
                f'Invalid JSON payload received. Unknown name "{shown(written)}"{where}:'
                " Cannot find field.",
                path,
            )
        if name in found:
            _invalid(_at(path, name), "a field that is given twice")
        if member is not None:
            found[name] = _read(member, properties[name], _at(path, name))
    return found


def _read(value: object, schema: Schema, path: str) -> object:
    if "$ref" in schema:
        return read_message(value, schema["$ref"], path)
    if "enum" in schema:
        return _enum(value, schema, path)
    if "additionalProperties" in schema:
        return _map(value, schema["additionalProperties"], path)
    return _READERS[schema["type"]](value, schema, path)


def _map(value: object, values: Schema, path: str) -> object:
    if not isinstance(value, dict):
        _invalid(path, "a map")
    return {name: _read(member, values, f"{path}[{shown(name)}]") for name, member in value.items()}


def _list(value: object, schema: Schema, path: str) -> object:
    if not isinstance(value, list):
        _invalid(path, "a list")
    return [_read(item, schema["items"], f"{path}[{i}]") for i, item in enumerate(value)]


def _enum(value: object, schema: Schema, path: str) -> object:
    if not isinstance(value, str) or value not in schema["enum"]:
        _invalid(path, "TYPE_ENUM")
    return value


def _string(value: object, _schema: Schema, path: str) -> object:
    if not isinstance(value, str):
        _invalid(path, "TYPE_STRING")
    return value


def _flag(value: object, _schema: Schema, path: str) -> object:
    if not isinstance(value, bool):
        _invalid(path, "TYPE_BOOL")
    return value


def _float(value: object, _schema: Schema, path: str) -> object:
    if isinstance(value, str) and _FLOAT.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        _invalid(path, "TYPE_FLOAT")
    number = float(value)  # of 256 digits at most
    return number if math.isfinite(number) else _invalid(path, "TYPE_FLOAT")


def _integer(value: object, _schema: Schema, path: str) -> object:
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**31) <= value < 2**31:
        _invalid(path, "TYPE_INT32")
    return value


_READERS: Mapping[str, Callable[[object, Schema, str], object]] = {
    "array": _list,
    "string": _string,
    "boolean": _flag,
    "number": _float,
    "integer": _integer,
}


def _invalid(path: str, wanted: str) -> NoReturn:
    raise malformed(f"Invalid value at '{path}' ({wanted})", path)


def _at(path: str, name: str) -> str:
    snake = re.sub("([A-Z])", lambda found: f"_{found[1].lower()}", name)
    return f"{path}.{snake}" if path else snake


def _capital(found: re.Match[str]) -> str:
    return found[1].upper()
