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
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeVar

from moderator.classifier.disguise import LINKS, Lexicon, hidden_words, revealed
from moderator.classifier.folding import fold, undone_by_folding
from moderator.domain.score import Transformation

LONGEST_TEXT = 20_000  # code points that are read; what comes after is not scored
LONGEST_CHUNK = 64  # characters; longer ones are cut, so that one chunk's work is bounded
GRAM_SIZES = (3, 4, 5)
Item = TypeVar("Item")
MENTION, LINK = "@user", "@link"
MASKS = frozenset({MENTION, LINK})
NO_WORDS = Lexicon()

_NOT_A_LETTER = re.compile("[^a-z]+")
_TUTORIAL_WORD = re.compile(r"[a-z]{2,}")

_CHUNK = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|(?<![^\W_])@\w+"
    r"|[^\s,;:!?\"()\[\]{}<>/|_]{1,64}"
    r"|[,;:!?\"()\[\]{}<>/|]"
)
_MENTION = re.compile(r"@\w+")
_WORD = re.compile(r"@user|@link|[^\W_]+(?:(?:'|\*+)[^\W_]+)*|[^\w\s]")
_REPEATED = re.compile(r"(.)\1{2,}")
_LEET = re.compile(r"(?<=[a-z])[013457$@]{1,3}(?=[a-z])|(?<=[a-z])[$@]{1,2}(?!\w)")
_LEET_LETTERS = str.maketrans("013457$@", "oieastsa")
_DOTTED = re.compile(r"(?<![^\W_])[^\W_](?:[.\-*][^\W_]){2,}(?![^\W_])")
_LETTERS_IN_A_ROW = re.compile("[<-]-+[->]")  # see _as_letter
_NO_LETTER = (" ", "")
_EDGE = "".join(map(chr, range(0x21, 0x7F))).translate(
    {i: None for i in range(0x7F) if chr(i).isalnum()}
)
_MARKS_AROUND = _EDGE.replace("$", "").replace("@", "")  # these may be letters: see _LEET


class Chunk(NamedTuple):
    """A part of a text: `text[start:end]` of the original, and how it is read."""

    start: int
    end: int
    text: str


class ChunkTerms(NamedTuple):
    """What a chunk says: its words in order, and what its n-grams are cut from, or nothing."""

    words: tuple[str, ...]
    core: str


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


def tokens(text: str) -> list[str]:
    """What stands between blanks in the first `LONGEST_TEXT` code points, as it was written."""
    return text[:LONGEST_TEXT].split()


def token_chunks(token: str, lexicon: Lexicon) -> list[str]:
    """A token, folded and with what it hides revealed, cut into chunks."""
    if token.isascii() and token.isalpha() and len(token) <= LONGEST_CHUNK:
        word = token.lower()
        if not _REPEATED.search(word):
            return [word]
    return _CHUNK.findall(revealed(fold(token), lexicon).text)


def placed_chunks(token: str, lexicon: Lexicon) -> list[Chunk]:
    """As `token_chunks`, each where it lies in the token, without the punctuation around it."""
    read = revealed(fold(token), lexicon)
    chunks = []
    for match in _CHUNK.finditer(read.text):
        before, after = trimmed(match[0])
        chunks.append(Chunk(*read.span(match.start() + before, match.end() - after), match[0]))
    return chunks


def is_letter(chunk: str) -> bool:
    """A single letter, maybe with marks before or behind it: it may be part of a word."""
    return _as_letter(chunk) is not _NO_LETTER


