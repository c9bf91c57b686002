"""What the pages show, ready to be printed: words, no rows; nothing in it is markup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderator.channels.phrases import Fact, Link, length, many, percent, shown_name, web_link
from moderator.channels.visible import one_line, shown
from moderator.channels.wording import word
from moderator.domain.alert import EXCERPT, Alert, FoldedComment
from moderator.domain.delivery import Attempt, AttemptOutcome, DeliveryState, Owed
from moderator.domain.lookup import StoredScore
from moderator.domain.message import Message
from moderator.domain.score import Abstention, Label
from moderator.domain.trigger import Mode
from moderator.domain.verdict import is_toxic

LONGEST_TEXT = 2_000  # code points shown of a comment
LONGEST_ANSWER = 200
SHORT_FACTS = ("By", "Where", "Reached")  # told of an alert in a list
BAR = 100  # units the bar of a score is long

_REASONS = {
    Abstention.LANGUAGE: "it does not seem to be English",
    Abstention.EMPTY: "there are no words in it",
    Abstention.TOO_SHORT: "it is too short",
    Abstention.LOW_COVERAGE: "the model knows too few of its words",
    Abstention.FAILURE: "the scorer failed",
}
_SETTLED = {True: "People say: toxic.", False: "People say: fine.", None: ""}
_STATES = {
    DeliveryState.PENDING: "waiting",
    DeliveryState.SENDING: "being sent",
    DeliveryState.SENT: "sent",
    DeliveryState.DEAD: "given up",
}
_OUTCOMES = {
    AttemptOutcome.SENDING: "not known",
    AttemptOutcome.SENT: "taken",
    AttemptOutcome.PASSING: "failed, to be tried again",
    AttemptOutcome.REFUSED: "refused",
    AttemptOutcome.BROKEN: "channel broken",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A moment: for a program, for people, and how long ago it was."""

    iso: str
    text: str
    ago: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What was written: `said` in full, and a veil that has its shape and none of its letters."""

    said: str
    veil: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptView:
    """One attempt to deliver."""

    number: int
    when: When
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """One message of an alert: the state's word serves as a class, too."""

    channel: str
    recipient: str
    state: str
    text: str
    attempts: tuple[AttemptView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """One alert. `is_new` while nobody has acknowledged it."""

    id: str
    title: str
    severity: str
    is_shadow: bool
    is_new: bool
    raised: When
    notes: tuple[str, ...]
    lead: str
    text: Text | None
    facts: tuple[Fact, ...]
    veiled_facts: tuple[Fact, ...]
    link: Link | None
    deliveries: tuple[DeliveryView, ...]
    would_tell: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedView:
    """A comment that belongs to an alert beside the one it tells."""

    by: str
    where: str
    written: When | None
    is_deleted: bool
    link: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One label's part of a score's bar, in units of `BAR`."""

    label: str
    percent: str
    start: float
    length: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreView:
    """One comment's newest score; `shares` is empty where nobody judged it, `base_rate` also
    where the model does not say for which one they hold. `settled` is what people say of it.
    """

    label: str
    shares: tuple[Share, ...]
    base_rate: str
    unjudged: str
    by: str
    where: str
    written: When
    text: Text | None
    is_deleted: bool
    link: Link | None
    alerts: tuple[tuple[str, str], ...]
    settled: str


def when(moment: datetime, now: datetime) -> When:
    """A moment, seen from `now`."""
    return When(
        iso=moment.isoformat(),
        text=f"{moment.day} {moment:%b %Y, %H:%M:%S} UTC",
        ago=_ago(now - moment),
    )


def alert_view(
    alert: Alert, owed: Iterable[Owed], now: datetime, *, in_full: bool = True
) -> AlertView:
    """An alert in words; a list shows less of it than a page of its own.

    Facts that repeat words of the comment, which are those that a channel without its text would
    not tell, are veiled like the comment itself.
    """
    message = Message(key=alert.id, about=alert)
    said, told_without_text = word(message, EXCERPT), word(message, 0).facts
    facts = [f for f in told_without_text if in_full or f.name in SHORT_FACTS]
    if in_full and alert.escalates_at is not None and alert.escalates_at > now:
        waits = length(alert.escalates_at - now)
        text = f"in {waits}, to more people, unless somebody takes care of it before"
        facts.append(Fact(name="Escalated", text=text))
    if in_full and alert.configuration is not None:
        facts.append(Fact(name="Raised under", text=f"configuration {alert.configuration[:12]}"))
    veiled = [f for f in said.facts if f not in told_without_text]
    return AlertView(
        id=alert.id,
        title=said.title,
        severity=alert.severity.value,
        is_shadow=alert.mode is Mode.SHADOW,
        is_new=alert.acknowledged_at is None,
        raised=when(alert.raised_at, now),
        notes=said.notes,
        lead=said.lead,
        text=_text(alert.excerpt, EXCERPT),
        facts=tuple(facts),
        veiled_facts=tuple(veiled),
        link=said.links[0] if said.links else None,
        deliveries=tuple(_delivery(message, now) for message in owed),
        would_tell=", ".join(alert.would_tell),
    )


def folded_view(one: FoldedComment, now: datetime) -> FoldedView:
    """Who wrote it, and where."""
    places = [shown_name(one.board), shown_name(one.thread_id)]
    return FoldedView(
        by=shown_name(one.author_name) or shown_name(one.author_id) or "somebody",
        where=" / ".join([*filter(None, places), shown_name(one.comment_id)]),
        written=None if one.written_at is None else when(one.written_at, now),
        is_deleted=one.is_deleted,
        link=web_link("Open the comment", one.url or ""),
    )


def score_view(stored: StoredScore, now: datetime) -> ScoreView:
    """A stored score in words."""
    score = stored.score
    named = shown_name(stored.author_name) or shown_name(stored.author_id)
    places = [shown_name(stored.board), shown_name(stored.thread_id)]
    return ScoreView(
        label="not judged" if score.label is None else score.label.value,
        shares=_shares(stored),
        base_rate="" if score.base_rate is None else percent(score.base_rate, 1),
        unjudged="" if score.abstained is None else _REASONS[score.abstained],
        by=named or "somebody",
        where=" / ".join([*filter(None, places), shown_name(stored.comment_id)]),
        written=when(stored.created_at or stored.written_at, now),
        text=_text(stored.text or "", LONGEST_TEXT),
        is_deleted=stored.is_deleted,
        link=web_link("Open the comment", stored.url or ""),
        alerts=tuple((id_, one_line(trigger, 40)) for id_, trigger, _ in stored.alerts),
        settled=_SETTLED[is_toxic(stored.verdicts)],
    )


def _text(said: str, limit: int) -> Text | None:
    visible = shown(said, limit)
    return Text(said=visible, veil=_veil(visible)) if visible else None


def _veil(said: str) -> str:
    """Words of blocks in place of the words: what is blurred is not what was written."""
    return " ".join("█" * min(len(part), 12) for part in said[:240].split())


def _shares(stored: StoredScore) -> tuple[Share, ...]:
    p = stored.score.probabilities
    if p is None:
        return ()
    found, start = [], 0.0
    for label in Label:
        length = round(p.of(label) * BAR, 2)
        found.append(
            Share(label=label.value, percent=percent(p.of(label)), start=start, length=length)
        )
        start = round(start + length, 2)
    return tuple(found)


def _delivery(owed: Owed, now: datetime) -> DeliveryView:
    return DeliveryView(
        channel=owed.channel,
        recipient=one_line(owed.recipient, 80),
        state=owed.state.value,
        text=_state_text(owed, now),
        attempts=tuple(_attempt(attempt, now) for attempt in owed.attempts),
    )


def _state_text(owed: Owed, now: datetime) -> str:
    tries = len(owed.attempts)
    after = f" after {tries} attempts" if tries > 1 else ""
    text = _STATES[owed.state] + after
    if owed.state is DeliveryState.PENDING and tries and owed.due_at > now:
        text += f", next in {length(owed.due_at - now)}"
    others = owed.together - 1
    return f"{text}, together with {many(others, 'other')}" if others > 0 else text


def _attempt(attempt: Attempt, now: datetime) -> AttemptView:
    return AttemptView(
        number=attempt.number,
        when=when(attempt.started_at, now),
        outcome=_OUTCOMES[attempt.outcome],
        answer=shown(attempt.answer, LONGEST_ANSWER),
    )


def _ago(passed: timedelta) -> str:
    if passed < timedelta(seconds=5):
        return "just now"
    return f"{length(passed)} ago"
