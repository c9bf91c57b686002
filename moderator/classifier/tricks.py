"""Ways in which people disguise a word from a filter, to see whether a model reads it all the same.

A trick changes the words of four letters or more and nothing else: no shorter word, mention, link,
entity or mark. It uses no chance: the same text is always disguised alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

Trick = Callable[[str], str]

# A mention, a link or an entity is passed over; what follows in brackets is a word.
_WORD = re.compile(r"@\w+|\w+://\S+|&#?\w+;|([^\W\d_]{4,})")

_CYRILLIC = str.maketrans("acehijopsxyACEHIJKMOPTXY", "асеһіјорѕхуАСЕНІЈКМОРТХУ")
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}
_ACCENTED = str.maketrans("aeiouncyAEIOUNCY", "áèîöúñçýÁÈÎÖÚÑÇÝ")
_LEET = str.maketrans("aeiostAEIOST", "431057431057")
_VOWELS = "aeiouyAEIOUY"


def disguised(text: str, trick: Trick) -> str:
    """The text with every word of four letters or more changed by the trick."""
    return _WORD.sub(lambda found: trick(found[1]) if found[1] else found[0], text)


def _translated(table: Mapping[int, str | int], word: str) -> str:
    return word.translate(table)


def _inner_letter(word: str) -> int:
    """Where the first inner vowel stands, or, where there is none, the second letter."""
    inner = range(1, len(word) - 1)
    return next((i for i in inner if word[i] in _VOWELS), 1)


def masked(word: str) -> str:
    """A star for an inner vowel."""
    i = _inner_letter(word)
    return word[:i] + "*" + word[i + 1 :]


def repeated(word: str) -> str:
    """One letter three times."""
    i = _inner_letter(word)
    return word[:i] + 3 * word[i] + word[i + 1 :]


def dropped(word: str) -> str:
    """Without one letter, the one in the middle."""
    i = len(word) // 2
    return word[:i] + word[i + 1 :]


def swapped(word: str) -> str:
    """Two neighbouring inner letters that differ, the first such, change places."""
    for i in range(1, len(word) - 2):
        if word[i] != word[i + 1]:
            return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    return word


TRICKS: Mapping[str, Trick] = {
    "zero-width": "\N{ZERO WIDTH SPACE}".join,
    "confusables": partial(_translated, _CYRILLIC),
    "full-width": partial(_translated, _FULL_WIDTH),
    "diacritics": partial(_translated, _ACCENTED),
    "leet": partial(_translated, _LEET),
    "masked": masked,
    "spaced": " ".join,
    "dotted": ".".join,
    "repeated": repeated,
    "dropped letter": dropped,
    "swapped letters": swapped,
}
