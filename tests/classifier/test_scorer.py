"""The compiled scorer: the pipeline's own probabilities, explained, on any text at all."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.classifier.bundled import load_bundled
from moderator.classifier.recipe import Fitted, decide
from moderator.classifier.robust_reader import RobustReader
from moderator.classifier.scorer import MOST_TERMS, CompiledScorer
from moderator.classifier.weights import LABELS, Link, Reading, Rule, Weights
from moderator.domain.score import Abstention, Label
from tests.classifier.conftest import mild_rows

TRICKY = [
    "",
    " ",
    "goose",
    "GOOSE goose Goose",
    "the goose is a silly fool, a silly fool, a silly fool",
    "t h e g.o.o.s.e is a s1lly f00l &amp; a cl&#111;wn",
    "@ann http://x.y/z the pond!!!",
    "@1st_goose you are a silly_goose ~_goose",
    "nothing here was ever seen: qwxz jkvb",
    "\ud800 goose \x00 \ufffd",
    "a" * 30_000,
    "goose\u0301" * 3_000,
    "👍🏽" * 50,
]


@pytest.fixture(scope="module")
def bundled() -> CompiledScorer:
    """The model that is shipped."""
    return load_bundled()


def test_its_probabilities_are_the_pipelines(model: Fitted, scorer: CompiledScorer) -> None:
    texts = [text for _, text in mild_rows(100, seed=8)] + TRICKY

    compiled = [scorer.probabilities(text) for text in texts]

    assert np.allclose(compiled, model.probabilities(texts), rtol=0.0, atol=1e-9)


def test_its_labels_are_the_recipes(model: Fitted, scorer: CompiledScorer) -> None:
    texts = [text for _, text in mild_rows(100, seed=9)]

    labels = [scorer.score(text).label for text in texts]

    assert labels == [LABELS[k] for k in model.labels(model.probabilities(texts))]


@pytest.mark.parametrize("text", TRICKY)
@pytest.mark.parametrize("label", list(Label))
def test_its_explanation_adds_up_to_the_decision(
    model: Fitted, scorer: CompiledScorer, text: str, label: Label
) -> None:
    """The words' weights and the intercept sum to the decision value, for and against."""
    k = LABELS.index(label)

    terms = scorer.explain(text, label)

    explained = model.weights.intercept[k] + sum(term.weight for term in terms)
    assert explained == pytest.approx(scorer.decision(text)[k], abs=1e-9)


def test_its_explanation_names_whole_words_where_they_stand(bundled: CompiledScorer) -> None:
    text = "Well... you are a STUP1D &#105;diot, aren’t you?"

    score = bundled.score(text)

    found = {term.term: text[term.start : term.end] for term in score.why}
    assert found["stupid"] == "STUP1D"
    assert found["idiot"] == "&#105;diot"
    assert found["aren't"] == "aren’t"


def test_its_explanation_is_short_ordered_and_about_the_label(bundled: CompiledScorer) -> None:
    score = bundled.score("what a stupid idea " + " ".join(f"word{i} is here" for i in range(30)))

    sizes = [abs(term.weight) for term in score.why]
    assert len(sizes) == MOST_TERMS
    assert sizes == sorted(sizes, reverse=True)
    assert {term.label for term in score.why} == {score.label}


@given(st.text(max_size=400))
def test_no_text_at_all_makes_it_raise_or_fail(text: str) -> None:
    score = load_bundled_once().score(text)

    assert score.abstained is not Abstention.FAILURE
    assert 0.0 <= score.coverage <= 1.0
    assert all(0 <= term.start < term.end <= len(text) for term in score.why)


@pytest.mark.parametrize("text", TRICKY)
def test_tricky_texts_are_judged_or_abstained_from_for_a_reason(
    bundled: CompiledScorer, text: str
) -> None:
    assert bundled.score(text).abstained is not Abstention.FAILURE


def test_a_failure_is_an_abstention_and_its_log_line_holds_no_text(
    scorer: CompiledScorer, caplog: pytest.LogCaptureFixture
) -> None:
    not_a_text: str = ["a secret goose"]  # type: ignore[assignment]

    with caplog.at_level(logging.ERROR):
        score = scorer.score(not_a_text)

    assert score.abstained is Abstention.FAILURE
    assert score.probabilities is None
    assert "goose" not in caplog.text


def test_what_it_remembers_of_words_is_bounded(default_model: Fitted) -> None:
    reader = RobustReader(default_model.weights, most_kept=10)

    before = reader.weigh("the goose is a silly fool").sums
    for number in range(100):
        reader.weigh(f"word{number}")
    reader.weigh("a" * 10_000)

    assert max(len(kept) for kept in (reader.tokens, reader.pieces)) <= 10
    assert max(map(len, [*reader.tokens, *reader.pieces])) < 100
    assert reader.weigh("the goose is a silly fool").sums == before


