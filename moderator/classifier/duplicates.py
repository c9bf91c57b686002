"""Near-duplicates: a row to be tested on must not have been trained on under another name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from moderator.classifier.text import spoken_words

SHINGLE = 4  # words
FEWEST_SHARED = 0.5  # of a text's shingles


def near_duplicates(texts: Sequence[str], of: Sequence[str]) -> list[int]:
    """The positions of those `texts` that say nearly what one of `of` says.

    Compared are folded words without mentions, links and marks. A text is a near-duplicate when
    half of its runs of four words occur in `of`, or, where it has fewer than four words, when all
    its words are the whole of one of them. Takes time and memory linear in the words.
    """
    others = [tuple(spoken_words(text)) for text in of]
    whole = {words for words in others if len(words) < SHINGLE}
    runs = set(chain.from_iterable(map(_shingles, others)))
    return [i for i, text in enumerate(texts) if _occurs(tuple(spoken_words(text)), whole, runs)]


def _occurs(
    words: tuple[str, ...], whole: set[tuple[str, ...]], runs: set[tuple[str, ...]]
) -> bool:
    if len(words) < SHINGLE:
        return words in whole
    own = _shingles(words)
    return sum(map(runs.__contains__, own)) >= FEWEST_SHARED * len(own)


def _shingles(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [words[i : i + SHINGLE] for i in range(len(words) - SHINGLE + 1)]
