"""When to try again: a pure function of the attempts made."""

from __future__ import annotations

from datetime import datetime, timedelta

# Seconds after the alert at which attempt 1, 2, 3 ... is due. After the last one the delivery is
# dead: shown to people, kept until one of them closes it.
SCHEDULE_S = (
    0, 5, 30, 120, 600, 1_800, 3_600, 3 * 3_600, 8 * 3_600, 24 * 3_600, 48 * 3_600, 72 * 3_600,
)  # fmt: skip
JITTER = 0.2  # a wait is made up to this part longer or shorter, so that retries do not march
MAX_RETRY_AFTER_S = 24 * 3_600.0  # a far end that asks for more is not believed


def next_attempt(
    attempts: int,
    now: datetime,
    *,
    first_at: datetime,
    jitter: float,
    retry_after_s: float | None = None,
) -> datetime | None:
    """When the attempt after `attempts` made ones is due, None when there is none left.

    There is none left once the schedule's attempts were made and its time, as short as jitter
    makes it, is over since `first_at`: probes of a channel that fails are attempts, too, and must
    not use up the time it has. `jitter` lies in -1..1. `retry_after_s` is a floor that is never
    shortened, capped at 24 h.
    After 1 attempt: now + 5 s; after 2: now + 25 s; after 3: now + 90 s; each x (1 ± 0.2).
    """
    last = len(SCHEDULE_S) - 1
    if attempts > last and now - first_at >= timedelta(seconds=SCHEDULE_S[-1] * (1 - JITTER)):
        return None
    step = min(attempts, last)
    wait = SCHEDULE_S[step] - SCHEDULE_S[step - 1]
    wait_s = wait * (1 + JITTER * jitter)
    if retry_after_s is not None:
        wait_s = max(wait_s, min(retry_after_s, MAX_RETRY_AFTER_S))
    return now + timedelta(seconds=wait_s)
