"""The outbox: the row that owes a message is the pending delivery; there is no second queue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, case, func, select, update

from moderator.domain.delivery import Attempt, AttemptOutcome, Claim, DeliveryState, Owed
from moderator.storage.engine import insert
from moderator.storage.tables import attempts, channel_states, outbox

_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """How a channel fares. `hold_until`: no attempt before. `broken`: a person must mend it."""

    hold_until: datetime | None = None
    failing_since: datetime | None = None
    broken: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How much one channel owes. `oldest` is when the oldest message still owed was first due."""

    channel: str
    pending: int
    dead: int
    oldest: datetime | None


def owe(tx: Connection, owed: Iterable[tuple[str, str, str]], now: datetime) -> None:
    """Owe one message for each (alert id, channel, recipient); those owed already stay."""
    _owe(tx, [_owed("alert_id", *each, now) for each in owed])


def owe_notice(
    tx: Connection, notice_id: str, recipients: Iterable[tuple[str, str]], now: datetime
) -> None:
    """Owe a stored notice to each (channel, recipient); those it is owed to already stay."""
    _owe(tx, [_owed("notice_id", notice_id, *each, now) for each in recipients])


def _owed(about: str, id_: str, channel: str, recipient: str, now: datetime) -> dict[str, Any]:
    return {
        about: id_,
        "channel": channel,
        "recipient": recipient,
        "state": DeliveryState.PENDING,
        "due_at": now,
        "attempts": 0,
    }


