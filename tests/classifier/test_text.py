"""From a comment to terms, in both readings."""

from __future__ import annotations

import pickle
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from moderator.classifier.disguise import Lexicon
from moderator.classifier.text import (
    LONGEST_CHUNK,
    LONGEST_TEXT,
    NO_WORDS,
    RobustTerms,
    chunk_terms,
    clean_tutorial,
    is_gram,
    is_word,
    placed_chunks,
    read,
    spoken_words,
    token_chunks,
    tokens,
    trimmed,
    tutorial_words,
    undone,
)

LEXICON = Lexicon(["silly", "moron", "idiot"], ["you", "a", "silly", "goose", "~oos"])


def words_of(text: str, lexicon: Lexicon = NO_WORDS) -> list[str]:
    """The words of a text's chunks, marks among them."""
    return [word for chunk in read(text, lexicon) for word in chunk_terms(chunk).words]


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
        ("@1st_goose you @_ @", ["@user", "you", "@user", "@"]),
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
        ("s i l l y. g o o s e!", ["silly", ".", "goose", "!"]),
        ("#s i l l y", ["#", "silly"]),
        ("plan a. b. or c.", ["plan", "a", ".", "b", ".", "or", "c", "."]),
        ("s_i_l_l_y", ["silly"]),
    ],
)
def test_words_are_read_through_the_usual_tricks(written: str, words: list[str]) -> None:
    assert words_of(written) == words


def test_the_terms_of_a_text_are_words_pairs_and_ngrams() -> None:
    terms = RobustTerms()("silly goose")

    assert [term for term in terms if is_word(term)] == ["silly", "goose"]
    assert "silly_goose" in terms
    assert {"~ si", "~sill", "~goose", "~se "} <= {term for term in terms if is_gram(term)}


def test_what_comes_again_counts_once() -> None:
    once = RobustTerms()("silly goose silly")

    assert sorted(RobustTerms()("silly goose silly goose silly goose silly")) == sorted(once)


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
    assert len(read("goose " * LONGEST_TEXT)) == LONGEST_TEXT // len("goose ") + 1


@given(st.text(max_size=300))
def test_chunks_are_bounded_and_never_without_a_word(text: str) -> None:
    links = ("http://", "https://", "www.", "@")

    chunks = read(text)

    assert all(chunk_terms(chunk).words for chunk in chunks)
    assert all(len(chunk) <= LONGEST_CHUNK or chunk.startswith(links) for chunk in chunks)


@example("@1st_goose")
@given(st.text(alphabet="a1_@#.$*'/ é\u200b", max_size=40))
def test_only_a_pair_of_words_has_an_underscore(text: str) -> None:
    """By it the terms of a text are told apart."""
    for words, core in map(chunk_terms, read(text, LEXICON)):
        assert "_" not in core
        assert not any("_" in word for word in words)


@given(st.text(max_size=60))
def test_chunks_are_placed_in_order_and_inside_their_token(text: str) -> None:
    for token in tokens(text):
        placed = placed_chunks(token, LEXICON)

        assert [chunk.text for chunk in placed] == token_chunks(token, LEXICON)
        assert all(0 <= chunk.start < chunk.end <= len(token) for chunk in placed)
        assert [chunk.start for chunk in placed] == sorted(chunk.start for chunk in placed)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("you (s1lly) m*ron-goose!", ["you", "(", "silly", ")", "moron", "-", "goose", "!"]),
        ("!diot |diot", ["idiot", "idiot"]),
        ("*m*ron* **moron**", ["*", "moron", "*", "*", "*", "moron", "*", "*"]),
        ("m0r0n,id1ot's", ["moron", ",", "idiot's"]),
        ("g-d g**se", ["g", "-", "d", "g**se"]),  # not of the lexicon
        ("see https://example.org/s1lly @s1lly", ["see", "@link", "@user"]),
        ("y o u s i l l y g o o s e", ["you", "silly", "goose"]),
        ("a s i l l y i d i o t.", ["a", "silly", "idiot", "."]),
        ("m o r o n i c", ["moronic"]),  # which no known words make up
    ],
)
def test_with_a_lexicon_hidden_words_are_read(written: str, words: list[str]) -> None:
    assert words_of(written, LEXICON) == words


def test_a_hidden_word_counts_as_the_word_itself() -> None:
    terms = RobustTerms(["silly", "moron"])

    assert sorted(terms("you s*lly m0ron.")) == sorted(terms("you silly moron."))


def test_the_analyser_reads_alike_when_it_comes_back_from_a_pickle() -> None:
    terms = RobustTerms(["silly"], ["silly", "goose", "silly_goose", "~goo"])
    text = "you s*lly g o o s e s i l l y"

    assert pickle.loads(pickle.dumps(terms))(text) == terms(text)


@pytest.mark.parametrize(
    ("written", "kinds"),
    [
        ("silly", []),
        ("SILLY", []),
        ("don’t", []),
        ("s&#105;lly", ["entity"]),
        ("ｓilly", ["compatibility"]),
        ("ⓢilly", ["compatibility"]),
        ("si\u200blly", ["invisible"]),
        ("sіlly", ["confusable"]),
        ("sílly", ["diacritic"]),
        ("si\u0301lly", ["diacritic"]),
        ("s1lly", ["leet"]),
        ("g00se", ["leet"]),  # by the plain rule, without the lexicon's help
        ("s*lly", ["masked"]),
        ("siiilly", ["repeated"]),
        ("gooooose", ["repeated"]),
        ("s i l l y", ["spaced"]),
        ("s.i.l.l.y", ["spaced"]),
        ("s_i_l_l_y", ["spaced"]),
        ("g-o-o-s-e", ["spaced"]),
        ("ｓíl1y", ["compatibility", "diacritic", "leet"]),
        ("@s1lly", []),
        ("https://example.org/s1lly", []),
    ],
)
def test_what_was_undone_to_read_a_word_is_told(written: str, kinds: list[str]) -> None:
    assert list(undone(written, LEXICON)) == kinds


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
        "s*" * 25_000 + "y",
        "s*y." * 12_000,
        "s1lly." * 8_000,
        "😂" * 50_000,
        "é" * 50_000,
    ],
)
def test_no_pattern_takes_more_than_linear_time(probe: str) -> None:
    """As W55: 50 ms each on the reference machine; ten times that before the test fails."""
    terms = RobustTerms(["silly", "moron"], ["silly", "a", "b", "ab"])
    start = time.process_time()

    terms(probe)
    clean_tutorial(probe)

    assert time.process_time() - start < 0.5