def spelled_words(chunks: Sequence[str], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Where single letters, three or more in a row, spell words: "s i l l y."

    A pair (i, j) tells that the chunks from i to j, exclusive, are one word. Marks stand only
    before its first letter and behind its last.
    """
    read = [_as_letter(chunk) for chunk in chunks]
    found = []
    for run in _LETTERS_IN_A_ROW.finditer("".join([kind for kind, _ in read])):
        start, end = run.span()
        for word in lexicon.split("".join([letter for _, letter in read[start:end]])):
            end = start + len(word)
            found += [(i, min(i + LONGEST_CHUNK, end)) for i in range(start, end, LONGEST_CHUNK)]
            start = end
    return found


def _as_letter(chunk: str) -> tuple[str, str]:
    """What place in a spelled word the chunk may have, and the letter."""
    letter = chunk if len(chunk) == 1 or chunk.isalpha() else chunk.strip(_MARKS_AROUND)
    if len(letter) != 1 or not letter.isalpha():
        return _NO_LETTER
    if len(chunk) == 1:
        return "-", letter
    return (
        (">", letter)
        if chunk[0] == letter
        else ("<", letter)
        if chunk[-1] == letter
        else _NO_LETTER
    )


def read(text: str, lexicon: Lexicon = NO_WORDS) -> list[str]:
    """The chunks of a text."""
    chunks = [chunk for token in tokens(text) for chunk in token_chunks(token, lexicon)]
    return joined(chunks, spelled_words(chunks, lexicon), "".join)


def joined(
    items: Sequence[Item], runs: Sequence[tuple[int, int]], join: Callable[[Sequence[Item]], Item]
) -> list[Item]:
    """The items in order, with one for those from i to j, exclusive, for each run (i, j)."""
    out: list[Item] = []
    done = 0
    for start, end in runs:
        out += items[done:start]
        out.append(join(items[start:end]))
        done = end
    out += items[done:]
    return out


def chunk_terms(chunk: str) -> ChunkTerms:
    """The words of one chunk, wherever it stands, and the core of it."""
    if not chunk.isalpha():
        if chunk.startswith(LINKS):
            return ChunkTerms((LINK,), "")
        if _MENTION.fullmatch(chunk):
            return ChunkTerms((MENTION,), "")
    plain = _plain(chunk)
    if plain.isalpha():
        return ChunkTerms((plain,), plain)
    core = plain.strip(_EDGE)
    return ChunkTerms(tuple(_WORD.findall(plain)), core if any(map(str.isalpha, core)) else "")


def grams(core: str) -> list[str]:
    """Characters inside a core, a blank standing for its edge; none of an empty core."""
    if not core:
        return []
    padded = f" {core} "
    return [*map(padded.__getitem__, _gram_slices(len(padded)))]


@cache
def _gram_slices(size: int) -> list[slice]:
    """Where the n-grams of this many characters lie; at most `LONGEST_CHUNK` + 2."""
    return [slice(i, i + n) for n in GRAM_SIZES for i in range(size - n + 1)]


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


def trimmed(chunk: str) -> tuple[int, int]:
    """How many characters of punctuation stand before and after the words of a chunk."""
    if chunk_terms(chunk).words[0] in MASKS:
        return 0, 0
    core = chunk.strip(_MARKS_AROUND)
    if not core:
        return 0, 0
    before = chunk.index(core)
    return before, len(chunk) - before - len(core)


def is_pair(term: str) -> bool:
    """Two neighbouring words or marks; there is no `_` in any other term."""
    return "_" in term


def is_gram(term: str) -> bool:
    """Characters inside a chunk, as against a word or a pair of words."""
    return len(term) > 1 and term[0] == "~" and not is_pair(term)


def is_word(term: str) -> bool:
    """One word or mark, as against a pair or an n-gram."""
    return not is_pair(term) and not is_gram(term)


def pair(first: str, second: str) -> str:
    """The term for two neighbouring words."""
    return f"{first}_{second}"


def spoken_words(text: str) -> list[str]:
    """The words of a text, folded, in order; no marks, mentions or links."""
    return [
        word for chunk in read(text) for word in _remembered_terms(chunk).words if word[0].isalnum()
    ]


def undone(written: str, lexicon: Lexicon) -> tuple[Transformation, ...]:
    """What had to be undone to read a word that was written like this, each kind once."""
    if written.isascii() and written.isalpha() and not _REPEATED.search(written.lower()):
        return ()
    found = undone_by_folding(written)
    chunks = []
    for token in tokens(written):
        found.update([hidden.how for hidden in hidden_words(fold(token).text, lexicon)])
        chunks += token_chunks(token, lexicon)
    if spelled_words(chunks, lexicon):
        found.add(Transformation.SPACED)
    found.update(*map(_undone_in_chunk, chunks))
    return tuple([kind for kind in Transformation if kind in found])


def _undone_in_chunk(chunk: str) -> set[Transformation]:
    """As `_plain` undoes it."""
    found: set[Transformation] = set()
    if chunk_terms(chunk).words[0] in MASKS:
        return found
    if any(match[1].isalpha() for match in _REPEATED.finditer(chunk)):
        found.add(Transformation.REPEATED)
    plain = _REPEATED.sub(r"\1\1", chunk)
    if len(plain) > 4 and _DOTTED.search(plain):
        found.add(Transformation.SPACED)
    if _LEET.search(_DOTTED.sub(_letters_only, plain)):
        found.add(Transformation.LEET)
    return found


class RobustTerms:
    """All terms of a text, as the robust reading counts them; an analyser for scikit-learn.

    A chunk that comes again, and a pair across chunks that comes again, counts once.
    """

    def __init__(self, lexicon: Sequence[str] = (), terms: Sequence[str] = ()) -> None:
        self._lexicon = Lexicon(lexicon, filter(is_word, terms))

    def __call__(self, text: str) -> list[str]:
        terms: list[str] = []
        seen: set[str] = set()
        bridges: dict[str, None] = {}
        last = ""
        for chunk in read(text, self._lexicon):
            words, core = _remembered_terms(chunk)
            if last:
                bridges[pair(last, words[0])] = None
            last = words[-1]
            if chunk not in seen:
                seen.add(chunk)
                terms += words
                terms += [pair(a, b) for a, b in pairwise(words)]
                terms += [f"~{gram}" for gram in grams(core)]
        return [*terms, *bridges]


_remembered_terms = lru_cache(maxsize=100_000)(chunk_terms)
