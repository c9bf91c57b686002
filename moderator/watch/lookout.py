"""One look at everything that is watched.

take the turn ─▶ count what came ─▶ judge ─▶ write down what began and what is over, and owe it
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from moderator.domain.timing import Timing
from moderator.domain.watch import Rhythm, Span, Unknown, abstaining, drift, hour_of
from moderator.domain.watch.tally import NEEDED_HOURS
from moderator.storage import hourly, looks, outbox
from moderator.storage.engine import database_now, read, write
from moderator.storage.looks import Look
from moderator.storage.outbox import ChannelState
from moderator.watch import findings
from moderator.watch.findings import Finding, Watch
from moderator.watch.outlook import rhythm_of
from moderator.watch.telling import Audience, Key, Telling

EVERY = timedelta(seconds=30)
_NEARLY = timedelta(seconds=5)  # timers do not tick to the second
HOURLY = frozenset({Watch.DRIFT, Watch.ABSTENTIONS})
OF_SOURCES = frozenset({Watch.SILENCE, *HOURLY})

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the configuration says of the watches: those that are `on`, the `sources` they look at,
    the channels that notices go to, and `recipients`, which has every channel with its own.
    `timings` say when a channel tells what it owes: what is held back till then is not late.
    """

    on: Collection[Watch]
    sources: Collection[str]
    notify: Collection[str]
    recipients: Mapping[str, tuple[str, ...]]
    timings: Mapping[str, Timing] = field(default_factory=dict)

    def includes(self, key: Key) -> bool:
        """Whether a watch still looks at a subject."""
        watch, subject = key
        subjects = self.sources if watch in OF_SOURCES else self.recipients
        return watch in self.on and subject in subjects


class Lookout:
    """The watch of one process; on a database one process looks at a time.

    `model` is the one that judges now. `clock` is the database's.
    """

    def __init__(
        self,
        engine: Engine,
        model: str,
        new_id: Callable[[], str],
        *,
        clock: Callable[[Connection], datetime] = database_now,
    ) -> None:
        self._engine = engine
        self._model = model
        self._new_id = new_id
        self._clock = clock
        self._rhythms: dict[str, tuple[int, Rhythm]] = {}  # each with the hour it is known to

    def look(self, scope: Scope) -> bool:
        """Look once, if it is this process's turn; True where messages may be owed by it."""
        with write(self._engine) as tx:
            look = looks.take_turn(tx, self._clock(tx), every=EVERY - _NEARLY)
        if look is None:
            return False
        self._count(look)
        with read(self._engine) as tx:
            states = {name: outbox.channel_state(tx, name) for name in scope.recipients}
            found = [
                one for one in self._findings(tx, look, scope, states) if one.watch in scope.on
            ]
        working = {name for name, state in states.items() if _works(state)}
        audience = Audience(notify=scope.notify, recipients=scope.recipients, working=working)
        with write(self._engine) as tx:
            if looks.lock(tx) != look.now:
                return False  # so slow that somebody else has looked since
            telling = Telling(tx=tx, now=look.now, audience=audience, new_id=self._new_id)
            untold = telling.take(found, _still_watched(scope, found, look))
        if _is_new_minute(look):
            for one in untold:
                logger.error("no channel works that could tell it: %s", one.title)
        return True

    def _count(self, look: Look) -> None:
        more = True
        while more:
            with write(self._engine) as tx:
                looks.lock(tx)
                more = hourly.count_some(tx, look.now)

    def _findings(
        self, tx: Connection, look: Look, scope: Scope, states: Mapping[str, ChannelState]
    ) -> Iterator[Finding]:
        backlogs = {owed.channel: owed for owed in outbox.backlogs(tx, scope.timings)}
        for name, state in states.items():
            yield findings.of_channel(name, state, look.now)
            yield findings.of_backlog(name, state, backlogs.get(name), look.now)
        yield from self._silences(tx, look, scope)
        if _is_new_hour(look):
            for source in scope.sources:
                yield from self._of_scores(tx, source, look.now)

    def _silences(self, tx: Connection, look: Look, scope: Scope) -> Iterator[Finding]:
        troubles = looks.open_troubles(tx)
        for source, last in hourly.last_arrivals(tx).items():
            if source not in scope.sources:
                continue
            unseen = looks.unseen_spans(tx, source)
            rhythm = self._rhythm(tx, source, last, unseen)
            if isinstance(rhythm, Rhythm):
                told = troubles.get((Watch.SILENCE, source))
                began_at = told.began_at if told else None
                yield findings.of_silence(source, rhythm, last, look.now, unseen, began_at=began_at)

    def _rhythm(
        self, tx: Connection, source: str, last: datetime, unseen: list[Span]
    ) -> Rhythm | Unknown:
        """As `rhythm_of`, which is asked once for each hour in which comments came."""
        end = hour_of(last)
        known_to, rhythm = self._rhythms.get(source, (None, None))
        if rhythm is not None and known_to == end:
            return rhythm
        found = rhythm_of(tx, source, last, unseen)
        if isinstance(found, Rhythm):
            self._rhythms[source] = end, found
        return found

    def _of_scores(self, tx: Connection, source: str, now: datetime) -> Iterator[Finding]:
        end = hour_of(now)
        scores = hourly.scores_by_hour(tx, source, self._model, end - NEEDED_HOURS)
        moved = drift(scores, end)
        if moved is not None:
            yield findings.of_drift(source, moved, now)
        missing = abstaining(hourly.judged_by_hour(tx, source, end - NEEDED_HOURS), end)
        if missing is not None:
            yield findings.of_abstentions(source, missing, now)


def _still_watched(scope: Scope, found: Collection[Finding], look: Look) -> Callable[[Key], bool]:
    """What is looked at, and of which something can be told at all: a board on which hardly
    anybody writes any more is not drifting for ever.
    """
    judged = {(one.watch, one.subject) for one in found}

    def is_watched(key: Key) -> bool:
        can_be_told = key in judged or key[0] not in HOURLY or not _is_new_hour(look)
        return scope.includes(key) and can_be_told

    return is_watched


def _works(state: ChannelState) -> bool:
    return not state.broken and state.failing_since is None


def _is_new_minute(look: Look) -> bool:
    return look.before is None or look.before.replace(second=0, microsecond=0) != look.now.replace(
        second=0, microsecond=0
    )


def _is_new_hour(look: Look) -> bool:
    return look.before is None or hour_of(look.before) != hour_of(look.now)
