"""A model that knows which words a disguise may hide: judged and explained through any disguise."""

from __future__ import annotations

import csv
import math
import os
import random
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import Pipeline

from moderator.classifier.recipe import Fitted
from moderator.classifier.robust_reader import RobustReader
from moderator.classifier.scorer import CompiledScorer
from moderator.classifier.text import RobustTerms, chunk_terms, read
from moderator.classifier.weights import LABELS
from moderator.domain.score import Label
from tests.classifier.conftest import mild_rows

LEXICON = ("silly", "fool", "stupid", "clown", "twit", "daft", "vermin")
SHARED = Path(os.environ.get("MODERATOR_SHARED", "../shared"))
REAL_TEXTS = SHARED / "data" / "davidson" / "labeled_data.csv"

DISGUISES: dict[str, Callable[[str], str]] = {
    "leet": lambda word: word.translate(str.maketrans("aeiost", "43!057")),
    "one sign": lambda word: word.replace("i", "1", 1).replace("o", "0", 1),
    "masked": lambda word: word[0] + "*" + word[2:],
    "masked inside": lambda word: word[0] + "#" * (len(word) - 2) + word[-1],
    "repeated": lambda word: word.replace(word[1], word[1] * 4),
    "spaced": " ".join,
    "dotted": ".".join,
    "dashed": lambda word: word[:2] + "-" + word[2:],
    "zero width": "\u200b".join,
    "accented": lambda word: word[0] + "\u0301" + word[1:],
    "full width": lambda word: "".join(chr(ord(c) + 0xFEE0) for c in word),
    "look-alikes": lambda word: word.translate(str.maketrans("aeiosc", "аеіоѕс")),
    "entities": lambda word: f"&#{ord(word[0])};{word[1:]}",
    "capitals": str.upper,
}
WORDS = sorted({word for _, text in mild_rows(50) for word in text.split() if word.isalpha()})


@st.composite
def disguised_texts(draw: st.DrawFn) -> str:
    """Mild words, any of them in any disguise and with marks around it."""
    words = draw(st.lists(st.sampled_from([*WORDS, *LEXICON]), max_size=12))
    nothing: list[Callable[[str], str]] = [str]
    changed = [
        draw(st.sampled_from([*nothing, *DISGUISES.values()]))(w) if len(w) > 3 else w
        for w in words
    ]
    marks = st.sampled_from(["", "", "", "!", ",", ".", "...", "“", "(", "&quot;", "\u200b", "👍"])
    return " ".join(draw(marks) + word + draw(marks) for word in changed)


@pytest.fixture(scope="module")
def knowing(default_model: Fitted) -> Fitted:
    """The default recipe's model with a lexicon, which its pipeline reads by, too."""
    weights = replace(default_model.weights, lexicon=LEXICON)
    counter = CountVectorizer(
        analyzer=RobustTerms(LEXICON, weights.terms), vocabulary=weights.terms, dtype=np.float64
    )
    steps = [("count", counter), *default_model.pipeline.steps[1:]]
    return Fitted(pipeline=Pipeline(steps), weights=weights)


@pytest.fixture(scope="module")
def known(knowing: Fitted) -> CompiledScorer:
    """That model, compiled."""
    return CompiledScorer(knowing.weights, name="knowing", digest="")


@given(texts=st.lists(st.text(max_size=200) | disguised_texts(), min_size=1, max_size=20))
def test_with_a_lexicon_its_probabilities_are_the_pipelines(
    knowing: Fitted, known: CompiledScorer, texts: list[str]
) -> None:
    compiled = [known.probabilities(text) for text in texts]

    assert np.allclose(compiled, knowing.probabilities(texts), rtol=0.0, atol=1e-9)


