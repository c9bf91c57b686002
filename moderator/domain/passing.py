"""A comment passing by the triggers: what is asked of which window, and what comes of it.

Pure, and the one way that triggers are ever run: ingest lets today's comments pass by, the
backtest those of the past.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from moderator.domain.trigger import (
    Finding,
    Scope,
    Sighting,
    Trigger,
    Window,
    concerns,
    folds_copies,
    is_hit,
    needs_every_comment,
    observe,
    scope_key,
)

WindowKey = tuple[str, str]  # trigger, scope key


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """A comment at a trigger: the window of `key` is asked whether it is due."""

    trigger: Trigger
    key: str
    seen: Sighting

    @property
    def has_window(self) -> bool:
        """A comment alone is a window that nothing comes before, unless copies are folded."""
        return self.trigger.scope is not Scope.COMMENT or folds_copies(self.trigger, self.seen)

    @property
    def place(self) -> WindowKey:
        """Which window it is: of single comments, one for all of a source's."""
        alone = self.trigger.scope is Scope.COMMENT
        return self.trigger.name, f"{self.seen.source}/" if alone else self.key

    def alert_of(self, finding: Finding) -> str:
        """What tells an alert from the others of its trigger and scope key: its number in the
        window, or the comment's version.
        """
        alone = self.trigger.scope is Scope.COMMENT
        return self.seen.version if alone else str(finding.window.alerts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An alert by what makes it that alert, and when the comment that raised it was written."""

    trigger: str
    scope_key: str
    window: str
    source: str
    comment_id: str
    version: str
    written_at: datetime


def pulls(triggers: Iterable[Trigger], seen: Sighting) -> list[Pull]:
    """The windows that this comment belongs to, in the order of the triggers."""
    return [
        Pull(trigger=trigger, key=key, seen=seen)
        for trigger in triggers
        if (needs_every_comment(trigger) or is_hit(trigger, seen))
        and concerns(trigger, seen)
        and (key := scope_key(trigger, seen)) is not None
    ]


def let_pass(
    pulled: Sequence[Pull],
    windows: MutableMapping[WindowKey, Window],
    new_id: Callable[[], str],
) -> list[Finding]:
    """Ask each window in order; element i is the answer to `pulled[i]`.

    `windows` is what is remembered, brought up to date here; a window that is not in it is new.
    `new_id` names the alerts.
    """
    findings = []
    for pull in pulled:
        finding = observe(pull.trigger, windows.get(pull.place, Window()), pull.seen, new_id())
        if pull.has_window:
            windows[pull.place] = finding.window
        findings.append(finding)
    return findings
