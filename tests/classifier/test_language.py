"""When the scorer says that it cannot judge.

`python -m tests.classifier.test_language` prints how often it does, on the sentences of the tables.
"""

from __future__ import annotations

import csv
import os
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from moderator.classifier.bundled import load_bundled
from moderator.classifier.folding import fold
from moderator.classifier.foreign_words import FOREIGN, LANGUAGES, ONLY_ENGLISH, SHARED
from moderator.classifier.function_words import ENGLISH
from moderator.classifier.language import coverage, reason_to_abstain
from moderator.classifier.scorer import CompiledScorer
from moderator.domain.score import Abstention
from tests.classifier.foreign_sentences import SENTENCES
from tests.classifier.odd_english import ODD_ENGLISH

SHARED_FILES = Path(os.environ.get("MODERATOR_SHARED", "../shared"))
LANGUAGE, EMPTY, TOO_SHORT, LOW_COVERAGE = (
    Abstention.LANGUAGE,
    Abstention.EMPTY,
    Abstention.TOO_SHORT,
    Abstention.LOW_COVERAGE,
)


@pytest.fixture(scope="module")
def scorer() -> CompiledScorer:
    """The model that is shipped."""
    return load_bundled()


@dataclass(frozen=True)
class Weighed:
    """A text's words, how many of them a model knows, and what they weigh."""

    words: list[str]
    known: int
    sums: tuple[float, float, float] = (0.1, 0.1, 0.1)


def reason(text: str, known: int, toxic: float = 0.1, *, silent: bool = False) -> Abstention | None:
    """The rule's answer for plain words, of which a model knows so many."""
    sums = (0.0, 0.0, 0.0) if silent else (0.1, 0.1, 0.1)
    return reason_to_abstain(text, Weighed(text.split(), known, sums), toxic)


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("qwxzt", 0, TOO_SHORT),
        ("qwxzt jkvbq zzxqv", 0, TOO_SHORT),
        ("qwxzt jkvbq goose", 1, None),
        ("qwxzt jkvbq zzxqv wqkjx", 0, LOW_COVERAGE),
        ("qwxzt jkvbq zzxqv goose", 1, LOW_COVERAGE),
        ("qwxzt jkvbq goose goose", 2, None),
        ("qwxzt jkvbq goose goose goose", 3, LOW_COVERAGE),
        ("qwxzt goose goose goose goose", 4, None),
        ("qwxzt jkvbq zzxqv because", 1, LOW_COVERAGE),
        ("qwxzt jkvbq because", 1, None),
        ("qwxzt jkvbq zzxqv wqkjx because goose", 2, None),
        ("qwxzt jkvbq zzxqv wqkjx qxqxq because goose", 2, LOW_COVERAGE),
    ],
)
def test_how_many_words_have_to_be_known(
    text: str, known: int, expected: Abstention | None
) -> None:
    """Any of up to three; half of four, two thirds of more; a third, if one is surely English."""
    assert reason(text, known) is expected


@pytest.mark.parametrize("text", ["qwxzt", "qwxzt jkvbq zzxqv wqkjx qxqxq"])
def test_what_looks_toxic_is_judged_though_no_word_is_known(text: str) -> None:
    assert reason(text, 0, toxic=0.5) is None
    assert reason(text, 0, toxic=0.499) is not None


@pytest.mark.parametrize("text", ["qwxzt", "qwxzt jkvbq zzxqv wqkjx qxqxq"])
def test_a_model_that_starts_from_toxic_and_knows_nothing_is_not_believed(text: str) -> None:
    assert reason(text, 0, toxic=0.9, silent=True) is not None


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("no me gusta", 2, LANGUAGE),
        ("ich nicht", 1, None),
        ("die der das", 3, None),
        ("ich weiss nicht", 1, LANGUAGE),
        ("because it is ich weiss nicht", 3, None),
        ("nein nein nein", 1, None),
        ("Nguyen nicht Kowalski", 1, None),
    ],
)
def test_the_language_of_short_texts(text: str, known: int, expected: Abstention | None) -> None:
    """Three words or more; with hardly a foreign one among names it is not sure."""
    assert reason(text, known) is expected


