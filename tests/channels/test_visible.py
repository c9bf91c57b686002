"""Strangers' words made fit to be shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.channels.visible import fit, is_hidden, one_line, shown, utf16_units

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
GERMANY = "\U0001f1e9\U0001f1ea"
WAVING = "\U0001f44b\U0001f3fd"
ACUTE = "e\u0301"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello", "hello"),
        ("caf\u0065\u0301", "caf\u0065\u0301"),
        ("tab\there", "tab here"),
        ("a\u202eb", "a[U+202E]b"),  # right-to-left override
        ("a\u200bb", "a[U+200B]b"),  # zero width space
        ("a\u200b\u200b\u200bb", "a[U+200B ×3]b"),
        ("a\u200db", "a[U+200D]b"),  # a joiner that joins nothing
        ("\x1b[31mred", "[U+001B][31mred"),
        ("nul\x00", "nul[U+0000]"),
        ("a\u2028b", "a[U+2028]b"),
        ("a\x0bb\x0cc", "a[U+000B]b[U+000C]c"),
        ("soft\u00adhyphen", "soft[U+00AD]hyphen"),
        ("filler\u3164", "filler[U+3164]"),
        ("a\ufe0fb", "a[U+FE0F]b"),  # a variation selector on a letter
        ("x\U000e0041y", "x[U+E0041]y"),  # a tag character outside a flag
        ("\U0001f600\U000e0041", "\U0001f600[U+E0041]"),
        (ENGLAND[:-1], ENGLAND[0] + "".join(f"[U+{ord(c):04X}]" for c in ENGLAND[1:-1])),
        ("\ud800", "[U+D800]"),  # a lone surrogate
        ("\ue000", "[U+E000]"),  # private use
        (FAMILY, FAMILY),
        (ENGLAND, ENGLAND),
        (GERMANY, GERMANY),
        (WAVING, WAVING),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),  # keycap
        ("\u2764\ufe0f", "\u2764\ufe0f"),  # red heart
        ("e" + "\u0301" * 30, "e" + "\u0301" * 8 + "[+22 marks]"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one\n\n\n\n\ntwo", "one\n\ntwo"),
        ("one  \ntwo", "one\ntwo"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, expected: str) -> None:
    """Controls, direction marks and fillers get names; emoji and accents stay what they are."""
    assert shown(text, 1_000) == expected


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("12345", 5, "12345"),
        ("123456", 5, "1234…"),
        ("123 456", 5, "123…"),  # no space before the mark
        (f"ab{FAMILY}", 7, f"ab{FAMILY}"),
        (f"ab{FAMILY}c", 7, "ab…"),  # never half a family
        (f"a{GERMANY}{GERMANY}", 4, f"a{GERMANY}…"),
        (f"a{GERMANY}{GERMANY}", 3, "a…"),
        (f"{ACUTE}{ACUTE}{ACUTE}", 5, f"{ACUTE}{ACUTE}…"),
        (f"{ACUTE}{ACUTE}{ACUTE}", 4, f"{ACUTE}…"),
        ("ab\u202ecd", 9, "ab…"),  # never half a name of an invisible character
        ("ab\u202ecd", 12, "ab[U+202E]cd"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("", 0, ""),
    ],
)
def test_a_cut_falls_between_what_a_reader_takes_for_characters(
    text: str, limit: int, expected: str
) -> None:
    """At the limit nothing is cut, one beyond it a whole character makes room for the mark."""
    assert shown(text, limit) == expected


def test_many_lines_end_with_a_mark() -> None:
    """A comment of lines cannot push the rest of the message off the screen."""
    assert shown("\n".join("abcdefghijklmnop"), 1_000) == "\n".join("abcdefghijkl") + "…"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann", "ann"),
        ("  ann \t\r\n lee ", "ann lee"),
        ("ann\r\nBcc: x@y", "ann Bcc: x@y"),
        ("a\x00n\u202en\u200b", "ann"),
        ("a\x85b\u2028c", "a b c"),
        (FAMILY, FAMILY),
        ("\x00\x01", ""),
    ],
)
def test_one_line_leaves_out_what_cannot_be_seen(text: str, expected: str) -> None:
    """A title is one line without control characters."""
    assert one_line(text, 100) == expected


def test_a_limit_may_count_as_slack_does() -> None:
    """Two UTF-16 units for a character beyond U+FFFF."""
    assert utf16_units("a\U0001f600") == 3
    assert one_line("\U0001f600" * 3, 6, utf16_units) == "\U0001f600" * 3
    assert one_line("\U0001f600" * 3, 5, utf16_units) == "\U0001f600" * 2 + "…"


any_text = st.text(st.characters(exclude_categories=()), max_size=300)


@given(any_text, st.integers(0, 400))
def test_any_text_is_shown_within_its_limit_and_without_anything_hidden(
    text: str, limit: int
) -> None:
    """Whatever comes, the result fits, has no control character but line ends, and is UTF-8."""
    result = shown(text, limit)
    assert len(result) <= limit
    assert not [c for c in result if unicodedata.category(c) in ("Cc", "Cs", "Zl") and c != "\n"]
    result.encode()


@given(any_text, st.integers(0, 200))
def test_any_text_fits_on_one_line(text: str, limit: int) -> None:
    """No line end of any kind survives, and no hidden character outside an emoji."""
    result = one_line(text, limit, utf16_units)
    assert utf16_units(result) <= limit
    assert len(result.splitlines()) <= 1
    joiners = {"\u200d", "\ufe0f", *map(chr, range(0xE0020, 0xE0080))}
    assert not [c for c in result if is_hidden(c) and c not in joiners]


@given(st.lists(st.text(max_size=5), max_size=20), st.integers(1, 60))
def test_fitting_keeps_a_beginning_of_the_pieces(pieces: list[str], limit: int) -> None:
    """What is kept is what stood first; all of it where there is room."""
    whole = "".join(pieces)
    result = fit(pieces, limit)
    assert result == whole or (len(whole) > limit and whole.startswith(result[:-1]))


def test_a_megabyte_of_one_kind_takes_linear_time() -> None:
    """65 536 code points of the worst kinds are shown in well under a second each."""
    for char in ("a", " ", "\n", "\u0301", "\u200b", "\u200d", "\U0001f468", "\U0001f1e9", "\x00"):
        assert len(shown(char * 65_536, 1_000)) <= 1_000
