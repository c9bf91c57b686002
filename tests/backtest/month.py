"""A month on a board: comments spread over 30 days and 200 threads, and its walk through the bot.

Live under present triggers; then `suggest` for so many alerts a day; then the backtest of that;
then the same month live once more, under what was suggested.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine

from moderator.alerting import Rules
from moderator.backtest import Backtest, Suggestion, find_past, run, suggest
from moderator.domain.comment import CommentEvent
from moderator.domain.passing import Raised
from moderator.domain.score import Scorer
from moderator.domain.trigger import Trigger
from moderator.ingest import ingest
from tests.backtest.board import in_order, raised_live
from tests.builders import NOON, a_delivery, an_event

DAYS, THREADS, AUTHORS = 30, 200, 500
TOGETHER = 200  # comments a transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What came of it. `second` are the alerts of the month under what was suggested."""

    suggestion: Suggestion
    backtest: Backtest
    second: list[Raised]

    @property
    def foreseen(self) -> list[Raised]:
        """The alerts that the backtest says there would be."""
        return in_order([one for e in self.backtest.effects.values() for one in e.after])


def a_month(
    texts: Sequence[str], threads: int = THREADS, seed: int = 0
) -> Iterator[tuple[datetime, CommentEvent]]:
    """The texts in an order of chance, evenly over the month, each by someone in some thread."""
    chance = random.Random(seed)
    order = chance.sample(range(len(texts)), len(texts))
    for place, number in enumerate(order):
        when = NOON + place * timedelta(days=DAYS) / len(texts)
        yield (
            when,
            an_event(
                texts[number],
                comment_id=str(place),
                thread_id=str(chance.randrange(threads)),
                author_id=str(chance.randrange(AUTHORS)),
                created_at=when,
            ),
        )


def live(
    engine: Engine,
    scorer: Scorer,
    triggers: Sequence[Trigger],
    month: Iterator[tuple[datetime, CommentEvent]],
) -> None:
    """Take the month in, with the clock of the board."""
    ids = (f"al_{number}" for number in itertools.count())
    rules = Rules(triggers=tuple(triggers))
    while together := list(itertools.islice(month, TOGETHER)):
        batch = [a_delivery(event) for _, event in together]
        ingest(engine, scorer, rules, batch, now=together[-1][0], new_id=lambda: next(ids))


def walk(
    engines: tuple[Engine, Engine],
    scorer: Scorer,
    triggers: Sequence[Trigger],
    texts: Sequence[str],
    alerts_per_day: float,
    threads: int = THREADS,
) -> Walk:
    """The whole way, for the first of the triggers, on two databases that are empty."""
    first, second = engines
    live(first, scorer, triggers, a_month(texts, threads))
    past = find_past(first, triggers, timedelta(days=DAYS))
    found = suggest(first, past, triggers[0], alerts_per_day)
    chosen = [replace(found.chosen, mode=triggers[0].mode), *triggers[1:]]
    backtest = run(first, past, present=triggers, candidate=chosen)
    live(second, scorer, chosen, a_month(texts, threads))
    return Walk(suggestion=found, backtest=backtest, second=raised_live(second))
