"""The figures, against worked numbers."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score

from moderator.classifier.metrics import (
    alarms_per_1000,
    at_base_rate,
    calibration_error,
    confusion,
    histogram,
    measure,
    recall_curve,
    reliability,
    share,
    strict_threshold,
)
from moderator.domain.score import Probabilities

LABELS = np.array([0, 0, 1, 1, 1, 2, 2, 2])
DECIDED = np.array([0, 1, 1, 1, 0, 2, 2, 1])
PROBABILITIES = np.array(
    [
        [0.7, 0.2, 0.1],
        [0.3, 0.6, 0.1],
        [0.1, 0.8, 0.1],
        [0.2, 0.7, 0.1],
        [0.5, 0.4, 0.1],
        [0.0, 0.1, 0.9],
        [0.1, 0.1, 0.8],
        [0.2, 0.5, 0.3],
    ]
)


def test_accuracy_and_f1_are_the_usual_ones() -> None:
    metrics = measure(LABELS, PROBABILITIES, DECIDED)

    assert metrics.rows == 8
    assert metrics.accuracy == accuracy_score(LABELS, DECIDED) == 5 / 8
    assert metrics.macro_f1 == pytest.approx(f1_score(LABELS, DECIDED, average="macro"))
    assert metrics.weighted_f1 == pytest.approx(f1_score(LABELS, DECIDED, average="weighted"))


def test_each_class_has_its_own_precision_and_recall() -> None:
    offensive = measure(LABELS, PROBABILITIES, DECIDED).classes["offensive"]

    assert (offensive.precision, offensive.recall, offensive.rows) == (2 / 4, 2 / 3, 3)


def test_rankings_are_by_probability_not_by_label() -> None:
    metrics = measure(LABELS, PROBABILITIES, DECIDED)

    # Of the 2 x 6 pairs of a hate row with another: 0.7 beats all 6; 0.3 beats all but 0.5.
    assert metrics.auc_hate == pytest.approx(11 / 12)
    assert metrics.auc_toxic == 1.0


def test_the_calibration_error_is_the_gap_between_claim_and_truth() -> None:
    claimed = np.array([0.75, 0.75, 0.75, 0.75])

    assert calibration_error(claimed, np.array([True, True, False, False])) == pytest.approx(0.25)
    assert calibration_error(claimed, np.array([True, True, True, False])) == pytest.approx(0.0)


def test_the_calibration_error_weighs_each_bin_by_its_rows() -> None:
    claimed = np.array([1.0, 0.05, 0.05, 0.05])

    # One row of four is off by 1, three by 0.05.
    found = calibration_error(claimed, np.array([False, False, False, False]))

    assert found == pytest.approx(0.25 * 1.0 + 0.75 * 0.05)


def test_the_confusion_counts_classes_down_and_labels_across() -> None:
    assert confusion(LABELS, DECIDED) == ((1, 1, 0), (1, 2, 0), (0, 1, 2))


def test_toxic_is_told_at_one_half_whatever_the_rule_decided() -> None:
    metrics = measure(LABELS, PROBABILITIES, DECIDED)

    # P(toxic) >= 0.5 finds all five toxic rows and one of the three others (0.7).
    assert metrics.toxic_f1 == pytest.approx(2 * 5 / (2 * 5 + 1))


def test_probabilities_are_brought_to_another_base_rate_as_a_score_is() -> None:
    moved = at_base_rate(PROBABILITIES, wanted=0.05, given=0.8)

    for row, expected in zip(moved, PROBABILITIES, strict=True):
        hate, offensive, neither = expected
        one = Probabilities(hate=hate, offensive=offensive, neither=neither)
        one = one.at_base_rate(0.05, given=0.8)
        assert row == pytest.approx([one.hate, one.offensive, one.neither])


def test_probabilities_stay_where_the_base_rate_is_not_known() -> None:
    assert at_base_rate(PROBABILITIES, wanted=0.05, given=None) is PROBABILITIES


def test_the_reliability_has_ten_bins_and_an_empty_one_says_so() -> None:
    found = reliability(np.array([0.05, 1.0, 0.95]), np.array([False, True, False]))

    assert len(found.bins) == 10
    assert (found.bins[0].rows, found.bins[0].claimed, found.bins[0].happened) == (1, 0.05, 0.0)
    assert (found.bins[5].rows, found.bins[5].share, found.bins[5].happened) == (0, 0.0, 0.0)
    assert found.bins[9].rows == 2
    assert (found.bins[9].claimed, found.bins[9].happened) == pytest.approx((0.975, 0.5))
    assert found.toxic_share == pytest.approx(1 / 3)


def test_the_reliability_weighs_rows_as_it_is_told() -> None:
    # One toxic row stands for 5 % of a board, one other row for 95 %.
    claimed, happened = np.array([0.95, 0.15]), np.array([True, False])

    found = reliability(claimed, happened, np.array([0.05, 0.95]), base_rate=0.05)

    assert found.toxic_share == pytest.approx(0.05)
    assert found.error == pytest.approx(0.05 * 0.05 + 0.95 * 0.15)
    assert found.bins[1].rows == 1
    assert found.bins[1].share == pytest.approx(0.95)


def test_the_strict_threshold_flags_as_many_as_allowed_and_is_the_lowest() -> None:
    clean = np.arange(1000) / 1000

    threshold = strict_threshold(clean)

    assert np.count_nonzero(clean >= threshold) == 5
    assert 0.994 < threshold < 0.994 + 1e-9


def test_the_strict_threshold_flags_fewer_where_texts_are_alike() -> None:
    clean = np.array([0.9] * 10 + [0.1] * 990)

    assert share(clean >= strict_threshold(clean)) == 0.0


def test_alarms_are_at_or_above_the_threshold() -> None:
    clean = np.array([0.1, 0.5, 0.5, 0.8])

    assert alarms_per_1000(clean, np.array([0.0, 0.5, 0.51, 1.0])) == (1000.0, 750.0, 250.0, 0.0)


def test_a_histogram_has_twenty_bins_the_last_one_closed() -> None:
    counts = histogram(np.array([0.0, 0.04, 0.05, 0.99, 1.0]))

    assert counts == (2, 1, *[0] * 17, 2)


def test_a_recall_curve_falls_and_ends_at_the_best_ranked() -> None:
    ranked = np.array([0.9, 0.8, 0.7, 0.1])

    points = recall_curve(ranked, np.array([True, False, True, False]))

    assert [(p.threshold, p.recall, p.precision) for p in points] == [
        (0.7, 1.0, pytest.approx(2 / 3)),
        (0.9, 0.5, 1.0),
    ]


def test_a_long_recall_curve_is_thinned_out() -> None:
    chance = np.random.default_rng(7)

    points = recall_curve(chance.random(5000), chance.random(5000) < 0.3)

    assert 150 < len(points) <= 200
    assert [p.recall for p in points] == sorted((p.recall for p in points), reverse=True)


def test_the_share_of_nothing_is_nothing() -> None:
    assert share(np.array([], dtype=bool)) == 0.0
