"""A budget on a board: simulated weeks, on both databases, from one process and from three."""

from __future__ import annotations

import itertools
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from moderator.alerting import Rules
from moderator.app.budgets import Budgets
from moderator.backtest import find_past, run
from moderator.channels.wording import word
from moderator.domain.message import Message
from moderator.domain.trigger import Budget, Trigger
from moderator.ingest import ingest
from moderator.storage import alerts, thresholds
from moderator.storage.engine import closing_pool, connect, read
from tests.backtest.board import raised_in_replay, raised_live
from tests.builders import NOON, MarkedScorer, a_delivery, an_event

ASKED = Budget(per_day=10, always_above=0.95, key="ten a day")
TOXIC = Trigger(name="toxic", when={"hate": 0.8}, budget=ASKED, notify=("mods",))
A_DAY = 120  # comments
HOUR = timedelta(hours=1)


class Site:
    """A service whose clock the test holds, with a number of processes that take turns."""

    def __init__(self, engines: list[Engine], trigger: Trigger = TOXIC) -> None:
        self.now = NOON
        self.trigger = trigger
        self.engines = engines
        self.budgets = [Budgets(engine, clock=lambda _tx: self.now) for engine in engines]
        self._turns = itertools.cycle(range(len(engines)))
        self._numbers = itertools.count()
        self._chance = random.Random(5)

    @property
    def engine(self) -> Engine:
        """The first process's."""
        return self.engines[0]

    @property
    def bar(self) -> float:
        """What is in force in all processes."""
        (bar,) = {budgets.in_force[self.trigger.budget.key] for budgets in self.budgets}
        return bar

    def look(self) -> None:
        """Every process looks at its budgets, all at once, and follows."""
        with ThreadPoolExecutor(len(self.budgets)) as pool:
            list(pool.map(lambda budgets: budgets.update(lambda: [self.trigger]), self.budgets))
        for budgets in self.budgets:
            budgets.follow(lambda: [self.trigger])

    def bring(self, days: int) -> None:
        """So many days of the board's past, as it would be imported, and a look at them."""
        steps = days * A_DAY
        start, past = self.now, []
        for number in range(steps):
            self.now = start + number * timedelta(days=days) / steps
            past.append(self._comment(self._chance.betavariate(1, 3)))
        self.take(*past)
        self.now = start + timedelta(days=days) + HOUR
        self.look()

    def live(self, hours: int, flood: int = 0) -> None:
        """So many hours of the board, an hour a batch, with `flood` mid-level texts an hour."""
        for _ in range(hours):
            events = [self._comment(self._chance.betavariate(1, 3)) for _ in range(A_DAY // 24)]
            events += [self._comment(self._chance.uniform(0.8, 0.94)) for _ in range(flood)]
            self.take(*events)
            self.now += HOUR
            self.look()

    def say(self, hate: float) -> tuple[int, int]:
        """One comment; how many alerts it raised, and how many it belongs to."""
        (result,) = self.take(self._comment(hate))
        return len(result.alerts), len(result.folded_into)

    def take(self, *events):
        """One batch, taken in by the process whose turn it is."""
        turn = next(self._turns)
        rules = Rules(
            triggers=(self.trigger,),
            recipients={"mods": ("",)},
            bars=self.budgets[turn].in_force,
        )
        answers = ingest(
            self.engines[turn],
            MarkedScorer(),
            rules,
            [a_delivery(event) for event in events],
            now=self.now,
            new_id=lambda: f"a{next(self._numbers)}",
        )
        return [one for answer in answers if isinstance(answer, tuple) for one in answer]

    def _comment(self, hate: float):
        number = next(self._numbers)
        return an_event(
            f"hate={hate:.6f}", comment_id=str(number), created_at=self.now, author_id=f"u{number}"
        )

    def alerts_since(self, then: datetime) -> int:
        """How many alerts were raised since then."""
        with read(self.engine) as tx:
            return sum(one.raised_at >= then for one in alerts.newest_alerts(tx, limit=10_000))


@pytest.fixture
def site(engines):
    """A board of a week, on which the trigger alone would hardly ever alert."""
    site = Site(engines)
    site.look()
    return site


def test_a_budget_under_attack(site):
    """It finds its threshold; a flood lifts that, never above what always alerts; and afterwards
    it comes down again by at most 0.02 an hour. All of it is replayed as it was.
    """
    assert site.bar == 0.8  # nothing is known yet: the trigger's own

    site.bring(days=5)
    quiet = site.bar
    assert 0.5 < quiet < 0.65

    lifted = []
    for _ in range(9):
        site.live(1, flood=20)
        lifted.append(site.bar)
        assert site.say(0.95) == (1, 0)  # whatever is flooded in
    steps = [round(b - a, 4) for a, b in itertools.pairwise([quiet, *lifted])]
    assert max(steps) == 0.02
    assert quiet + 0.15 < lifted[-1] <= 0.95
    assert site.say(lifted[-1] - 0.001) == (0, 0)

    hours, bars = 0, [site.bar]
    while site.bar > quiet + 0.07:  # the band: it stops where the budget is nearly used
        site.live(1)
        hours += 1
        bars.append(site.bar)
        assert hours < 48
    assert max(a - b for a, b in itertools.pairwise(bars)) <= 0.02 + 1e-9

    assert raised_in_replay(site.engine, [site.trigger]) == raised_live(site.engine)
    with read(site.engine) as tx:
        moves = [move for _, move in thresholds.history(tx, limit=1_000)]
    assert moves[0].value == site.bar
    assert len({move.since for move in moves}) == len(moves)  # one process an hour


def test_a_clock_that_jumps_moves_a_budget_s_threshold_once_an_hour_at_most(site):
    """And all processes hold the same one, whichever hour they are in."""
    site.bring(days=2)
    bars = [site.bar]
    for jump in (HOUR, -HOUR, -2 * HOUR, HOUR):
        site.now += jump
        site.live(2, flood=20)
        bars.append(site.bar)
    assert bars[-1] > bars[0]
    assert max(abs(b - a) for a, b in itertools.pairwise(bars)) <= 2 * 0.02 + 1e-9
    with read(site.engine) as tx:
        moves = [move for _, move in thresholds.history(tx, limit=1_000)]
    assert len({move.since for move in moves}) == len(moves)
    assert raised_in_replay(site.engine, [site.trigger]) == raised_live(site.engine)


@pytest.fixture
def alone(sqlite_url):
    """A board with one process."""
    with closing_pool(connect(sqlite_url)) as engine:
        site = Site([engine])
        site.look()
        yield site


def test_an_alert_says_what_it_was_held_against_and_who_set_it(alone):
    alone.bring(days=2)
    assert alone.say(0.9) == (1, 0)
    alone.take(alone._comment(0.99))
    with read(alone.engine) as tx:
        alert = next(a for a in alerts.newest_alerts(tx, limit=9) if a.probabilities.hate == 0.9)
    assert alert.thresholds == {"hate": alone.bar}
    facts = {f.name: f.text for f in word(Message(key="k", about=alert), 0).facts}
    assert facts["Reached"].endswith("set by the budget of 10 a day")


def test_a_new_budget_begins_from_the_trigger_again(alone):
    alone.bring(days=2)
    assert alone.bar < 0.8
    alone.trigger = Trigger(
        name="toxic", when={"hate": 0.9}, budget=Budget(per_day=1, key="one a day")
    )
    alone.budgets[0].follow(lambda: [alone.trigger])
    assert alone.bar == 0.9
    alone.look()
    assert alone.bar != 0.9  # it is solved at once, since the past is known


def test_a_backtest_of_a_budget_looks_at_the_past_hour_by_hour(alone):
    """The present is replayed with the thresholds of then; another budget is solved anew."""
    alone.bring(days=5)
    alone.live(48)
    assert 2 * 6 <= alone.alerts_since(alone.now - timedelta(days=2)) <= 2 * 14
    past = find_past(alone.engine, [alone.trigger], timedelta(days=2))
    other = Trigger(name="toxic", when={"hate": 0.8}, budget=Budget(per_day=3, key="three a day"))
    found = run(alone.engine, past, present=[alone.trigger], candidate=[other])
    effect = found.effects["toxic"]
    live = [alert for alert in raised_live(alone.engine) if alert.written_at >= past.start]
    assert sorted(effect.before, key=str) == sorted(live, key=str)
    assert 2 * 1.5 <= len(effect.after) <= 2 * 5
    assert min(found.bars["toxic"]) > alone.bar
