"""From judged comments to owed messages: windows ─▶ triggers ─▶ alerts ─▶ outbox rows.

A part of ingest's transaction: what a comment owes is committed with the comment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from moderator.domain.alert import EXCERPT, Alert, Folded
from moderator.domain.comment import Version
from moderator.domain.delivery import Debt
from moderator.domain.passing import Pull, let_pass, pulls
from moderator.domain.record import Record
from moderator.domain.score import Score, evades
from moderator.domain.trigger import Finding, Mode, Outcome, Sighting, Trigger, thresholds
from moderator.escalation import due_at, escalate_grown
from moderator.storage import alerts, folded, outbox, windows


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the configuration in force asks for: the triggers, and each channel's recipients.

    `digest` is the configuration's own; alerts keep it. None where it is not stored. `bars` are the
    thresholds that budgets have set, by the budget's key.
    """

    triggers: tuple[Trigger, ...] = ()
    recipients: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    digest: str | None = None
    bars: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComment:
    """A version of a comment that was not seen before, with its score and what is known of it.

    `author_since` is when the author wrote their first comment, where that is known. `likeness` is
    the text's fingerprint; what nobody could judge needs none. `bars` as in `Rules`.
    """

    record: Record
    version: Version
    text: str
    score: Score
    written_at: datetime
    author_since: datetime | None = None
    likeness: str | None = None
    bars: Mapping[str, float] = field(default_factory=dict)


def alert(
    tx: Connection,
    rules: Rules,
    new: Sequence[NewComment],
    now: datetime,
    new_id: Callable[[], str],
) -> tuple[list[Alert], list[Folded]]:
    """Let each new comment pass by the triggers, in order; store what is due and owe its messages.

    Returns the alerts that were stored, and what belongs to alerts that were open. Nothing is due
    for what nobody could judge, nor for a comment that is deleted already.
    """
    pulled = [(pull, comment) for comment in new for pull in _pulls(rules.triggers, comment)]
    due = [pull for pull, _ in pulled]
    before = windows.lock_windows(tx, [pull.place for pull in due if pull.has_window], now)
    after = dict(before)
    raised: list[Alert] = []
    more: list[Folded] = []
    for (pull, comment), finding in zip(pulled, let_pass(due, after, new_id), strict=True):
        if finding.outcome is Outcome.FIRED:
            raised.append(_raise(pull, comment, finding, rules.digest, now))
        elif finding.outcome is Outcome.FOLDED:
            more.append(_folded(pull, finding))
    windows.save_windows(tx, {k: w for k, w in after.items() if w != before[k]}, now)
    stored = alerts.add_alerts(tx, raised)
    folded.fold(tx, more)
    raised = [each for each in raised if each.id in stored]
    _owe(tx, rules, raised, now)
    escalate_grown(tx, [one.alert_id for one in more], rules.triggers, rules.recipients, now)
    return raised, more


def _pulls(triggers: Sequence[Trigger], comment: NewComment) -> list[Pull]:
    seen = sighting_of(comment)
    return [] if seen is None else pulls(triggers, seen)


def sighting_of(comment: NewComment) -> Sighting | None:
    """What the triggers see: None of what nobody could judge, and of what is deleted already."""
    record = comment.record
    if comment.score.probabilities is None or record.is_deleted:
        return None
    return Sighting(
        source=record.source,
        comment_id=record.comment_id,
        version=comment.version.label,
        at=comment.written_at,
        probabilities=comment.score.probabilities,
        thread_id=record.text_of("thread_id"),
        board=record.text_of("board"),
        author_id=record.text_of("author_id"),
        author_name=record.text_of("author_name"),
        author_role=record.text_of("author_role"),
        evades=evades(comment.score),
        author_known_s=_known_s(comment),
        likeness=comment.likeness,
        bars=comment.bars,
    )


def _known_s(comment: NewComment) -> int | None:
    if comment.author_since is None:
        return None
    return max(0, int((comment.written_at - comment.author_since).total_seconds()))


def _folded(pull: Pull, finding: Finding) -> Folded:
    assert finding.alert_id is not None
    return Folded(
        alert_id=finding.alert_id,
        trigger=pull.trigger.name,
        mode=pull.trigger.mode,
        source=pull.seen.source,
        comment_id=pull.seen.comment_id,
        version=pull.seen.version,
    )


def _raise(
    pull: Pull, comment: NewComment, finding: Finding, configuration: str | None, now: datetime
) -> Alert:
    trigger, seen = pull.trigger, pull.seen
    assert finding.alert_id is not None
    assert comment.score.label is not None
    return Alert(
        id=finding.alert_id,
        trigger=trigger.name,
        mode=trigger.mode,
        severity=trigger.severity,
        scope=trigger.scope,
        scope_key=pull.key,
        window=pull.alert_of(finding),
        raised_at=now,
        count=finding.count,
        within_s=int(trigger.within.total_seconds()),
        thresholds=thresholds(trigger, seen),
        budget=None if trigger.budget is None else trigger.budget.per_day,
        always_above=None if trigger.budget is None else trigger.budget.always_above,
        mean_thresholds=trigger.mean,
        means=finding.means,
        share_threshold=trigger.share,
        share=finding.share,
        rise_threshold=trigger.rise,
        rise=finding.rise,
        evasion=trigger.evasion,
        source=seen.source,
        comment_id=seen.comment_id,
        version=seen.version,
        written_at=seen.at,
        excerpt=comment.text[:EXCERPT],
        excerpt_cut=len(comment.text) > EXCERPT,
        probabilities=seen.probabilities,
        label=comment.score.label,
        model=comment.score.model,
        why=tuple(term for term in comment.score.why if term.end <= EXCERPT),
        since_edited=comment.version != comment.record.newest,
        thread_id=seen.thread_id,
        board=seen.board,
        url=comment.record.text_of("url"),
        author_id=seen.author_id,
        author_name=seen.author_name,
        configuration=configuration,
        escalates_at=due_at(trigger, now),
        would_tell=trigger.notify if trigger.mode is Mode.SHADOW else (),
    )


def _owe(tx: Connection, rules: Rules, raised: Sequence[Alert], now: datetime) -> None:
    """One outbox row for each live alert, channel and recipient."""
    notify = {trigger.name: trigger.notify for trigger in rules.triggers}
    owed = [
        Debt(
            alert_id=each.id,
            channel=channel,
            recipient=recipient,
            severity=each.severity,
            height=each.probabilities.toxic,
        )
        for each in raised
        if each.mode is Mode.LIVE
        for channel in notify[each.trigger]
        for recipient in rules.recipients[channel]
    ]
    outbox.owe(tx, owed, now)
