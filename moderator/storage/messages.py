"""Messages: which of what is owed goes out together, and what became of each attempt.

An outbox row is in no message yet, or in exactly one for ever: what a message tells, and its key,
stay the same over retries and crashes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select, update

from moderator.domain import pace
from moderator.domain.alert import Alert
from moderator.domain.delivery import SEVERITIES, AttemptOutcome, Claim, DeliveryState, rank
from moderator.domain.message import TOLD, Digest, Tally
from moderator.domain.notice import Notice
from moderator.domain.timing import Timing
from moderator.storage import paces
from moderator.storage.alerts import alert
from moderator.storage.engine import insert
from moderator.storage.notices import notice
from moderator.storage.outbox import OPEN
from moderator.storage.tables import alerts, attempts, messages, outbox

MOST = 10_000  # alerts in one message: what is formed in one transaction must not hold up intake
SKEW = timedelta(minutes=5)  # what was raised later than this from now, another clock raised
NOT_FORMED = timedelta(seconds=10)  # beside one message that fails; doubled for each further one
NOT_FORMED_AT_MOST = timedelta(minutes=30)

_NEVER = len(SEVERITIES)  # no severity is as high


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a channel may send now: by its timing, and by how it fares.

    `is_failing`: little new is formed beside what did not get through. `is_probe`: it is time to
    find out whether it works again, with a message that is not due.
    """

    channel: str
    timing: Timing
    now: datetime
    is_failing: bool = False
    is_probe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What there is to do: a message to send, or a moment at which a recipient's pace lets the
    next one go; neither where nothing is due.
    """

    claim: Claim | None = None
    again_at: datetime | None = None


def next_turn(tx: Connection, asked: Asked, *, owner: str, lease: timedelta) -> Turn:
    """Take the next message that may go to any recipient of a channel, and count the attempt.

    What waits and may go forms a message then and there: urgent things first, then what was tried
    before and is due, then everything else.
    """
    again: list[datetime] = []
    for recipient in _recipients(tx, asked):
        sent = paces.lock(tx, asked.channel, recipient, asked.now)
        if sent is None:
            continue  # another process is at it
        free = pace.free_at(sent, asked.timing.rate, asked.now)
        if free > asked.now:
            again.append(free)
            continue
        row = _chosen(tx, asked, recipient)
        if row is not None:
            sent = pace.told(sent, asked.timing.rate, asked.now)
            paces.save(tx, asked.channel, recipient, sent, asked.now)
            return Turn(claim=_claimed(tx, row, owner=owner, now=asked.now, lease=lease))
    return Turn(again_at=min(again, default=None))


def _recipients(tx: Connection, asked: Asked) -> list[str]:
    """Whoever is owed something that may go now."""
    waiting = select(outbox.c.recipient).where(_may_go(asked)).distinct()
    tried = select(messages.c.recipient).where(_is_open(asked), _is_due(asked)).distinct()
    return sorted({*tx.execute(waiting).scalars(), *tx.execute(tried).scalars()})


def _may_go(asked: Asked, *, urgent_only: bool = False) -> ColumnElement[bool]:
    """Rows in no message yet that may be told now."""
    waits = (outbox.c.channel == asked.channel) & outbox.c.message_id.is_(None)
    until = asked.timing.open_until(asked.now)
    is_urgent = outbox.c.severity >= _urgent(asked)
    if urgent_only or until is None:
        return waits & is_urgent
    return waits & or_(is_urgent, outbox.c.owed_at <= until, outbox.c.owed_at > asked.now + SKEW)


def _is_open(asked: Asked) -> ColumnElement[bool]:
    """Messages of the channel under way that the hour lets out."""
    found = (messages.c.channel == asked.channel) & messages.c.state.in_(OPEN)
    if asked.timing.open_until(asked.now) is None:
        return found & (messages.c.severity >= _urgent(asked))
    return found


def _is_due(asked: Asked) -> ColumnElement[bool]:
    due = messages.c.due_at <= asked.now
    if not asked.is_probe:
        return due
    allowed = messages.c.not_before.is_(None) | (messages.c.not_before <= asked.now)
    return due | ((messages.c.state == DeliveryState.PENDING) & allowed)


def _urgent(asked: Asked) -> int:
    return _NEVER if asked.timing.urgent is None else rank(asked.timing.urgent)


def _chosen(tx: Connection, asked: Asked, recipient: str) -> Row[Any] | None:
    may_form = not asked.is_failing or _may_form(tx, asked, recipient)
    row = _formed(tx, asked, recipient, urgent_only=True) if may_form else None
    row = row or _tried(tx, asked, recipient)
    return row or (_formed(tx, asked, recipient) if may_form else None)


def _may_form(tx: Connection, asked: Asked, recipient: str) -> bool:
    """Beside a message that does not get through, another is formed only once in a while: it may
    be that one alone, and when it is not, what waits goes out together when all is well again.
    """
    count, newest = tx.execute(
        select(func.count(), func.max(messages.c.formed_at)).where(
            messages.c.channel == asked.channel,
            messages.c.recipient == recipient,
            messages.c.state.in_(OPEN),
        )
    ).one()
    if not count:
        return True
    return bool(asked.now - newest >= min(NOT_FORMED * 2 ** min(count, 10), NOT_FORMED_AT_MOST))


def _tried(tx: Connection, asked: Asked, recipient: str) -> Row[Any] | None:
    """The message that has been due for longest. One whose lease ran out is due again."""
    statement = (
        select(messages)
        .where(_is_open(asked), messages.c.recipient == recipient, _is_due(asked))
        .order_by(messages.c.due_at, messages.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return tx.execute(statement).first()


def _formed(
    tx: Connection, asked: Asked, recipient: str, *, urgent_only: bool = False
) -> Row[Any] | None:
    """A new message of what may go: one notice, or else all alerts together."""
    may_go = _may_go(asked, urgent_only=urgent_only) & (outbox.c.recipient == recipient)
    lead = select(outbox.c.id, outbox.c.alert_id, outbox.c.notice_id).where(may_go).limit(1)
    of_notices = lead.where(outbox.c.notice_id.is_not(None))
    most_severe = of_notices.order_by(outbox.c.severity.desc(), outbox.c.id)
    if (row := tx.execute(most_severe).first()) is not None:
        return _form(tx, asked, recipient, row.notice_id, outbox.c.id == row.id)
    if (row := tx.execute(lead.order_by(outbox.c.id)).first()) is None:
        return None
    of_alerts = select(outbox.c.id).where(may_go, outbox.c.alert_id.is_not(None))
    all_of_them = outbox.c.id.in_(of_alerts.order_by(outbox.c.id).limit(MOST).scalar_subquery())
    return _form(tx, asked, recipient, row.alert_id, all_of_them)


def _form(
    tx: Connection, asked: Asked, recipient: str, lead: str, members: ColumnElement[bool]
) -> Row[Any]:
    """Put outbox rows into a message of their own. `lead` is what its key is made of."""
    new = {
        "key": "",
        "channel": asked.channel,
        "recipient": recipient,
        "size": 0,
        "severity": 0,
        "state": DeliveryState.PENDING,
        "formed_at": asked.now,
        "due_at": asked.now,
        "attempts": 0,
    }
    id_ = tx.execute(insert(tx, messages).values(new).returning(messages.c.id)).scalar_one()
    size = tx.execute(update(outbox).where(members).values(message_id=id_)).rowcount
    highest = select(func.max(outbox.c.severity)).where(outbox.c.message_id == id_)
    key = f"{lead}.{asked.channel}" if size == 1 else f"digest-{lead}.{asked.channel}"
    return tx.execute(
        update(messages)
        .where(messages.c.id == id_)
        .values(key=key, size=size, severity=highest.scalar_subquery())
        .returning(messages)
    ).one()


def _claimed(
    tx: Connection, row: Row[Any], *, owner: str, now: datetime, lease: timedelta
) -> Claim:
    until, number = now + lease, row.attempts + 1
    tx.execute(
        update(messages)
        .where(messages.c.id == row.id)
        .values(
            state=DeliveryState.SENDING,
            attempts=number,
            lease_owner=owner,
            lease_until=until,
            due_at=until,
        )
    )
    tx.execute(
        insert(tx, attempts).values(
            message_id=row.id,
            number=number,
            started_at=now,
            outcome=AttemptOutcome.SENDING,
            answer="",
        )
    )
    return Claim(
        message_id=row.id,
        key=row.key,
        channel=row.channel,
        recipient=row.recipient,
        size=row.size,
        formed_at=row.formed_at,
        attempt=number,
        lease_until=until,
        maybe_repeat=row.state == DeliveryState.SENDING,
    )


def record(
    tx: Connection,
    claim: Claim,
    *,
    owner: str,
    now: datetime,
    outcome: AttemptOutcome,
    answer: str,
    state: DeliveryState,
    due_at: datetime | None = None,
    not_before: datetime | None = None,
) -> bool:
    """Write down what an attempt came to and what happens next.

    False, and nothing changes but the attempt's own row, where the lease was lost meanwhile:
    somebody else's attempt decides.
    """
    tx.execute(
        update(attempts)
        .where(attempts.c.message_id == claim.message_id, attempts.c.number == claim.attempt)
        .values(finished_at=now, outcome=outcome, answer=answer)
    )
    changed = tx.execute(
        update(messages)
        .where(
            messages.c.id == claim.message_id,
            messages.c.lease_owner == owner,
            messages.c.attempts == claim.attempt,
            messages.c.state == DeliveryState.SENDING,
        )
        .values(
            state=state,
            due_at=due_at or now,
            not_before=not_before,
            lease_owner=None,
            lease_until=None,
            settled_at=None if state is DeliveryState.PENDING else now,
        )
    )
    return changed.rowcount == 1


def drop(tx: Connection, claim: Claim) -> None:
    """Forget a message about which there is nothing left to tell."""
    tx.execute(messages.delete().where(messages.c.id == claim.message_id))


def void_leases(tx: Connection, now: datetime) -> None:
    """Make every message in hand due at once: only for the one who knows that nobody holds it."""
    tx.execute(update(messages).where(messages.c.state == DeliveryState.SENDING).values(due_at=now))


def about(tx: Connection, claim: Claim) -> Alert | Notice | Digest | None:
    """What a message tells; None where its retention is over, or its author was forgotten."""
    if claim.size > 1:
        return _digest(tx, claim)
    mine = outbox.c.message_id == claim.message_id
    row = tx.execute(select(outbox.c.alert_id, outbox.c.notice_id).where(mine)).first()
    if row is None:
        return None
    return notice(tx, row.notice_id) if row.alert_id is None else alert(tx, row.alert_id)


def _digest(tx: Connection, claim: Claim) -> Digest | None:
    mine = outbox.c.message_id == claim.message_id
    together = outbox.join(alerts, alerts.c.id == outbox.c.alert_id)
    group = (alerts.c.trigger, outbox.c.severity)
    counted = select(
        *group, func.count(), func.min(alerts.c.raised_at), func.max(alerts.c.raised_at)
    ).select_from(together)
    rows = tx.execute(counted.where(mine).group_by(*group)).all()
    if not rows:
        return None
    worst_first = (outbox.c.severity.desc(), outbox.c.height.desc(), outbox.c.id)
    worst = tx.execute(select(outbox.c.alert_id).where(mine).order_by(*worst_first).limit(TOLD))
    told = [alert(tx, alert_id) for alert_id in worst.scalars().all()]
    tallies = [
        Tally(trigger=trigger, severity=SEVERITIES[severity], count=count)
        for trigger, severity, count, _, _ in rows
    ]
    return Digest(
        tallies=tuple(sorted(tallies, key=lambda t: (-rank(t.severity), -t.count, t.trigger))),
        told=tuple(one for one in told if one is not None),
        first_at=min(first for *_, first, _ in rows),
        last_at=max(last for *_, last in rows),
    )
