"""When to try again: the arithmetic."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from moderator.domain.retry import SCHEDULE_S, next_attempt
from tests.builders import NOON


def wait_s(attempts, **options):
    """Seconds until the next attempt."""
    asked: dict[str, Any] = {"first_at": NOON, "jitter": 0.0} | options
    due = next_attempt(attempts, NOON, **asked)
    assert due is not None
    return (due - NOON).total_seconds()


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [(1, 5), (2, 25), (3, 90), (4, 480), (5, 1_200), (6, 1_800), (7, 7_200), (11, 86_400)],
)
def test_waits_grow(attempts, expected):
    assert wait_s(attempts) == expected


def test_after_the_last_attempt_and_the_last_hour_there_is_none():
    over = NOON - timedelta(seconds=0.8 * SCHEDULE_S[-1])
    assert next_attempt(len(SCHEDULE_S), NOON, first_at=over, jitter=0.0) is None


@pytest.mark.parametrize("attempts", [12, 400])
def test_probes_of_a_channel_that_fails_do_not_use_up_the_time_there_is(attempts):
    """Ten minutes apart, twelve attempts are over in two hours."""
    since = NOON - timedelta(hours=57)
    assert wait_s(attempts, first_at=since) == 86_400


@pytest.mark.parametrize(("jitter", "expected"), [(-1.0, 20), (1.0, 30)])
def test_jitter_moves_a_wait_by_a_fifth_at_most(jitter, expected):
    assert wait_s(2, jitter=jitter) == expected


@pytest.mark.parametrize(
    ("retry_after_s", "expected"),
    [
        (1, 5),  # our own wait is longer
        (30, 30),  # a floor, never shortened
        (10**9, 86_400),  # a far end that asks for years is not believed
    ],
)
def test_retry_after_is_a_floor(retry_after_s, expected):
    assert wait_s(1, retry_after_s=retry_after_s) == expected
    assert wait_s(1, retry_after_s=retry_after_s, jitter=-1.0) >= min(expected, 30) or expected == 5
