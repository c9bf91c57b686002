"""How often alerts were right, as far as people judged them.

Only what was judged tells anything, and what was judged was chosen by the thresholds of its time:
a comment that no trigger raised is hardly ever judged. So a figure always comes with how many were
not judged, and an interval that says how far chance alone may have moved it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

Z = 1.96  # 95 %

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """`right` of `judged` were toxic, so people said; of `unjudged` nobody said anything."""

    right: int
    judged: int
    unjudged: int

    @property
    def share(self) -> float | None:
        """The part that was right, None where nothing was judged."""
        return self.right / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the share lies with 95 % confidence, by Wilson's score interval; it holds for few
        and for all right, too: 8 of 10 are 0.49 to 0.94, 10 of 10 are 0.72 to 1.
        """
        if not self.judged:
            return None
        n, share = self.judged, self.right / self.judged
        middle = share + Z * Z / (2 * n)
        half = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
        whole = 1 + Z * Z / n
        return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)

    def as_json(self) -> dict[str, Any]:
        """What commands and the API give; rounded to four digits."""
        interval = self.interval
        return {
            "judged": self.judged,
            "not_judged": self.unjudged,
            "right": self.right,
            "precision": None if self.share is None else round(self.share, 4),
            "interval": None if interval is None else [round(end, 4) for end in interval],
        }

    def __str__(self) -> str:
        """`8 of 10 judged were right, 80% (49% to 94%); 3 not judged`"""
        if self.share is None or self.interval is None:
            return f"none judged, {self.unjudged:,} not"
        low, high = self.interval
        return (
            f"{self.right:,} of {self.judged:,} judged were right, {self.share:.0%} ({low:.0%} to "
            f"{high:.0%}); {self.unjudged:,} not judged"
        )


def told_in_all(precision: Precision) -> str:
    """What is known, and what is not, of how often the alerts of a backtest are right."""
    told = f"{precision.judged:,} judged, {precision.unjudged:,} not."
    if not precision.judged:
        return (
            f"{told} Nobody has judged these comments yet: how many alerts were right is not known."
        )
    return (
        f"{told} In brackets: the 95% interval. People judge what thresholds showed them: little"
        " is known of comments that only a lower threshold raises."
    )


def precision_of(subjects: Iterable[Subject], toxic: Mapping[Subject, bool]) -> Precision:
    """The precision of these subjects, each counted once; `toxic` is what people settled on."""
    different = set(subjects)
    said = [toxic[subject] for subject in different if subject in toxic]
    return Precision(right=sum(said), judged=len(said), unjudged=len(different) - len(said))