def test_another_language_is_told_even_where_it_looks_toxic() -> None:
    """Dutch "hoe" is "how"; a model of English would raise an alert on every question."""
    assert reason("hoe gaat het met jullie", 2, toxic=0.99) is LANGUAGE


def test_coverage_is_the_share_of_known_words() -> None:
    assert coverage(Weighed(["a", "qwxzt", "a", "goose"], 3)) == 0.75
    assert coverage(Weighed([], 0)) == 0.0


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "\n\t", "\u200b\u200d", "\ufeff", "?!", "...", "-", "@goose_lover"),
        *("@a @b @c", "https://example.com/geese", "@goose https://example.com/geese !!"),
    ],
)
def test_without_words_or_pictures_there_is_nothing_to_judge(
    scorer: CompiledScorer, text: str
) -> None:
    """Links and the names of others are not read."""
    score = scorer.score(text)

    assert score.abstained is EMPTY
    assert score.coverage == 0.0


@pytest.mark.parametrize("text", ["👍", "👍👍👍", "😂😂"])
def test_picture_signs_that_the_model_knows_are_judged(scorer: CompiledScorer, text: str) -> None:
    assert scorer.score(text).abstained is None


def test_picture_signs_that_the_model_does_not_know_are_too_short(scorer: CompiledScorer) -> None:
    """A model may weigh punctuation, too; that is still nothing to judge."""
    assert reason_to_abstain("🪿", Weighed([], 0, (0.0, 0.0, 0.0)), 0.1) is TOO_SHORT
    assert reason_to_abstain("🪿", Weighed([], 0), 0.1) is None
    assert reason_to_abstain("?!", Weighed([], 0), 0.9) is EMPTY
    assert scorer.score("ಠ_ಠ").abstained is TOO_SHORT


@pytest.mark.parametrize(
    "text",
    [
        *("привет", "ok, привет, как дела?", "今日はいい天気ですね", "مرحبا بكم في المنتدى"),
        *("שלום לכולם", "नमस्ते दोस्तों", "สวัสดีครับ", "Γεια σας φίλοι", "안녕하세요 여러분", "вот"),
        *("но", "он там", "好的", "Բարեւ ձեզ", "გამარჯობა", "ሰላም ነው"),
    ],
)
def test_another_script_is_another_language(scorer: CompiledScorer, text: str) -> None:
    score = scorer.score(text)

    assert score.abstained is LANGUAGE
    assert score.label is None


@pytest.mark.parametrize(
    "text",
    [
        "уоu аrе а ѕіllу сlоwn",
        "ѕtuріd",
        "іdіоt",
        "ｉｄｉｏｔ",
        "1d10t",
        "i.d.i.o.t",
        "S T U P I D",
        "m0r0n",
    ],
)
def test_one_disguised_word_is_judged(scorer: CompiledScorer, text: str) -> None:
    """Letters of another script that look like ours are no other language."""
    assert scorer.score(text).abstained is None


@pytest.mark.parametrize("language", SENTENCES)
def test_foreign_sentences_are_not_judged(scorer: CompiledScorer, language: str) -> None:
    """At most one of a language's sentences of four words or more is, and none is taken for toxic.

    The shortest are greetings of two or three words.
    """
    long = [text for text in SENTENCES[language] if len(text.split()) >= 4]
    scores = [scorer.score(text) for text in long]

    assert len(long) >= 5
    assert sum(score.abstained is None for score in scores) <= 2
    assert all(score.probabilities is None or score.probabilities.toxic < 0.5 for score in scores)


