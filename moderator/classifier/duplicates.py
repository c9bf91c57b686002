"""Near-duplicates: a row to be tested on must not have been trained on under another name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from moderator.classifier.text import spoken_words

SHINGLE = 4  # words
FEWEST_SHARED = 0.5  # of a text's shingles


class Said:
    """What some texts say, so that others which say nearly the same can be found.

    Compared are folded words without mentions, links and marks. A text is a near-duplicate when
    half of its runs of four words occur in these, or, where it has fewer than four words, when all
    its words are the whole of one of them. Takes time and memory linear in the words.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        said = [tuple(spoken_words(text)) for text in texts]
        self._whole = {words for words in said if len(words) < SHINGLE}
        self._runs = set(chain.from_iterable(map(_shingles, said)))

    def again(self, texts: Sequence[str]) -> list[int]:
        """The positions of those `texts` that are near-duplicates, in order."""
        return [i for i, text in enumerate(texts) if self._occurs(tuple(spoken_words(text)))]

    def _occurs(self, words: tuple[str, ...]) -> bool:
        if len(words) < SHINGLE:
            return words in self._whole
        own = _shingles(words)
        return sum(map(self._runs.__contains__, own)) >= FEWEST_SHARED * len(own)


def near_duplicates(texts: Sequence[str], of: Sequence[str]) -> list[int]:
    """The positions of those `texts` that say nearly what one of `of` says; see `Said`."""
    return Said(of).again(texts)


def _shingles(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [words[i : i + SHINGLE] for i in range(len(words) - SHINGLE + 1)]
