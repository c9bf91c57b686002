"""What the triggers remember, one row a trigger and scope key."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, update

from moderator.domain.passing import WindowKey
from moderator.domain.trigger import Window, window_from_json, window_to_json
from moderator.storage.engine import insert
from moderator.storage.tables import windows


def lock_windows(
    tx: Connection, keys: Iterable[WindowKey], now: datetime
) -> dict[WindowKey, Window]:
    """The windows of `keys`, locked until the transaction ends: new ones are made.

    The lock is what makes a count right on several processes: whoever comes second sees the
    first one's hit. Rows are touched in the order of their keys.
    """
    blank = json.dumps(window_to_json(Window()))
    values = [
        {"trigger": trigger, "scope_key": key, "changes": 0, "state": blank, "changed_at": now}
        for trigger, key in sorted(set(keys))
    ]
    if not values:
        return {}
    statement = insert(tx, windows)
    statement = statement.on_conflict_do_update(
        index_elements=["trigger", "scope_key"], set_={"changes": windows.c.changes + 1}
    ).returning(windows.c.trigger, windows.c.scope_key, windows.c.state)
    return {
        (trigger, key): window_from_json(json.loads(state))
        for trigger, key, state in tx.execute(statement, values)
    }


def save_windows(tx: Connection, changed: dict[WindowKey, Window], now: datetime) -> None:
    """Write back windows that `lock_windows` returned."""
    if not changed:
        return
    statement = (
        update(windows)
        .where(windows.c.trigger == bindparam("key_trigger"))
        .where(windows.c.scope_key == bindparam("key_scope"))
        .values(state=bindparam("new_state"), changed_at=bindparam("now"))
    )
    tx.execute(
        statement,
        [
            {
                "key_trigger": trigger,
                "key_scope": key,
                "new_state": json.dumps(window_to_json(window)),
                "now": now,
            }
            for (trigger, key), window in sorted(changed.items(), key=lambda item: item[0])
        ],
    )
