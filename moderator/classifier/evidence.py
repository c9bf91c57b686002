"""What the parts of a text say for and against each class, before anything is decided.

One reader for each way of reading. They hold the trained weights in plain dictionaries: no
matrix is built to score a text, and where a word lies is worked out only for who asks.
"""

from __future__ import annotations

import math
import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, chain, pairwise
from typing import NamedTuple, Protocol, TypeVar

from moderator.classifier.disguise import Lexicon
from moderator.classifier.function_words import ENGLISH
from moderator.classifier.text import (
    LONGEST_TEXT,
    Chunk,
    chunk_terms,
    grams,
    is_gram,
    is_letter,
    is_pair,
    is_word,
    joined,
    placed_chunks,
    spelled_words,
    token_chunks,
    tokens,
    tutorial_words,
    undone,
)
from moderator.classifier.weights import Reading, Weights
from moderator.domain.score import Transformation

MOST_KEPT = 50_000  # tokens and chunks each, about 40 MB; then that cache starts anew
LONGEST_KEPT = 64  # characters of a token or chunk

_TOKEN = re.compile(r"\S+")

Value = TypeVar("Value")
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


def reader_of(weights: Weights) -> Reader:
    """The reader for the way of reading that the weights were trained with."""
    if weights.reading is Reading.TUTORIAL:
        return TutorialReader(weights)
    return RobustReader(weights)


def _shares(weights: Weights) -> dict[str, Share]:
    """Term -> what one occurrence adds."""
    scaled = (weights.idf[:, None] * weights.coef).T.tolist()
    squares = (weights.idf * weights.idf).tolist()
    return dict(zip(weights.terms, zip(*scaled, squares, strict=True), strict=True))


def _sum(shares: Iterable[Share]) -> Share:
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
        self.sums = _sum(self._shares)[:3]
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
        self._shares = _shares(weights)

    def weigh(self, text: str) -> TutorialEvidence:
        """Weigh every word."""
        return TutorialEvidence(tutorial_words(text[:LONGEST_TEXT]), self._shares)


class Piece(NamedTuple):
    """All there is to know about a chunk, wherever it stands."""

    chunk: str
    share: Share
    first: str  # word or mark; pairs across chunks are made of these
    last: str
    is_letter: bool  # one that may be part of a word spelled out
    words: tuple[str, ...]
    known: int


class Remembered(dict[str, Value]):
    """Texts and what was worked out for each. Full, it forgets all and starts anew."""

    def __init__(self, work: Callable[[str], Value], most: int) -> None:
        self._work = work
        self._most = most

    def __missing__(self, text: str) -> Value:
        value = self._work(text)
        if len(text) <= LONGEST_KEPT:
            if len(self) >= self._most:
                self.clear()
            self[text] = value
        return value


class RobustReader:
    """Tokens and chunks, each worked out once, and the pairs of words across chunks.

    A chunk that comes again in a text, or a pair across chunks, adds nothing more.
    """

    def __init__(self, weights: Weights, *, most_kept: int = MOST_KEPT) -> None:
        shares = _shares(weights)
        self._words = {term: share for term, share in shares.items() if is_word(term)}
        self.pairs = {_both(term): share for term, share in shares.items() if is_pair(term)}
        self._grams = {term[1:]: share for term, share in shares.items() if is_gram(term)}
        self.lexicon = Lexicon(weights.lexicon, self._words)
        self.pieces = Remembered(self._learn_piece, most_kept)
        self.tokens = Remembered(self._learn_token, most_kept)
        self.placed = Remembered(partial(placed_chunks, lexicon=self.lexicon), most_kept)
        self.undone = Remembered(partial(undone, lexicon=self.lexicon), most_kept)

    def weigh(self, text: str) -> RobustEvidence:
        """Weigh every chunk and pair. What a text costs is spent here, so no loop is in Python."""
        pieces = [*chain.from_iterable(map(self.tokens.__getitem__, tokens(text)))]
        spelled: list[tuple[int, int]] = []
        if sum([piece[4] for piece in pieces]) > 2:
            spelled = spelled_words([piece.chunk for piece in pieces], self.lexicon)
            pieces = joined(pieces, spelled, self._one_piece)
        if not pieces:
            return RobustEvidence(self, text, [], [], (0.0, 0.0, 0.0), 1.0)
        chunks, shares, firsts, lasts, *_ = zip(*pieces, strict=True)
        pairs = dict.fromkeys(zip(lasts, firsts[1:], strict=False))
        bridges = filter(None, map(self.pairs.get, pairs))
        distinct = dict(zip(chunks, shares, strict=True))
        hate, offensive, neither, square = _sum([*distinct.values(), *bridges])
        return RobustEvidence(
            self, text, pieces, spelled, (hate, offensive, neither), math.sqrt(square) or 1.0
        )

    def _learn_token(self, token: str) -> tuple[Piece, ...]:
        return tuple([self.pieces[chunk] for chunk in token_chunks(token, self.lexicon)])

    def _learn_piece(self, chunk: str) -> Piece:
        words, core = chunk_terms(chunk)
        shares = [
            *map(self._words.get, words),
            *map(self.pairs.get, pairwise(words)),
            *map(self._grams.get, grams(core)),
        ]
        spoken = words if chunk.isalpha() else tuple([w for w in words if w[0].isalnum()])
        return Piece(
            chunk,
            _sum(filter(None, shares)),
            words[0],
            words[-1],
            is_letter(chunk),
            spoken,
            sum([word in self._words for word in spoken]),
        )

    def _one_piece(self, letters: Sequence[Piece]) -> Piece:
        return self.pieces["".join([letter.chunk for letter in letters])]


