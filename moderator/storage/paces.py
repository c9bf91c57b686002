"""When each recipient of a channel was told of late: what keeps all processes to one pace."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from moderator.domain import pace
from moderator.storage.engine import insert
from moderator.storage.tables import paces


def lock(tx: Connection, channel: str, recipient: str, now: datetime) -> list[datetime] | None:
    """The moments, ascending, none of them ahead, held until the transaction ends; None where
    another process has the recipient in hand.
    """
    of = {"channel": channel, "recipient": recipient}
    new = {**of, "sent": "[]", "changed_at": now}
    tx.execute(insert(tx, paces).values(new).on_conflict_do_nothing())
    mine = select(paces.c.sent).filter_by(**of).with_for_update(skip_locked=True)
    row = tx.execute(mine).first()
    if row is None:
        return None
    stored = [datetime.fromisoformat(each) for each in json.loads(row.sent)]
    sent = pace.past(stored, now)
    if sent != stored:
        save(tx, channel, recipient, sent, now)
    return sent


def save(
    tx: Connection, channel: str, recipient: str, sent: Sequence[datetime], now: datetime
) -> None:
    """Keep the moments of a recipient who is locked."""
    tx.execute(
        update(paces)
        .where(paces.c.channel == channel, paces.c.recipient == recipient)
        .values(sent=json.dumps([each.isoformat() for each in sent]), changed_at=now)
    )
