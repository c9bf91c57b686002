"""What the look-ups of scores answer: every field by name, nothing that is not named here."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from moderator.domain.lookup import StoredScore
from moderator.domain.score import Abstention, Label, Probabilities, Term, Transformation
from moderator.domain.verdict import Origin, Verdict, Word, deciding, is_toxic


class Shape(BaseModel):
    """Part of an answer. Times are UTC."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Scores(Shape):
    """One probability a class; they sum to 1."""

    hate: float = Field(examples=[0.01])
    offensive: float = Field(examples=[0.12])
    neither: float = Field(examples=[0.87])

    @classmethod
    def of(cls, p: Probabilities | None) -> Scores | None:
        """None where there is no judgement."""
        return None if p is None else cls(hate=p.hate, offensive=p.offensive, neither=p.neither)


class Why(Shape):
    """A word that weighed on the decision; offsets are code points, `end` exclusive."""

    term: str = Field(examples=["goose"])
    start: int
    end: int
    label: Label
    weight: float
    transformations: list[Transformation] = Field(
        description="What disguised the word; empty where it stands there openly."
    )

    @classmethod
    def of(cls, terms: tuple[Term, ...]) -> list[Why]:
        """The words in their order: the heaviest first."""
        return [
            cls(
                term=t.term,
                start=t.start,
                end=t.end,
                label=t.label,
                weight=t.weight,
                transformations=list(t.transformations),
            )
            for t in terms
        ]


class AlertName(Shape):
    """An alert by its id."""

    id: str = Field(examples=["al_5f1c9a2be07d4c33"])
    trigger: str = Field(examples=["slur"])


class Saying(Shape):
    """What one person, or one key, said of a text: of each attribute the newest."""

    attribute: str = Field(
        description="`judgement` (then `word` is set), a board's `decision` (0 approved, 1"
        " rejected), `spam`, or one of Perspective's.",
        examples=["judgement"],
    )
    value: float = Field(description="0..1", examples=[1.0])
    word: Word | None
    by: str = Field(
        description="`key:<id>`, `page:<session>`, or the system it came from (`coral`).",
        examples=["key:mlgy5dw4"],
    )
    origin: Origin
    at: datetime
    community: str | None

    @classmethod
    def of(cls, verdict: Verdict) -> Saying:
        """One verdict."""
        return cls(
            attribute=verdict.attribute,
            value=verdict.value,
            word=verdict.said,
            by=verdict.who,
            origin=verdict.origin,
            at=verdict.said_at,
            community=verdict.community,
        )


class VerdictBody(Shape):
    """What people said of this version of a comment.

    `toxic` is what they settled on: a moderator's own word outweighs what came from another
    system, among equals the newest counts; null where nobody said yes or no.
    """

    toxic: bool | None
    decided: Saying | None = Field(description="Whose word `toxic` is.")
    said: list[Saying] = Field(description="What everybody said, oldest first.")

    @classmethod
    def of(cls, verdicts: tuple[Verdict, ...]) -> VerdictBody | None:
        """None where nobody said anything."""
        if not verdicts:
            return None
        decided = deciding(verdicts)
        return cls(
            toxic=is_toxic(verdicts),
            decided=None if decided is None else Saying.of(decided),
            said=[Saying.of(verdict) for verdict in verdicts],
        )


class PrecisionBody(Shape):
    """How often alerts were right, as far as people judged them; each comment counts once."""

    judged: int
    not_judged: int
    right: int = Field(description="Of those judged: people said toxic.")
    precision: float | None = Field(description="`right` of `judged`, 0..1.", examples=[0.8])
    interval: list[float] | None = Field(
        description="95 %, by Wilson's score: low, high.", examples=[[0.49, 0.94]]
    )


class ScoreBody(Shape):
    """One version of a comment, and what it was judged to be.

    `label` is the model's decision rule, not always the largest probability. Where `abstained`
    is set, there are neither `scores` nor a `label`: nobody judged it, and people should look.
    """

    source: str = Field(examples=["forum"])
    comment_id: str = Field(examples=["42"])
    version: str
    thread_id: str | None
    author_id: str | None
    board: str | None
    url: str | None
    created_at: datetime | None
    scored_at: datetime
    model: str = Field(examples=["default@0123456789ab"])
    scores: Scores | None
    label: Label | None
    coverage: float = Field(description="Part of the words that the model knows, 0..1.")
    abstained: Abstention | None
    why: list[Why]
    residual: float | None = Field(
        description="What the words in `why` leave of the label's decision value: the other words,"
        " and where the model starts from. Null where nobody judged it, or the words are forgotten."
    )
    base_rate: float | None = Field(
        description="The share of toxic comments on a board for which `scores` hold; null where the"
        " model does not say.",
        examples=[0.03],
    )
    alerts: list[AlertName]
    verdict: VerdictBody | None = Field(description="Null where nobody said anything of it.")

    @classmethod
    def of(cls, stored: StoredScore) -> ScoreBody:
        """A stored score, without the comment's text."""
        return cls(
            source=stored.source,
            comment_id=stored.comment_id,
            version=stored.version,
            thread_id=stored.thread_id,
            author_id=stored.author_id,
            board=stored.board,
            url=stored.url,
            created_at=stored.created_at,
            scored_at=stored.scored_at,
            model=stored.score.model,
            scores=Scores.of(stored.score.probabilities),
            label=stored.score.label,
            coverage=stored.score.coverage,
            abstained=stored.score.abstained,
            why=Why.of(stored.score.why),
            residual=stored.score.residual,
            base_rate=stored.score.base_rate,
            alerts=[AlertName(id=id_, trigger=trigger) for id_, trigger, _ in stored.alerts],
            verdict=VerdictBody.of(stored.verdicts),
        )


class ScorePage(Shape):
    """Some scores, newest first. `next` is the cursor of the page after, null on the last."""

    items: list[ScoreBody]
    next: str | None


class Wanted(Shape):
    """A comment by its id."""

    source: str = Field(min_length=1, max_length=256, examples=["forum"])
    comment_id: str = Field(min_length=1, max_length=256, examples=["42"])


class Judgement(Shape):
    """A moderator's word. `version`: the one they saw, if not the newest."""

    verdict: Word
    version: str | None = Field(None, min_length=1, max_length=64, examples=["0-6f1ed002ab55"])


class Lookup(Shape):
    """The comments that are wanted."""

    ids: list[Wanted] = Field(min_length=1, max_length=100)


class Found(Shape):
    """A comment's newest score, null where no text of it was ever seen."""

    source: str
    comment_id: str
    score: ScoreBody | None


class LookupAnswer(Shape):
    """One entry for each comment asked for, in that order."""

    items: list[Found]
