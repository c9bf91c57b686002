"""From a comment to terms, in both readings."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from moderator.classifier.text import (
    LONGEST_CHUNK,
    LONGEST_TEXT,
    chunk_terms,
    clean_tutorial,
    is_gram,
    is_word,
    read,
    robust_terms,
    spoken_words,
    trimmed,
    tutorial_words,
)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("You're a SILLY goose!!1", "you re a silly goose "),
        ("#goose @ann http://x.y/z", " goose ann http x y z"),
        ("&#8220;naïve&#8221;", " na ve "),
        ("", ""),
        ("123", " "),
    ],
)
def test_the_tutorial_keeps_letters_and_nothing_else(text: str, cleaned: str) -> None:
    assert clean_tutorial(text) == cleaned


@given(st.text(max_size=100))
def test_the_tutorials_words_are_those_its_vectoriser_finds(text: str) -> None:
    analyse = TfidfVectorizer(preprocessor=clean_tutorial).build_analyzer()

    assert [word for word, _, _ in tutorial_words(text)] == analyse(text)


@given(st.text(max_size=100))
def test_the_tutorials_words_are_found_again_in_the_original(text: str) -> None:
    for word, start, end in tutorial_words(text):
        assert 0 <= start < end <= len(text)
        assert word in text[start:end].lower().replace("\u0307", "")


def test_a_letter_that_grows_in_lower_case_moves_no_word() -> None:
    """U+0130 becomes two characters."""
    assert tutorial_words("\u0130 goose") == [("goose", 2, 7)]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("you silly goose", ["you", "silly", "goose"]),
        ("s1lly g00se go0$e", ["silly", "goose", "goose"]),
        ("s i l l y goose", ["silly", "goose"]),
        ("s.i.l.l.y-goose", ["silly", "-", "goose"]),
        ("g-o-o-s-e", ["goose"]),
        ("siiiiilly gooooose", ["siilly", "goose"]),
        ("s*lly g**se", ["s*lly", "g**se"]),
        ("cla$$ cl@ss", ["class", "class"]),
        ("@ann you goose", ["@user", "you", "goose"]),
        ("see https://example.org/a?b=c#d now", ["see", "@link", "now"]),
        ("see www.example.org now", ["see", "@link", "now"]),
        ("don't it's", ["don't", "it's"]),
        ("goose/duck(swan)", ["goose", "/", "duck", "(", "swan", ")"]),
        ("under_score", ["under", "score"]),
        ("2nd 1984 h8 covid19", ["2nd", "1984", "h8", "covid19"]),
        ("👍goose", ["👍", "goose"]),
        ("I a m", ["iam"]),
        ("a b", ["a", "b"]),
        ("a b goose c", ["a", "b", "goose", "c"]),
    ],
)
def test_words_are_read_through_the_usual_tricks(written: str, words: list[str]) -> None:
    _, chunks = read(written)

    found = [word for chunk in chunks for word in chunk_terms(chunk.text).words]

    assert found == words


def test_the_terms_of_a_text_are_words_pairs_and_ngrams() -> None:
    terms = robust_terms("silly goose")

    assert [term for term in terms if is_word(term)] == ["silly", "goose"]
    assert "silly_goose" in terms
    assert {"~ si", "~sill", "~goose", "~se "} <= {term for term in terms if is_gram(term)}


def test_what_comes_again_counts_once() -> None:
    once = robust_terms("silly goose silly")

    assert sorted(robust_terms("silly goose silly goose silly goose silly")) == sorted(once)


def test_spoken_words_hold_no_marks_mentions_or_links() -> None:
    assert spoken_words("@ann: Goose! 👍 http://x.y, h o n k") == ["goose", "honk"]


@pytest.mark.parametrize(
    ("chunk", "around"),
    [("goose", (0, 0)), ("'goose'", (1, 1)), ("-goose..", (1, 2)), ("..", (0, 0)), ("a$$", (0, 0))],
)
def test_marks_around_a_word_are_told_apart_from_letters(
    chunk: str, around: tuple[int, int]
) -> None:
    assert trimmed(chunk) == around


def test_only_the_beginning_of_an_endless_text_is_read() -> None:
    _, chunks = read("goose " * LONGEST_TEXT)

    assert chunks[-1].end <= LONGEST_TEXT


@given(st.text(max_size=300))
def test_chunks_are_bounded_in_order_and_never_empty(text: str) -> None:
    folded, chunks = read(text)
    links = ("http://", "https://", "www.", "@")

    assert all(chunk.start < chunk.end <= len(folded.text) for chunk in chunks)
    assert [c.start for c in chunks] == sorted(c.start for c in chunks)
    assert all(chunk_terms(chunk.text).words for chunk in chunks)
    assert all(len(c.text) <= LONGEST_CHUNK or c.text.startswith(links) for c in chunks)


@pytest.mark.parametrize(
    "probe",
    [
        "a" * 50_000 + "!",
        "a." * 25_000 + "ab",
        "a-" * 25_000,
        "a'" * 25_000 + "*",
        "*" * 50_000,
        "a*" * 25_000,
        "a1" * 25_000,
        "$@" * 25_000,
        "@" * 50_000,
        "@a" * 25_000,
        "http://" * 7_000,
        "www." * 12_000,
        "a b " * 12_000,
        " " * 50_000,
        "\n" * 50_000,
        "ab" * 25_000,
        "😂" * 50_000,
        "é" * 50_000,
    ],
)
def test_no_pattern_takes_more_than_linear_time(probe: str) -> None:
    """As W55: 50 ms each on the reference machine; ten times that before the test fails."""
    start = time.process_time()

    robust_terms(probe)
    clean_tutorial(probe)

    assert time.process_time() - start < 0.5