@dataclass(frozen=True, slots=True)
class RobustEvidence:
    """What a `RobustReader` found in a text. Most of it is worked out when asked for."""

    _reader: RobustReader
    _text: str
    _pieces: Sequence[Piece]
    _spelled: Sequence[tuple[int, int]]
    sums: tuple[float, float, float]
    norm: float

    @property
    def parts(self) -> list[str]:
        return [" ".join(piece.words) or piece.first for piece in self._pieces]

    @property
    def words(self) -> list[str]:
        return [word for piece in self._pieces for word in piece.words]

    @property
    def known(self) -> int:
        return sum([piece.known for piece in self._pieces])

    def weights(self, k: int) -> list[float]:
        """What each part adds to the decision value of class k; half a pair is each word's."""
        scale = 1.0 / self.norm
        weights: list[float] = []
        bridges = self._reader.pairs
        met: set[str | tuple[str, str]] = set()
        last = ""
        for chunk, share, first, next_last, _, _, _ in self._pieces:
            weight = 0.0 if chunk in met else share[k] * scale
            met.add(chunk)
            pair = last, first
            if pair in bridges and pair not in met:
                met.add(pair)
                half = bridges[pair][k] * scale / 2.0
                weights[-1] += half
                weight += half
            weights.append(weight)
            last = next_last
        return weights

    def places(self, chosen: Sequence[int]) -> list[Place]:
        chunks = _ChunkPlaces(self._reader, self._text)
        whole = joined([(i, i) for i in range(chunks.count)], self._spelled, _ends)
        places = []
        for i in chosen:
            start, end = chunks.span(*whole[i])
            places.append(Place(start, end, self._reader.undone[self._text[start:end]]))
        return places


class _ChunkPlaces:
    """Where the chunks lie in the original text. Each token is read anew once, when asked for."""

    def __init__(self, reader: RobustReader, text: str) -> None:
        self._reader = reader
        self._tokens = tokens(text)
        self._starts = [match.start() for match in _TOKEN.finditer(text)]
        # Number of each token's first chunk, and of all chunks.
        self._firsts = [0, *accumulate([len(reader.tokens[token]) for token in self._tokens])]
        self._placed: dict[str, list[Chunk]] = {}

    @property
    def count(self) -> int:
        return self._firsts[-1]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """From the start of one chunk to the end of another."""
        start, end = self._place(first)
        return start, end if first == last else self._place(last)[1]

    def _place(self, i: int) -> tuple[int, int]:
        number = bisect_right(self._firsts, i) - 1
        token = self._tokens[number]
        if token not in self._placed:
            self._placed[token] = self._reader.placed[token]
        chunk = self._placed[token][i - self._firsts[number]]
        return self._starts[number] + chunk.start, self._starts[number] + chunk.end


def _both(pair: str) -> tuple[str, str]:
    first, _, second = pair.partition("_")
    return sys.intern(first), sys.intern(second)


def _ends(ranges: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return ranges[0][0], ranges[-1][1]
