"""From judged comments to owed messages: windows ─▶ triggers ─▶ alerts ─▶ outbox rows.

A part of ingest's transaction: what a comment owes is committed with the comment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from moderator.domain.alert import EXCERPT, Alert
from moderator.domain.comment import Version
from moderator.domain.record import Record
from moderator.domain.score import Score
from moderator.domain.trigger import (
    Finding,
    Mode,
    Outcome,
    Scope,
    Sighting,
    Trigger,
    Window,
    concerns,
    is_hit,
    observe,
    scope_key,
)
from moderator.storage import alerts, outbox, windows


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the configuration in force asks for: the triggers, and each channel's recipients."""

    triggers: tuple[Trigger, ...] = ()
    recipients: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComment:
    """A version of a comment that was not seen before, with its score and what is known of it."""

    record: Record
    version: Version
    text: str
    score: Score
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pull:
    """A comment at a trigger: the window of `key` is asked whether it is due."""

    trigger: Trigger
    key: str
    comment: NewComment
    sighting: Sighting

    @property
    def has_window(self) -> bool:
        """A comment alone is a window that nothing comes before."""
        return self.trigger.scope is not Scope.COMMENT


def alert(
    tx: Connection,
    rules: Rules,
    new: Sequence[NewComment],
    now: datetime,
    new_id: Callable[[], str],
) -> list[Alert]:
    """Let each new comment pass by the triggers, in order; store what is due and owe its messages.

    Returns the alerts that were stored. Nothing is due for what nobody could judge, nor for a
    comment that is deleted already.
    """
    pulls = [pull for comment in new for pull in _pulls(rules.triggers, comment)]
    keys = [(pull.trigger.name, pull.key) for pull in pulls if pull.has_window]
    before = windows.lock_windows(tx, keys, now)
    after = dict(before)
    raised: list[Alert] = []
    folded: list[str] = []
    for pull in pulls:
        place = (pull.trigger.name, pull.key)
        finding = observe(pull.trigger, after.get(place, Window()), pull.sighting, new_id())
        if pull.has_window:
            after[place] = finding.window
        if finding.outcome is Outcome.FIRED:
            raised.append(_raise(pull, finding, now))
        elif finding.outcome is Outcome.FOLDED and finding.window.alert_id is not None:
            folded.append(finding.window.alert_id)
    windows.save_windows(tx, {k: w for k, w in after.items() if w != before[k]}, now)
    stored = alerts.add_alerts(tx, raised)
    alerts.fold(tx, folded)
    raised = [each for each in raised if each.id in stored]
    _owe(tx, rules, raised, now)
    return raised


def _pulls(triggers: Sequence[Trigger], comment: NewComment) -> list[_Pull]:
    sighting = _sighting(comment)
    if sighting is None or comment.record.is_deleted:
        return []
    return [
        _Pull(trigger=trigger, key=key, comment=comment, sighting=sighting)
        for trigger in triggers
        if concerns(trigger, sighting)
        and (trigger.mean or is_hit(trigger, sighting))
        and (key := scope_key(trigger, sighting)) is not None
    ]


def _sighting(comment: NewComment) -> Sighting | None:
    """What the triggers see, None where the comment could not be judged."""
    record = comment.record
    if comment.score.probabilities is None:
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
    )


def _raise(pull: _Pull, finding: Finding, now: datetime) -> Alert:
    trigger, seen, comment = pull.trigger, pull.sighting, pull.comment
    assert finding.window.alert_id is not None
    assert comment.score.label is not None
    return Alert(
        id=finding.window.alert_id,
        trigger=trigger.name,
        mode=trigger.mode,
        scope=trigger.scope,
        scope_key=pull.key,
        window=str(finding.window.alerts) if pull.has_window else seen.version,
        raised_at=now,
        count=finding.count,
        within_s=int(trigger.within.total_seconds()),
        thresholds=trigger.when,
        mean_thresholds=trigger.mean,
        means=finding.means,
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
    )


def _owe(tx: Connection, rules: Rules, raised: Sequence[Alert], now: datetime) -> None:
    """One outbox row for each live alert, channel and recipient."""
    notify = {trigger.name: trigger.notify for trigger in rules.triggers}
    owed = [
        (each.id, channel, recipient)
        for each in raised
        if each.mode is Mode.LIVE
        for channel in notify[each.trigger]
        for recipient in rules.recipients[channel]
    ]
    outbox.owe(tx, owed, now)
