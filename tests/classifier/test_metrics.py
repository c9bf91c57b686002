"""The figures, against worked numbers."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score

from moderator.classifier.evaluate import confusion, reliability
from moderator.classifier.metrics import calibration_error, false_alarms, measure
from moderator.domain.score import Label

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
    offensive = measure(LABELS, PROBABILITIES, DECIDED).classes[Label.OFFENSIVE]

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


def test_a_false_alarm_is_at_or_above_the_threshold() -> None:
    assert false_alarms(np.array([0.49, 0.5, 0.8, 0.1])) == [0.5, 0.25]


def test_the_confusion_counts_classes_down_and_labels_across() -> None:
    assert confusion(LABELS, DECIDED) == ((1, 1, 0), (1, 2, 0), (0, 1, 2))


def test_the_reliability_has_ten_bins_and_an_empty_one_says_so() -> None:
    bins = reliability(np.array([0.05, 1.0, 0.95]), np.array([False, True, False]))

    assert len(bins) == 10
    assert bins[0] == (1, 0.05, 0.0)
    assert bins[5] == (0, 0.0, 0.0)
    assert bins[9] == pytest.approx((2, 0.975, 0.5))
