"""The line from our values to the old scale."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.scale import MOST_KNOTS, Scale
from moderator.migration.fitting import (
    FITS,
    Method,
    by_isotonic,
    by_quantiles,
    fit_line,
    laid,
    marks_for,
    rate_bands,
    rates,
    worst_case,
)

THRESHOLDS = (0.5, 0.7, 0.8)


def two_scorers(rows: int, noise: float, seed: int = 1):
    """Our values and old scores of the same comments, on different scales."""
    chance = np.random.default_rng(seed)
    nasty = chance.normal(size=rows)
    ours = 1 / (1 + np.exp(5 - 4 * nasty))
    return ours, 1 / (1 + np.exp(0.5 - 2 * nasty - noise * chance.normal(size=rows)))


def test_as_many_reach_a_mark_as_before():
    """The worked example: two of four reached 0.5."""
    ours, old = np.array([0.1, 0.4, 0.3, 0.2]), np.array([0.9, 0.0, 0.2, 0.6])
    assert by_quantiles(ours, old, [0.5]) == ((0.0, 0.0), (0.25, 0.5), (1.0, 0.9))


@pytest.mark.parametrize("noise", [0.0, 1.0, 4.0])
def test_quantile_matching_keeps_the_alert_rate_at_each_threshold(noise):
    """Exactly on the comments that it was fitted to, however far the scorers disagree."""
    ours, old = two_scorers(2_000, noise)
    knots = by_quantiles(ours, old, marks_for(THRESHOLDS))
    assert rates(laid(knots, ours), THRESHOLDS) == pytest.approx(rates(old, THRESHOLDS))


def test_isotonic_regression_guesses_a_single_score_better_and_loses_alerts():
    """What each is for."""
    ours, old = two_scorers(5_000, 3.0)
    marks = marks_for(THRESHOLDS)
    quantile, isotonic = (laid(fit(ours, old, marks), ours) for fit in (by_quantiles, by_isotonic))
    assert np.mean((isotonic - old) ** 2) < np.mean((quantile - old) ** 2)
    assert (rates(isotonic, THRESHOLDS) < 0.9 * rates(old, THRESHOLDS)).any()


def test_the_way_that_keeps_unseen_alert_rates_is_taken():
    ours, old = two_scorers(4_000, 2.0)
    line = fit_line(ours, old, THRESHOLDS, np.random.default_rng(2))
    assert line.method is Method.QUANTILE
    quantile, isotonic = (line.held_out[method] for method in Method)
    assert quantile is not None
    assert isotonic is not None
    assert quantile < 0.1 < isotonic


def test_where_nobody_reaches_a_threshold_nothing_is_said_of_unseen_rates():
    """And quantile matching is the choice that needs no proof."""
    ours, old = two_scorers(500, 1.0)
    line = fit_line(ours, old * 0.4, THRESHOLDS, np.random.default_rng(2))
    assert set(line.held_out.values()) == {None}
    assert line.method is Method.QUANTILE


@pytest.mark.parametrize("equal", ["ours", "old"])
def test_what_is_all_equal_has_no_line(equal):
    ours, old = two_scorers(300, 1.0)
    if equal == "ours":
        ours = np.full_like(ours, 0.3)
    else:
        old = np.full_like(old, 0.3)
    with pytest.raises(ValueError, match="all are equal"):
        fit_line(ours, old, THRESHOLDS, np.random.default_rng(2))


scores = st.lists(
    st.sampled_from([0.0, 1e-9, 0.1, 0.1000001, 0.25, 0.5, 0.8, 0.999_999_9, 1.0])
    | st.floats(0, 1),
    min_size=4,
    max_size=60,
)


@given(scores, scores, st.lists(st.floats(0.01, 1.0), max_size=50))
def test_every_line_is_a_scale(ours, old, thresholds):
    """Ties, edges and too many thresholds: never more knots than a scale may have."""
    size = min(len(ours), len(old))
    for fit in FITS.values():
        knots = fit(np.array(ours[:size]), np.array(old[:size]), marks_for(thresholds))
        assert len(knots) <= MOST_KNOTS
        scale = Scale(measure="toxic", knots=knots)
        values = np.linspace(0, 1, 21)
        assert laid(knots, values) == pytest.approx([scale.of(value) for value in values])


def test_the_sites_own_thresholds_get_a_knot_before_round_numbers():
    marks = marks_for([0.83, 0.83, 0.41])
    assert {0.41, 0.83} < set(marks)
    assert all(low < high for low, high in pairwise(marks))
    many = marks_for([i / 1000 for i in range(1, 101)])
    assert len(many) == MOST_KNOTS - 2


def test_the_band_holds_the_rate_that_more_comments_lead_to():
    """95 of 100 times; tried 40 times with samples of one large site."""
    ours, old = two_scorers(200_000, 1.5, seed=9)
    truth = rates(old, THRESHOLDS)
    chance = np.random.default_rng(4)
    held = []
    for _ in range(40):
        drawn = chance.integers(len(ours), size=1_000)
        line = fit_line(ours[drawn], old[drawn], THRESHOLDS, chance)
        low, high = rate_bands(line, ours[drawn], old[drawn], THRESHOLDS, chance)
        after = rates(laid(line.knots, ours), THRESHOLDS)
        width = (high - low) / 2
        held += (np.abs(after - truth) <= 1.2 * width).tolist()
    assert np.mean(held) > 0.9


def test_the_worst_case_shrinks_with_the_root_of_the_comments():
    assert worst_case(10_000) == pytest.approx(0.0136, abs=1e-4)
    assert worst_case(40_000) == pytest.approx(worst_case(10_000) / 2)
