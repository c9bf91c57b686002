"""The outbox: the row that owes something is the pending delivery; there is no second queue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    case,
    func,
    literal,
    select,
    union_all,
    update,
)

from moderator.domain.delivery import Attempt, AttemptOutcome, Debt, DeliveryState, Owed, rank
from moderator.domain.timing import Timing
from moderator.domain.trigger import Severity
from moderator.storage.engine import insert
from moderator.storage.tables import (
    Instant,
    attempts,
    channel_states,
    messages,
    notices,
    outbox,
)

OPEN = (DeliveryState.PENDING, DeliveryState.SENDING)
NO_TIMINGS: Mapping[str, Timing] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """How a channel fares. `failed_at`: the last time. `hold_until`: no attempt before. `broken`:
    a person must mend it.
    """

    hold_until: datetime | None = None
    failing_since: datetime | None = None
    failed_at: datetime | None = None
    broken: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What one channel owes, counted in alerts and notices for each recipient.

    `waiting` are in no message yet, `under_way` in one that is being sent or will be tried again;
    `oldest` is since when the oldest of both has been due: what a digest, quiet hours or the rate
    hold back is not late.
    """

    channel: str
    owed: int = 0
    waiting: int = 0
    under_way: int = 0
    dead: int = 0
    oldest: datetime | None = None

    @property
    def pending(self) -> int:
        """What is not settled yet."""
        return self.waiting + self.under_way

    @property
    def sent(self) -> int:
        """What the far end took."""
        return self.owed - self.pending - self.dead


def owe(tx: Connection, debts: Iterable[Debt], now: datetime) -> None:
    """Owe alerts; those that are owed to the same recipient already stay as they are."""
    _owe(
        tx,
        [
            {
                "alert_id": debt.alert_id,
                "channel": debt.channel,
                "recipient": debt.recipient,
                "owed_at": now,
                "severity": rank(debt.severity),
                "height": debt.height,
            }
            for debt in debts
        ],
    )


def owe_notice(
    tx: Connection, notice_id: str, recipients: Iterable[tuple[str, str]], now: datetime
) -> None:
    """Owe a stored notice to each (channel, recipient); those it is owed to already stay."""
    severity = tx.execute(select(notices.c.severity).where(notices.c.id == notice_id)).scalar_one()
    _owe(
        tx,
        [
            {
                "notice_id": notice_id,
                "channel": channel,
                "recipient": recipient,
                "owed_at": now,
                "severity": rank(Severity(severity)),
                "height": 0.0,
            }
            for channel, recipient in recipients
        ],
    )


def _owe(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        tx.execute(insert(tx, outbox).on_conflict_do_nothing(), rows)


def channel_state(tx: Connection, channel: str) -> ChannelState:
    """How a channel fares."""
    row = tx.execute(select(channel_states).where(channel_states.c.channel == channel)).first()
    if row is None:
        return ChannelState()
    return ChannelState(
        hold_until=row.hold_until,
        failing_since=row.failing_since,
        failed_at=row.failed_at,
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
        channel=channel,
        hold_until=hold_until,
        failing_since=now,
        failed_at=now,
        broken=broken,
        reason=reason,
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
                "failed_at": new.failed_at,
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
            update(messages)
            .where(
                messages.c.channel == channel,
                messages.c.state == DeliveryState.PENDING,
                messages.c.due_at > now,
                messages.c.not_before.is_(None) | (messages.c.not_before <= now),
            )
            .values(due_at=now)
        )


def backlogs(tx: Connection, timings: Mapping[str, Timing] = NO_TIMINGS) -> list[Backlog]:
    """What each channel owes, has sent and has given up, by name. `timings` of the channels say
    since when what waits has been due.
    """
    found: dict[str, dict[str, Any]] = {}
    for channel, part, count, since in tx.execute(_parts()):
        told = found.setdefault(channel, {"due": []})
        told[part] = count
        if since is not None:
            timing = timings.get(channel, Timing())
            told["due"].append(timing.due_at(since) if part == "waiting" else since)
    return [
        Backlog(channel=channel, oldest=min(told.pop("due"), default=None), **told)
        for channel, told in sorted(found.items())
    ]


def _parts() -> CompoundSelect[Any]:
    """(channel, part, how many, since when): one statement, so that the parts add up."""
    with_messages = outbox.join(messages, messages.c.id == outbox.c.message_id)
    all_of_it = select(outbox.c.channel, literal("owed"), func.count(), literal(None, Instant))
    waiting = select(outbox.c.channel, literal("waiting"), func.count(), func.min(outbox.c.owed_at))
    under_way = select(
        outbox.c.channel, literal("under_way"), func.count(), func.min(messages.c.formed_at)
    )
    dead = select(outbox.c.channel, literal("dead"), func.count(), literal(None, Instant))
    return union_all(
        all_of_it.group_by(outbox.c.channel),
        waiting.where(outbox.c.message_id.is_(None)).group_by(outbox.c.channel),
        under_way.select_from(with_messages)
        .where(messages.c.state.in_(OPEN))
        .group_by(outbox.c.channel),
        dead.select_from(with_messages)
        .where(messages.c.state == DeliveryState.DEAD)
        .group_by(outbox.c.channel),
    )


def owed_for(tx: Connection, alert_ids: Sequence[str]) -> dict[str, list[Owed]]:
    """What each alert owes or has delivered, with every attempt."""
    rows = tx.execute(
        select(
            outbox.c.alert_id,
            outbox.c.channel,
            outbox.c.recipient,
            outbox.c.owed_at,
            outbox.c.message_id,
            messages.c.key,
            messages.c.size,
            messages.c.state,
            messages.c.due_at,
            messages.c.settled_at,
        )
        .outerjoin(messages, messages.c.id == outbox.c.message_id)
        .where(outbox.c.alert_id.in_(alert_ids))
        .order_by(outbox.c.id)
    ).all()
    tries = _attempts(tx, {row.message_id for row in rows if row.message_id is not None})
    found: dict[str, list[Owed]] = {}
    for row in rows:
        found.setdefault(row.alert_id, []).append(
            Owed(
                channel=row.channel,
                recipient=row.recipient,
                key=row.key,
                together=row.size or 0,
                state=DeliveryState(row.state or DeliveryState.PENDING),
                due_at=row.due_at or row.owed_at,
                settled_at=row.settled_at,
                attempts=tuple(tries.get(row.message_id, ())),
            )
        )
    return found


def _attempts(tx: Connection, message_ids: Collection[int]) -> dict[int, list[Attempt]]:
    tries: dict[int, list[Attempt]] = {}
    statement = select(attempts).where(attempts.c.message_id.in_(sorted(message_ids)))
    for a in tx.execute(statement.order_by(attempts.c.number)):
        tries.setdefault(a.message_id, []).append(
            Attempt(
                number=a.number,
                started_at=a.started_at,
                finished_at=a.finished_at,
                outcome=AttemptOutcome(a.outcome),
                answer=a.answer,
            )
        )
    return tries
