"""Boards that write into a database by a clock of the test's own, and somebody who keeps watch."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine

from moderator.alerting import Rules
from moderator.ingest import ingest
from moderator.storage import notices
from moderator.storage.engine import read, write
from moderator.storage.tables import versions
from moderator.watch import Lookout, Scope, Watch
from tests.builders import NOON, MarkedScorer, a_delivery, an_event

START = NOON.replace(hour=0)
_numbers = itertools.count()


def everything(sources=("forum",), channels=("mods", "others"), **changes) -> Scope:
    """All watches on but that for messages that lie, since nobody sends here."""
    facts = {
        "on": frozenset(Watch) - {Watch.UNDELIVERED},
        "sources": sources,
        "notify": channels,
        "recipients": dict.fromkeys(channels, ("",)),
    }
    return Scope(**(facts | changes))


@dataclass
class World:
    """A database, a clock that stands still unless it is set, and processes that look."""

    engine: Engine
    scope: Scope = field(default_factory=everything)
    now: datetime = START
    processes: int = 1

    def __post_init__(self) -> None:
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self.lookouts = [
            Lookout(self.engine, "marked@000000000000", self._new_id, clock=lambda _: self.now)
            for _ in range(self.processes)
        ]

    def _new_id(self) -> str:
        with self._lock:
            return f"no_{next(self._ids)}"

    def has_written(self, weeks: int, every: timedelta, source: str = "forum", **score) -> None:
        """A past in which a comment came at such a distance, up to now."""
        start, step = self.now - timedelta(weeks=weeks), 0
        rows = []
        while start + step * every < self.now:
            rows.append(a_version(start + step * every, source, **score))
            step += 1
        with write(self.engine) as tx:
            tx.execute(versions.insert(), rows)

    def writes(self, text: str = "hello", source: str = "forum", count: int = 1) -> None:
        """Comments come in now, on the path that comments take."""
        for _ in range(count):
            event = an_event(text, comment_id=f"new{next(_numbers)}")
            ingest(
                self.engine,
                MarkedScorer(),
                Rules(),
                [a_delivery(event, source=source)],
                now=self.now,
                new_id=lambda: "none",
            )

    def passes(self, time: timedelta, every: timedelta = timedelta(seconds=30)) -> None:
        """Time passes, and all processes look now and then."""
        end = self.now + time
        while self.now < end:
            self.now += every
            self.look()

    def look(self) -> None:
        """All processes look, at the same time."""
        if self.processes == 1:
            self.lookouts[0].look(self.scope)
            return
        threads = [threading.Thread(target=one.look, args=[self.scope]) for one in self.lookouts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def told(self) -> list[str]:
        """The titles of all notices, oldest first."""
        with read(self.engine) as tx:
            return [one.title for one in reversed(notices.newest_notices(tx, limit=100))]

    def lasting(self) -> list[tuple[str, str]]:
        """What is wrong now."""
        with read(self.engine) as tx:
            found = notices.newest_notices(tx, limit=100, is_open=True)
        return [(one.kind, one.subject) for one in found]


def a_version(at: datetime, source: str, toxic: float | None = 0.05) -> dict[str, object]:
    """A stored version of a comment, judged or not."""
    judged = {"hate": 0.0, "offensive": toxic, "neither": 1 - toxic, "label": "neither"} \
        if toxic is not None else {"abstained": "language"}  # fmt: skip
    return {
        "source": source,
        "comment_id": f"old{next(_numbers)}",
        "version": "0-ab",
        "written_at": at,
        "received_at": at,
        "scored_at": at,
        "model": "marked@000000000000",
        "coverage": 1.0,
        "why": "[]",
        "base_rate": 0.05,
        "hate": None,
        "offensive": None,
        "neither": None,
        "label": None,
        "abstained": None,
    } | judged
