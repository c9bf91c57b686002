"""Folding: one plain letter for every way of writing it, and the way back."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from moderator.classifier.folding import LONGEST_EXPANSION, fold, is_foreign_letter


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Silly GOOSE", "silly goose"),
        ("ｓｉｌｌｙ", "silly"),  # full width
        ("𝓼𝓲𝓵𝓵𝔂 𝕘𝕠𝕠𝕤𝕖", "silly goose"),  # mathematical letters
        ("ⓖⓞⓞⓢⓔ 🄶🅾🅾🆂🅴", "goose goose"),  # enclosed letters
        ("g\u200bo\u2060o\u00ads\ufeffe", "goose"),  # zero width, soft hyphen, byte order mark
        ("gооѕе", "goose"),  # Cyrillic look-alikes
        ("gοοse", "goose"),  # Greek look-alikes
        ("gôöśè", "goose"),  # composed accents
        ("go\u0301o\u0308se", "goose"),  # combining accents
        ("don’t “say” so…", 'don\'t "say" so...'),
        ("ﬁne ﬀ", "fine ff"),  # ligatures
        ("a\x00b\x07c\ud800d", "abcd"),  # control characters and half of a pair
        ("👍🏽👍", "👍👍"),  # skin tones
        ("go\u202eose", "goose"),  # right-to-left override
        ("goose\U000e0067\U000e0062", "goose"),  # tag characters
        ("x\u00a0y\u3000z", "x y z"),
    ],
)
def test_every_way_of_writing_a_letter_is_read_as_the_plain_one(written: str, read: str) -> None:
    assert fold(written).text == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a &amp; b", "a & b"),
        ("&#8220;goose&#8221;", '"goose"'),
        ("&amp;amp;#103;oose", "goose"),  # escaped three times
        ("g&#x6f;&#x6F;se", "goose"),
        ("&lt;b&gt;", "<b>"),
        ("&nosuch; &; & &#;", "&nosuch; &; & &#;"),
        ("R&D; fish&chips", "r&d; fish&chips"),
    ],
)
def test_entities_are_read_and_what_only_looks_like_one_is_left(written: str, read: str) -> None:
    assert fold(written).text == read


@pytest.mark.parametrize(
    ("text", "word", "original"),
    [
        ("You GOOSE!", "goose", "GOOSE"),
        ("you g\u200boose!", "goose", "g\u200boose"),
        ("&#8220;g&#111;ose&#8221;", "goose", "g&#111;ose"),
        ("ﬀ ｇｏｏｓｅ", "goose", "ｇｏｏｓｅ"),
        ("zal\u0301\u0301\u0301go goose", "zalgo", "zal\u0301\u0301\u0301go"),
        ("\ud800 goose", "goose", "goose"),
        ("👍🏽 goose", "goose", "goose"),
    ],
)
def test_a_folded_word_is_found_again_in_the_original(text: str, word: str, original: str) -> None:
    folded = fold(text)
    start = folded.text.index(word)

    begin, end = folded.span(start, start + len(word))

    assert text[begin:end] == original


@given(st.text(max_size=200))
def test_every_character_comes_from_within_the_original_and_in_order(text: str) -> None:
    folded = fold(text)
    spans = [folded.span(i, i + 1) for i in range(len(folded.text))]

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


@given(st.characters())
@example("\ufdfa")  # 18 letters in one
def test_one_character_becomes_a_few_at_most(character: str) -> None:
    assert len(fold(character).text) <= LONGEST_EXPANSION


@pytest.mark.parametrize(
    "text",
    [
        "a" + "\u0301\u0327" * 10_000,  # combining marks in the wrong order
        "\ufdfa" * 10_000,  # 18 characters each under NFKC
        "&amp;" * 10_000,
        "&" * 20_000,
        "&#" * 10_000,
        "&amp;amp;amp;amp;amp;amp;amp;amp;" * 2_000,
    ],
)
def test_whatever_is_piled_up_is_folded_in_linear_time(text: str) -> None:
    start = time.process_time()

    fold(text)

    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    ("character", "foreign"),
    [(c, False) for c in "aéｇ𝓼ı1👍"] + [(c, True) for c in "жоω漢שम"],
)
def test_a_letter_of_another_script_is_foreign_whatever_it_looks_like(
    character: str, foreign: bool
) -> None:
    assert is_foreign_letter(character) is foreign
