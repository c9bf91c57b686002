"""From a number of alerts that a moderator can bear to the alerts of a month."""

from __future__ import annotations

import random
import shutil
from datetime import timedelta

import pytest

from moderator.domain.trigger import Scope, Trigger
from moderator.storage.engine import connect
from tests.backtest.board import in_order, raised_live
from tests.backtest.month import walk
from tests.builders import MarkedScorer

COMMENTS, THREADS = 1_600, 80
TOXIC = Trigger(name="toxic", when={"toxic": 0.5})
HEATED = Trigger(
    name="heated",
    scope=Scope.THREAD,
    when={"toxic": 0.15},
    count=3,
    within=timedelta(days=1),
    cooldown=timedelta(hours=12),
)


@pytest.fixture
def second(tmp_path, sqlite_template):
    """Another empty database."""
    path = tmp_path / "second.db"
    shutil.copy(sqlite_template, path)
    engine = connect(f"sqlite:///{path}")
    yield engine
    engine.dispose()


def comments() -> list[str]:
    """Three in a hundred are toxic, and now and then a civil one looks so."""
    chance = random.Random(3)
    shares = [
        chance.betavariate(5, 2) if number % 100 < 3 else chance.betavariate(1, 12)
        for number in range(COMMENTS)
    ]
    return [f"hate={share / 2:.6f} offensive={share / 2:.6f}" for share in shares]


@pytest.mark.parametrize(
    "triggers", [(TOXIC, HEATED), (HEATED, TOXIC)], ids=["of a comment", "of a thread"]
)
def test_the_month_after_a_suggestion_is_as_it_was_foreseen_alert_by_alert(
    engine, second, triggers
):
    """The suggestion keeps to four a day, the backtest says the same, and live it comes so."""
    found = walk(
        (engine, second),
        MarkedScorer(),
        triggers,
        comments(),
        alerts_per_day=4,
        threads=THREADS,
    )
    name = triggers[0].name
    after = found.backtest.as_json()["triggers"][name]["after"]
    assert after["alerts_per_day"] == pytest.approx(4, abs=1)
    assert after["alerts_per_day"] == found.suggestion.alerts_per_day
    assert found.second == found.foreseen
    present = [one for e in found.backtest.effects.values() for one in e.before]
    assert in_order(present) == raised_live(engine)
