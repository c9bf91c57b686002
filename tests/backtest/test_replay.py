"""The replay of the past is the past."""

from __future__ import annotations

import random

import pytest

from tests.backtest.board import (
    raised_in_replay,
    raised_live,
    random_event,
    random_trigger,
    take_in,
)
from tests.builders import at


@pytest.mark.parametrize("seed", range(5))
def test_replaying_the_past_gives_exactly_the_alerts_that_were_raised(engine, seed):
    """Whatever the triggers, with edits, deletions, restores, late and repeated comments, alone
    or in batches.
    """
    chance = random.Random(seed)
    triggers = [random_trigger(chance, f"t{number}") for number in range(8)]
    arrivals = []
    minute = 0.0
    for _ in range(120):
        minute += chance.choice((0, 0, 0.5, 3, 20))
        arrivals.append((at(minute), random_event(chance, minute)))
    take_in(engine, triggers, arrivals)

    live = raised_live(engine)
    assert raised_in_replay(engine, triggers) == live
    assert len({alert.trigger for alert in live}) >= 3
