"""What the parts of a text say for and against each class, before anything is decided.

One reader for each way of reading, both with `weigh(text) -> Evidence`. They hold the trained
weights in plain dictionaries: no matrix is built to score a text.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

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

MOST_CHUNKS_KEPT = 50_000  # about 20 MB; then the cache starts anew


class Share(NamedTuple):
    """What something adds: to each class's sum, and to the square of the norm."""

    hate: float
    offensive: float
    neither: float
    square: float


NOTHING = Share(0.0, 0.0, 0.0, 0.0)


class Part(NamedTuple):
    """A word of the text: `text[start:end]` of the original, how it was read, what it adds."""

    start: int
    end: int
    word: str
    share: Share


class Evidence(NamedTuple):
    """All parts of a text, in order. Their shares add up to `total`.

    `words` counts the words, `known` those of them that the model has seen.
    """

    parts: list[Part]
    total: Share
    words: int
    known: int


class Reader(Protocol):
    """Weighs the parts of a text. Safe to call from several threads at once."""

    def weigh(self, text: str) -> Evidence: ...


def reader_of(weights: Weights) -> Reader:
    """The reader for the way of reading that the weights were trained with."""
    if weights.reading is Reading.TUTORIAL:
        return TutorialReader(weights)
    return RobustReader(weights)


def _shares(weights: Weights) -> dict[str, Share]:
    """Term -> what one occurrence adds; the square is of the idf, whichever norm it serves."""
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
        sums = _sum([part.share for part in parts])
        square = sum(self._shares[word].square * n * n for word, n in counts.items())
        return Evidence(parts, sums._replace(square=square), len(words), len(parts))


class _Piece(NamedTuple):
    """All there is to know about a chunk, wherever it stands."""

    share: Share
    first: str  # word
    last: str
    shown: str
    trim: tuple[int, int]  # characters of punctuation before and after
    words: int
    known: int


class RobustReader:
    """Folded chunks, each worked out once, and the pairs of words across them."""

    def __init__(self, weights: Weights) -> None:
        self._shares = _shares(weights)
        self._pieces: dict[str, _Piece] = {}

    def weigh(self, text: str) -> Evidence:
        """Weigh every chunk and pair; what comes again is seen, and adds nothing more."""
        folded, chunks = read(text)
        shares, pieces = self._shares, self._pieces
        seen: set[str] = set()
        parts: list[Part] = []
        last = ""
        words = known = 0
        for start, end, chunk in chunks:
            piece = pieces.get(chunk) or self._learn(chunk)
            words += piece.words
            known += piece.known
            share = NOTHING
            if chunk not in seen:
                seen.add(chunk)
                share = piece.share
            if last:
                bridge = pair(last, piece.first)
                found = shares.get(bridge)
                if found is not None and bridge not in seen:
                    seen.add(bridge)
                    half = Share(*[value / 2 for value in found])
                    share = _plus(share, half)
                    before = parts[-1]
                    parts[-1] = before._replace(share=_plus(before.share, half))
            last = piece.last
            span = folded.span(start + piece.trim[0], end - piece.trim[1])
            parts.append(Part(span[0], span[1], piece.shown, share))
        return Evidence(parts, _sum([part.share for part in parts]), words, known)

    def _learn(self, chunk: str) -> _Piece:
        words, terms = chunk_terms(chunk)
        spoken = [word for word in words if word[0].isalnum()]
        piece = _Piece(
            share=_sum([self._shares[term] for term in terms if term in self._shares]),
            first=words[0],
            last=words[-1],
            shown=" ".join(spoken) or words[0],
            trim=(0, 0) if words[0] in MASKS else trimmed(chunk),
            words=len(spoken),
            known=sum(word in self._shares for word in spoken),
        )
        if len(self._pieces) >= MOST_CHUNKS_KEPT:
            self._pieces.clear()
        self._pieces[chunk] = piece
        return piece


def _plus(a: Share, b: Share) -> Share:
    return Share(a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3])


def _sum(shares: list[Share]) -> Share:
    if not shares:
        return NOTHING
    return Share(*map(sum, zip(*shares, strict=True)))
