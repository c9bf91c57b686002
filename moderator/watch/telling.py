"""From what the watches say to what people are told: once when it begins, once when it is over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from moderator.channels.phrases import length
from moderator.domain.notice import Notice
from moderator.domain.watch import Span
from moderator.storage import looks, notices, outbox
from moderator.storage.looks import Trouble
from moderator.watch.findings import CALM, SEVERITIES, Finding, State, Watch

Key = tuple[str, str]  # a watch's word, and its subject

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom notices go to: `notify` names the channels that were chosen, `recipients` has all there
    are with theirs, and `working` those that neither fail nor are broken.
    """

    notify: Collection[str]
    recipients: Mapping[str, tuple[str, ...]]
    working: Collection[str]

    def of(self, finding: Finding) -> list[tuple[str, str]] | None:
        """Each (channel, recipient) to tell; None while no channel works that could.

        A channel is not asked to tell of itself. Where none of the chosen works, others step in.
        """
        is_channel = finding.watch in (Watch.CHANNEL, Watch.UNDELIVERED)
        known = [name for name in self.recipients if not (is_channel and name == finding.subject)]
        chosen = [name for name in known if name in self.notify]
        if not self.notify:
            return []
        if not any(name in self.working for name in chosen):
            chosen += [name for name in known if name in self.working and name not in chosen]
        if not any(name in self.working for name in chosen):
            return None
        return [(name, recipient) for name in chosen for recipient in self.recipients[name]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Writes down what began and what is over, and owes the messages. `new_id` makes up ids."""

    tx: Connection
    now: datetime
    audience: Audience
    new_id: Callable[[], str]

    def take(self, findings: Iterable[Finding], watched: Callable[[Key], bool]) -> list[Finding]:
        """Go by what the watches say; returns what nobody could be told of yet.

        A trouble that is not `watched` any more is over without a word.
        """
        open_ = looks.open_troubles(self.tx)
        untold = []
        for finding in findings:
            trouble = open_.pop((finding.watch, finding.subject), None)
            if not self._go_by(finding, trouble):
                untold.append(finding)
        for key, trouble in open_.items():
            if not watched(key):
                self._end(trouble)
        return untold

    def _go_by(self, finding: Finding, trouble: Trouble | None) -> bool:
        """False where there is somebody to tell and no way to do it."""
        if finding.state is State.WRONG:
            trouble = trouble or self._begin(finding)
            if trouble.calm_since is not None:
                looks.calm(self.tx, trouble, None)
            return self._tell(finding, trouble.notice_id)
        if trouble is not None and finding.state is State.FINE:
            calm_since = trouble.calm_since or self.now
            if self.now - calm_since >= CALM.get(finding.watch, self.now - self.now):
                self._over(finding, trouble)
            elif trouble.calm_since is None:
                looks.calm(self.tx, trouble, self.now)
        return True

    def _begin(self, finding: Finding) -> Trouble:
        notice = Notice(
            id=self.new_id(),
            kind=finding.watch,
            subject=finding.subject,
            title=finding.title,
            lines=finding.lines,
            severity=SEVERITIES[finding.watch],
            raised_at=self.now,
        )
        trouble = Trouble(
            kind=finding.watch,
            subject=finding.subject,
            notice_id=notice.id,
            began_at=finding.since,
        )
        notices.add_notice(self.tx, notice)
        looks.begin(self.tx, trouble)
        logger.warning(finding.title, extra={"notice": notice.id})
        return trouble

    def _tell(self, finding: Finding, notice_id: str) -> bool:
        if looks.told(self.tx, notice_id):
            return True
        chosen = self.audience.of(finding)
        outbox.owe_notice(self.tx, notice_id, chosen or (), self.now)
        return chosen is not None

    def _over(self, finding: Finding, trouble: Trouble) -> None:
        """Whoever was told that it began is told that it is over."""
        ended_at = trouble.calm_since or finding.since
        passed = length(max(ended_at, trouble.began_at) - trouble.began_at)
        notice = Notice(
            id=self.new_id(),
            kind=finding.watch,
            subject=finding.subject,
            title=f"{finding.over}, after {passed}",
            lines=(),
            severity=SEVERITIES[finding.watch],
            raised_at=self.now,
            ends=trouble.notice_id,
            ended_at=self.now,
        )
        told = [
            (channel, recipient)
            for channel, recipient in looks.told(self.tx, trouble.notice_id)
            if recipient in self.audience.recipients.get(channel, ())
        ]
        notices.add_notice(self.tx, notice)
        outbox.owe_notice(self.tx, notice.id, told, self.now)
        self._end(trouble)
        if finding.watch is Watch.SILENCE:  # what it did not send then is not its rhythm
            span = Span(since=trouble.began_at, until=max(ended_at, trouble.began_at))
            looks.overlook(self.tx, finding.subject, span)
        logger.warning(notice.title, extra={"notice": notice.id})

    def _end(self, trouble: Trouble) -> None:
        notices.end_notice(self.tx, trouble.notice_id, self.now)
        looks.end(self.tx, trouble)
