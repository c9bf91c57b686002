"""The recipes: what they promise about what they make."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score

from moderator.classifier.artefact import pack
from moderator.classifier.dataset import LabelledRows, read_labelled
from moderator.classifier.pool import read_pool
from moderator.classifier.recipe import Fitted, Recipe
from moderator.classifier.recipes import RECIPE_NAMES, recipe_named
from moderator.classifier.robust import Default, Settings
from moderator.classifier.text import is_word
from moderator.classifier.tutorial import Tutorial
from moderator.classifier.weights import Reading, Rule
from moderator.domain.errors import DataError
from moderator.domain.score import Probabilities
from tests.classifier.conftest import mild_rows, write_davidson


@pytest.fixture(scope="module")
def unseen(tmp_path_factory: pytest.TempPathFactory) -> LabelledRows:
    """Rows that no model was fitted on."""
    path = tmp_path_factory.mktemp("unseen") / "unseen.csv"
    return read_labelled(write_davidson(path, mild_rows(100, seed=99)))


def test_each_recipe_learns_what_can_be_learnt(model: Fitted, unseen: LabelledRows) -> None:
    """One row in ten says what another class says: about 0.93 can be reached."""
    found = model.labels(model.probabilities(unseen.texts))

    assert accuracy_score(unseen.labels, found) > 0.85


def test_probabilities_sum_to_one(model: Fitted, unseen: LabelledRows) -> None:
    probabilities = model.probabilities(unseen.texts)

    assert probabilities.shape == (100, 3)
    assert np.allclose(probabilities.sum(axis=1), 1.0)


@pytest.mark.parametrize("name", RECIPE_NAMES)
def test_the_same_rows_give_the_same_bytes(name: str, mild: LabelledRows) -> None:
    first, second = (pack(recipe_named(name).fit(mild), name=name) for _ in range(2))

    assert first == second


def test_the_terms_are_sorted_and_distinct(model: Fitted) -> None:
    terms = model.weights.terms

    assert list(terms) == sorted(set(terms))
    assert model.weights.coef.shape == (len(terms), 3)


def test_the_tutorial_is_the_tutorials(tutorial_model: Fitted) -> None:
    """tf-idf of single words, a linear kernel and a sigmoid a class, and the likeliest class."""
    vectorizer, one_vs_rest = tutorial_model.pipeline[0], tutorial_model.pipeline[-1]

    assert isinstance(vectorizer, TfidfVectorizer)
    assert vectorizer.ngram_range == (1, 1)
    assert "the" in vectorizer.stop_words
    assert isinstance(one_vs_rest.estimator, CalibratedClassifierCV)
    assert one_vs_rest.estimator.estimator.kernel == "linear"
    assert tutorial_model.weights.reading is Reading.TUTORIAL
    assert tutorial_model.weights.rule is Rule.LARGEST


def test_all_words_stay_when_terms_are_narrowed_down(mild: LabelledRows) -> None:
    few = Default(settings=replace(Settings(), most_terms=20)).fit(mild).weights.terms
    many = Default().fit(mild).weights.terms

    assert sum(not is_word(term) for term in few) == 20
    assert [t for t in few if is_word(t)] == [t for t in many if is_word(t)]


def test_the_weights_are_held_in_single_precision_from_the_start(default_model: Fitted) -> None:
    weights = default_model.weights

    assert weights.precision is np.float32
    assert np.array_equal(weights.coef, weights.coef.astype(np.float32))


def test_the_pool_teaches_words_that_the_rows_do_not_have(
    mild: LabelledRows, pool_folder: Path
) -> None:
    fitted = Default(pool=read_pool(pool_folder)).fit(mild)

    assert "goem" in fitted.weights.terms
    assert "goem" not in Default().fit(mild).weights.terms


def test_rows_without_votes_can_be_trained_on(mild: LabelledRows) -> None:
    fitted = Default().fit(replace(mild, votes=None))

    assert np.isfinite(fitted.weights.coef).all()


def test_a_recipe_tells_the_steps_it_takes(mild: LabelledRows) -> None:
    taken: list[str] = []

    Default().fit(mild, taken.append)

    assert taken == [
        "finding what disguises may hide",
        "reading the texts",
        "choosing the terms",
        "fitting",
        "calibrating on held-out rows",
    ]


def test_a_recipe_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(DataError, match="no recipe 'best'; there are tutorial, default"):
        recipe_named("best")


def test_what_a_recipe_depends_on_tells_two_apart(pool_folder: Path) -> None:
    pool = read_pool(pool_folder)
    recipes: list[Recipe] = [
        Tutorial(),
        Default(),
        Default(settings=Settings(regularisation=0.2)),
        Default(pool=pool),
        Default(pool=pool.without([0])),
    ]

    assert len({str(recipe.parameters) for recipe in recipes}) == len(recipes)


def test_a_disguise_may_hide_the_words_that_speak_most_for_a_toxic_text(
    mild: LabelledRows,
) -> None:
    """The commonest first; none that speaks for a civil text, no pair and no n-gram."""
    weights = Default(settings=replace(Settings(), lexicon_words=5)).fit(mild).weights

    assert 0 < len(weights.lexicon) <= 5
    assert set(weights.lexicon) & {"fool", "twit", "silly", "daft", "stupid", "clown", "vermin"}
    assert not set(weights.lexicon) & {"calm", "lovely", "bread", "shore", "swims"}


def test_probabilities_can_be_had_for_another_base_rate(
    default_model: Fitted, unseen: LabelledRows
) -> None:
    given = default_model.probabilities(unseen.texts)
    rarer = default_model.probabilities(unseen.texts, 0.01)

    first = Probabilities(hate=given[0, 0], offensive=given[0, 1], neither=given[0, 2])
    expected = first.at_base_rate(0.01, given=Settings().base_rate)
    assert rarer[0] == pytest.approx([expected.hate, expected.offensive, expected.neither])


def test_the_tutorial_declares_no_base_rate_and_cannot_be_brought_to_one(
    tutorial_model: Fitted, unseen: LabelledRows
) -> None:
    plain = tutorial_model.probabilities(unseen.texts[:5])

    assert np.array_equal(tutorial_model.probabilities(unseen.texts[:5], 0.01), plain)
