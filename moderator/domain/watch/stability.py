"""Whether a source's scores are not what they were: the population stability index.

    PSI = sum over the bins of (now - before) ln(now / before), of the shares of all comments

Where nothing has changed it is (bins - 1) (1 / n + 1 / m) on average for n comments held against m,
which is much for few of them (Yurdakul and Naranjo, "Statistical properties of the population
stability index", Journal of Risk Model Validation, 2020): so much is taken off. What is left is
read as credit scoring does (Siddiqi, "Credit Risk Scorecards", 2006): below 0.1 nothing has
changed, from 0.25 on a lot has. And since comments of one thread resemble each other, a window is
held against its own past, too: it has to be further off than each of the four weeks' parts was
from the rest of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from moderator.domain.watch.hours import DAY_HOURS, WEEK_HOURS
from moderator.domain.watch.tally import Counts, Tally, Window, shortest

MUCH, LITTLE = 0.25, 0.1
LENGTHS = (DAY_HOURS, WEEK_HOURS)
LEAST_NOW, LEAST_BEFORE = 500, 2_000  # comments
_LEAST_SHARE = 0.05  # of the comments, in each group of bins


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How far the last `hours` are from the four weeks before.

    `index` is the PSI without what chance does, `usual` the most that a part of the four weeks
    reached. `worst_now` and `worst_before` are the shares of what scores as the most toxic
    twentieth does. `comments` are held against `comments_before`.
    """

    hours: int
    index: float
    usual: float
    worst_now: float
    worst_before: float
    comments: int
    comments_before: int

    @property
    def is_much(self) -> bool:
        """Whether people should know."""
        return self.index >= MUCH and self.index > self.usual

    @property
    def is_little(self) -> bool:
        """Whether it is, if it was more, over."""
        return self.index < LITTLE


def drift(tally: Tally, end: int) -> Drift | None:
    """How far the scores before hour `end` have moved; None where there are too few to tell."""
    found = shortest(tally, end, LENGTHS, least_now=LEAST_NOW, least_before=LEAST_BEFORE)
    if found is None:
        return None
    edges = _edges(found.now, found.before)
    before, now = _grouped(found.before, edges), _grouped(found.now, edges)
    return Drift(
        hours=found.hours,
        index=index(now, before),
        usual=max(_past(found, edges), default=0.0),
        worst_now=now[-1] / sum(now),
        worst_before=before[-1] / sum(before),
        comments=sum(now),
        comments_before=sum(before),
    )


def index(now: Counts, before: Counts) -> float:
    """The PSI without what chance alone would make of so many comments."""
    n, m = sum(now), sum(before)
    psi = 0.0
    for a, b in zip(now, before, strict=True):
        # Half a comment more in each bin: an empty one must not be infinitely far off.
        p, q = (a + 0.5) / (n + 0.5 * len(now)), (b + 0.5) / (m + 0.5 * len(now))
        psi += (p - q) * math.log(p / q)
    return psi - (len(now) - 1) * (1 / n + 1 / m)


def _past(found: Window, edges: Sequence[int]) -> list[float]:
    """How far each part of the four weeks was from the rest of them."""
    parts = [_grouped(part, edges) for part in found.parts if sum(part) >= LEAST_NOW / 2]
    before = _grouped(found.before, edges)
    rests = [[b - a for a, b in zip(part, before, strict=True)] for part in parts]
    return [index(part, rest) for part, rest in zip(parts, rests, strict=True) if sum(rest)]


def _edges(now: Counts, before: Counts) -> list[int]:
    """Where groups of bins begin, from the most toxic down, each with a share worth the name, be
    it of now or of before.
    """
    n, m = sum(now), sum(before)
    edges, gathered = [len(before)], 0.0
    for place in range(len(before) - 1, -1, -1):
        gathered += (now[place] / n + before[place] / m) / 2
        if gathered >= _LEAST_SHARE:
            edges, gathered = [*edges, place], 0.0
    edges[-1] = 0  # what is left over at the civil end goes to the last group
    return edges[::-1]


def _grouped(counts: Counts, edges: Sequence[int]) -> list[int]:
    return [sum(counts[first:end]) for first, end in pairwise(edges)]
