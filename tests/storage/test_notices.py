"""Notices in the database, and what they owe."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from moderator.domain.delivery import DeliveryState
from moderator.domain.notice import Notice
from moderator.domain.timing import Timing
from moderator.domain.trigger import Severity
from moderator.storage import messages, notices, outbox, retention
from moderator.storage import tables as t
from moderator.storage.engine import read, write
from tests.builders import NOON

SILENT = Notice(
    id="no_1",
    kind="source-silent",
    subject="forum",
    title="forum is silent",
    lines=("Nothing has come since noon.", "Look at its webhook."),
    severity=Severity.CRITICAL,
    raised_at=NOON,
)


def test_a_notice_comes_back_as_it_went_in(engine):
    with write(engine) as tx:
        assert notices.add_notice(tx, SILENT)
    with read(engine) as tx:
        assert notices.notice(tx, "no_1") == SILENT
        assert notices.notice(tx, "no_2") is None


def test_two_processes_that_notice_the_same_store_it_once(engine):
    with write(engine) as tx:
        notices.add_notice(tx, SILENT)
        assert not notices.add_notice(tx, replace(SILENT, id="no_2"))
    with read(engine) as tx:
        assert [n.id for n in notices.newest_notices(tx, limit=9)] == ["no_1"]


def test_a_trouble_lasts_until_it_is_ended_and_ends_once(engine):
    over = replace(SILENT, id="no_2", raised_at=NOON + timedelta(hours=5), ends="no_1")
    with write(engine) as tx:
        notices.add_notice(tx, SILENT)
        assert [n.id for n in notices.newest_notices(tx, limit=9, is_open=True)] == ["no_1"]
        notices.add_notice(tx, over)
        assert notices.end_notice(tx, "no_1", NOON + timedelta(hours=5))
        assert not notices.end_notice(tx, "no_1", NOON + timedelta(hours=6))
        assert notices.newest_notices(tx, limit=9, is_open=True) == []
        both = notices.newest_notices(tx, limit=9, is_open=False)
    assert both == [over, replace(SILENT, ended_at=NOON + timedelta(hours=5))]


def test_an_outbox_row_is_about_exactly_one_thing(engine):
    for about in ({}, {"alert_id": "a1", "notice_id": "no_1"}):
        row = {"channel": "mods", "recipient": "", "owed_at": NOON, "severity": 1, "height": 0.5}
        with pytest.raises(IntegrityError), write(engine) as tx:
            tx.execute(t.outbox.insert().values(**row, **about))


def test_a_notice_is_kept_until_it_is_told_and_goes_after_the_years(engine):
    with write(engine) as tx:
        notices.add_notice(tx, SILENT)
        outbox.owe_notice(tx, "no_1", [("mods", ""), ("mods", "")], NOON)
    keep = retention.Retention(text=timedelta(days=30), scores=timedelta(days=365))

    def left_after_a_year():
        for step in retention.steps(keep, NOON + timedelta(days=366)):
            with write(engine) as tx:
                step(tx)
        with read(engine) as tx:
            return tx.execute(select(t.notices.c.id)).scalars().all()

    assert left_after_a_year() == ["no_1"]
    with write(engine) as tx:
        asked = messages.Asked(channel="mods", timing=Timing(), now=NOON)
        messages.next_turn(tx, asked, owner="me", lease=timedelta(minutes=1))
    assert left_after_a_year() == ["no_1"]
    with write(engine) as tx:
        tx.execute(t.messages.update().values(state=DeliveryState.SENT))
    assert left_after_a_year() == []
    with read(engine) as tx:
        assert tx.execute(select(t.messages.c.id)).all() == []
