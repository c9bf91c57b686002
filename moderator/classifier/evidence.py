"""What the parts of a text say for and against each class, before anything is decided.

One reader for each way of reading, both with `weigh(text) -> Evidence`. They hold the trained
weights in plain dictionaries: no matrix is built to score a text.
"""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

from moderator.classifier.folding import Folded
from moderator.classifier.function_words import ENGLISH
from moderator.classifier.text import (
    LONGEST_TEXT,
    MASKS,
    chunk_terms,
    pair,
    read,
    trimmed,
    tutorial_words,
)
from moderator.classifier.weights import Reading, Weights

MOST_CHUNKS_KEPT = 50_000  # about 25 MB; then the cache starts anew


class Share(NamedTuple):
    """What something adds: to each class's sum, and to the square of the norm."""

    hate: float
    offensive: float
    neither: float
    square: float


NOTHING = Share(0.0, 0.0, 0.0, 0.0)


class Part(NamedTuple):
    """A word of the text: where it lies in the folded text, how it was read, what it adds."""

    start: int
    end: int
    word: str
    share: Share


class Bridge(NamedTuple):
    """What the pair of the part at `position` and the one before it adds; half is each one's."""

    position: int
    share: Share


class Evidence(NamedTuple):
    """All parts of a text, in order, and the pairs between them.

    The decision value of class k is intercept_k + sums[k] / norm, and `sums` are the sums over
    parts and bridges. `words` are the words in order, `known` counts those that the model knows.
    """

    folded: Folded
    parts: list[Part]
    bridges: list[Bridge]
    sums: tuple[float, float, float]
    norm: float
    words: list[str]
    known: int

    def weights(self, k: int) -> list[float]:
        """What each part adds to the decision value of class k."""
        weights = [part.share[k] / self.norm for part in self.parts]
        for position, share in self.bridges:
            half = share[k] / self.norm / 2.0
            weights[position - 1] += half
            weights[position] += half
        return weights


class Reader(Protocol):
    """Weighs the parts of a text. Safe to call from several threads at once."""

    def weigh(self, text: str) -> Evidence: ...


def reader_of(weights: Weights) -> Reader:
    """The reader for the way of reading that the weights were trained with."""
    if weights.reading is Reading.TUTORIAL:
        return TutorialReader(weights)
    return RobustReader(weights)


def _shares(weights: Weights) -> dict[str, Share]:
    """Term -> what one occurrence adds."""
    scaled = (weights.idf[:, None] * weights.coef).T.tolist()
    squares = (weights.idf * weights.idf).tolist()
    return dict(zip(weights.terms, map(Share, *scaled, squares), strict=True))


class TutorialReader:
    """The tutorial's words, counted, under scikit-learn's L2 norm."""

    def __init__(self, weights: Weights) -> None:
        self._shares = _shares(weights)

    def weigh(self, text: str) -> Evidence:
        """Weigh every word; a known one that comes n times adds n times, its square n squared."""
        words = tutorial_words(text[:LONGEST_TEXT])
        counts: dict[str, int] = {}
        parts = []
        for word, start, end in words:
            share = self._shares.get(word)
            if share is not None:
                counts[word] = counts.get(word, 0) + 1
                parts.append(Part(start, end, word, share))
        hate, offensive, neither, _ = _sum([part.share for part in parts])
        square = sum(self._shares[word].square * n * n for word, n in counts.items())
        return Evidence(
            folded=Folded(text),
            parts=parts,
            bridges=[],
            sums=(hate, offensive, neither),
            norm=math.sqrt(square) or 1.0,
            words=[word for word, _, _ in words],
            # The recipe leaves small words out on purpose, not because it never saw them.
            known=sum(word in self._shares or word in ENGLISH for word, _, _ in words),
        )


class _Piece(NamedTuple):
    """All there is to know about a chunk, wherever it stands."""

    share: Share
    first: str  # term of the first word or mark; pairs are made of these
    last: str
    shown: str
    before: int  # characters of punctuation
    after: int
    words: tuple[str, ...]
    known: int


class RobustReader:
    """Folded chunks, each worked out once, and the pairs of words across them."""

    def __init__(self, weights: Weights, *, most_kept: int = MOST_CHUNKS_KEPT) -> None:
        self._shares = _shares(weights)
        self._pieces: dict[str, _Piece] = {}
        self._most_kept = most_kept

    @property
    def kept(self) -> int:
        """How many chunks are remembered."""
        return len(self._pieces)

    def weigh(self, text: str) -> Evidence:
        """Weigh every chunk and pair; what comes again is seen, and adds nothing more."""
        folded, chunks = read(text)
        parts: list[Part] = []
        bridges: list[Bridge] = []
        words: list[str] = []
        seen: set[str] = set()
        known = 0
        last = ""
        for start, end, chunk in chunks:
            piece = self._pieces.get(chunk) or self._learn(chunk)
            share, first, next_last, shown, before, after, spoken, own_known = piece
            if last:
                bridge = pair(last, first)
                found = self._shares.get(bridge)
                if found is not None and bridge not in seen:
                    seen.add(bridge)
                    bridges.append(Bridge(len(parts), found))
            last = next_last
            if chunk in seen:
                share = NOTHING
            seen.add(chunk)
            parts.append(Part(start + before, end - after, shown, share))
            words.extend(spoken)
            known += own_known
        hate, offensive, neither, square = _sum(
            [part[3] for part in parts] + [bridge[1] for bridge in bridges]
        )
        sums = (hate, offensive, neither)
        norm = math.sqrt(square) or 1.0
        return Evidence(folded, parts, bridges, sums, norm, words, known)

    def _learn(self, chunk: str) -> _Piece:
        words, terms = chunk_terms(chunk)
        spoken = tuple(word for word in words if word[0].isalnum())
        before, after = (0, 0) if words[0] in MASKS else trimmed(chunk)
        piece = _Piece(
            share=_sum([self._shares[term] for term in terms if term in self._shares]),
            first=words[0],
            last=words[-1],
            shown=" ".join(spoken) or words[0],
            before=before,
            after=after,
            words=spoken,
            known=sum(word in self._shares for word in spoken),
        )
        if len(self._pieces) >= self._most_kept:
            self._pieces.clear()
        self._pieces[chunk] = piece
        return piece


def _sum(shares: list[Share]) -> Share:
    if not shares:
        return NOTHING
    hate, offensive, neither, square = zip(*shares, strict=True)
    return Share(sum(hate), sum(offensive), sum(neither), sum(square))
