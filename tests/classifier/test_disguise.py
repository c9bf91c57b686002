"""Words that were hidden from a filter: which are found, and which are left as they are."""

from __future__ import annotations

import pickle
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.classifier.disguise import LONGEST_FORM, Lexicon, hidden_words, revealed
from moderator.classifier.folding import fold

LEXICON = Lexicon(
    ["moron", "silly", "stupid", "idiot", "goose", "fool", "bad", "bid", "bastion", "ass", "good"]
)


@pytest.mark.parametrize(
    ("form", "word", "how"),
    [
        ("s*lly", "silly", "masked"),
        ("s***y", "silly", "masked"),
        ("s****", "silly", "masked"),
        ("b*d", "bad", "masked"),  # bid fits, too; bad was given first
        ("b**", "bad", "masked"),
        ("b#d", "bad", "masked"),
        ("b-d", "bad", "masked"),
        ("b.d", "bad", "masked"),
        ("b_d", "bad", "masked"),
        ("b•d", "bad", "masked"),
        ("ba*", "bad", "masked"),
        ("m%ron", "moron", "masked"),
        ("m@ron", "moron", "masked"),  # as a it leads nowhere
        ("m*n", "moron", "masked"),  # one star for several letters
        ("m*****n", "moron", "masked"),
        ("b*****n", "bastion", "masked"),
        ("1d*ot", "idiot", "masked"),
        ("id1ot", "idiot", "leet"),
        ("1d10t", "idiot", "leet"),
        ("!diot", "idiot", "leet"),
        ("|diot", "idiot", "leet"),
        ("s1lly", "silly", "leet"),
        ("si11y", "silly", "leet"),  # the same sign, for another letter
        ("$7up!d", "stupid", "leet"),
        ("s+upid", "stupid", "leet"),
        ("8ad", "bad", "leet"),
        ("6oose", "goose", "leet"),
        ("9oo5e", "goose", "leet"),
        ("@ss", "ass", "leet"),
        ("a$$", "ass", "leet"),
        ("id1000t", "idiot", "leet"),
        ("siiiilly", "silly", "repeated"),
        ("sillllly", "silly", "repeated"),
        ("goooooose", "goose", "repeated"),
        ("assss", "ass", "repeated"),
        ("s.i.l.l.y", "silly", "spaced"),
        ("s-i-l-l-y", "silly", "spaced"),
        ("sil-ly", "silly", "spaced"),
        ("si*lly", "silly", "spaced"),
        ("i.d.1.0.t", "idiot", "spaced"),
    ],
)
def test_a_known_word_is_revealed(form: str, word: str, how: str) -> None:
    assert LEXICON.reveal(form) == (word, how)


@pytest.mark.parametrize(
    "form",
    [
        "silly",
        "sily",  # letters alone are taken at their word
        "sillyy",
        "persilly",
        "class",  # holds a word
        "cl@ss",
        "gr4$$",
        "b*dge",
        "assist",
        "455",  # a number
        "1984",
        "hell0",
        "*illy",  # the first letter is shown, or nothing is
        "s-ly",
        "sil",
        "ba-",  # a mark at the end that is no star
        "bad*",  # the word is whole
        "as*",  # and so is this
        "he'll",
        "b'd",
        "b/d",
        "b,d",
        "",
        "***",
        "é",
        "s" * (LONGEST_FORM + 1),
    ],
)
def test_other_forms_are_left_as_they_are(form: str) -> None:
    assert LEXICON.reveal(form) is None


def test_of_several_words_the_shorter_then_the_first_given_is_taken() -> None:
    words = ["goose", "gose", "goase"]

    assert Lexicon(words).reveal("gooose") == ("gose", "repeated")
    assert Lexicon(words).reveal("go*se") == ("goose", "masked")
    assert Lexicon(words[::-1]).reveal("go*se") == ("goase", "masked")


def test_a_lexicon_without_words_reveals_nothing_and_splits_nothing() -> None:
    empty = Lexicon((), ["silly", "goose"])

    assert not empty
    assert empty.reveal("s1lly") is None
    assert empty.split("sillygoose") == ["sillygoose"]
    assert hidden_words("s1lly", empty) == []


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ("silly", ["silly"]),
        ("yousillygoose", ["you", "silly", "goose"]),
        ("asilly", ["a", "silly"]),
        ("thepeculiar", ["the", "peculiar"]),  # not: the p e culiar
        ("persilly", ["persilly"]),  # per is no known word, so it may be anything
        ("zsilly", ["zsilly"]),  # z is no word, whatever the model saw
        ("qwx", ["qwx"]),
    ],
)
def test_letters_without_blanks_are_split_only_where_known_words_make_them_up(
    letters: str, words: list[str]
) -> None:
    lexicon = Lexicon(["silly"], ["you", "a", "z", "the", "goose", "peculiar", "pe", "culiar"])

    assert lexicon.split(letters) == words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(s1lly)", [(1, 6, "silly")]),
        ("“s*lly”!!", [(1, 6, "silly")]),
        ("*s*lly*", [(1, 6, "silly")]),
        ("**silly**", []),
        ("#s1lly", [(1, 6, "silly")]),
        ("#silly", []),
        ("!diot", [(0, 5, "idiot")]),
        ("!idiot", []),
        ("(ass)", []),
        ("m0ron,1diot.", [(0, 5, "moron"), (6, 11, "idiot")]),
        ("s*lly-head", [(0, 5, "silly")]),
        ("s*lly's", [(0, 5, "silly")]),
        ("https://x.y/s1lly", []),
        ("@s1lly", []),
        ("@ss", [(0, 3, "ass")]),
        ("...", []),
        ("", []),
    ],
)
def test_words_are_found_between_punctuation(text: str, found: list[tuple[int, int, str]]) -> None:
    folded = fold(text)

    assert [each[:3] for each in hidden_words(folded.text, LEXICON)] == found


def test_a_revealed_word_stands_for_all_of_its_disguise() -> None:
    folded = revealed(fold("(b&#42;&#42;st&#105;*n,m*ron)"), LEXICON)
    start = folded.text.index("moron")

    assert folded.text == "(bastion,moron)"
    assert folded.span(start, start + 2) == folded.span(start, start + 5) == (23, 28)
    assert folded.span(0, 1) == (0, 1)
    assert folded.span(1, 8) == (1, 22)


@given(st.text(alphabet="abdgilmnorsuty015!@$*#.-_é ", max_size=40))
def test_a_revealed_word_is_a_known_word_and_is_never_hidden_again(form: str) -> None:
    found = LEXICON.reveal(form)

    if found is not None:
        assert len(found[0]) >= 3
        assert LEXICON.reveal(found[0]) is None


def test_a_lexicon_survives_a_pickle() -> None:
    assert pickle.loads(pickle.dumps(LEXICON)).reveal("s1lly") == LEXICON.reveal("s1lly")


@pytest.mark.parametrize(
    "text",
    ["s*" * 10_000, "s*lly." * 3_000, "s***y-" * 3_000, "1" * 20_000, "a1" * 10_000, "*" * 20_000],
)
def test_whatever_is_masked_costs_linear_time(text: str) -> None:
    many = Lexicon([f"s{a}{b}{c}y" for a in "aeiou" for b in "bdlmnprt" for c in "aeioulm"])
    start = time.process_time()

    hidden_words(text, many)

    assert time.process_time() - start < 0.5
