"""The one reader of JSON that comes from outside.

Python's own reader takes more than JSON is (NaN, duplicate members, lone surrogates), and on some
input raises RecursionError or a bare ValueError. Signer and reader must not differ on what a
body says, so this one refuses all of that with BadPayload.
"""

from __future__ import annotations

import json
import math
import re
from typing import NoReturn

from moderator.domain.errors import BadPayload

DEEPEST = 64  # levels of nesting; a board's own payloads have ten at most
LONGEST_NUMBER = 256  # characters; int() itself gives up at 4,300 digits

_ESCAPE = re.compile(rb"\\.", re.S)
_STRING = re.compile(rb'"[^"]*"')
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_ODD_ESCAPE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_ODD = re.compile("[\x00\ud800-\udfff]")


def parse(body: bytes) -> object:
    """The value in a body of UTF-8 JSON text; raises BadPayload.

    NUL and lone surrogates in strings become U+FFFD: no database and no mail takes them.
    """
    text = _decoded(body)
    if _is_too_deep(body):
        raise BadPayload(f"the body is nested deeper than {DEEPEST} levels")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as exc:
        # Not chained: the cause holds the whole body.
        place = f"line {exc.lineno}, column {exc.colno}"
        raise BadPayload(f"the body is not JSON: error at {place}") from None
    except RecursionError:  # our own stack was nearly full already
        raise BadPayload("the body is nested too deeply") from None
    return _cleaned(value) if _ODD_ESCAPE.search(body) else value


def _decoded(body: bytes) -> str:
    if body.startswith(b"\xef\xbb\xbf"):
        raise BadPayload("the body starts with a byte order mark")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise BadPayload(f"the body is not UTF-8: error at byte {exc.start}") from None


def _is_too_deep(body: bytes) -> bool:
    """Whether brackets outside strings nest deeper than is allowed; linear in the body."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    bare = _STRING.sub(b"", _ESCAPE.sub(b"", body)).translate(None, _NOT_BRACKETS)
    level = 0
    for bracket in bare:
        level += 1 if bracket in b"[{" else -1
        if level > DEEPEST:
            return True
    return False


def _object(members: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(members)
    if len(found) < len(members):
        raise BadPayload("an object in the body holds the same member twice")
    return found


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise BadPayload(f"a number in the body is longer than {LONGEST_NUMBER} digits")
    return int(digits)


def _number(digits: str) -> float:
    if len(digits) > LONGEST_NUMBER or not math.isfinite(value := float(digits)):
        raise BadPayload("a number in the body is too large or too long")
    return value


def _refuse_constant(_: str) -> NoReturn:
    raise BadPayload("the body holds NaN or Infinity, which JSON does not know")


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return _ODD.sub("\ufffd", value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items()}
    return value
