"""Each trick does what its name says to a word, and nothing to what is no word."""

from __future__ import annotations

import unicodedata

import pytest

from moderator.classifier.tricks import TRICKS, disguised

ZERO_WIDTH = "\N{ZERO WIDTH SPACE}"


@pytest.mark.parametrize(
    ("trick", "written"),
    [
        ("zero-width", f"you s{ZERO_WIDTH}i{ZERO_WIDTH}l{ZERO_WIDTH}l{ZERO_WIDTH}y fool"),
        ("full-width", "you ｓｉｌｌｙ fool"),
        ("diacritics", "you sîllý fool"),
        ("leet", "you 51lly fool"),
        ("masked", "you s*lly fool"),
        ("spaced", "you s i l l y fool"),
        ("dotted", "you s.i.l.l.y fool"),
        ("repeated", "you siiilly fool"),
        ("dropped letter", "you sily fool"),
        ("swapped letters", "you slily fool"),
    ],
)
def test_a_trick_changes_the_word(trick: str, written: str) -> None:
    assert disguised("you silly", TRICKS[trick]) + " fool" == written


def test_confusables_are_cyrillic_letters_that_look_the_same() -> None:
    word = disguised("goose", TRICKS["confusables"])

    assert word != "goose"
    assert [unicodedata.name(letter).split()[0] for letter in word] == [
        "LATIN",
        "CYRILLIC",
        "CYRILLIC",
        "CYRILLIC",
        "CYRILLIC",
    ]


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize(
    "text", ["", "a fly, a bee", "@silly_goose!", "https://geese.example/silly?a=honk", "&quot;"]
)
def test_short_words_mentions_links_and_entities_stay(trick: str, text: str) -> None:
    assert disguised(text, TRICKS[trick]) == text


@pytest.mark.parametrize("trick", TRICKS)
def test_only_the_words_change_and_every_time_alike(trick: str) -> None:
    text = "RT @swan: You SILLY goose!! 100 &amp; more (honk) http://a.example/b"

    changed = disguised(text, TRICKS[trick])

    assert changed == disguised(text, TRICKS[trick]) != text
    for kept in ("RT @swan: You ", "!! 100 &amp; ", "(", ") http://a.example/b"):
        assert kept in changed


@pytest.mark.parametrize("word", ["hmmm", "pfft", "nnnn", "aaaa"])
@pytest.mark.parametrize("trick", ["masked", "repeated", "dropped letter", "swapped letters"])
def test_a_word_without_an_inner_vowel_is_disguised_too(trick: str, word: str) -> None:
    change = {"repeated": 2, "dropped letter": -1}.get(trick, 0)

    assert len(disguised(word, TRICKS[trick])) == len(word) + change


def test_equal_letters_are_not_swapped_with_each_other() -> None:
    assert disguised("goose", TRICKS["swapped letters"]) == "gosoe"
    assert disguised("hoop", TRICKS["swapped letters"]) == "hoop", "nothing to swap inside"