def _owe(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        tx.execute(insert(tx, outbox).on_conflict_do_nothing(), rows)


def claim_due(
    tx: Connection, channel: str, *, owner: str, now: datetime, lease: timedelta, limit: int
) -> list[Claim]:
    """Take up to `limit` due messages of a channel, oldest first, and count the attempt.

    A message whose lease ran out is due again: its last attempt's end is not known.
    """
    due = (
        select(outbox)
        .where(outbox.c.state.in_(_OPEN), outbox.c.channel == channel, outbox.c.due_at <= now)
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = tx.execute(due).all()
    if not rows:
        return []
    until = now + lease
    tx.execute(
        update(outbox)
        .where(outbox.c.id.in_([row.id for row in rows]))
        .values(
            state=DeliveryState.SENDING,
            attempts=outbox.c.attempts + 1,
            lease_owner=owner,
            lease_until=until,
            due_at=until,
        )
    )
    tx.execute(
        insert(tx, attempts),
        [
            {
                "outbox_id": row.id,
                "number": row.attempts + 1,
                "started_at": now,
                "outcome": AttemptOutcome.SENDING,
                "answer": "",
            }
            for row in rows
        ],
    )
    return [
        Claim(
            outbox_id=row.id,
            alert_id=row.alert_id,
            notice_id=row.notice_id,
            channel=row.channel,
            recipient=row.recipient,
            attempt=row.attempts + 1,
            lease_until=until,
            maybe_repeat=row.state == DeliveryState.SENDING,
        )
        for row in rows
    ]


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
        .where(attempts.c.outbox_id == claim.outbox_id, attempts.c.number == claim.attempt)
        .values(finished_at=now, outcome=outcome, answer=answer)
    )
    changed = tx.execute(
        update(outbox)
        .where(
            outbox.c.id == claim.outbox_id,
            outbox.c.lease_owner == owner,
            outbox.c.attempts == claim.attempt,
            outbox.c.state == DeliveryState.SENDING,
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


def give_back(tx: Connection, claims: Sequence[Claim], *, owner: str, now: datetime) -> None:
    """Return messages that were claimed and not tried, so that nobody waits for the lease."""
    for claim in claims:
        tx.execute(
            update(outbox)
            .where(
                outbox.c.id == claim.outbox_id,
                outbox.c.lease_owner == owner,
                outbox.c.attempts == claim.attempt,
            )
            .values(
                state=DeliveryState.PENDING,
                due_at=now,
                attempts=outbox.c.attempts - 1,
                lease_owner=None,
                lease_until=None,
            )
        )
        tx.execute(
            attempts.delete().where(
                attempts.c.outbox_id == claim.outbox_id, attempts.c.number == claim.attempt
            )
        )


def void_leases(tx: Connection, now: datetime) -> None:
    """Make every message in hand due at once: only for the one who knows that nobody holds it."""
    tx.execute(update(outbox).where(outbox.c.state == DeliveryState.SENDING).values(due_at=now))


def channel_state(tx: Connection, channel: str) -> ChannelState:
    """How a channel fares."""
    row = tx.execute(select(channel_states).where(channel_states.c.channel == channel)).first()
    if row is None:
        return ChannelState()
    return ChannelState(
        hold_until=row.hold_until,
        failing_since=row.failing_since,
        broken=row.broken,
        reason=row.reason,
    )


def note_failure(
    tx: Connection,
    channel: str,
    *,
    now: datetime,
    reason: str,
    broken: bool,
    hold_until: datetime | None,
) -> None:
    """Remember that a channel fails, since when, and until when it must be left alone."""
    table = channel_states.c
    statement = insert(tx, channel_states).values(
        channel=channel, hold_until=hold_until, failing_since=now, broken=broken, reason=reason
    )
    new = statement.excluded
    later = case(
        (table.hold_until.is_(None), new.hold_until),
        (new.hold_until.is_(None), table.hold_until),
        (new.hold_until > table.hold_until, new.hold_until),
        else_=table.hold_until,
    )
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["channel"],
            set_={
                "hold_until": later,
                "failing_since": func.coalesce(table.failing_since, new.failing_since),
                "broken": new.broken,
                "reason": new.reason,
            },
        )
    )


def note_success(tx: Connection, channel: str, now: datetime) -> None:
    """A channel that failed works again: its backlog is due at once, floors kept."""
    cleared = tx.execute(channel_states.delete().where(channel_states.c.channel == channel))
    if cleared.rowcount:
        tx.execute(
            update(outbox)
            .where(
                outbox.c.channel == channel,
                outbox.c.state == DeliveryState.PENDING,
                outbox.c.due_at > now,
                outbox.c.not_before.is_(None) | (outbox.c.not_before <= now),
            )
            .values(due_at=now)
        )


def backlogs(tx: Connection) -> list[Backlog]:
    """What each channel owes and has given up."""
    open_ = outbox.c.state.in_(_OPEN)
    # An alert's messages are first due when it is raised; that moment lives in the first attempt
    # or, where there was none, in due_at itself.
    first_due = func.coalesce(
        select(func.min(attempts.c.started_at))
        .where(attempts.c.outbox_id == outbox.c.id)
        .scalar_subquery(),
        outbox.c.due_at,
    )
    rows = tx.execute(
        select(
            outbox.c.channel,
            func.sum(case((open_, 1), else_=0)),
            func.sum(case((outbox.c.state == DeliveryState.DEAD, 1), else_=0)),
            func.min(case((open_, first_due))),
        )
        .where(outbox.c.state != DeliveryState.SENT)
        .group_by(outbox.c.channel)
    )
    return [
        Backlog(channel=channel, pending=int(pending), dead=int(dead), oldest=oldest)
        for channel, pending, dead, oldest in rows
    ]


def owed_for(tx: Connection, alert_ids: Sequence[str]) -> dict[str, list[Owed]]:
    """What each alert owes or has delivered, with every attempt."""
    rows = tx.execute(
        select(outbox).where(outbox.c.alert_id.in_(alert_ids)).order_by(outbox.c.id)
    ).all()
    tries: dict[int, list[Attempt]] = {}
    statement = select(attempts).where(attempts.c.outbox_id.in_([row.id for row in rows]))
    for a in tx.execute(statement.order_by(attempts.c.number)):
        tries.setdefault(a.outbox_id, []).append(
            Attempt(
                number=a.number,
                started_at=a.started_at,
                finished_at=a.finished_at,
                outcome=AttemptOutcome(a.outcome),
                answer=a.answer,
            )
        )
    found: dict[str, list[Owed]] = {}
    for row in rows:
        found.setdefault(row.alert_id, []).append(
            Owed(
                channel=row.channel,
                recipient=row.recipient,
                state=DeliveryState(row.state),
                due_at=row.due_at,
                settled_at=row.settled_at,
                attempts=tuple(tries.get(row.id, ())),
            )
        )
    return found
