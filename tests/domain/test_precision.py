"""How often alerts were right, with an interval that says what chance may have done."""

from __future__ import annotations

import pytest

from moderator.domain.precision import Precision, precision_of


@pytest.mark.parametrize(
    ("right", "judged", "interval"),
    [  # Wilson's score interval by its closed form, z = 1.96
        (8, 10, (0.4902, 0.9433)),
        (10, 10, (0.7225, 1.0)),
        (0, 5, (0.0, 0.4345)),
        (1, 1, (0.2065, 1.0)),
        (500, 1_000, (0.4691, 0.5309)),
    ],
)
def test_the_interval_is_wilsons(right, judged, interval):
    found = Precision(right=right, judged=judged, unjudged=0).interval
    assert found == pytest.approx(interval, abs=5e-5)
    assert found is not None
    low, high = found
    assert low <= right / judged <= high


def test_each_subject_counts_once_and_only_what_was_judged_tells_anything():
    found = precision_of(["a", "b", "b", "c", "d"], {"a": True, "b": False, "z": True})
    assert found == Precision(right=1, judged=2, unjudged=2)
    assert str(found) == "1 of 2 judged were right, 50% (9% to 91%); 2 not judged"


def test_where_nothing_was_judged_there_is_no_figure():
    nothing = precision_of(["a"], {})
    assert (nothing.share, nothing.interval) == (None, None)
    assert str(nothing) == "none judged, 1 not"
