"""When a text cannot be judged by a model of English, and why.

The reasons, in the order in which they are looked for; the first that holds is told:

- `language`: letters of another script, mostly; or words of another language, three or more and
  hardly any English ones. Names, loan words and slang that English boards share with another
  language speak for neither.
- `empty`: no word, number or picture sign besides links and the names of others.
- `too_short`: one to three words, or only picture signs, and the model knows none of them.
- `low_coverage`: four words or more, and the model knows too few of them: less than a third; or,
  where none of them is a common one of English alone, less than half of four, two thirds of more.

The last two do not hold where the model sees a toxic text all the same: it may have recognised
parts of disguised words. A text that is partly English is judged.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Protocol

from moderator.classifier.folding import is_foreign_letter
from moderator.classifier.foreign_words import FOREIGN, LANGUAGES, ONLY_ENGLISH, SHARED
from moderator.classifier.text import LONGEST_TEXT
from moderator.domain.score import Abstention

FEW_WORDS = 3  # this many, if all are unknown, are too short; fewer do not tell their language
LEAST_COVERAGE = 1 / 3  # of the words known, where one is surely English
SHORT_COVERAGE = 1 / 2  # where none is, of four words
SURE_COVERAGE = 2 / 3  # of more words
MOST_FOREIGN = 1 / 2  # of the letters
TOXIC = 1 / 2

_PICTURES = {"So", "Cn"}  # Cn: newer than this Python's Unicode; most new signs are emoji
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


class Weighed(Protocol):
    """What has to be known of a text: its words, how many the model knows, what they weigh."""

    @property
    def words(self) -> Sequence[str]: ...

    @property
    def known(self) -> int: ...

    @property
    def sums(self) -> tuple[float, float, float]: ...


def reason_to_abstain(
    text: str, weighed: Weighed, toxic: float, *, is_english: bool = False
) -> Abstention | None:
    """Why a text should not be judged, or None.

    `toxic` is the probability of hate or offence at the model's own base rate. The language of a
    text that is known to be English is not looked into; whether the model knows its words is.
    """
    words, known = weighed.words, weighed.known
    if not is_english and _is_foreign(text, words, known):
        return Abstention.LANGUAGE
    if not words and not _shows_a_picture(text):
        return Abstention.EMPTY
    if _is_known(words, known) or _looks_toxic(weighed, toxic):
        return None
    if len(words) > FEW_WORDS:
        return Abstention.LOW_COVERAGE
    return None if known or (not words and any(weighed.sums)) else Abstention.TOO_SHORT


def coverage(weighed: Weighed) -> float:
    """The share of the words that the model knows, 0..1; 0 where there are none.

    A word counts each time it stands there; links, the names of others and marks are no words.
    """
    words = weighed.words
    return weighed.known / len(words) if words else 0.0


def _is_known(words: Sequence[str], known: int) -> bool:
    count = len(words)
    if not ONLY_ENGLISH.isdisjoint(words):
        return known >= LEAST_COVERAGE * count
    return known >= (SHORT_COVERAGE if count <= FEW_WORDS + 1 else SURE_COVERAGE) * count > 0


def _looks_toxic(weighed: Weighed, toxic: float) -> bool:
    """Whether something in the text makes it toxic, not only where the model starts from."""
    return toxic >= TOXIC and any(weighed.sums)


def _shows_a_picture(text: str) -> bool:
    """An emoji or another sign that stands for something; punctuation does not."""
    return any(unicodedata.category(sign) in _PICTURES for sign in _BEYOND_ASCII.findall(text))


def _is_foreign(text: str, words: Sequence[str], known: int) -> bool:
    if not text.isascii() and _is_another_script(text[:LONGEST_TEXT], words, known):
        return True
    return not FOREIGN.isdisjoint(words) and _is_another_language(words, known)


def _is_another_script(text: str, words: Sequence[str], known: int) -> bool:
    foreign = [*filter(is_foreign_letter, _BEYOND_ASCII.findall(text))]
    if len(set(foreign)) < 2:  # part of a face, perhaps
        return False
    if len(foreign) <= MOST_FOREIGN * sum(map(str.isalpha, text)):
        return False
    return not _is_disguised(words, known)


def _is_disguised(words: Sequence[str], known: int) -> bool:
    """English in letters that look like ours: folded, most words are known, and not by chance."""
    return 2 * known > len(words) and any(len(word) > 3 and word.isascii() for word in words)


def _is_another_language(words: Sequence[str], known: int) -> bool:
    """Whether words that English lacks, and unknown ones, outweigh what may be English.

    The weights were chosen on 124,000 English comments and 200 foreign sentences.
    """
    foreign = sum(map(FOREIGN.__contains__, words))
    english = sum(map(ONLY_ENGLISH.__contains__, words))
    shared = sum(map(SHARED.__contains__, words))
    unknown = len(words) - known
    rest = max(0, known - foreign - english - shared)  # known to the model, in no list
    against = 4 * english + rest + 1
    if len(words) < FEW_WORDS or 2 * foreign + unknown <= against:
        return False
    foreign, shared = _of_the_likeliest(words)
    if len(words) <= FEW_WORDS + 1 and foreign < 2 and shared < 2:
        return False  # a name may look like this
    return 2 * foreign + unknown > against


def _of_the_likeliest(words: Sequence[str]) -> tuple[int, int]:
    """How many different words of one language English lacks, and shares; of the likeliest one."""
    listed = {word for word in words if word in FOREIGN or word in SHARED}
    own = [[word in FOREIGN for word in listed & language] for language in LANGUAGES]
    found = max(own, key=lambda of_one: len(of_one) + sum(of_one))
    return sum(found), len(found) - sum(found)
