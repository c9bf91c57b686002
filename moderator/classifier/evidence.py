"""What the parts of a text say for and against each class, before anything is decided.

A reader for each way of reading finds it: the tutorial's is here, the robust one in
`robust_reader`. They hold the trained weights in plain dictionaries: no matrix is built to score
a text, and where a word lies is worked out only for who asks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from moderator.classifier.function_words import ENGLISH
from moderator.classifier.text import LONGEST_TEXT, tutorial_words
from moderator.classifier.weights import Weights
from moderator.domain.score import Transformation

Share = tuple[float, float, float, float]  # added to each class's sum, and to the norm's square
NOTHING: Share = (0.0, 0.0, 0.0, 0.0)


class Place(NamedTuple):
    """Where a part lies in the original text, and what hid its words."""

    start: int
    end: int
    transformations: tuple[Transformation, ...]


class Evidence(Protocol):
    """The parts of a text, in order: words, mostly, and marks.

    The decision value of class k is intercept_k + sums[k] / norm.
    """

    @property
    def sums(self) -> tuple[float, float, float]: ...

    @property
    def norm(self) -> float: ...

    @property
    def parts(self) -> Sequence[str]:
        """How each part is read."""

    @property
    def words(self) -> list[str]:
        """The words of all parts, in order."""

    @property
    def known(self) -> int:
        """How many of the words the model knows."""

    def weights(self, k: int) -> list[float]:
        """What each part adds to the decision value of class k."""

    def places(self, chosen: Sequence[int]) -> list[Place]:
        """Where these parts lie."""


class Reader(Protocol):
    """Weighs the parts of a text. Safe to call from several threads at once."""

    def weigh(self, text: str) -> Evidence: ...


def shares_of(weights: Weights) -> dict[str, Share]:
    """Term -> what one occurrence adds."""
    idf = weights.idf[:, None]
    # Row by row, so that the numbers of one term lie side by side in memory: that is faster.
    rows = np.hstack([idf * weights.coef, idf * idf]).tolist()
    return dict(zip(weights.terms, map(tuple, rows), strict=True))


def total(shares: Iterable[Share]) -> Share:
    """The sum of the shares."""
    columns = [*zip(*shares, strict=True)]
    if not columns:
        return NOTHING
    hate, offensive, neither, square = columns
    return sum(hate), sum(offensive), sum(neither), sum(square)


class TutorialEvidence:
    """The known words of the tutorial's reading."""

    def __init__(self, words: list[tuple[str, int, int]], shares: dict[str, Share]) -> None:
        counts: dict[str, int] = {}
        self._parts = [word for word in words if word[0] in shares]
        self._shares = [shares[word] for word, _, _ in self._parts]
        for word, _, _ in self._parts:
            counts[word] = counts.get(word, 0) + 1
        square = sum(shares[word][3] * n * n for word, n in counts.items())
        self.sums = total(self._shares)[:3]
        self.norm = math.sqrt(square) or 1.0
        self.words = [word for word, _, _ in words]
        # The recipe leaves small words out on purpose, not because it never saw them.
        self.known = sum(word in shares or word in ENGLISH for word in self.words)

    @property
    def parts(self) -> list[str]:
        return [word for word, _, _ in self._parts]

    def weights(self, k: int) -> list[float]:
        return [share[k] / self.norm for share in self._shares]

    def places(self, chosen: Sequence[int]) -> list[Place]:
        return [Place(*self._parts[i][1:], ()) for i in chosen]


class TutorialReader:
    """The tutorial's words, counted, under scikit-learn's L2 norm.

    A known word that comes n times adds n times, its square n squared.
    """

    def __init__(self, weights: Weights) -> None:
        self._shares = shares_of(weights)

    def weigh(self, text: str) -> TutorialEvidence:
        """Weigh every word."""
        return TutorialEvidence(tutorial_words(text[:LONGEST_TEXT]), self._shares)
