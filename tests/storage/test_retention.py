"""Forgetting: what goes when, and what stays as long as it is needed."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from moderator.alerting import Rules
from moderator.domain.comment import EventKind
from moderator.domain.delivery import AttemptOutcome, DeliveryState
from moderator.domain.timing import Timing
from moderator.domain.trigger import Scope, Trigger
from moderator.ingest import ingest
from moderator.storage import alerts, lookups, messages, retention, tables
from moderator.storage.engine import connect, read, write
from tests.builders import NOON, MarkedScorer, a_delivery, an_event

KEEP = retention.Retention(text=timedelta(days=30), scores=timedelta(days=365))
RULES = Rules(
    triggers=(
        Trigger(name="slur", when={"hate": 0.8}, notify=("mods",)),
        Trigger(
            name="heated",
            scope=Scope.THREAD,
            when={"hate": 0.8},
            within=timedelta(minutes=1),
            cooldown=timedelta(minutes=1),
            notify=("mods",),
        ),
    ),
    recipients={"mods": ("",)},
)
_ids = itertools.count()


def take(engine, *events, now=NOON):
    """Ingest events, one delivery each, at `now`."""
    deliveries = [a_delivery(event) for event in events]
    ingest(engine, MarkedScorer(), RULES, deliveries, now=now, new_id=lambda: f"alert{next(_ids)}")


def forget(engine, after: timedelta):
    """Run all steps as they would run so long after noon."""
    for step in retention.steps(KEEP, NOON + after):
        while True:
            with write(engine) as tx:
                if not step(tx):
                    break


def deliver_all(engine):
    """Everything owed is sent."""
    with write(engine) as tx:
        asked = messages.Asked(channel="mods", timing=Timing(), now=NOON)
        claim = messages.next_turn(tx, asked, owner="me", lease=timedelta(minutes=1)).claim
        assert claim is not None
        messages.record(
            tx,
            claim,
            owner="me",
            now=NOON,
            outcome=AttemptOutcome.SENT,
            answer="ok",
            state=DeliveryState.SENT,
        )


def rows(engine, table):
    """How many rows a table has."""
    with read(engine) as tx:
        return tx.execute(select(func.count()).select_from(table)).scalar_one()


def stored(engine, comment_id="42"):
    """A comment as it is stored now."""
    with read(engine) as tx:
        return lookups.newest_score(tx, "forum", comment_id)


@pytest.mark.parametrize(("days", "kept"), [(29, "hate=0.1"), (31, None)])
def test_a_text_goes_after_its_days_and_the_score_stays(engine, days, kept):
    take(engine, an_event("hate=0.1"))
    forget(engine, timedelta(days=days))

    found = stored(engine)
    assert found.text == kept
    assert found.score.probabilities.hate == 0.1
    assert bool(found.score.why) is (kept is not None)  # the words that weighed are text, too
    assert (found.score.residual is None) is (kept is None)  # it is what those words leave over
    assert found.score.base_rate == MarkedScorer.base_rate


def test_a_deleted_comments_text_goes_after_a_day(engine):
    take(engine, an_event("hello"))
    take(engine, an_event(None, kind=EventKind.DELETED, occurred_at=NOON))
    forget(engine, timedelta(days=2))

    with read(engine) as tx:
        assert tx.execute(select(tables.versions.c.text)).scalars().all() == [None]


def test_an_alerts_excerpt_goes_with_the_text_once_it_was_delivered(engine):
    take(engine, an_event("hate=0.9"))
    forget(engine, timedelta(days=31))
    with read(engine) as tx:
        assert {a.excerpt for a in alerts.newest_alerts(tx, limit=9)} == {"hate=0.9"}
    deliver_all(engine)
    forget(engine, timedelta(days=31))
    with read(engine) as tx:
        assert {a.excerpt for a in alerts.newest_alerts(tx, limit=9)} == {""}


def test_after_the_years_nothing_at_all_is_left(engine):
    take(engine, an_event("hate=0.9"), an_event("hello", comment_id="43"))
    take(engine, an_event(None, comment_id="44", kind=EventKind.DELETED, occurred_at=NOON))
    deliver_all(engine)
    forget(engine, timedelta(days=366))

    names = ("comments", "versions", "deliveries", "alerts", "outbox", "attempts", "windows")
    assert {name: rows(engine, getattr(tables, name)) for name in names} == dict.fromkeys(names, 0)


def test_the_canary_is_in_no_byte_of_a_sqlite_file_afterwards(sqlite_url):
    engine = connect(sqlite_url)
    take(engine, an_event("canary-of-the-text hate=0.9"))
    deliver_all(engine)
    forget(engine, timedelta(days=31))
    engine.dispose()  # the last connection to close empties the write-ahead log
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    left = b"".join(file.read_bytes() for file in path.parent.glob("moderator.db*"))
    assert b"canary-of-the-text" not in left


def test_a_periodic_job_runs_once_a_slot_whoever_asks(engine):
    hour = timedelta(hours=1)
    asked = []
    for minutes in (0, 10, 59, 60, 61):
        with write(engine) as tx:
            now = NOON + timedelta(minutes=minutes)
            asked.append(retention.claim_run(tx, "retention", every=hour, now=now))
    assert asked == [True, False, False, True, False]
