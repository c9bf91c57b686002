"""Laying our values on a site's old scale by a monotone line with few knots.

Two ways. *Quantile matching* sends our n-th highest value to the n-th highest old score: as many
comments reach each old threshold as before. *Isotonic regression* sends a value to the mean old
score of comments like it: the best guess of one comment's old score, but where two scorers
disagree it is drawn towards the middle, and high thresholds are reached too seldom. Whichever keeps
the alert rates better on comments it has not seen is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import isotonic_regression

from moderator.domain.scale import MOST_KNOTS

EVERY = tuple(step / 20 for step in range(1, 20))  # old numbers that get a knot anyway
MOST_MARKS = MOST_KNOTS - 2  # the ends have a knot each
SPLITS = 5  # times that the comments are halved to try a line on those it has not seen
RESAMPLES = 200
FEWEST_ALERTS = 20  # in a half; fewer say nothing of a rate
WRITTEN = 6  # digits of a knot's number of ours

Floats = NDArray[np.float64]
Knots = tuple[tuple[float, float], ...]


class Method(StrEnum):
    """How a line was fitted."""

    QUANTILE = "quantile matching"
    ISOTONIC = "isotonic regression"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The line that was chosen.

    `held_out` is, for each way, by what part the alert rates at old thresholds were off on comments
    that the line had not seen: the mean of |after / before - 1| over thresholds and halves, None
    where no threshold had alerts enough.
    """

    method: Method
    knots: Knots
    held_out: Mapping[Method, float | None]


def fit_line(
    ours: Floats, old: Floats, thresholds: Sequence[float], chance: np.random.Generator
) -> Line:
    """The line from our values to the old scores of the same comments, shape (n,) both.

    Raises ValueError where all of either are equal.
    """
    if ours.min() == ours.max() or old.min() == old.max():
        raise ValueError("all are equal")
    marks = marks_for(thresholds)
    held_out = _held_out(ours, old, marks, thresholds, chance)
    known = {method: off for method, off in held_out.items() if off is not None}
    best = min(known, key=lambda method: known[method], default=Method.QUANTILE)
    return Line(method=best, knots=FITS[best](ours, old, marks), held_out=held_out)


def marks_for(thresholds: Sequence[float]) -> tuple[float, ...]:
    """Old numbers that get a knot: the site's thresholds, and round ones where there is room."""
    kept = sorted({round(at, 6) for at in thresholds})[:MOST_MARKS]
    room = [at for at in EVERY if at not in kept][: MOST_MARKS - len(kept)]
    return tuple(sorted([*kept, *room]))


def by_quantiles(ours: Floats, old: Floats, marks: Sequence[float]) -> Knots:
    """As many comments reach each mark as before.

    Worked example: ours (.1, .2, .3, .4) and old scores of .0, .2, .6, .9 in any order: two reached
    0.5, so 0.5 is where two of ours lie above: 0.25.
    """
    return _knots(np.sort(ours), np.sort(old), marks)


def by_isotonic(ours: Floats, old: Floats, marks: Sequence[float]) -> Knots:
    """A value becomes the mean old score of comments like it."""
    values, place = np.unique(ours, return_inverse=True)
    counts = np.bincount(place).astype(np.float64)
    means = np.bincount(place, weights=old) / counts
    return _knots(values, isotonic_regression(means, sample_weight=counts), marks)


FITS: Mapping[Method, Callable[[Floats, Floats, Sequence[float]], Knots]] = MappingProxyType(
    {Method.QUANTILE: by_quantiles, Method.ISOTONIC: by_isotonic}
)


def _knots(ours: Floats, old: Floats, marks: Sequence[float]) -> Knots:
    """A knot where the rising `old` first reaches a mark, half-way from our value before."""
    by_ours = {0.0: _old(float(old[0]))}
    for mark, first in zip(marks, np.searchsorted(old, marks), strict=True):
        if 0 < first < len(old):
            between = float(ours[first - 1] + ours[first]) / 2
            by_ours[float(f"{between:.{WRITTEN}g}")] = mark  # of several marks the highest
    by_ours[1.0] = max(_old(float(old[-1])), *by_ours.values())
    return tuple(sorted(by_ours.items()))


def _old(score: float) -> float:
    return round(score, 4)


def laid(knots: Knots, ours: Floats) -> Floats:
    """Our values, shape (n,), on the old scale: what `Scale.of` says of each."""
    here, there = zip(*knots, strict=True)
    there_of: Floats = np.interp(ours, here, there)
    return there_of


def rates(scores: Floats, thresholds: Sequence[float]) -> Floats:
    """The share of scores that reach each threshold."""
    below = np.searchsorted(np.sort(scores), thresholds, side="left")
    shares: Floats = 1.0 - below / len(scores)
    return shares


def _held_out(
    ours: Floats,
    old: Floats,
    marks: Sequence[float],
    thresholds: Sequence[float],
    chance: np.random.Generator,
) -> dict[Method, float | None]:
    off: dict[Method, list[float]] = {method: [] for method in Method}
    for _ in range(SPLITS):
        one, other = np.array_split(chance.permutation(len(ours)), 2)
        for seen, unseen in ((one, other), (other, one)):
            before = rates(old[unseen], thresholds)
            told = before * len(unseen) >= FEWEST_ALERTS
            for method, fit in FITS.items():
                after = rates(laid(fit(ours[seen], old[seen], marks), ours[unseen]), thresholds)
                off[method] += np.abs(after[told] / before[told] - 1.0).tolist()
    return {method: float(np.mean(found)) if found else None for method, found in off.items()}


def rate_bands(
    line: Line,
    ours: Floats,
    old: Floats,
    thresholds: Sequence[float],
    chance: np.random.Generator,
) -> tuple[Floats, Floats]:
    """Low and high ends, shape (thresholds,) both, of the alert rates that the line leads to.

    By bootstrap: the line is fitted anew to as many comments drawn with replacement, and laid on
    all of them; 95 of 100 such rates lie within.
    """
    marks = marks_for(thresholds)
    found = np.empty((RESAMPLES, len(thresholds)))
    for round_ in range(RESAMPLES):
        drawn = chance.integers(len(ours), size=len(ours))
        knots = FITS[line.method](ours[drawn], old[drawn], marks)
        found[round_] = rates(laid(knots, ours), thresholds)
    low, high = np.quantile(found, (0.025, 0.975), axis=0)
    return low, high


def worst_case(rows: int) -> float:
    """How far a share among so many comments may lie from the true one, at any threshold at once.

    Dvoretzky, Kiefer and Wolfowitz with Massart's constant, 95 %. Worked example: 0.0136 of 10,000.
    """
    return float(np.sqrt(np.log(2 / 0.05) / (2 * rows)))
