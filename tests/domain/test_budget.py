"""The threshold that follows a number of alerts a day."""

from __future__ import annotations

import pytest

from moderator.domain.trigger import Budget
from moderator.domain.trigger.budget import STEP, alerts_per_day, bounds, first_level, next_level

TWENTY = Budget(per_day=20, always_above=0.95, key="k")


def rate(at_8000):
    """A board on which alerts fall to half with every 0.05 of threshold."""
    return lambda level: at_8000 * 2 ** ((8_000 - level) / 500)


@pytest.mark.parametrize(
    ("at_8000", "expected"),
    [
        (16, 8_000),  # a fifth off, either way: nothing moves
        (20, 8_000),
        (24, 8_000),
        (25, 8_161),  # to the lowest that keeps to it
        (1_000, 8_000 + STEP),  # and no farther than a step
        (1, 8_000 - STEP),
    ],
)
def test_a_look_moves_the_threshold_by_what_is_needed_and_at_most_a_step(at_8000, expected):
    assert next_level(TWENTY, 0.8, 8_000, rate(at_8000)) == expected


@pytest.mark.parametrize(
    ("at_8000", "expected"),
    [(20, 8_000), (40, 8_500), (1_000, 9_500), (0.01, 4_000)],
)
def test_the_first_look_goes_where_the_budget_is_kept(at_8000, expected):
    assert first_level(TWENTY, 0.8, rate(at_8000)) == expected


def test_it_stays_between_half_of_when_and_always_above():
    assert bounds(TWENTY, 0.8) == (4_000, 9_500)
    assert bounds(Budget(per_day=1, key="k"), 0.5) == (2_500, 10_000)
    assert next_level(TWENTY, 0.8, 9_400, rate(1e9)) == 9_500
    assert next_level(TWENTY, 0.8, 9_500, rate(1e9)) == 9_500
    assert next_level(TWENTY, 0.8, 4_100, rate(0)) == 4_000


@pytest.mark.parametrize(
    ("by_day", "expected"),
    [
        ([20], 20),
        ([10, 30], 20),  # too few days to leave one out
        ([10, 20, 600], 15),  # a flood of the day before yesterday
        ([600, 20, 20, 20, 20, 20, 20], 600),  # while it lasts
        ([20, 600, 20, 20, 20, 20, 20], 20),  # and a day later
        ([20, 300, 300, 20, 20, 20, 20], 20),  # it lay in two spans
        ([0, 14, 14, 14, 14, 14, 14], 56 / 5),
    ],
)
def test_a_flood_counts_while_it_lasts_and_a_usual_day_after_that(by_day, expected):
    assert alerts_per_day(by_day) == pytest.approx(expected)
