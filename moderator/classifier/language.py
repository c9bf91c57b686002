"""When a text cannot be judged by a model of English, and why."""

from __future__ import annotations

from moderator.classifier.evidence import Evidence
from moderator.classifier.folding import is_foreign_letter
from moderator.classifier.text import LONGEST_TEXT
from moderator.domain.score import Abstention

FEWEST_WORDS = 5  # fewer tell nothing about their language
LEAST_COVERAGE = 0.34  # less than a third of the words known
MOST_FOREIGN = 0.5  # of the letters


def reason_to_abstain(text: str, evidence: Evidence) -> Abstention | None:
    """Why a text should not be judged, or None.

    A first rule, and an honest one: nothing to read; mostly another script; five words or more of
    which hardly any is known. A short or oddly spelled English text is judged.
    """
    if not text.isascii() and _is_mostly_foreign(text[:LONGEST_TEXT]):
        return Abstention.LANGUAGE
    if not evidence.parts:
        return Abstention.EMPTY
    if evidence.words >= FEWEST_WORDS and evidence.known < LEAST_COVERAGE * evidence.words:
        return Abstention.LOW_COVERAGE
    return None


def _is_mostly_foreign(text: str) -> bool:
    foreign = sum(map(is_foreign_letter, text))
    if foreign < 2:
        return False
    return foreign > MOST_FOREIGN * sum(map(str.isalpha, text))
