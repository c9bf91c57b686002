"""Whether the model judges fewer of a source's comments than it did: for people to look at."""

from __future__ import annotations

import math
from dataclasses import dataclass

from moderator.domain.watch.hours import DAY_HOURS, WEEK_HOURS
from moderator.domain.watch.tally import Counts, Tally, shortest

LENGTHS = (6, DAY_HOURS, WEEK_HOURS)
LEAST_NOW, LEAST_BEFORE = 100, 500  # comments
_LEAST_PART = 50  # comments of a part of the past that tells something
_Z = 3.29  # standard deviations: one in 2,000 is beyond by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstaining:
    """The share of comments that was not judged in the last `hours`, and `least` of what it may
    be by chance (Wilson's interval). `usual` is the share of the four weeks before, `most` the
    highest of their parts'. `comments` are those that came in the last `hours`.
    """

    hours: int
    share: float
    least: float
    usual: float
    most: float
    comments: int

    @property
    def is_much(self) -> bool:
        """Whether people should know: surely twice as much, of a weight, and new."""
        grown = max(2 * self.usual, self.usual + 0.05)
        return self.least > grown and self.share > self.most

    @property
    def is_little(self) -> bool:
        """Whether it is, if it was more, over."""
        return self.share < max(1.5 * self.usual, self.usual + 0.025)


def abstaining(tally: Tally, end: int) -> Abstaining | None:
    """How much was not judged before hour `end`, None where there is too little to tell.

    The counts of each hour are those of the comments not judged and of those judged.
    """
    found = shortest(tally, end, LENGTHS, least_now=LEAST_NOW, least_before=LEAST_BEFORE)
    if found is None:
        return None
    share = _share(found.now)
    return Abstaining(
        hours=found.hours,
        share=share,
        least=_least(share, sum(found.now)),
        usual=_share(found.before),
        most=max((_share(p) for p in found.parts if sum(p) >= _LEAST_PART), default=0.0),
        comments=sum(found.now),
    )


def _share(counts: Counts) -> float:
    return counts[0] / sum(counts)


def _least(share: float, n: int) -> float:
    """The lower end of Wilson's interval."""
    square = _Z * _Z / n
    spread = _Z * math.sqrt(share * (1 - share) / n + square / (4 * n))
    return (share + square / 2 - spread) / (1 + square)