def test_ten_thousand_disguised_texts_get_the_pipelines_probabilities(
    knowing: Fitted, known: CompiledScorer
) -> None:
    chance = random.Random(3)
    ways = [*DISGUISES.values()]
    texts = [
        " ".join(
            chance.choice(ways)(w) if len(w) > 3 and chance.random() < 0.3 else w
            for w in text.split()
        )
        for _, text in mild_rows(10_000, seed=11)
    ]

    compiled = [known.probabilities(text) for text in texts]

    assert np.allclose(compiled, knowing.probabilities(texts), rtol=0.0, atol=1e-6)


def test_ten_thousand_real_texts_get_the_pipelines_probabilities(
    knowing: Fitted, known: CompiledScorer
) -> None:
    if not REAL_TEXTS.exists():
        pytest.skip("needs the labelled data, which is not in this repository")
    with REAL_TEXTS.open(encoding="utf-8", newline="") as file:
        texts = [row["tweet"] for row in islice(csv.DictReader(file), 10_000)]

    compiled = [known.probabilities(text) for text in texts]

    assert np.allclose(compiled, knowing.probabilities(texts), rtol=0.0, atol=1e-6)


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_disguise_of_a_known_word_changes_nothing(known: CompiledScorer, disguise: str) -> None:
    plain = known.probabilities("my neighbour is a silly fool today")

    disguised = (
        f"my neighbour is a {DISGUISES[disguise]('silly')} {DISGUISES[disguise]('fool')} today"
    )

    assert known.probabilities(disguised) == pytest.approx(plain, abs=1e-9)


@pytest.mark.parametrize(
    ("written", "word", "kinds"),
    [
        ("silly", "silly", []),
        ("S1LLY", "silly", ["leet"]),
        ("s*lly", "silly", ["masked"]),
        ("siiiilly", "silly", ["repeated"]),
        ("s i l l y", "silly", ["spaced"]),
        ("s.i.l.l.y", "silly", ["spaced"]),
        ("s\u200bi\u200blly", "silly", ["invisible"]),
        ("ｓilly", "silly", ["compatibility"]),
        ("sіlly", "silly", ["confusable"]),
        ("si\u0301lly", "silly", ["diacritic"]),
        ("&#115;illy", "silly", ["entity"]),
        ("&#115;íl*y", "silly", ["entity", "diacritic", "masked"]),
        ("(“s!lly”)", "silly", ["leet"]),
    ],
)
def test_its_explanation_tells_the_word_where_it_stands_and_what_hid_it(
    known: CompiledScorer, written: str, word: str, kinds: list[str]
) -> None:
    text = f"Hm… &amp; this\u200b  duck is a {written} clown, I say"
    core = written.strip("(“”)")

    terms = known.explain(text, Label.OFFENSIVE)

    (found,) = [term for term in terms if term.term == word]
    assert text[found.start : found.end] == core
    assert list(found.transformations) == kinds


@given(text=disguised_texts())
def test_every_listed_word_is_read_again_at_its_place(
    knowing: Fitted, known: CompiledScorer, text: str
) -> None:
    lexicon = RobustReader(knowing.weights).lexicon
    for term in known.score(text).why:
        there = read(text[term.start : term.end], lexicon)

        words = [word for chunk in there for word in chunk_terms(chunk).words]

        assert " ".join(word for word in words if word[0].isalnum()) == term.term


@given(text=st.text(max_size=200) | disguised_texts(), label=st.sampled_from(Label))
def test_what_is_listed_and_the_residual_sum_to_the_decision(
    knowing: Fitted, known: CompiledScorer, text: str, label: Label
) -> None:
    k = LABELS.index(label)
    score = known.score(text)
    decision = known.decision(text)
    everything = math.fsum(term.weight for term in known.explain(text, label))

    assert knowing.weights.intercept[k] + everything == pytest.approx(decision[k], abs=1e-9)
    if score.label is not None and score.residual is not None:
        listed = math.fsum(term.weight for term in score.why) + score.residual
        assert listed == pytest.approx(decision[LABELS.index(score.label)], abs=1e-9)
