"""What our values for Perspective's attributes are worth, measured and written down."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from moderator.classifier.attribute_figures import (
    COMPOUND_FILE,
    measure_claims,
    measure_heads,
)
from moderator.classifier.attribute_page import BEGIN, END, with_figures
from moderator.classifier.dataset import LabelledRows
from moderator.classifier.exam import RANKING_FILES
from moderator.classifier.intervals import auc_interval, rank_correlation, share_interval
from moderator.classifier.recipe import Fitted
from moderator.classifier.robust import Default
from moderator.classifier.scorer import CompiledScorer
from moderator.domain.attribute import MEASURED_BY
from moderator.domain.errors import DataError


@pytest.mark.parametrize(
    ("hits", "of", "expected"),
    [
        (8, 10, (0.490, 0.943)),  # published examples of Wilson's interval
        (0, 10, (0.0, 0.278)),
        (10, 10, (0.722, 1.0)),
        (0, 0, (0.0, 1.0)),  # nothing is known
    ],
)
def test_an_interval_of_a_share_holds_for_few_rows_too(
    hits: int, of: int, expected: tuple[float, float]
) -> None:
    assert share_interval(hits, of) == pytest.approx(expected, abs=0.001)


def test_an_interval_of_the_auc_holds_the_true_one_about_19_times_in_20() -> None:
    """Normal values a standard deviation apart have an AUC of 0.760."""
    chance = np.random.default_rng(3)
    really = np.arange(200) < 60
    held = 0
    for _ in range(400):
        low, high = auc_interval(chance.normal(size=200) + really, really)
        held += low <= 0.7602 <= high
    assert 0.92 <= held / 400 <= 0.98


def test_ranks_alone_count_for_a_rank_correlation() -> None:
    one = np.linspace(0.0, 1.0, 50)
    found, (low, high) = rank_correlation(one, one**9)
    assert found == pytest.approx(1.0)
    assert low > 0.99
    found, (low, high) = rank_correlation(one, np.tile([0.2, 0.8], 25))
    assert low < found < high


@pytest.fixture
def distinct(mild: LabelledRows) -> LabelledRows:
    """The mild rows with so many words of their own that none nearly says what another says."""
    chance = random.Random(5)
    words = [f"{a}{b}{c}" for a in "bdfgklm" for b in "aeiou" for c in "nrstx"]
    texts = (" ".join([text, *chance.sample(words, 12)]) for text in mild.texts)
    return replace(mild, texts=tuple(texts))


@pytest.fixture
def many_heads(pool_folder: Path, tmp_path: Path) -> Path:
    """A pool whose compound labels are plainly to be seen in the text."""
    rows = [
        f'{i},"the goose number {i} {said}",{label}'
        for i in range(30)
        for said, label in (("is rude", "abusive_offensive"), ("swims", "normal"))
    ]
    folder = shutil.copytree(pool_folder, tmp_path / "pool")
    (folder / COMPOUND_FILE).write_text("\n".join(["id,text,label", *rows]))
    return folder


def test_every_claim_is_asked_of_the_folds_and_of_other_sources(
    distinct: LabelledRows, many_heads: Path, default_model: Fitted
) -> None:
    scorer = CompiledScorer(default_model.weights, name="mild", digest="")
    claims = measure_claims(distinct, Default(), scorer, many_heads, keep=None)

    asked = {(claim.asked, claim.measure) for claim in claims}
    for measure in set(MEASURED_BY.values()):
        assert {f"{file}: hateful" for file in RANKING_FILES.values()} <= {
            a for a, m in asked if m == measure
        }
    assert (f"{distinct.name}: hate or offensive", "toxic") in asked
    assert (f"{distinct.name}: hate", "hate") in asked
    for claim in claims:
        assert 0 < claim.so < claim.rows
        assert claim.auc_interval[0] <= claim.auc <= claim.auc_interval[1]
        assert claim.agreement_interval[0] <= claim.agreement <= claim.agreement_interval[1]

    page = with_figures(
        f"Before.\n{BEGIN}\nof last year\n{END}\nAfter.\n",
        claims,
        measure_heads(many_heads, ["abusive", "normal"]),
        model="m@1",
    )
    assert page.startswith("Before.\n")
    assert page.endswith("\nAfter.\n")
    assert "last year" not in page
    assert "| abusive | 30 of 60 | 1.000 (1.000-1.000) |" in page
    assert with_figures(page, claims, (), model="m@1").count(BEGIN) == 1


def test_a_page_without_a_place_for_figures_is_left_alone() -> None:
    with pytest.raises(DataError, match="has no lines"):
        with_figures("Nothing here.", (), (), model="m@1")
