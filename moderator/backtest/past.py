"""The stretch of the stored past that is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderator.backtest.steering import LOOKED_AT
from moderator.domain.errors import DataError
from moderator.domain.trigger import Sighting, Trigger
from moderator.domain.trigger.window import PAST
from moderator.storage import past_comments
from moderator.storage.engine import Engine, read

DEFAULT_LENGTH = timedelta(days=30)
PAGE = 5_000  # comments read in one short transaction: no writer and no clean-up waits for us
SHORTEST = timedelta(days=1)  # less is counted as a day: ten minutes say nothing of a rate

Progress = Callable[[int], object]  # told how many more comments went by


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What was written from `start` to `end`: `comments` versions that triggers looked at.

    A replay begins at `warm_from` and sees `replayed` of them, so that windows which were open at
    `start` are as they were.
    """

    start: datetime
    end: datetime
    comments: int
    warm_from: datetime
    replayed: int

    @property
    def days(self) -> float:
        """Its length in days, at least one, to a hundredth."""
        return round(max(self.end - self.start, SHORTEST) / timedelta(days=1), 2)

    def per_day(self, alerts: int) -> float:
        """So many alerts in all, as a rate, to a hundredth."""
        return round(alerts / self.days, 2)


def find_past(engine: Engine, triggers: Iterable[Trigger], length: timedelta | None) -> Past:
    """The last `length` of what is stored, counted back from the newest comment; None: all of it.

    The days are those of writing, so that imported history is spread as it was written. Raises
    DataError where nothing is stored, and Unavailable.
    """
    with read(engine) as tx:
        written = past_comments.written_between(tx, length)
        if written is None:
            raise DataError("there is no past to look at: no judged comment is stored yet")
        start, end = written
        warm_from = start - max(map(_memory, triggers), default=timedelta())
        return Past(
            start=start,
            end=end,
            comments=past_comments.count_from(tx, start),
            warm_from=warm_from,
            replayed=past_comments.count_from(tx, warm_from),
        )


def _memory(trigger: Trigger) -> timedelta:
    """How long a comment may still matter to what comes after it."""
    windows = 2 if trigger.rise is None else 2 + PAST
    solved = LOOKED_AT if trigger.budget is not None else timedelta()
    return max(windows * trigger.within, trigger.cooldown, 2 * trigger.fold_copies, solved)


def sightings(engine: Engine, past: Past, progress: Progress | None = None) -> Iterator[Sighting]:
    """What the triggers saw, from `warm_from` on, in the order of arrival. Raises Unavailable."""
    return sightings_since(engine, past.warm_from, progress)


def sightings_since(
    engine: Engine, since: datetime, progress: Progress | None = None
) -> Iterator[Sighting]:
    """What the triggers saw of what was written at `since` or later. Raises Unavailable."""
    after = 0
    while True:
        with read(engine) as tx:
            page = past_comments.sightings(tx, since=since, after=after, limit=PAGE)
        for number, seen in page:
            after = number
            yield seen
        if progress is not None:
            progress(len(page))
        if len(page) < PAGE:
            return
