"""How toxic a board is, estimated from boards whose share of toxic comments is known."""

from __future__ import annotations

import numpy as np
import pytest

from moderator.classifier.prior import (
    FEWEST,
    LEAST,
    MOST,
    BaseRate,
    estimate_base_rate,
    toxic_at,
)
from moderator.domain.score import Probabilities

SHARES = (0.01, 0.05, 0.20)
APART = 2.5  # of the two normal distributions that scores come from, in their width: AUC 0.96


def board(share: float, comments: int, *, seed: int, given: float) -> np.ndarray:
    """P(toxic) at the base rate `given` of a board's comments: exactly calibrated."""
    chance = np.random.default_rng(seed)
    signal = chance.normal(size=comments) + APART * (chance.random(comments) < share)
    odds = np.exp(APART * signal - APART**2 / 2) * given / (1 - given)
    return np.asarray(odds / (1 + odds))


@pytest.mark.parametrize("given", [0.05, 0.6])
@pytest.mark.parametrize("share", SHARES)
def test_the_truth_lies_within_the_interval_and_it_can_be_used(share, given):
    """Whatever base rate the scores were computed for."""
    found = estimate_base_rate(board(share, 20_000, seed=1, given=given), given=given)
    assert found.low < share < found.high
    assert found.low < found.share < found.high
    assert found.comments == 20_000
    assert found.is_usable


@pytest.mark.parametrize("share", SHARES)
def test_it_is_not_biased_and_its_interval_keeps_its_word(share):
    """Over 200 boards: the mean within three standard errors, 90 to 99 % of intervals right."""
    found = [
        estimate_base_rate(board(share, 4_000, seed=seed, given=0.05), given=0.05)
        for seed in range(200)
    ]
    shares = np.array([one.share for one in found])
    assert shares.mean() == pytest.approx(share, abs=3 * shares.std() / 200**0.5)
    assert 0.90 <= np.mean([one.low <= share <= one.high for one in found]) <= 0.99


def test_it_is_where_the_em_algorithm_converges_to():
    """Saerens et al. 2002, equation 2.4, as it stands in the paper."""
    given, toxic = 0.3, board(0.05, 5_000, seed=3, given=0.3)
    share = given
    for _ in range(2_000):
        more, less = toxic * share / given, (1 - toxic) * (1 - share) / (1 - given)
        share = float((more / (more + less)).mean())
    assert estimate_base_rate(toxic, given=given).share == pytest.approx(share, rel=1e-9)


def test_the_same_scores_give_the_same_answer():
    """Every process of a service computes it for itself."""
    toxic = board(0.05, 3_000, seed=4, given=0.1)
    assert estimate_base_rate(toxic, given=0.1) == estimate_base_rate(toxic.copy(), given=0.1)
    backwards = estimate_base_rate(toxic[::-1], given=0.1)
    assert backwards.share == pytest.approx(estimate_base_rate(toxic, given=0.1).share, rel=1e-9)


def test_more_comments_make_it_narrower():
    """And too few of them are not acted on."""
    widths = []
    for comments in (FEWEST - 1, 5_000, 20_000):
        found = estimate_base_rate(board(0.2, comments, seed=5, given=0.2), given=0.2)
        widths.append(found.high - found.low)
        assert found.is_usable is (comments >= FEWEST)
    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize("share", [0.0, 0.8])
def test_a_board_beyond_the_bounds_is_not_taken_for_one_at_them(share):
    """Nothing toxic at all, or nearly everything: then the model's own rate is the better guess."""
    found = estimate_base_rate(board(share, 20_000, seed=6, given=0.3), given=0.3)
    assert found.share == (LEAST if share < LEAST else MOST)
    assert not found.is_usable


@pytest.mark.parametrize("every", [0.0, 5e-324, 0.05, 0.3, 0.99, 1.0])
@pytest.mark.parametrize("comments", [1, 5_000])
def test_comments_that_all_look_alike_say_nothing_that_can_be_used(every, comments):
    """A model that answers one number; 0.3 is the base rate itself."""
    found = estimate_base_rate(np.full(comments, every), given=0.3)
    assert LEAST <= found.low <= found.share <= found.high <= MOST
    assert found.comments == comments
    assert not found.is_usable


def test_no_comments_are_no_estimate():
    """A new board; or one whose scores are all broken."""
    for toxic in (np.array([]), np.array([np.nan, np.inf, -np.inf])):
        found = estimate_base_rate(toxic, given=0.05)
        assert found == BaseRate(share=0.05, low=LEAST, high=MOST, comments=0)
        assert not found.is_usable
    assert estimate_base_rate(np.array([]), given=0.9).share == MOST


def test_what_is_no_probability_does_no_harm():
    """It is left out, or taken for the nearest one."""
    toxic = board(0.05, 3_000, seed=7, given=0.1)
    odd = np.concatenate([toxic, [np.nan] * 50, [-1e-17, 1 + 1e-15]])
    found = estimate_base_rate(odd, given=0.1)
    assert found.comments == 3_002
    assert found.share == pytest.approx(estimate_base_rate(toxic, given=0.1).share, abs=0.001)


def test_a_board_that_the_model_misreads_is_misjudged_and_the_interval_does_not_tell():
    """What the documentation warns of: half of what is toxic here looks like anything else."""
    chance = np.random.default_rng(8)
    seen = chance.random(20_000) < 0.05
    signal = chance.normal(size=20_000) + APART * seen  # another 5 % are toxic, unrecognised
    odds = np.exp(APART * signal - APART**2 / 2) * 0.05 / 0.95
    found = estimate_base_rate(odds / (1 + odds), given=0.05)
    assert found.high < 0.10


def test_many_probabilities_move_to_another_base_rate_as_one_does():
    """The rule that scores were moved by is the one they are brought back by."""
    each = [
        Probabilities(hate=h, offensive=o, neither=1 - h - o)
        for h, o in [(0.0, 0.0), (0.1, 0.2), (0.5, 0.5), (1e-9, 1e-12), (0.25, 0.5)]
    ]
    givens = np.array([0.05, 0.6, 0.3, 0.001, 0.999])
    moved = toxic_at(
        np.array([p.toxic for p in each]),
        np.array([p.neither for p in each]),
        given=givens,
        wanted=0.05,
    )
    one_by_one = [p.at_base_rate(0.05, given=g).toxic for p, g in zip(each, givens, strict=True)]
    assert moved == pytest.approx(one_by_one, rel=1e-12)


def test_a_base_rate_that_cannot_be_undone_is_no_number():
    """And so it is left out of the estimate, without a warning in the log."""
    moved = toxic_at(np.array([0.0]), np.array([1.0]), given=np.array([5e-324]), wanted=0.05)
    assert estimate_base_rate(moved, given=0.05).comments == 0
