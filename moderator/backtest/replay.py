"""Comments of the past passing by one set of triggers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from moderator.domain.passing import Pull, Raised, WindowKey, let_pass, pulls
from moderator.domain.trigger import Finding, Outcome, Sighting, Trigger, Window


class Replay:
    """One set of triggers and what they remember; `raised` grows as comments pass by.

    Only what was written at `since` or later counts: earlier comments fill the windows.
    """

    def __init__(self, triggers: Sequence[Trigger], since: datetime) -> None:
        self._triggers = tuple(triggers)
        self._since = since
        self._windows: dict[WindowKey, Window] = {}
        self.raised: list[Raised] = []

    def see(self, seen: Sighting) -> None:
        """Let one more comment pass by."""
        pulled = pulls(self._triggers, seen)
        if not pulled:
            return
        for pull, finding in zip(pulled, let_pass(pulled, self._windows, _no_id), strict=True):
            if finding.outcome is Outcome.FIRED and seen.at >= self._since:
                self.raised.append(_raised(pull, finding))

    def see_all(self, seen: Iterable[Sighting]) -> list[Raised]:
        """Let all of them pass by; returns the alerts."""
        for one in seen:
            self.see(one)
        return self.raised


def _no_id() -> str:
    return ""  # nobody will look these alerts up


def _raised(pull: Pull, finding: Finding) -> Raised:
    seen = pull.seen
    return Raised(
        trigger=pull.trigger.name,
        scope_key=pull.key,
        window=pull.alert_of(finding),
        source=seen.source,
        comment_id=seen.comment_id,
        version=seen.version,
        written_at=seen.at,
    )
