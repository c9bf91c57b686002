"""What is done again and again, whoever asks: one process at a time, owned in the database."""

from __future__ import annotations

import threading
from datetime import timedelta

from moderator.alerting import Rules
from moderator.escalation import escalate_overdue
from moderator.storage import retention, verdict_joining
from moderator.storage.engine import Engine, database_now, read, write

RETENTION_EVERY = timedelta(hours=1)
ESCALATE_EVERY = timedelta(minutes=1)


def escalate(engine: Engine, rules: Rules, stopping: threading.Event) -> bool:
    """Tell more people of what nobody takes care of; False where another process does it in this
    minute. Raises Unavailable.
    """
    with write(engine) as tx:
        if not retention.claim_run(tx, "escalation", every=ESCALATE_EVERY, now=database_now(tx)):
            return False
    while not stopping.is_set():
        with write(engine) as tx:
            if not escalate_overdue(tx, rules.triggers, rules.recipients, database_now(tx)):
                break
    return True


def forget(engine: Engine, keep: retention.Retention, stopping: threading.Event) -> None:
    """Delete what is kept no longer, and join what people said about comments that came just
    then. Raises Unavailable.
    """
    with write(engine) as tx:
        now = database_now(tx)
        if not retention.claim_run(tx, "retention", every=RETENTION_EVERY, now=now):
            return
    for step in retention.steps(keep, now):
        while not stopping.is_set():
            with write(engine) as tx:
                if not step(tx):
                    break
    with read(engine) as tx:
        missed = verdict_joining.missed(tx, since=now - 2 * RETENTION_EVERY)
    if missed:
        with write(engine) as tx:
            verdict_joining.join(tx, missed)