def test_nineteen_of_twenty_foreign_sentences_are_not_judged(scorer: CompiledScorer) -> None:
    """Of four words or more, over all languages, also on those that no choice looked at."""
    for parity in (0, 1):
        long = [
            text
            for sentences in SENTENCES.values()
            for text in sentences[parity::2]
            if len(text.split()) >= 4
        ]
        judged = sum(scorer.score(text).abstained is None for text in long)
        assert judged <= len(long) / 20


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("quiero coffee por favor y a donut", None),
        ("Das ist ein schöner Tag im Garten mit vielen Blumen", LOW_COVERAGE),
        ("Привет как дела сегодня", LOW_COVERAGE),
    ],
)
def test_of_a_text_said_to_be_english_only_its_words_are_looked_into(
    scorer: CompiledScorer, text: str, reason: Abstention | None
) -> None:
    """Who says so may be wrong: what the model does not know it does not judge."""
    assert scorer.score(text).abstained is LANGUAGE
    assert scorer.score_english(text).abstained is reason


def test_no_odd_english_is_taken_for_another_language(scorer: CompiledScorer) -> None:
    told = [text for text in ODD_ENGLISH if scorer.score(text).abstained is LANGUAGE]

    assert told == []
    assert len(ODD_ENGLISH) >= 150


def test_hardly_any_odd_english_has_too_few_known_words(scorer: CompiledScorer) -> None:
    told = [text for text in ODD_ENGLISH if scorer.score(text).abstained is LOW_COVERAGE]

    assert len(told) <= len(ODD_ENGLISH) / 50


@pytest.mark.parametrize("language", SENTENCES)
def test_text_that_is_partly_english_is_judged(scorer: CompiledScorer, language: str) -> None:
    foreign = SENTENCES[language][0]

    score = scorer.score(f"Does anyone know what this means, I found it on my desk: {foreign}")

    assert score.abstained is None


def test_gibberish_is_not_judged(scorer: CompiledScorer) -> None:
    """Of random letters, one in fifty at most by accident looks like something."""
    chance = random.Random(5)
    letters = "abcdefghijklmnopqrstuvwxyz"
    texts = [
        " ".join("".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(6))
        for _ in range(200)
    ]

    assert sum(scorer.score(text).abstained is None for text in texts) <= 4


def test_every_listed_word_is_folded() -> None:
    listed = ENGLISH.union(*LANGUAGES)

    assert [word for word in listed if fold(word).text != word] == []


def test_a_word_is_foreign_or_shared_or_english_alone() -> None:
    assert not FOREIGN & SHARED
    assert not FOREIGN & ONLY_ENGLISH
    assert not SHARED & ONLY_ENGLISH


def english_rows(file: str) -> list[dict[str, str]]:
    """The rows of an English file of the pool; skips the test where it is not there."""
    path = SHARED_FILES / "data" / "pool" / file
    if not path.exists():
        pytest.skip(f"{file} is not here: set MODERATOR_SHARED to the folder with data/pool")
    with path.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


@pytest.mark.parametrize("file", ["goemotions_dev.csv", "surge.csv", "hatemoji_validation.csv"])
def test_english_boards_are_hardly_ever_left_unjudged(scorer: CompiledScorer, file: str) -> None:
    """Three comments in a thousand for any reason, one in a thousand for its language."""
    texts = [row["text"] for row in english_rows(file)]

    told = Counter(scorer.score(text).abstained for text in texts)

    assert told[LANGUAGE] <= len(texts) / 1000
    assert len(texts) - told[None] <= max(6, 3 * len(texts) / 1000)


def _shares(scorer: CompiledScorer, texts: Iterable[str]) -> str:
    told = Counter(str(scorer.score(text).abstained or "judged") for text in texts)
    return ", ".join(f"{reason} {count}" for reason, count in sorted(told.items()))


def main() -> None:
    """Print what is told about the sentences, by number of words."""
    scorer = load_bundled()
    print(f"odd English ({len(ODD_ENGLISH)}): {_shares(scorer, ODD_ENGLISH)}")  # noqa: T201
    texts = [text for sentences in SENTENCES.values() for text in sentences]
    for least, most in ((1, 2), (3, 3), (4, 4), (5, 6), (7, 99)):
        some = [text for text in texts if least <= len(text.split()) <= most]
        print(f"foreign, {least} to {most} words ({len(some)}): {_shares(scorer, some)}")  # noqa: T201


if __name__ == "__main__":
    main()
