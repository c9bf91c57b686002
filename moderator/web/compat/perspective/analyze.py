"""`comments:analyze`: scores of a comment, which is stored like any other unless it must not be."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from moderator.domain.comment import CommentEvent, Delivery, EventKind
from moderator.domain.community import Community
from moderator.domain.score import Abstention, Probabilities, Score
from moderator.sources.members import LONGEST_ID
from moderator.web.compat.perspective.asked import (
    PROBABILITY,
    Message,
    Wanted,
    foreign,
    languages_of,
    not_in_language,
    text_of,
    wanted_of,
)
from moderator.web.compat.perspective.errors import Refusal, error_info, refused
from moderator.web.compat.perspective.spans import Span, sentences, whole
from moderator.web.runtime import Runtime
from moderator.web.scoring import Scoring

ENGLISH = "en"
UNDETERMINED = "und"  # BCP 47 for a language that nobody named: we tell English from the rest
SIGNIFICANT = 9  # digits of a value: what a 32-bit float holds

Judged = tuple[Span, Probabilities]


@dataclass(frozen=True, slots=True, eq=False)
class Analyze:
    """Reads a request, has its text judged, and tells what the attributes come to."""

    runtime: Runtime
    scoring: Scoring

    async def __call__(self, message: Message, key_id: str | None) -> dict[str, object]:
        """Raises Refusal, and what `Intake.submit` and `Scoring.score_all` do."""
        text = text_of(message)
        community_id = message.get("communityId") or None
        community = self.runtime.in_force.communities.of(community_id, key_id)
        wanted = wanted_of(message, community)
        given = languages_of(message)
        drops = bool(message.get("dropUnsupportedAttributes"))
        if wanted and (others := foreign(given)):
            if not drops:
                raise not_in_language(wanted[0].name, ",".join(others), requestedLanguages=others)
            return _told(message, {}, given, [])
        if message.get("doNotStore"):
            (score,) = await self.scoring.score_all([text], self._base_rate(community))
        else:
            score = await self._stored(text, community, community_id)
        if key_id is not None:
            self.runtime.usage.scored(key_id, self.runtime.clock())
        if score.probabilities is None:
            if score.abstained is Abstention.LANGUAGE and not given and drops:
                return _told(message, {}, [UNDETERMINED], [UNDETERMINED])
            raise _not_judged(score, wanted, given)
        spans = await self._spans(message, text, score.probabilities, community)
        scores = _attribute_scores(wanted, community, score.probabilities, spans)
        return _told(message, scores, given or [ENGLISH], [ENGLISH])

    async def _stored(self, text: str, community: Community, community_id: str | None) -> Score:
        """The score under which the text is stored now, or was before."""
        event = CommentEvent(
            kind=EventKind.CREATED,
            comment_id=comment_id(text),
            text=text,
            board=None if community_id is None else community_id[:LONGEST_ID],
        )
        digest = hashlib.sha256(text.encode()).hexdigest()
        delivery = Delivery(source=community.source, id=None, digest=digest, events=(event,))
        results = await self.runtime.intake.submit(delivery)
        self.runtime.metrics.delivery(community.source, results, old_secret=False)
        score = results[0].score
        assert score is not None  # it had a text
        return score

    async def _spans(
        self, message: Message, text: str, judgement: Probabilities, community: Community
    ) -> list[Judged]:
        """Each sentence that can be judged by itself, or the text as a whole."""
        parts = sentences(text) if message.get("spanAnnotations") else []
        if len(parts) > 1:
            scores = await self.scoring.score_all(
                [part.text for part in parts], self._base_rate(community)
            )
            pairs = zip(parts, scores, strict=True)
            judged = [(part, s.probabilities) for part, s in pairs if s.probabilities is not None]
            if judged:
                return judged
        return [(whole(text), judgement)]

    def _base_rate(self, community: Community) -> float | None:
        return self.runtime.base_rate_of(community.source)


def comment_id(text: str) -> str:
    """The name of a comment that a client gives none: the same text of a site is one comment."""
    return f"text-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _not_judged(score: Score, wanted: Sequence[Wanted], given: list[str]) -> Refusal:
    """What is said where there is no judgement: never a number."""
    if score.abstained is Abstention.FAILURE:
        told = error_info("SCORER_FAILED", domain="moderator")
        return Refusal(500, "The scorer failed on this text.", told)
    if score.abstained is Abstention.LANGUAGE and not given and wanted:
        return not_in_language(wanted[0].name, UNDETERMINED, detectedLanguages=[UNDETERMINED])
    return refused("LANGUAGE_DETECTION_FAILED", "Unable to detect language")


def _attribute_scores(
    wanted: Sequence[Wanted],
    community: Community,
    judgement: Probabilities,
    spans: Sequence[Judged],
) -> dict[str, object]:
    scores: dict[str, object] = {}
    for each in wanted:
        value = _value(community, each.name, judgement)
        if each.threshold is None or value >= each.threshold:
            scores[each.name] = {
                "spanScores": [
                    {
                        "begin": span.begin,
                        "end": span.end,
                        "score": _score(_value(community, each.name, of_span)),
                    }
                    for span, of_span in spans
                ],
                "summaryScore": _score(value),
            }
    return scores


def _value(community: Community, name: str, judgement: Probabilities) -> float:
    value = community.value_of(name, judgement)
    assert value is not None  # asked for, so answered
    return float(f"{value:.{SIGNIFICANT}g}")


def _score(value: float) -> dict[str, object]:
    return {"value": value, "type": PROBABILITY}


def _told(
    message: Message, scores: dict[str, object], languages: list[str], detected: list[str]
) -> dict[str, object]:
    """The answer; what is empty is absent, as in all of Google's JSON."""
    told = {
        "attributeScores": scores,
        "languages": languages,
        "detectedLanguages": detected,
        "clientToken": message.get("clientToken", ""),
    }
    return {name: value for name, value in told.items() if value}
