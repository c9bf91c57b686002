"""When the scorer says that it cannot judge."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from moderator.classifier.bundled import load_bundled
from moderator.classifier.scorer import CompiledScorer
from moderator.domain.score import Abstention

SHARED = Path(os.environ.get("MODERATOR_SHARED", "../shared"))


@pytest.fixture(scope="module")
def scorer() -> CompiledScorer:
    """The model that is shipped."""
    return load_bundled()


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b\u200d", "\ufeff"])
def test_nothing_to_read_is_empty(scorer: CompiledScorer, text: str) -> None:
    assert scorer.score(text).abstained is Abstention.EMPTY


@pytest.mark.parametrize(
    "text",
    [
        "привет",
        "ok, привет, как дела?",
        "今日はいい天気ですね",
        "مرحبا بكم في المنتدى",
        "שלום לכולם",
        "नमस्ते दोस्तों",
        "สวัสดีครับ",
        "Γεια σας φίλοι",
        "안녕하세요 여러분",
    ],
)
def test_another_script_is_another_language(scorer: CompiledScorer, text: str) -> None:
    score = scorer.score(text)

    assert score.abstained is Abstention.LANGUAGE
    assert score.label is None


@pytest.mark.parametrize(
    "text",
    [
        "Ich weiß nicht, was soll es bedeuten, dass ich so traurig bin",
        "Das ist aber eine sehr schöne Gans, die du da hast",
        "No me gusta nada esta cosa que dices",
        "Me parece que la oca de tu vecino es muy bonita",
        "Je ne sais pas ce que tu veux dire avec cette oie",
        "C'est la plus belle oie que nous avons vue dans le village",
        "Dat is een heel mooi huis en ook niet duur",
        "Non so che cosa vuoi dire con questo, ma mi piace molto",
        "Eu não sei o que você quer dizer com isso, mas é bonito",
        "Jag vet inte vad du menar med det, men den är fin",
        "Jeg ved ikke hvad du mener med det, men den er fin",
        "Nie wiem co to jest, ale jest bardzo ładne dla mnie",
        "Bu çok güzel bir kaz ama ben daha önce görmedim",
        "Saya tidak tahu apa yang kamu katakan, tapi itu bagus",
        "En tiedä mitä se on, mutta se on hyvin kaunis ja minä ole iloinen",
        "Nu știu ce este asta, dar este foarte frumos pentru mine",
        "Nevím, co to je, ale je to hezké, protože se mi to líbí tak moc",
        "Hindi ko alam kung ano ang ibig mong sabihin, maganda ito sa akin",
    ],
)
def test_a_sentence_in_another_language_of_our_letters_is_not_judged(
    scorer: CompiledScorer, text: str
) -> None:
    assert scorer.score(text).abstained in (Abstention.LANGUAGE, Abstention.LOW_COVERAGE)


def test_many_words_that_nobody_knows_are_too_little_to_go_by(scorer: CompiledScorer) -> None:
    score = scorer.score("qwxzt jkvbq zzxqv wqkjx vbnqz")

    assert score.abstained is Abstention.LOW_COVERAGE
    assert score.coverage < 1 / 3


@pytest.mark.parametrize(
    "text",
    [
        "lol",
        "ok",
        "gr8 m8",
        "u r soooo funny lmao",
        "naïve café fiancée",
        "die, goose, die!",
        "Los Angeles, La Paz, El Paso and San Juan are cities",
        "I love pizza con funghi",
        "qwxzt",
        "you s1lly g00se, u r a t0tal cl0wn",
        "wat r u doin 2nite bruv",
        "12345",
        "👍👍👍",
        "?!",
        "thx",
        "the the the the the the",
        "y'all ain't gonna b'lieve dis",
        "Сool story, bro",
        "she said привет and left",
    ],
)
def test_short_or_oddly_spelled_english_is_judged(scorer: CompiledScorer, text: str) -> None:
    assert scorer.score(text).abstained is None


@pytest.mark.parametrize(
    "file", ["goemotions_test.csv", "edos_test.csv", "misogyny_test.csv", "hatemoji_test.csv"]
)
def test_english_boards_are_hardly_ever_taken_for_another_language(
    scorer: CompiledScorer, file: str
) -> None:
    """At most one comment in a thousand goes unjudged on four sets of English comments."""
    path = SHARED / "data" / "pool" / file
    if not path.exists():
        pytest.skip(f"{file} is not here: set MODERATOR_SHARED to the folder with data/pool")
    with path.open(encoding="utf-8", newline="") as rows:
        texts = [row["text"] for row in csv.DictReader(rows)]

    unjudged = sum(scorer.score(text).abstained is not None for text in texts)

    assert unjudged <= len(texts) / 1000
