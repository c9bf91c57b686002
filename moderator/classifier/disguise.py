"""Known words that were written so that a filter would not see them.

A form is compared as a whole: "silly" hides in `s*lly` and `$1lly`, never in `persilly`. A form of
letters alone is taken at its word, unless a letter stands in it three times or more in a row.
The work is linear in the length of the text, and bounded for each form: it is compared only with
the few words that begin as it does and have its length, or end as it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, product
from typing import NamedTuple

from moderator.classifier.folding import Folded
from moderator.classifier.function_words import ENGLISH
from moderator.domain.score import Transformation

FEWEST_LETTERS = 3  # of a word that may be hidden; a shorter one would be seen everywhere
LONGEST_FORM = 32  # characters
LINKS = ("http://", "https://", "www.")
STARS = "*#"  # marks for any number of letters, also at the end; any other is for one inside
_ONE_LETTER_WORDS = frozenset("aiu")

LEET = {  # which letters a digit or sign may stand for
    **{"0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b"},
    **{"9": "gq", "@": "a", "$": "s", "!": "il", "|": "il", "+": "t", "(": "c", "<": "c"},
    **{"€": "e", "£": "l", "¢": "c"},
}
# Letters that one sign may stand for are one letter in an index; `_fits` tells them apart.
_ALIKE = {"l": "i", "b": "g", "q": "g"}
_SKELETON = str.maketrans(_ALIKE | {s: _ALIKE.get(r[0], r[0]) for s, r in LEET.items()})

_LETTER = re.compile("[a-z]")
_THREE = re.compile(r"(.)\1\1")
_SEVERAL = re.compile(r"(.)\1+")
_BETWEEN_WORDS = re.compile("['\",:;/&]")  # never for a letter: "he'll" hides nothing
_MARKS = re.compile(r"(?:[^\w\s]|_)+")
_MARKS_OR_ONE = re.compile(r"(?:[^\w\s]|_)+|\w")
_ANY_LETTER = "abcdefghijklmnopqrstuvwxyz"

_AROUND = " \"'()[]{}<>.,;:!?-_/|\\~"  # a form, and no part of it
_BEFORE = frozenset("!|(<")  # punctuation, unless a known word begins with what it may stand for
_PART = re.compile(r"[^\s\-.,;:!?'\"()\[\]{}<>/\\|_]+")
_LINK = re.compile("|".join(map(re.escape, LINKS)))

_Step = tuple[str, int, int]  # one of these letters, at least and at most so many times


class Found(NamedTuple):
    """A word that `text[start:end]` hides, and how."""

    start: int
    end: int
    word: str
    how: Transformation


class Lexicon:
    """Words that a disguise may hide: lower case, a-z; others are passed over.

    Of several words that a form may hide, the shorter is taken, and of these the one that was
    given first. `vocabulary` holds all words that the model knows, and tells where one ends and
    the next begins when they were spelled out. Without words nothing is revealed or split.
    """

    def __init__(self, words: Sequence[str] = (), vocabulary: Iterable[str] = ()) -> None:
        self._words = frozenset(words)
        self._vocabulary = self._words.union(
            word for word in vocabulary if len(word) > 1 or word in _ONE_LETTER_WORDS
        )
        self._by_skeleton: dict[str, list[str]] = {}
        self._by_length: dict[tuple[str, int], list[str]] = {}
        self._by_ends: dict[tuple[str, str], list[str]] = {}
        usable = [w for w in words if w.isascii() and w.isalpha() and len(w) >= FEWEST_LETTERS]
        for word in sorted(dict.fromkeys(usable), key=len):
            self._by_skeleton.setdefault(_skeleton(word), []).append(word)
            self._by_length.setdefault((word[0], len(word)), []).append(word)
            self._by_ends.setdefault((word[0], word[-1]), []).append(word)

    def __len__(self) -> int:
        return len(self._words)

    def reveal(self, form: str) -> tuple[str, Transformation] | None:
        """The word that a folded form hides as a whole, and how, or None.

        LEET: each digit or sign is a letter that it may stand for. REPEATED: a letter that comes
        three times or more is read once or twice. MASKED: each mark is a letter, or a run with a
        star in it any number of letters. SPACED: marks stand between the letters of the word.
        """
        if not self._words or len(form) > LONGEST_FORM or not _LETTER.search(form):
            return None
        if form.isalpha() and not _THREE.search(form):
            return None
        word = self._written_out(form)
        if word is not None:
            return word, Transformation.REPEATED if form.isalpha() else Transformation.LEET
        marks = _MARKS.findall(form)
        if not marks or _BETWEEN_WORDS.search(form):
            return None
        if _has_star(form):
            return self._masked(form, marks) or self._spaced(form)
        return self._spaced(form) or self._masked(form, marks)

    def split(self, letters: str) -> list[str]:
        """The words that letters without a blank spell, rather few long ones than many short.

        The letters are one word if known words do not account for every one of them: a name that
        holds a bad word stays whole.
        """
        if not self._words or letters in self._vocabulary:
            return [letters]
        # best[i]: the largest sum of squared lengths of words that make up letters[:i], and
        # where the last of them starts; nothing where no words do.
        best: dict[int, tuple[int, int]] = {0: (0, 0)}
        for end in range(1, len(letters) + 1):
            ways = [
                (best[start][0] + (end - start) ** 2, start)
                for start in range(max(0, end - LONGEST_FORM), end)
                if start in best and letters[start:end] in self._vocabulary
            ]
            if ways:
                best[end] = max(ways)
        return _walked_back(letters, best) if len(letters) in best else [letters]

    def _written_out(self, form: str) -> str | None:
        """The word whose letters the form shows, one way or another."""
        candidates = self._by_skeleton.get(_skeleton(form))
        if candidates is None:
            return None
        steps = [_step(sign, len(list(run))) for sign, run in groupby(form)]
        return next((word for word in candidates if _fits(steps, word)), None)

    def _spaced(self, form: str) -> tuple[str, Transformation] | None:
        if not (form[0].isalnum() and form[-1].isalnum()):
            return None
        word = self._written_out(_MARKS.sub("", form))
        return None if word is None else (word, Transformation.SPACED)

    def _masked(self, form: str, marks: list[str]) -> tuple[str, Transformation] | None:
        first, last = LEET.get(form[0], form[0]), LEET.get(form[-1], form[-1])
        if not first.isalpha() or not (last.isalpha() or self._may_end_masked(form, marks[-1])):
            return None
        each = [first, *[LEET.get(c, c) if c.isalnum() else _ANY_LETTER for c in form[1:]]]
        for letter in first:
            for word in self._by_length.get((letter, len(form)), ()):
                if all(map(str.__contains__, each, word)):
                    return word, Transformation.MASKED
        return self._stretched(form, first, last)

    def _may_end_masked(self, form: str, mark: str) -> bool:
        """Whether a mark at the end is for letters, not behind a word that is whole."""
        shown = form[: -len(mark)]
        return _has_star(mark) and shown not in ENGLISH and shown not in self._words

    def _stretched(self, form: str, first: str, last: str) -> tuple[str, Transformation] | None:
        """The word whose two ends the form shows, a run of stars for what is between."""
        if not _has_star(form) or not last.isalpha():
            return None
        steps = [
            (_ANY_LETTER, 1, LONGEST_FORM) if _has_star(run) else _step(run[0], len(run))
            for run in _MARKS_OR_ONE.findall(form)
        ]
        for ends in product(first, last):
            for word in self._by_ends.get(ends, ()):
                if _fits(steps, word):
                    return word, Transformation.MASKED
        return None


def hidden_words(text: str, lexicon: Lexicon) -> list[Found]:
    """What a folded text without blanks hides: as a whole, or in parts between punctuation."""
    if not lexicon or text.startswith(LINKS):
        return []
    core = text.strip(_AROUND)
    if not core or (core.isalpha() and text[0] not in _BEFORE and not _THREE.search(core)):
        return []
    found = _found(text, text.index(core), core, lexicon)
    if found is not None:
        return [found]
    if core.isalpha() or text[0] == "@" or _LINK.search(text):  # a mention is no place to hide
        return []
    parts = [_found(text, m.start(), m[0], lexicon) for m in _PART.finditer(text)]
    return [part for part in parts if part is not None]


def _found(text: str, start: int, form: str, lexicon: Lexicon) -> Found | None:
    """What lies hidden in a form that stands at `start`; stars on both sides only stress it."""
    if form[0] in STARS:
        bare = form.strip(STARS + _AROUND)
        start, form = start + form.find(bare), bare
    hidden = lexicon.reveal(form)
    end = start + len(form)
    if hidden is None and start > 0 and text[start - 1] in _BEFORE:
        start -= 1
        hidden = lexicon.reveal(text[start:end])
    return None if hidden is None else Found(start, end, *hidden)


def revealed(folded: Folded, lexicon: Lexicon) -> Folded:
    """The folded text with the words that are hidden in it written out."""
    hidden = hidden_words(folded.text, lexicon)
    return folded.replaced([found[:3] for found in hidden]) if hidden else folded


def _walked_back(letters: str, best: Mapping[int, tuple[int, int]]) -> list[str]:
    words = []
    end = len(letters)
    while end > 0:
        start = best[end][1]
        words.append(letters[start:end])
        end = start
    return words[::-1]


def _skeleton(form: str) -> str:
    return _SEVERAL.sub(r"\1", form.translate(_SKELETON))


def _step(sign: str, count: int) -> _Step:
    return LEET.get(sign, sign), 1 if count > 2 else count, min(count, 2)


def _has_star(marks: str) -> bool:
    return any(star in marks for star in STARS)


def _fits(steps: Sequence[_Step], word: str) -> bool:
    """Whether the steps, one after the other, can lead through the whole word."""
    reached = {0}
    for letters, least, most in steps:
        further: set[int] = set()
        for start in reached:
            end = start
            while end < len(word) and end - start < most and word[end] in letters:
                end += 1
            further.update(range(start + least, end + 1))
        reached = further
    return len(word) in reached
