"""What the look-ups of alerts, threads and authors answer."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from moderator.domain.alert import Alert, FoldedComment
from moderator.domain.delivery import AttemptOutcome, DeliveryState, Owed
from moderator.domain.lookup import Summary
from moderator.domain.score import Label
from moderator.domain.trigger import Mode, Scope, Severity
from moderator.domain.verdict import Verdict
from moderator.web.api.shapes import ScoreBody, Scores, Shape, VerdictBody, Why


class AttemptBody(Shape):
    """One attempt to deliver, and what the far end said."""

    number: int
    started_at: datetime
    finished_at: datetime | None
    outcome: AttemptOutcome
    answer: str


class DeliveryBody(Shape):
    """One recipient of one channel whom an alert is owed to, and the message that tells it."""

    channel: str
    recipient: str = Field(description="Empty where the channel has one far end.")
    key: str | None = Field(description="The message's key; null while the alert waits for one.")
    together: int = Field(description="How many alerts that message tells; 0 while there is none.")
    state: DeliveryState
    due_at: datetime
    settled_at: datetime | None
    attempts: list[AttemptBody]

    @classmethod
    def of(cls, owed: Owed) -> DeliveryBody:
        """An owed message with its attempts."""
        return cls(
            channel=owed.channel,
            recipient=owed.recipient,
            key=owed.key,
            together=owed.together,
            state=owed.state,
            due_at=owed.due_at,
            settled_at=owed.settled_at,
            attempts=[
                AttemptBody(
                    number=attempt.number,
                    started_at=attempt.started_at,
                    finished_at=attempt.finished_at,
                    outcome=attempt.outcome,
                    answer=attempt.answer,
                )
                for attempt in owed.attempts
            ],
        )


class AlertBody(Shape):
    """An alert as it was raised, and what became of its messages.

    `count` hits lay within `within_s` seconds (0: no window). `folded` more came after it by
    `folded_authors` authors: in its cooldown or, of a single comment, copies of its text;
    `/v1/alerts/{id}/folded` names them. `share` is the part of the window's judged comments that
    were hits, `rise` how many times the usual that or the means were; null where the trigger asks
    for none. `since_edited`: a newer version of the comment was known when it was raised.
    """

    id: str
    trigger: str
    mode: Mode
    severity: Severity
    scope: Scope
    raised_at: datetime
    count: int
    within_s: int
    thresholds: dict[str, float]
    budget: float | None = Field(
        description="Alerts a day that `thresholds` were set by; null: they stand so in the file."
    )
    always_above: float | None
    mean_thresholds: dict[str, float]
    means: dict[str, float]
    share_threshold: float | None
    share: float | None
    rise_threshold: float | None
    rise: float | None
    folded: int
    folded_authors: int
    source: str
    comment_id: str
    version: str
    thread_id: str | None
    author_id: str | None
    board: str | None
    url: str | None
    written_at: datetime
    scores: Scores
    label: Label
    model: str
    why: list[Why]
    since_edited: bool
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    configuration: str | None = Field(description="Digest of the one in force, if it is known.")
    escalates_at: datetime | None = Field(
        description="When it is escalated unless it is acknowledged before; null: not by time."
    )
    escalated_at: datetime | None
    escalated_because: str | None
    would_tell: list[str] = Field(description="Channels that one in shadow would have told.")
    verdict: VerdictBody | None = Field(
        description="What people said of the comment as it stood then; null where nobody did."
    )
    deliveries: list[DeliveryBody]

    @classmethod
    def of(cls, alert: Alert, owed: list[Owed], said: list[Verdict]) -> AlertBody:
        """An alert with what it owes and what people said of it, without the comment's text."""
        p = alert.probabilities
        return cls(
            id=alert.id,
            trigger=alert.trigger,
            mode=alert.mode,
            severity=alert.severity,
            scope=alert.scope,
            raised_at=alert.raised_at,
            count=alert.count,
            within_s=alert.within_s,
            thresholds=alert.thresholds,
            budget=alert.budget,
            always_above=alert.always_above,
            mean_thresholds=alert.mean_thresholds,
            means=alert.means,
            share_threshold=alert.share_threshold,
            share=alert.share,
            rise_threshold=alert.rise_threshold,
            rise=alert.rise,
            folded=alert.folded,
            folded_authors=alert.folded_authors,
            source=alert.source,
            comment_id=alert.comment_id,
            version=alert.version,
            thread_id=alert.thread_id,
            author_id=alert.author_id,
            board=alert.board,
            url=alert.url,
            written_at=alert.written_at,
            scores=Scores(hate=p.hate, offensive=p.offensive, neither=p.neither),
            label=alert.label,
            model=alert.model,
            why=Why.of(alert.why),
            since_edited=alert.since_edited,
            acknowledged_at=alert.acknowledged_at,
            acknowledged_by=alert.acknowledged_by,
            configuration=alert.configuration,
            escalates_at=alert.escalates_at,
            escalated_at=alert.escalated_at,
            escalated_because=alert.escalated_because,
            would_tell=list(alert.would_tell),
            verdict=VerdictBody.of(tuple(said)),
            deliveries=[DeliveryBody.of(message) for message in owed],
        )


