"""A site's old scale: what another scorer would have said where ours says a value.

`moderator migrate perspective` fits one for each attribute from the site's own old scores, and
prints it for the configuration. It is monotone: it never changes the order of comments, only
where a threshold falls.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

MOST_KNOTS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A line through knots (ours, theirs), straight between two of them, level beyond the ends.

    `measure` is the probability it starts from, as `Probabilities.of` names it. 2 to 40 knots;
    all numbers 0..1, ours rising, theirs never falling. Raises ValueError for other knots.

    Worked example: with knots (0, 0.1), (0.5, 0.3), (1, 0.9) a value of 0.75 becomes 0.6.
    """

    measure: str
    knots: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if not 2 <= len(self.knots) <= MOST_KNOTS:
            raise ValueError(f"a scale has 2 to {MOST_KNOTS} knots, not {len(self.knots)}")
        if not all(0.0 <= number <= 1.0 for knot in self.knots for number in knot):
            raise ValueError("a knot of a scale lies outside 0..1")
        for (left, lower), (right, upper) in pairwise(self.knots):
            if right <= left:
                raise ValueError(f"our values must rise from knot to knot: {left}, then {right}")
            if upper < lower:
                raise ValueError(f"a scale never falls: {lower}, then {upper}")

    def of(self, value: float) -> float:
        """The old scale's number, 0..1, for a value of ours."""
        after = bisect_right(self.knots, value, key=lambda knot: knot[0])
        if after == 0:
            return self.knots[0][1]
        if after == len(self.knots):
            return self.knots[-1][1]
        (left, lower), (right, upper) = self.knots[after - 1], self.knots[after]
        return lower + (upper - lower) * ((value - left) / (right - left))
