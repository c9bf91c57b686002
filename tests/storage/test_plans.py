"""No statement of the daily work reads a whole table that grows with the board."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.event import listen, remove

from moderator.alerting import Rules
from moderator.domain.delivery import AttemptOutcome, Debt, DeliveryState
from moderator.domain.timing import Timing
from moderator.domain.trigger import Trigger
from moderator.domain.verdict import Origin, Verdict
from moderator.ingest import ingest
from moderator.storage import alerts, folded, lookups, messages, outbox, retention, verdicts
from moderator.storage.engine import Engine, read, write
from tests.builders import NOON, MarkedScorer, a_delivery, an_event, at

GROWING = (
    "versions",
    "comments",
    "deliveries",
    "alerts",
    "folded_comments",
    "windows",
    "theirs",
    "verdicts",
    "outbox",
    "messages",
    "attempts",
)
SLUR = Trigger(name="slur", when={"hate": 0.8}, fold_copies=timedelta(minutes=10))


@contextmanager
def overheard(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are executed meanwhile, with the parameters of one execution each."""
    heard: list[tuple[str, Any]] = []

    def hear(_connection, _cursor, statement, parameters, *_):
        if re.match("SELECT|UPDATE|DELETE|INSERT", statement):
            heard.append((statement, parameters[0] if isinstance(parameters, list) else parameters))

    listen(engine, "before_cursor_execute", hear)
    yield heard
    remove(engine, "before_cursor_execute", hear)


def daily_work(engine: Engine) -> None:
    """Comments from two boards, again, their look-ups, and what is forgotten of them later."""
    ids = (f"a{number}" for number in itertools.count())
    slur = replace(SLUR, notify=("mods",))
    rules = Rules(triggers=(slur,), recipients={"mods": ("",)})
    deliveries = [
        a_delivery(an_event("hate=0.9", comment_id=str(n)), source=source)
        for n, source in enumerate(("forum", "club", "forum", "club"))
    ]
    with write(engine) as tx:
        verdicts.add(tx, said_of("0"))
    for _ in range(2):
        ingest(engine, MarkedScorer(), rules, deliveries, now=at(1), new_id=lambda: next(ids))
    with write(engine) as tx:
        verdicts.add(tx, said_of("2"))
    with read(engine) as tx:
        assert len(lookups.scores_of(tx, [("forum", "0"), ("club", "1")])) == 2
        assert alerts.alert(tx, "a0") is not None
        assert len(folded.comments_of(tx, "a0", limit=9)) == 1
    send_all(engine)
    keep = retention.Retention(text=timedelta(days=30), scores=timedelta(days=365))
    for step in retention.steps(keep, NOON + timedelta(days=400)):
        with write(engine) as tx:
            step(tx)


def said_of(comment_id: str) -> list[Verdict]:
    """A verdict on a comment, and one on a text that nobody sent."""
    said = Verdict(
        source="forum",
        comment_id=comment_id,
        attribute="TOXICITY",
        value=1.0,
        who="key:1",
        origin=Origin.PERSPECTIVE,
        said_at=NOON,
    )
    return [said, replace(said, comment_id=None, text_digest="0" * 64)]


def send_all(engine: Engine) -> None:
    """What is owed goes out: the alerts of a raid together, then one that fails."""
    asked = messages.Asked(channel="mods", timing=Timing(), now=at(2))
    failing = replace(asked, now=at(3), is_failing=True, is_probe=True)
    for moment in (asked, failing):
        with write(engine) as tx:
            debt = Debt(alert_id="a0", channel="mods", recipient="ann", severity=SLUR.severity)
            outbox.owe(tx, [debt], at(1))
            claim = messages.next_turn(tx, moment, owner="me", lease=timedelta(minutes=1)).claim
            assert claim is not None
            messages.about(tx, claim)
            messages.record(
                tx,
                claim,
                owner="me",
                now=moment.now,
                outcome=AttemptOutcome.PASSING,
                answer="",
                state=DeliveryState.PENDING,
            )
            outbox.note_success(tx, "mods", moment.now)
            outbox.owed_for(tx, ["a0"])


@pytest.fixture
def statements(engine):
    """What the daily work asks of this test's database."""
    with overheard(engine) as heard:
        daily_work(engine)
    assert len(heard) > 30
    return heard


def test_every_statement_finds_its_rows_by_an_index(statements, engine):
    """On an almost empty PostgreSQL a scan is the best plan: it is told to do without."""
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    scans = []
    with read(engine) as tx:
        if engine.dialect.name != "sqlite":
            tx.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, parameters in statements:
            rows = tx.exec_driver_sql(explain + statement, parameters)
            plan = "\n".join(str(row[-1]) for row in rows)
            scans += [(table, statement) for table in GROWING if _reads_all(plan, table)]
    assert scans == []


def _reads_all(plan: str, table: str) -> bool:
    """A scan of an index that holds only what waits is none of the table."""
    waiting = r"(?! USING (?:COVERING )?INDEX ix_verdicts_waiting)"
    return re.search(rf"(?:SCAN|Seq Scan on) {table}\b{waiting}", plan) is not None
