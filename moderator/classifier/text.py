"""From a comment to the terms that a model weighs.

Two readings. The tutorial's: letters only, words of two letters or more. The robust one cuts the
folded text into chunks, which are mostly words; a chunk's terms depend on nothing but the chunk,
so that whatever was worked out for a chunk can be kept and added up.

Terms of the robust reading, told apart by their form: `word`, `first_second` for a pair of
neighbouring words, `~gram` for characters inside a chunk (a blank stands for its edge).
Every pattern here is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from moderator.classifier.folding import Folded, fold

LONGEST_TEXT = 20_000  # code points that are read; what comes after is not scored
LONGEST_CHUNK = 64  # characters; longer ones are cut, so that one chunk's work is bounded
GRAM_SIZES = (3, 4, 5)
MENTION, LINK = "@user", "@link"
MASKS = frozenset({MENTION, LINK})

_NOT_A_LETTER = re.compile("[^a-z]+")
_TUTORIAL_WORD = re.compile(r"[a-z]{2,}")

_CHUNK = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|(?<![^\W_])@\w+"
    r"|[^\s,;:!?\"()\[\]{}<>/|_]{1,64}"
    r"|[,;:!?\"()\[\]{}<>/|]"
)
_WORD = re.compile(r"@user|@link|[^\W_]+(?:(?:'|\*+)[^\W_]+)*|[^\w\s]")
_REPEATED = re.compile(r"(.)\1{2,}")
_LEET = re.compile(r"(?<=[a-z])[013457$@]{1,3}(?=[a-z])|(?<=[a-z])[$@]{1,2}(?!\w)")
_LEET_LETTERS = str.maketrans("013457$@", "oieastsa")
_DOTTED = re.compile(r"(?<![^\W_])[^\W_](?:[.\-*][^\W_]){2,}(?![^\W_])")
_EDGE = "".join(map(chr, range(0x21, 0x7F))).translate(
    {i: None for i in range(0x7F) if chr(i).isalnum()}
)
_MARKS_AROUND = _EDGE.replace("$", "").replace("@", "")  # these may be letters: see _LEET


class Chunk(NamedTuple):
    """A part of the folded text: `folded.text[start:end]`, and how it is read."""

    start: int
    end: int
    text: str


class ChunkTerms(NamedTuple):
    """What a chunk says: its words in order, and all its terms (words, pairs, n-grams)."""

    words: tuple[str, ...]
    terms: tuple[str, ...]


def clean_tutorial(text: str) -> str:
    """The tutorial's cleaning: lower case, and a space for every run of anything but a-z."""
    return _NOT_A_LETTER.sub(" ", text.lower())


def tutorial_words(text: str) -> list[tuple[str, int, int]]:
    """The tutorial's words with their places in the original, as its vectoriser finds them."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return [(m[0], m.start(), m.end()) for m in _TUTORIAL_WORD.finditer(lowered)]
    # Lower-casing made a letter longer: U+0130 becomes i and a combining dot.
    places = [i for i, character in enumerate(text) for _ in character.lower()]
    return [
        (m[0], places[m.start()], places[m.end() - 1] + 1) for m in _TUTORIAL_WORD.finditer(lowered)
    ]


def read(text: str) -> tuple[Folded, list[Chunk]]:
    """Fold a text, the first `LONGEST_TEXT` code points of it, and cut it into chunks."""
    folded = fold(text[:LONGEST_TEXT])
    chunks = [Chunk(m.start(), m.end(), m[0]) for m in _CHUNK.finditer(folded.text)]
    return folded, _spelled_letters_joined(chunks)


def _spelled_letters_joined(chunks: list[Chunk]) -> list[Chunk]:
    """Three or more single letters in a row are one word that was spelled out."""
    if sum(len(chunk.text) == 1 for chunk in chunks) < 3:
        return chunks
    joined: list[Chunk] = []
    run: list[Chunk] = []
    for chunk in chunks:
        if len(chunk.text) == 1 and chunk.text.isalpha():
            run.append(chunk)
            continue
        joined.extend(_one_word(run))
        joined.append(chunk)
        run = []
    joined.extend(_one_word(run))
    return joined


def _one_word(run: list[Chunk]) -> list[Chunk]:
    if len(run) < 3:
        return run
    letters = "".join(chunk.text for chunk in run)
    pieces = range(0, len(run), LONGEST_CHUNK)
    return [
        Chunk(run[i].start, run[i : i + LONGEST_CHUNK][-1].end, letters[i : i + LONGEST_CHUNK])
        for i in pieces
    ]


def chunk_terms(chunk: str) -> ChunkTerms:
    """The words and terms of one chunk, wherever it stands."""
    if chunk.startswith(("http://", "https://", "www.")):
        return ChunkTerms((LINK,), (LINK,))
    if chunk[0] == "@" and len(chunk) > 1 and chunk[1:].isidentifier():
        return ChunkTerms((MENTION,), (MENTION,))
    plain = _plain(chunk)
    words = tuple(_WORD.findall(plain))
    pairs = tuple(pair(a, b) for a, b in pairwise(words))
    return ChunkTerms(words, words + pairs + tuple(_grams(plain)))


def _plain(chunk: str) -> str:
    """The chunk without the tricks: repeats, digits for letters, letters with dots between."""
    plain = _REPEATED.sub(r"\1\1", chunk)
    if plain.isalpha():
        return plain
    if len(plain) > 4:
        plain = _DOTTED.sub(_letters_only, plain)
    return _LEET.sub(lambda m: m[0].translate(_LEET_LETTERS), plain)


def _letters_only(match: re.Match[str]) -> str:
    return "".join(filter(str.isalnum, match[0]))


def _grams(plain: str) -> Iterator[str]:
    core = plain.strip(_EDGE)
    if not any(map(str.isalpha, core)):
        return
    padded = f" {core} "
    for size in GRAM_SIZES:
        for i in range(len(padded) - size + 1):
            yield "~" + padded[i : i + size]


def trimmed(chunk: str) -> tuple[int, int]:
    """How many characters of punctuation stand before and after the words of a chunk."""
    core = chunk.strip(_MARKS_AROUND)
    if not core:
        return 0, 0
    before = chunk.index(core)
    return before, len(chunk) - before - len(core)


def is_gram(term: str) -> bool:
    """Characters inside a chunk, as against a word or a pair of words."""
    return len(term) > 1 and term[0] == "~"


def is_word(term: str) -> bool:
    """One word or mark, as against a pair or an n-gram."""
    return "_" not in term and not is_gram(term)


def pair(first: str, second: str) -> str:
    """The term for two neighbouring words."""
    return f"{first}_{second}"


def spoken_words(text: str) -> list[str]:
    """The words of a text, folded, in order; no marks, mentions or links."""
    return [
        word
        for chunk in read(text)[1]
        for word in _remembered_terms(chunk.text).words
        if word[0].isalnum()
    ]


def robust_terms(text: str) -> list[str]:
    """All terms of a text, as the robust reading counts them.

    A chunk that comes again, and a pair that comes again, counts once.
    """
    terms: list[str] = []
    seen: set[str] = set()
    last = ""
    for chunk in read(text)[1]:
        words, own = _remembered_terms(chunk.text)
        if last:
            bridge = pair(last, words[0])
            if bridge not in seen:
                seen.add(bridge)
                terms.append(bridge)
        last = words[-1]
        if chunk.text not in seen:
            seen.add(chunk.text)
            terms.extend(own)
    return terms


_remembered_terms = lru_cache(maxsize=100_000)(chunk_terms)
