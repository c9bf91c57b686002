"""What a text is alike to: a short fingerprint in which copies of a text agree, changed ones, too.

Capitals, accents and look-alike letters are folded before (`classifier.folding`). Here white space,
punctuation, digits, mentions, links and repeated letters stop to matter; then the text is the set
of the runs of four letters in it. Its fingerprint is the 24 of them whose hashes are the smallest,
so that the part two fingerprints share tells which part the two sets share (Broder 1997, "On the
resemblance and containment of documents"); of texts of up to 27 letters they hold all of it.
A short text has too few runs to judge by and is alike to what has exactly its letters.

`python -m tests.bench.copies` measures how many changed copies are found and how many unlike texts
are taken for one.
"""

from __future__ import annotations

import hashlib
import re
from zlib import crc32

RUN = 4  # letters
KEPT = 24  # hashes
CODE = 5  # hexadecimal digits of a hash
UNUSED = 32 - 4 * CODE  # bits of a CRC
SHARED = 0.5  # part of the runs from which on two texts are copies
FEWEST_WORDS = 5  # a text of less is alike to what equals it alone
MAX_LETTERS = 4_000  # looked at of a text: what comes later may differ
EQUAL = "="  # begins the fingerprint of a short text

_NO_WORDS = re.compile(r"(?:https?://|www\.)\S+|@\w+")
_WORD = re.compile(r"[^\W_]+")
_REPEATED = re.compile(r"(.)\1+")
_AS_LETTERS = str.maketrans("013457", "oieast")
_DIGIT = re.compile(r"\d")


def fingerprint(folded: str) -> str:
    """The fingerprint of a text that is folded to plain lower-case letters.

    At most KEPT * CODE characters; texts whose fingerprints are `alike` are copies.
    """
    words = _words(folded)
    letters = _REPEATED.sub(r"\1", "".join(words))[:MAX_LETTERS].encode()
    if len(words) < FEWEST_WORDS or len(letters) < RUN:
        whole = letters or folded.encode()  # nothing but signs is no copy of other signs
        return EQUAL + hashlib.sha256(whole).hexdigest()[:16]
    runs = {letters[start : start + RUN] for start in range(len(letters) - RUN + 1)}
    smallest = sorted({crc32(run) >> UNUSED for run in runs})[:KEPT]
    return "".join([f"{code:05x}" for code in smallest])


def alike(one: str, other: str) -> bool:
    """Whether two fingerprints are those of copies of a text."""
    if one == other or EQUAL in (one[:1], other[:1]):
        return one == other
    mine, theirs = _codes(one), _codes(other)
    shared = mine & theirs
    smallest = sorted(mine | theirs)[:KEPT]
    return sum(code in shared for code in smallest) >= SHARED * len(smallest)


def _words(folded: str) -> list[str]:
    words = _WORD.findall(_NO_WORDS.sub(" ", folded))
    if _DIGIT.search(folded) is None:
        return words
    return [letters for word in words if (letters := _lettered(word))]


def _lettered(word: str) -> str:
    """Digits among letters read as letters ("g00se"), all others left out ("42", "goose42")."""
    inner = word.strip("0123456789")
    return _DIGIT.sub("", inner.translate(_AS_LETTERS))


def _codes(fingerprint: str) -> set[str]:
    return {fingerprint[start : start + CODE] for start in range(0, len(fingerprint), CODE)}
