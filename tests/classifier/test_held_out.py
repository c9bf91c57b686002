"""Held-out rows summed up, on rows that one can count."""

from __future__ import annotations

import numpy as np
import pytest

from moderator.classifier.held_out import Judged, summed_up

SURE = np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]])


def judged(labels: list[int], decided: list[int], known: list[bool]) -> Judged:
    """Rows that were decided so, each surely."""
    return Judged(
        labels=np.array(labels),
        probabilities=SURE[decided],
        decided=np.array(decided),
        known=np.array(known),
        base_rate=0.5,
        toxic_share=0.8,
    )


def test_figures_are_means_over_parts_and_counts_over_all_rows() -> None:
    right = judged([0, 1, 2], [0, 1, 2], [False] * 3)
    wrong = judged([0, 1, 2, 2], [0, 1, 2, 1], [False] * 4)

    found = summed_up([right, wrong], data="mild.csv", folds=2)

    assert (found.data, found.folds, found.near_duplicates) == ("mild.csv", 2, 0)
    assert found.metrics.rows == 7
    assert found.metrics.accuracy == pytest.approx((1.0 + 0.75) / 2)
    assert found.confusion == ((2, 0, 0), (0, 2, 0), (0, 1, 2))
    assert [sum(counts) for counts in found.histograms] == [2, 2, 3]
    assert found.macro_f1_sd > 0.0


def test_rows_that_a_training_row_says_again_are_counted_and_measured_apart() -> None:
    part = judged([0, 1, 2, 2, 1], [0, 1, 2, 1, 2], [False, False, False, True, True])

    found = summed_up([part], data="mild.csv", folds=1)

    assert found.near_duplicates == 2
    assert found.metrics.accuracy == pytest.approx(3 / 5)
    assert found.distinct is not None
    assert (found.distinct.rows, found.distinct.accuracy) == (3, 1.0)


def test_where_too_few_rows_are_unlike_training_rows_there_is_no_figure_for_them() -> None:
    part = judged([0, 1, 2], [0, 1, 2], [True, False, False])

    assert summed_up([part], data="mild.csv", folds=1).distinct is None


def test_claims_are_brought_to_the_base_rate_of_the_rows() -> None:
    found = summed_up([judged([0, 1, 2], [0, 1, 2], [False] * 3)], data="mild.csv", folds=1)

    # A claim of 0.9 where half is toxic is one of 0.9 * 1.6 / (0.9 * 1.6 + 0.1 * 0.4) = 0.973.
    assert found.reliability.base_rate == 0.8
    assert found.reliability.bins[9].claimed == pytest.approx(1.44 / 1.48)


def test_a_part_without_a_class_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks rows of a class"):
        summed_up([judged([0, 1], [0, 1], [False] * 2)], data="mild.csv", folds=1)
