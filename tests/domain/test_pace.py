"""How fast one recipient is told."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from moderator.domain.pace import GAP, WINDOW, free_at, past, told
from tests.builders import NOON


def seconds(*numbers: float) -> list[datetime]:
    """Moments so many seconds after noon."""
    return [NOON + timedelta(seconds=number) for number in numbers]


@pytest.mark.parametrize(
    ("sent", "rate", "now", "free"),
    [
        ((), 10, 0, 0),  # the first goes at once
        ((0,), 10, 0.2, 1),
        ((0,), 10, 5, 5),
        ((0, 5), 2, 6, 60),
        ((0, 5), 2, 61, 61),
        ((0, 5), 3, 6, 6),
        ((0, 1, 2), 2, 3, 61),  # a rate that was lowered: the newest count
    ],
)
def test_a_slot_is_free_after_a_second_and_within_the_rate(sent, rate, now, free):
    (moment,) = seconds(now)
    assert free_at(seconds(*sent), rate, moment) == seconds(free)[0]


@pytest.mark.parametrize("rate", [1, 2, 10, 60])
def test_whoever_asks_whenever_no_minute_holds_more_than_the_rate(rate):
    """Also when the clock is put back by an hour: nobody waits for the hour to pass again."""
    randomness = random.Random(rate)
    now, true_s = NOON, 0.0
    sent: list[datetime] = []
    moments: list[float] = []
    for n in range(3_000):
        step = randomness.expovariate(2)
        now, true_s = now + timedelta(seconds=step), true_s + step
        if n == 1_500:
            now -= timedelta(hours=1)
        sent = past(sent, now)
        if free_at(sent, rate, now) == now:
            sent = told(sent, rate, now)
            moments.append(true_s)
    gaps = [b - a for a, b in pairwise(moments)]
    assert min(gaps) >= GAP.total_seconds()
    assert max([*gaps, true_s - moments[-1]]) < 2 * WINDOW.total_seconds()
    assert all(b - a >= 60 - 1e-6 for a, b in zip(moments, moments[rate:], strict=False))
