"""Telling more people of an alert that goes on, or that nobody takes care of: once.

What the trigger in force says counts, not what it said when the alert was raised: whoever takes
`escalate` away, or puts the trigger in shadow, wants nobody to be woken. Who marks the alert owes
the messages, in the same transaction; any number of processes may try.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from moderator.channels.phrases import span
from moderator.domain.delivery import Debt
from moderator.domain.trigger import Escalation, Mode, Severity, Trigger
from moderator.storage import escalations, outbox

BATCH = 200  # alerts a transaction

Recipients = Mapping[str, tuple[str, ...]]  # of each channel


def due_at(trigger: Trigger, raised_at: datetime) -> datetime | None:
    """When an alert that is raised now has stood too long, None where time alone does nothing."""
    if trigger.mode is not Mode.LIVE or trigger.escalate is None:
        return None
    patience = trigger.escalate.unacknowledged
    return None if patience is None else raised_at + patience


def escalate_grown(
    tx: Connection,
    folded: Sequence[str],
    triggers: Sequence[Trigger],
    recipients: Recipients,
    now: datetime,
) -> int:
    """Escalate those of these alerts to which enough hits were added; returns how many."""
    asked = {name: rule for name, rule in _rules(triggers).items() if rule.after is not None}
    if not folded or not asked:
        return 0
    count = 0
    for alert_id, trigger, hits in escalations.grown(tx, set(folded), asked):
        rule = asked[trigger]
        if rule.after is not None and hits >= rule.after:
            because = f"{hits:,} more {'hit' if hits == 1 else 'hits'} since"
            count += _escalate(tx, alert_id, rule, because, recipients, now)
    return count


def escalate_overdue(
    tx: Connection, triggers: Sequence[Trigger], recipients: Recipients, now: datetime
) -> int:
    """Escalate at most `BATCH` of the alerts that stood too long; returns how many it saw to."""
    rules = _rules(triggers)
    due = escalations.overdue(tx, now, limit=BATCH)
    for alert_id, trigger in due:
        rule = rules.get(trigger)
        if rule is not None and rule.unacknowledged is not None:
            passed = span(int(rule.unacknowledged.total_seconds()))
            because = f"nobody has taken care of it for {passed}"
            _escalate(tx, alert_id, rule, because, recipients, now)
    escalations.drop(tx, [alert_id for alert_id, _ in due])
    return len(due)


def _rules(triggers: Sequence[Trigger]) -> dict[str, Escalation]:
    live = [trigger for trigger in triggers if trigger.mode is Mode.LIVE]
    return {trigger.name: trigger.escalate for trigger in live if trigger.escalate is not None}


def _escalate(
    tx: Connection,
    alert_id: str,
    rule: Escalation,
    because: str,
    recipients: Recipients,
    now: datetime,
) -> bool:
    if not escalations.mark(tx, alert_id, because=because, now=now):
        return False
    owed = [
        Debt(
            alert_id=alert_id,
            channel=channel,
            recipient=to,
            severity=Severity.CRITICAL,  # it waits for no digest
            height=1.0,
        )
        for channel in rule.notify
        for to in recipients[channel]
    ]
    outbox.owe(tx, owed, now)
    return True
