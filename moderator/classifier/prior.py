"""How often a board is toxic, estimated from scores alone: nobody has to label a comment.

M. Saerens, P. Latinne, C. Decaestecker: Adjusting the outputs of a classifier to new a priori
probabilities, a simple procedure. Neural Computation 14 (2002).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST, MOST = 0.001, 0.5  # shares looked at; on no board we know is every second comment toxic
FEWEST = 1_000  # comments: of fewer, hardly any are toxic
WIDEST = 4.0  # the interval's end over its start: known within a factor of two either way
CHI2_95 = 3.841458820694124  # 95 % quantile of chi-squared with one degree of freedom
HALVINGS = 50  # of an interval: to the last bits of a float

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseRate:
    """The estimated share of toxic comments on a board, and what it rests on.

    `low` and `high` are the ends of a 95 % interval. It holds what chance leaves open in so many
    `comments`; not whether the board's comments are like those that the model learned from.
    """

    share: float
    low: float
    high: float
    comments: int

    @property
    def is_usable(self) -> bool:
        """Whether it rests on enough comments, lies within LEAST..MOST rather than at an end of
        it, where the truth may lie outside, and is not too vague to act on.
        """
        inside = LEAST < self.share < MOST
        return self.comments >= FEWEST and inside and self.high <= WIDEST * self.low


def estimate_base_rate(toxic: Numbers, *, given: float) -> BaseRate:
    """The share of toxic comments on a board, from P(toxic) of each of them.

    `toxic`, shape (n,), holds probabilities computed for a base rate `given`, strictly between 0
    and 1; what is not a number in it is left out. The estimate is the share under which such
    scores are likeliest, which is what the EM algorithm of Saerens et al. converges to; the
    likelihood has one maximum, so that it is found by halving, and quickly also where EM creeps.
    The interval holds the shares that a likelihood ratio test does not refuse at 5 %. The same
    scores give the same answer, in any order but for the last bits. Raises nothing: of no
    comments, or of ones that all look alike, an answer that is not usable.

    It assumes that probabilities are calibrated at `given`, and that the board's toxic comments
    are to the model like the toxic ones that it learned from, and its others like the others:
    only their share differs. Where that is not so, it is wrong, and the interval does not tell: a
    board whose rudeness the model has never seen looks cleaner than it is, and one whose harmless
    talk looks rude to the model (a gamers' "you got destroyed") looks worse.
    """
    known = np.clip(toxic[np.isfinite(toxic)], 0.0, 1.0)
    if not known.size:
        return BaseRate(share=min(max(given, LEAST), MOST), low=LEAST, high=MOST, comments=0)
    board = _Likelihood(known, given)
    share = board.maximum()
    low, high = board.interval(share)
    return BaseRate(share=share, low=low, high=high, comments=known.size)


def toxic_at(toxic: Numbers, neither: Numbers, *, given: Numbers, wanted: float) -> Numbers:
    """P(toxic) for a base rate `wanted`, of probabilities computed for others; all of shape (n,).

    `Probabilities.at_base_rate` for many; `neither` beside `toxic` keeps what is near 0 exact. Not
    a number where a base rate is too near 0 or 1 to be undone.
    """
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        more, less = wanted / given, (1.0 - wanted) / (1.0 - given)
        return np.asarray(toxic * more / (toxic * more + neither * less))


class _Likelihood:
    """How likely the scores are under each share: sum of log(share * a + (1 - share) * b).

    a and b are, for each comment, P(comment | toxic) and P(comment | not) up to one common factor.
    The sum is concave in the share.
    """

    def __init__(self, toxic: Numbers, given: float) -> None:
        self._b = (1.0 - toxic) / (1.0 - given)
        self._difference = toxic / given - self._b

    def maximum(self) -> float:
        """The likeliest share in LEAST..MOST."""
        if self._slope(LEAST) <= 0.0:
            return LEAST
        if self._slope(MOST) >= 0.0:
            return MOST
        return _halved(LEAST, MOST, lambda share: self._slope(share) > 0.0)

    def interval(self, maximum: float) -> tuple[float, float]:
        """The shares that are not much less likely than the likeliest one."""
        enough = self._log(maximum) - CHI2_95 / 2.0
        low, high = LEAST, MOST
        if self._log(LEAST) < enough:
            low = _halved(LEAST, maximum, lambda share: self._log(share) < enough)
        if self._log(MOST) < enough:
            high = _halved(maximum, MOST, lambda share: self._log(share) >= enough)
        return low, high

    def _log(self, share: float) -> float:
        return float(np.log(self._mixed(share)).sum())

    def _slope(self, share: float) -> float:
        return float((self._difference / self._mixed(share)).sum())

    def _mixed(self, share: float) -> Numbers:
        return self._b + share * self._difference


def _halved(low: float, high: float, is_before: Callable[[float], bool]) -> float:
    """Where in low..high `is_before` turns from true to false."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if is_before(middle) else (low, middle)
    return low
