"""When a text cannot be judged by a model of English, and why."""

from __future__ import annotations

from moderator.classifier.evidence import Evidence
from moderator.classifier.folding import is_foreign_letter
from moderator.classifier.function_words import ENGLISH, OTHERS
from moderator.classifier.text import LONGEST_TEXT
from moderator.domain.score import Abstention

FEWEST_WORDS = 5  # fewer tell nothing about their language
LEAST_COVERAGE = 1 / 3  # of the words known
MOST_FOREIGN = 0.5  # of the letters
FEWEST_FUNCTION_WORDS = 3  # of one other language, and twice as many as of English


def reason_to_abstain(text: str, evidence: Evidence) -> Abstention | None:
    """Why a text should not be judged, or None.

    A first rule, and an honest one: nothing to read; mostly another script; five words or more
    with the small words of another language, or of which hardly any is known. A short or oddly
    spelled English text is judged.
    """
    if not text.isascii() and _is_mostly_foreign(text[:LONGEST_TEXT]):
        return Abstention.LANGUAGE
    if not evidence.parts and not evidence.words:
        return Abstention.EMPTY
    if len(evidence.words) < FEWEST_WORDS:
        return None
    if _is_another_language(evidence.words):
        return Abstention.LANGUAGE
    if coverage(evidence) < LEAST_COVERAGE:
        return Abstention.LOW_COVERAGE
    return None


def coverage(evidence: Evidence) -> float:
    """The share of the words that the model knows, 0..1; 0 where there are none."""
    if not evidence.words:
        return 0.0
    return evidence.known / len(evidence.words)


def _is_mostly_foreign(text: str) -> bool:
    foreign = sum(map(is_foreign_letter, text))
    if foreign < 2:
        return False
    return foreign > MOST_FOREIGN * sum(map(str.isalpha, text))


def _is_another_language(words: list[str]) -> bool:
    english = sum(map(ENGLISH.__contains__, words))
    most = len(words) - english
    if most < FEWEST_FUNCTION_WORDS or most <= 2 * english:
        return False
    found = max(sum(map(other.__contains__, words)) for other in OTHERS)
    return found >= FEWEST_FUNCTION_WORDS and found > 2 * english