class AlertPage(Shape):
    """Some alerts, newest first. `next` is the cursor of the page after, null on the last."""

    items: list[AlertBody]
    next: str | None


class FoldedBody(Shape):
    """A comment that was folded into an alert. What is not kept any more is null."""

    source: str
    comment_id: str
    version: str
    written_at: datetime | None
    author_id: str | None
    author_name: str | None
    thread_id: str | None
    board: str | None
    url: str | None
    deleted: bool

    @classmethod
    def of(cls, one: FoldedComment) -> FoldedBody:
        """One of an alert's comments."""
        return cls(
            source=one.source,
            comment_id=one.comment_id,
            version=one.version,
            written_at=one.written_at,
            author_id=one.author_id,
            author_name=one.author_name,
            thread_id=one.thread_id,
            board=one.board,
            url=one.url,
            deleted=one.is_deleted,
        )


class FoldedPage(Shape):
    """Some of the comments that were folded into an alert, in the order of arrival. `next` is the
    cursor of the page after, null on the last.
    """

    items: list[FoldedBody]
    next: str | None


class AlertLine(Shape):
    """An alert in short."""

    id: str
    trigger: str
    mode: Mode
    raised_at: datetime
    comment_id: str


class SummaryBody(Shape):
    """A thread or an author in numbers, over the newest version of each comment.

    `means` are over all judged comments, null where none is. `worst` are the most toxic, worst
    first. `alerts` are the newest, `alert_count` is how many there are.
    """

    source: str
    comments: int
    deleted: int
    unscored: int
    labels: dict[Label, int]
    means: Scores | None
    first_at: datetime | None
    last_at: datetime | None
    worst: list[ScoreBody]
    alert_count: int
    alerts: list[AlertLine]


class ThreadBody(SummaryBody):
    """A thread in numbers."""

    thread_id: str


class AuthorBody(SummaryBody):
    """An author in numbers."""

    author_id: str


def summary_fields(source: str, summary: Summary, alerts: list[Alert]) -> dict[str, object]:
    """What threads and authors have in common."""
    return {
        "source": source,
        "comments": summary.comments,
        "deleted": summary.deleted,
        "unscored": summary.unscored,
        "labels": summary.labels,
        "means": Scores.of(summary.mean),
        "first_at": summary.first_at,
        "last_at": summary.last_at,
        "worst": [ScoreBody.of(stored) for stored in summary.worst],
        "alert_count": summary.alerts,
        "alerts": [
            AlertLine(
                id=alert.id,
                trigger=alert.trigger,
                mode=alert.mode,
                raised_at=alert.raised_at,
                comment_id=alert.comment_id,
            )
            for alert in alerts
        ],
    }
