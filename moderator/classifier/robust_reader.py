"""The robust reading, weighed: all that depends on nothing but a token is looked up once.

A text costs two look-ups a token, one for the token and one for the pair of words with which it
follows the token before it. What it takes to say where a word lies is left to who asks.
"""

from __future__ import annotations

import math
import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, chain, pairwise
from typing import NamedTuple, TypeVar

from moderator.classifier.disguise import Lexicon
from moderator.classifier.evidence import Place, Share, shares_of, total
from moderator.classifier.text import (
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
    undone,
)
from moderator.classifier.weights import Weights

MOST_KEPT = 50_000  # of each kind, about 20 MB; then that cache starts anew
LONGEST_KEPT = 64  # characters of a text whose reading is kept

Value = TypeVar("Value")

_TOKEN = re.compile(r"\S+")


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
        shares = shares_of(weights)
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
        hate, offensive, neither, square = total([*distinct.values(), *bridges])
        return RobustEvidence(
            self, text, pieces, spelled, (hate, offensive, neither), math.sqrt(square) or 1.0
        )

    def _learn_token(self, token: str) -> tuple[Piece, ...]:
        return tuple([self.pieces[chunk] for chunk in token_chunks(token, self.lexicon)])

    def _learn_piece(self, chunk: str) -> Piece:
        words, core = chunk_terms(chunk)
        found = [*map(self._words.get, words)]
        known = len(found) - found.count(None)
        spoken = words
        if len(words) > 1 or not core:
            found += map(self.pairs.get, pairwise(words))
            spoken = tuple([word for word in words if word[0].isalnum()])
            known = sum([word in self._words for word in spoken])
        found += map(self._grams.get, grams(core))
        share = total(filter(None, found))
        return Piece(chunk, share, words[0], words[-1], is_letter(chunk), spoken, known)

    def _one_piece(self, letters: Sequence[Piece]) -> Piece:
        return self.pieces["".join([letter.chunk for letter in letters])]


@dataclass(slots=True)  # not frozen, which would cost a text more than its sums do
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
