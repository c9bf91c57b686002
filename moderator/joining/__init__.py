"""From the ids that a board tells afterwards to the comments that it asked us about.

    announced (in ingest's transaction) ─▶ due ─▶ read at the board, where it lets us ─▶ joined,
    and what a moderator of the board decided is written down as a verdict

It runs beside the intake, some seconds late: no comment and no answer waits for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from moderator.domain.derived_id import text_key
from moderator.domain.errors import ChannelError
from moderator.domain.joining import AFTER, BEFORE, Clue, JoinedBy, the_one
from moderator.domain.verdict import DECISION, Origin, Verdict
from moderator.storage import board_comments, verdicts
from moderator.storage.board_comments import Due
from moderator.storage.engine import read, write

LEASE = timedelta(minutes=5)
LOOKED_AT = 20  # rows a run
AGAIN_AFTER = (  # where the board did not answer; then what it says no more is done without
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=25),
    timedelta(hours=2),
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What stands in a comment at the board. `parent_id` is "" where it replies to none."""

    text: str
    thread_id: str
    author_id: str | None
    parent_id: str


Reader = Callable[[str], Read | None]  # by the board's id; raises ChannelError


def look(engine: Engine, readers: Mapping[str, Reader], now: datetime) -> int:
    """Look at what is due, once; returns how many comments that were.

    `readers` are those boards, by source, whose comments can be read. Raises Unavailable.
    """
    with read(engine) as tx:
        if not board_comments.is_any_due(tx, now):
            return 0  # without taking the lock that writers wait for
    with write(engine) as tx:
        claimed = board_comments.claim_due(tx, now=now, lease=LEASE, limit=LOOKED_AT)
    silent: set[str] = set()  # boards that did not answer are not asked again in this run
    for due in claimed:
        reader = readers.get(due.source)
        if reader is None or due.attempts > len(AGAIN_AFTER):
            _settle_by_order(engine, due, now)
        elif due.source in silent or not _settle_by_text(engine, reader, due, now):
            silent.add(due.source)
            with write(engine) as tx:
                board_comments.postpone(tx, due, now + AGAIN_AFTER[due.attempts - 1])
    return len(claimed)


def _settle_by_text(engine: Engine, reader: Reader, due: Due, now: datetime) -> bool:
    """Ask the board what stands in the comment; False where it did not answer."""
    try:
        found = reader(due.told.comment_id)
    except ChannelError as error:
        facts = {"source": due.source, "reason": str(error)}
        logger.warning("a comment could not be read at the board", extra=facts)
        return False
    with write(engine) as tx:
        own = due.comment_id if found is None else _with_text(tx, due.source, found)
        if own is not None:
            board_comments.join(tx, due.source, due.told.comment_id, own, JoinedBy.TEXT, now=now)
        _settle(tx, due, own)
    return True


def _with_text(tx: Connection, source: str, found: Read) -> str | None:
    clue = Clue(thread_id=found.thread_id, author_id=found.author_id, parent_id=found.parent_id)
    return the_one(board_comments.asked_with_text(tx, source, text_key(found.text)), clue)


def _settle_by_order(engine: Engine, due: Due, now: datetime) -> None:
    """Take the only comment that was asked about in that thread just before the board told us."""
    told = due.told
    with write(engine) as tx:
        own = due.comment_id
        if own is None and told.created_at is not None:
            since, until = told.created_at - BEFORE, told.created_at + AFTER
            asked = board_comments.asked_between(tx, due.source, told.thread_id, since, until)
            own = the_one(asked, Clue(parent_id=told.parent_id or ""))
            if own is not None:
                board_comments.join(tx, due.source, told.comment_id, own, JoinedBy.ORDER, now=now)
        _settle(tx, due, own)


def _settle(tx: Connection, due: Due, own: str | None) -> None:
    """Write down what was decided of the comment, if it is known which one that is."""
    told = due.told
    if own is not None and told.approved is not None and told.ruled_at is not None:
        decision = Verdict(
            source=due.source,
            comment_id=own,
            attribute=DECISION,
            value=0.0 if told.approved else 1.0,
            who="coral",
            origin=Origin.CORAL,
            said_at=told.ruled_at,
            client_token=f"comment:{told.comment_id}",
        )
        verdicts.add(tx, [decision])
    board_comments.settle(tx, due)
