"""A site's old scale: a line through knots that never falls."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.scale import MOST_KNOTS, Scale

Knots = tuple[tuple[float, float], ...]


def a_scale(*knots: tuple[float, float]) -> Scale:
    """A scale from P(toxic)."""
    return Scale(measure="toxic", knots=knots)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, 0.1),
        (0.25, 0.2),
        (0.5, 0.3),
        (0.75, 0.6),
        (0.9, 0.78),
        (0.95, 0.78),  # level beyond the last knot
        (1.0, 0.78),
    ],
)
def test_a_value_lies_on_the_line_between_its_neighbours(value: float, expected: float) -> None:
    """The worked example of the docstring, cut off at 0.9."""
    assert a_scale((0, 0.1), (0.5, 0.3), (0.9, 0.78)).of(value) == pytest.approx(expected)


def test_a_value_below_the_first_knot_is_level() -> None:
    """Where the site's comments began."""
    assert a_scale((0.2, 0.1), (0.5, 0.3)).of(0.1) == 0.1


@pytest.mark.parametrize(
    ("knots", "said"),
    [
        (((0.0, 0.0),), "2 to 40 knots, not 1"),
        (tuple((i / 100, 0.5) for i in range(MOST_KNOTS + 1)), "2 to 40 knots, not 41"),
        (((0.0, 0.0), (1.5, 1.0)), "outside 0..1"),
        (((0.0, -0.1), (1.0, 1.0)), "outside 0..1"),
        (((0.0, float("nan")), (1.0, 1.0)), "outside 0..1"),
        (((0.5, 0.0), (0.5, 1.0)), "rise from knot to knot"),
        (((0.0, 0.5), (1.0, 0.4)), "never falls"),
    ],
)
def test_knots_that_are_no_scale_are_refused(knots: Knots, said: str) -> None:
    """The message says what is wrong with them."""
    with pytest.raises(ValueError, match=said):
        Scale(measure="toxic", knots=knots)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=MOST_KNOTS),
    st.lists(st.floats(0, 1), min_size=2, max_size=20),
)
def test_no_two_comments_change_places(points: Knots, values: list[float]) -> None:
    """Whatever the knots, a higher value of ours never gets a lower old one."""
    ours = sorted({x for x, _ in points})
    if len(ours) < 2:
        return
    theirs = sorted(y for _, y in points)[: len(ours)]
    scale = a_scale(*zip(ours, theirs, strict=True))
    mapped = [scale.of(value) for value in sorted(values)]
    assert all(low <= high + 1e-12 for low, high in pairwise(mapped))
    assert all(0.0 <= number <= 1.0 for number in mapped)
