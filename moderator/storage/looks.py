"""What the watch remembers: when it looked, when it could not, and what is wrong.

All of it is decided under the lock of one row, so that on any number of processes one looks at a
time; it goes by how long ago the last look was, not by a slot of the clock, since clocks jump.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from moderator.domain.watch.hours import Span
from moderator.storage.engine import insert
from moderator.storage.tables import outbox, troubles, unseen, watch_progress

BLIND_AFTER = timedelta(minutes=5)  # without a look: what did not come then tells nothing
EVERYONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The turn to look, taken at `now`; `before` was the last one, None for the first of all."""

    now: datetime
    before: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that is wrong and has a notice. It began at `began_at`; `calm_since` is from when
    on it seemed to be over, None while it does not.
    """

    kind: str
    subject: str
    notice_id: str
    began_at: datetime
    calm_since: datetime | None = None


def take_turn(tx: Connection, now: datetime, *, every: timedelta) -> Look | None:
    """The turn to look, None where somebody had it less than `every` ago.

    A time without looks, be it that no process ran or that the clock was put forward or back, is
    written down as not seen.
    """
    first = {"id": 1, "looked_at": now, "counted_to": 0, "settled_to": 0}
    # Long settled: what is there already may be counted with the first look.
    statement = insert(tx, watch_progress).values(first | {"settled_at": now - timedelta(days=1)})
    is_new = tx.execute(statement.on_conflict_do_nothing().returning(watch_progress.c.id)).first()
    before = lock(tx)
    if is_new:
        return Look(now=now, before=None)
    if abs(now - before) < every:
        return None
    tx.execute(update(watch_progress).values(looked_at=now))
    if abs(now - before) >= BLIND_AFTER:
        overlook(tx, EVERYONE, Span(since=min(before, now), until=max(before, now)))
    return Look(now=now, before=before)


def lock(tx: Connection) -> datetime:
    """Keep others from looking until the end of this transaction; returns the last turn's time."""
    looked_at: datetime = tx.execute(
        select(watch_progress.c.looked_at).with_for_update()
    ).scalar_one()
    return looked_at


def overlook(tx: Connection, source: str, span: Span) -> None:
    """Remember a time that tells nothing of how a source sends."""
    statement = insert(tx, unseen).values(source=source, since=span.since, until=span.until)
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["source", "since"], set_={"until": statement.excluded.until}
        )
    )


def unseen_spans(tx: Connection, source: str) -> list[Span]:
    """The times that tell nothing of how a source sends."""
    rows = tx.execute(select(unseen).where(unseen.c.source.in_([EVERYONE, source])))
    return [Span(since=row.since, until=row.until) for row in rows]


def open_troubles(tx: Connection) -> dict[tuple[str, str], Trouble]:
    """What is wrong, by kind and subject."""
    rows = tx.execute(select(troubles)).mappings()
    return {(row["kind"], row["subject"]): Trouble(**row) for row in rows}


def begin(tx: Connection, trouble: Trouble) -> None:
    """Remember what is wrong. Its notice is stored."""
    values = {name: getattr(trouble, name) for name in Trouble.__slots__}
    tx.execute(insert(tx, troubles).values(values))


def calm(tx: Connection, trouble: Trouble, since: datetime | None) -> None:
    """Remember since when a trouble seems to be over, None where it does not any more."""
    tx.execute(update(troubles).where(_is(trouble)).values(calm_since=since))


def end(tx: Connection, trouble: Trouble) -> None:
    """Forget a trouble that is over."""
    tx.execute(delete(troubles).where(_is(trouble)))


def told(tx: Connection, notice_id: str) -> list[tuple[str, str]]:
    """The (channel, recipient) pairs that a notice was owed to."""
    rows = select(outbox.c.channel, outbox.c.recipient).where(outbox.c.notice_id == notice_id)
    return [(row.channel, row.recipient) for row in tx.execute(rows)]


def _is(trouble: Trouble) -> ColumnElement[bool]:
    return and_(troubles.c.kind == trouble.kind, troubles.c.subject == trouble.subject)
