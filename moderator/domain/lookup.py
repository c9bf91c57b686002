"""What can be asked of the stored past, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from moderator.domain.score import Label, Probabilities, Score
from moderator.domain.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredScore:
    """One version of a comment with its score. `id` grows with arrival and serves paging.

    `text` is for the moderators' pages alone; None while the comment is deleted, or once the
    text's retention has ended. `alerts` holds (alert id, trigger, mode), `verdicts` what people
    said of this version: of each person and attribute the newest, oldest first.
    """

    id: int
    source: str
    comment_id: str
    version: str
    written_at: datetime
    received_at: datetime
    scored_at: datetime
    score: Score
    is_deleted: bool
    thread_id: str | None = None
    parent_id: str | None = None
    board: str | None = None
    url: str | None = None
    author_id: str | None = None
    author_name: str | None = None
    created_at: datetime | None = None
    text: str | None = None
    alerts: tuple[tuple[str, str, str], ...] = ()
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreFilter:
    """Which scores are wanted: all that is set must hold. Times are those of arrival.

    `min_*` are least probabilities, 0..1. `unscored` asks for those the scorer could not judge.
    """

    source: str | None = None
    board: str | None = None
    thread: str | None = None
    author: str | None = None
    label: Label | None = None
    min_hate: float | None = None
    min_offensive: float | None = None
    min_toxic: float | None = None
    since: datetime | None = None
    until: datetime | None = None
    unscored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A thread or an author in numbers, over the newest version of each comment.

    `mean` is None where nothing was judged. `worst` are the most toxic comments, worst first.
    """

    comments: int
    deleted: int
    unscored: int
    labels: dict[Label, int]
    mean: Probabilities | None
    first_at: datetime | None
    last_at: datetime | None
    alerts: int
    worst: tuple[StoredScore, ...] = field(default=())