def test_a_text_longer_than_its_memory_is_weighed_as_any_other(default_model: Fitted) -> None:
    """What comes again counts once, though it was forgotten in between."""
    text = " ".join(f"{text} word{i}" for i, (_, text) in enumerate(mild_rows(20)))

    small = RobustReader(default_model.weights, most_kept=3).weigh(text)

    assert small.sums == RobustReader(default_model.weights).weigh(text).sums


def test_many_are_scored_as_one_is(bundled: CompiledScorer) -> None:
    texts = [text for _, text in mild_rows(20)]

    assert bundled.score_many(texts) == [bundled.score(text) for text in texts]


def test_several_threads_get_the_same_answers(bundled: CompiledScorer) -> None:
    texts = [text for _, text in mild_rows(200)]
    alone = bundled.score_many(texts)

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(load_bundled().score, texts))

    assert together == alone


def test_scores_carry_the_models_name_and_digest(scorer: CompiledScorer) -> None:
    assert scorer.model == "mild@000000000000"
    assert scorer.score("the goose").model == scorer.model


def constant(hate: float, offensive: float, rule: Rule) -> CompiledScorer:
    """A scorer that gives every text the same probabilities, with a hate factor of 3."""
    probabilities = np.array([hate, offensive, 1.0 - hate - offensive])
    weights = Weights(
        reading=Reading.ROBUST,
        terms=("goose",),
        idf=np.ones(1),
        coef=np.zeros((1, 3)),
        intercept=np.zeros(3),
        slope=np.ones(3),
        bias=np.log(probabilities / (1.0 - probabilities)),
        link=Link.SIGMOIDS,
        rule=rule,
        hate_factor=3.0,
    )
    return CompiledScorer(weights, name="constant", digest="")


@pytest.mark.parametrize(
    ("hate", "offensive", "toxic_first", "largest"),
    [
        (0.25, 0.2499, Label.NEITHER, Label.NEITHER),  # toxic just below a half
        (0.2501, 0.25, Label.HATE, Label.NEITHER),
        (0.10, 0.4001, Label.OFFENSIVE, Label.NEITHER),
        (0.15, 0.40, Label.HATE, Label.NEITHER),  # three times 0.15 is more than 0.40
        (0.15, 0.46, Label.OFFENSIVE, Label.OFFENSIVE),
        (0.60, 0.20, Label.HATE, Label.HATE),
    ],
)
def test_neither_comes_first_and_hate_is_weighed_up(
    hate: float, offensive: float, toxic_first: Label, largest: Label
) -> None:
    """The same by the scorer, one text at a time, and by the recipe, many rows at once."""
    rows = np.array([[hate, offensive, 1.0 - hate - offensive]])

    for rule, expected in ((Rule.TOXIC_FIRST, toxic_first), (Rule.LARGEST, largest)):
        assert constant(hate, offensive, rule).score("a goose").label is expected
        assert LABELS[decide(rows, rule, 3.0)[0]] is expected


@pytest.mark.parametrize(
    "text",
    [
        "a\u0301" + "\u0301" * 10_000,
        "a" * 65_536,
        " " * 65_536,
        "\n" * 65_536,
        "goose" * 13_000,
        "g0$e" * 16_000,
        "👍🏽" * 30_000,
        "\ufdfa" * 60_000,
    ],
)
def test_a_hostile_text_costs_little_more_than_a_normal_one_of_its_size(
    bundled: CompiledScorer, text: str
) -> None:
    """As W53 and W54: within 100 ms, or three times a normal text where the machine is slow."""
    normal = " ".join(text for _, text in mild_rows(2_000))[:65_536]

    limit = max(0.1, 3 * _spent(bundled, normal))

    assert _spent(bundled, text) < limit


def test_serving_imports_neither_scikit_learn_nor_pandas_nor_scipy() -> None:
    code = (
        "import sys; from moderator.classifier.bundled import load_bundled; "
        "import moderator.classifier.scorer; load_bundled().score('a goose'); "
        "print([m for m in ('sklearn', 'pandas', 'scipy', 'stop_words') if m in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "[]"


def load_bundled_once() -> CompiledScorer:
    """Hypothesis calls a test many times; a fixture of module scope would do, were it allowed."""
    if not _LOADED:
        _LOADED.append(load_bundled())
    return _LOADED[0]


_LOADED: list[CompiledScorer] = []


def _spent(scorer: CompiledScorer, text: str) -> float:
    start = time.process_time()
    scorer.score(text)
    return time.process_time() - start
