"""What counts as JSON: W25-W36 of the bad-input catalogue."""

from __future__ import annotations

import inspect
import sys
import time

import pytest

from moderator.domain.errors import BadPayload
from moderator.sources.strict_json import DEEPEST, LONGEST_NUMBER, parse


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe",  # W25
        b'"\xff"',
        b'"\xed\xa0\x80"',  # a surrogate in UTF-8
        b'"\xc0\x80"',  # NUL, overlong
        b"\xef\xbb\xbf{}",  # W26
        '{"a": 1}'.encode("utf-16"),  # W27
        '{"a": 1}'.encode("utf-16-le"),
        '{"a": 1}'.encode("utf-32"),
        b"",  # W28
        b" \n\t",
        b"nonsense",  # W29
        b'{"a": ',
        b"{} {}",
        b"{}x",
        b"{'a': 1}",
        b'{"a": 1,}',
        b"[1, 2",
        b'"\x00"',
        b'"line\nbreak"',
        b'"\\x41"',
        b"01",
        b"1.",
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),  # W31
        b'{"a":' * DEEPEST + b"[]" + b"}" * DEEPEST,
        b"[" * 5_000,
        b"[" * 5_000 + b"]" * 5_000,
        b"[" * 1_000_000,
        b'{"a":' * 200_000,
        b'[{"a":' * 200_000 + b"1" + b"}]" * 200_000,
        b"1" * 5_000,  # W32
        b"-" + b"1" * 5_000,
        b"0." + b"1" * 5_000,
        b'{"a": NaN}',  # W33
        b"[Infinity]",
        b"[-Infinity]",
        b"1e999",
        b"-1e999",
        b'{"id": 1, "id": 2}',  # W34
        b'[{"x": {"id": 1, "\\u0069d": 2}}]',
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_not_plain_json_is_refused(body: bytes):
    """With one error, in well under a second, and without a word of the body."""
    began = time.perf_counter()
    with pytest.raises(BadPayload) as caught:
        parse(body)
    assert time.perf_counter() - began < 1
    assert caught.value.field is None
    assert caught.value.__suppress_context__ or caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"{}", {}),
        (b' [1, -2.5, 1e3, true, null, "x"] ', [1, -2.5, 1000.0, True, None, "x"]),
        ('{"ä": "😀"}'.encode(), {"ä": "😀"}),
        (b'"\\ud83d\\ude00"', "😀"),  # a pair is one character
        (b"1" * LONGEST_NUMBER, int("1" * LONGEST_NUMBER)),
        (b"9223372036854775808", 2**63),
        (b"[" * DEEPEST + b"]" * DEEPEST, None),
        (b'"' + b"[" * 5_000 + b'"', "[" * 5_000),  # brackets in a string nest nothing
        (b'"' + b'\\"[' * 5_000 + b'"', '"[' * 5_000),
        (b"[" + b"[]," * 5_000 + b"[]]", [[]] * 5_001),
        (b'{"a": {"id": 1}, "b": {"id": 1}}', {"a": {"id": 1}, "b": {"id": 1}}),
    ],
    ids=lambda part: repr(part)[:24],
)
def test_plain_json_is_read(body: bytes, value: object):
    """Everything RFC 8259 allows within the limits."""
    found = parse(body)
    assert value is None or found == value


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'"\\ud800"', "\ufffd"),  # W35
        (b'["a\\uDFFFb"]', ["a\ufffdb"]),
        (b'{"text": "a\\u0000b"}', {"text": "a\ufffdb"}),  # W36
        (b'{"x": [{"y": "\\ud83d!"}]}', {"x": [{"y": "\ufffd!"}]}),
        (b'{"n": 1, "t": "\\u0000"}', {"n": 1, "t": "\ufffd"}),
    ],
)
def test_what_no_database_takes_is_replaced(body: bytes, value: object):
    """NUL and lone surrogates would be an error long after the board got its answer."""
    assert parse(body) == value


def test_a_stack_that_is_nearly_full_is_no_crash():
    """Depth within the limit may still be too much for the caller's own depth."""

    def at_depth(levels: int) -> object:
        return at_depth(levels - 1) if levels else parse(b"[" * DEEPEST + b"]" * DEEPEST)

    here = len(_frames())
    with pytest.raises(BadPayload, match="deep"):
        at_depth(sys.getrecursionlimit() - here - DEEPEST)


def _frames() -> list[object]:
    return list(inspect.stack(context=0))
