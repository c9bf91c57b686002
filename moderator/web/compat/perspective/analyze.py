"""`comments:analyze`: scores of a comment, which is stored like any other unless it must not be."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from moderator.domain.comment import CommentEvent, Delivery, EventKind
from moderator.domain.score import Abstention, Probabilities, Score
from moderator.sources.members import LONGEST_ID
from moderator.web.compat.perspective.asked import (
    Message,
    Question,
    not_in_language,
    question_of,
)
from moderator.web.compat.perspective.errors import Refusal, error_info, refused
from moderator.web.compat.perspective.spans import sentences, whole
from moderator.web.compat.perspective.told import Judged, Told, attribute_scores, told
from moderator.web.runtime import Runtime
from moderator.web.scoring import Scoring

ENGLISH = "en"
UNDETERMINED = "und"  # BCP 47 for a language that nobody named: we tell English from the rest


@dataclass(frozen=True, slots=True, eq=False)
class Analyze:
    """Reads a request, has its text judged, and tells what the attributes come to."""

    runtime: Runtime
    scoring: Scoring

    async def __call__(self, message: Message, key_id: str | None) -> Told:
        """Raises Refusal, and what `Intake.submit` and `Scoring.score_all` do."""
        question = question_of(message, self.runtime.in_force.communities, key_id)
        if question.foreign and question.wanted:
            return _without_scores(question, question.foreign, "requestedLanguages")
        score = await self._score(question)
        if key_id is not None:
            self.runtime.usage.scored(key_id, self.runtime.clock())
        if score.probabilities is None:
            return _not_judged(question, score)
        spans = await self._spans(question, score.probabilities)
        return told(
            question,
            attribute_scores(question, score.probabilities, spans),
            languages=question.languages or [ENGLISH],
            detected=[ENGLISH],
        )

    async def _score(self, question: Question) -> Score:
        if question.stores:
            return await self._stored(question)
        (score,) = await self._judged(question, [question.text])
        return score

    async def _stored(self, question: Question) -> Score:
        """The score under which the text is stored now, or was before."""
        board = question.community_id
        event = CommentEvent(
            kind=EventKind.CREATED,
            comment_id=comment_id(question.text),
            text=question.text,
            is_english=question.is_english,
            board=None if board is None else board[:LONGEST_ID],
        )
        source = question.community.source
        digest = hashlib.sha256(question.text.encode()).hexdigest()
        delivery = Delivery(source=source, id=None, digest=digest, events=(event,))
        results = await self.runtime.intake.submit(delivery)
        self.runtime.metrics.delivery(source, results, old_secret=False)
        score = results[0].score
        assert score is not None  # it had a text
        return score

    async def _judged(self, question: Question, texts: list[str]) -> list[Score]:
        base_rate = self.runtime.base_rate_of(question.community.source)
        return await self.scoring.score_all(texts, base_rate, is_english=question.is_english)

    async def _spans(self, question: Question, judgement: Probabilities) -> list[Judged]:
        """Each sentence that can be judged by itself, or the text as a whole."""
        parts = sentences(question.text) if question.by_sentence else []
        if len(parts) > 1:
            scores = await self._judged(question, [part.text for part in parts])
            pairs = zip(parts, scores, strict=True)
            judged = [(part, s.probabilities) for part, s in pairs if s.probabilities is not None]
            if judged:
                return judged
        return [(whole(question.text), judgement)]


def comment_id(text: str) -> str:
    """The name of a comment that a client gives none: the same text of a site is one comment."""
    return f"text-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _not_judged(question: Question, score: Score) -> Told:
    """What is said where there is no judgement: never a number. Raises Refusal."""
    if score.abstained is Abstention.FAILURE:
        why = error_info("SCORER_FAILED", domain="moderator")
        raise Refusal(500, "The scorer failed on this text.", why)
    if score.abstained is Abstention.LANGUAGE and not question.languages:
        return _without_scores(question, [UNDETERMINED], "detectedLanguages")
    raise refused("LANGUAGE_DETECTION_FAILED", "Unable to detect language")


def _without_scores(question: Question, languages: list[str], told_as: str) -> Told:
    """The answer for a text in these languages. Raises Refusal, unless what is unsupported may be
    left out.
    """
    if question.wanted and not question.drops_unsupported:
        raise not_in_language(question.wanted[0].name, languages, told_as=told_as)
    found = languages if told_as == "detectedLanguages" else []
    return told(question, {}, languages=question.languages or languages, detected=found)
