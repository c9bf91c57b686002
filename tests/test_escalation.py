"""Telling more people of what goes on or is left alone: on both databases, by a simulated clock."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time, timedelta

import pytest

from moderator.alerting import Rules
from moderator.channels.wording import word
from moderator.domain.message import Digest as ManyAlerts
from moderator.domain.message import Message
from moderator.domain.timing import Digest, Quiet, Timing
from moderator.domain.trigger import Escalation, Mode, Scope, Severity, Trigger
from moderator.escalation import BATCH, escalate_overdue
from moderator.ingest import ingest
from moderator.storage import alerts, outbox
from moderator.storage.engine import read, write
from tests.builders import MarkedScorer, a_delivery, an_event, at
from tests.test_noise import Board

HEATED = Trigger(
    name="heated",
    scope=Scope.THREAD,
    when={"toxic": 0.6},
    cooldown=timedelta(hours=2),
    notify=("mods",),
    escalate=Escalation(after=3, unacknowledged=timedelta(minutes=30), notify=("pager", "boss")),
)
RECIPIENTS = {"mods": ("",), "pager": ("",), "boss": ("a@x.example", "b@x.example")}
RULES = Rules(triggers=(HEATED,), recipients=RECIPIENTS)
ESCALATED = [("boss", "a@x.example"), ("boss", "b@x.example"), ("mods", ""), ("pager", "")]

comment_ids = itertools.count(1)
alert_ids = map("a{}".format, itertools.count(1))


def take(engine, minutes, rules=RULES, *, thread="7", count=1):
    """So many toxic comments of a thread, each in a delivery of its own, in one batch."""
    events = [
        an_event(
            "hate=0.9",
            comment_id=str(next(comment_ids)),
            thread_id=thread,
            created_at=at(minutes),
        )
        for _ in range(count)
    ]
    ingest(
        engine,
        MarkedScorer(),
        rules,
        [a_delivery(event) for event in events],
        now=at(minutes),
        new_id=lambda: next(alert_ids),
    )


def the_clock_strikes(engine, minutes, rules=RULES):
    """The job, at a moment, until there is nothing left to do."""
    while True:
        with write(engine) as tx:
            if not escalate_overdue(tx, rules.triggers, rules.recipients, at(minutes)):
                return


def the_alert(engine):
    """The newest alert, and which channel and recipient it is owed to."""
    with read(engine) as tx:
        (found,) = alerts.newest_alerts(tx, limit=1)
        owed = outbox.owed_for(tx, [found.id]).get(found.id, [])
    return found, sorted((each.channel, each.recipient) for each in owed)


def test_an_alert_that_grows_is_told_to_more_people_once_with_the_reason(engine):
    take(engine, 0, count=3)
    assert the_alert(engine)[1] == [("mods", "")]

    take(engine, 1)
    alert, owed = the_alert(engine)
    assert owed == ESCALATED
    assert (alert.escalated_at, alert.escalates_at) == (at(1), None)
    assert alert.escalated_because == "3 more hits since"

    take(engine, 2, count=5)
    the_clock_strikes(engine, 90)
    again, owed = the_alert(engine)
    assert owed == ESCALATED
    assert (again.escalated_at, again.escalated_because) == (at(1), "3 more hits since")


@pytest.mark.parametrize("minutes", [1, 30])
def test_whoever_is_told_reads_why(engine, minutes):
    take(engine, 0)
    if minutes == 1:
        take(engine, 1, count=3)
    the_clock_strikes(engine, minutes)
    told = word(Message(key="k", about=the_alert(engine)[0]), 100)
    reason = {1: "3 more hits since", 30: "nobody has taken care of it for 30 minutes"}[minutes]
    assert Message(key="k", about=the_alert(engine)[0]).severity is Severity.CRITICAL
    assert f"Escalated: {reason}." in told.notes
    assert told.title.startswith("ESCALATED: heated: ")


def test_an_alert_that_is_left_alone_is_told_to_more_people_once_with_the_reason(engine):
    take(engine, 0)
    the_clock_strikes(engine, 29.9)
    alert, owed = the_alert(engine)
    assert (owed, alert.escalates_at) == ([("mods", "")], at(30))

    the_clock_strikes(engine, 30)
    the_clock_strikes(engine, 31)
    take(engine, 32, count=4)
    alert, owed = the_alert(engine)
    assert owed == ESCALATED
    assert alert.escalated_at == at(30)
    assert alert.escalated_because == "nobody has taken care of it for 30 minutes"


def test_an_alert_that_somebody_takes_care_of_is_never_escalated(engine):
    take(engine, 0)
    with write(engine) as tx:
        alerts.acknowledge(tx, the_alert(engine)[0].id, by="ann", now=at(5))
    the_clock_strikes(engine, 60)
    take(engine, 61, count=9)

    alert, owed = the_alert(engine)
    assert (alert.folded, alert.escalated_at, alert.escalates_at) == (9, None, None)
    assert owed == [("mods", "")]


@pytest.mark.parametrize(
    "changed",
    [
        replace(HEATED, escalate=None),
        replace(HEATED, mode=Mode.SHADOW),
        replace(HEATED, mode=Mode.OFF),
        replace(HEATED, name="another"),
    ],
)
def test_what_the_configuration_asks_for_no_more_is_dropped(engine, changed):
    """And stays so when it is asked for again: nobody is woken for what is long past."""
    take(engine, 0)
    the_clock_strikes(engine, 30, replace(RULES, triggers=(changed,)))
    the_clock_strikes(engine, 31)

    alert, owed = the_alert(engine)
    assert (alert.escalated_at, alert.escalates_at, owed) == (None, None, [("mods", "")])


def test_a_trigger_that_is_tried_out_escalates_nothing(engine):
    rules = replace(RULES, triggers=(replace(HEATED, mode=Mode.SHADOW),))
    take(engine, 0, rules, count=9)
    the_clock_strikes(engine, 60)
    the_clock_strikes(engine, 61, rules)

    alert, owed = the_alert(engine)
    assert (alert.folded, alert.escalated_at, owed) == (8, None, [])


@pytest.mark.parametrize(
    ("rule", "escalated"),
    [
        (Escalation(after=3, notify=("pager",)), at(1)),
        (Escalation(unacknowledged=timedelta(minutes=30), notify=("pager",)), at(30)),
    ],
)
def test_either_reason_is_enough_and_the_other_is_not_waited_for(engine, rule, escalated):
    rules = replace(RULES, triggers=(replace(HEATED, escalate=rule),))
    take(engine, 0, rules)
    take(engine, 1, rules, count=3)
    the_clock_strikes(engine, 30, rules)
    assert the_alert(engine)[0].escalated_at == escalated


def test_alerts_from_before_the_rule_are_not_escalated_by_age(engine):
    """Whoever adds `unacknowledged` must not be told of a year at once."""
    take(engine, 0, replace(RULES, triggers=(replace(HEATED, escalate=None),)))
    the_clock_strikes(engine, 60)
    assert the_alert(engine)[1] == [("mods", "")]


def test_a_clock_that_jumps_escalates_early_or_late_but_once(engines):
    take(engines[0], 0)
    with ThreadPoolExecutor(len(engines)) as pool:
        for minutes in (20, 80, 20, 21, 80):
            list(pool.map(the_clock_strikes, engines, itertools.repeat(minutes)))
    alert, owed = the_alert(engines[0])
    assert (alert.escalated_at, owed) == (at(80), ESCALATED)


def test_more_than_a_batch_is_seen_to(engine):
    for number in range(BATCH // 20 + 1):
        for thread in range(20):
            take(engine, 0, thread=f"{number}-{thread}")
    the_clock_strikes(engine, 30)
    with read(engine) as tx:
        found = alerts.newest_alerts(tx, limit=2 * BATCH)
    assert len(found) == BATCH + 20
    assert all(alert.escalated_at == at(30) for alert in found)


def test_each_alert_is_escalated_once_by_whichever_process(engines):
    """Some grow while the clock strikes for all of them, in all processes at a time."""
    threads = [str(number) for number in range(12)]
    for thread in threads:
        take(engines[0], 0, thread=thread)

    def strike(engine):
        the_clock_strikes(engine, 30)

    def grow(engine):
        for thread in threads[:6]:
            take(engine, 30, thread=thread)

    with ThreadPoolExecutor(2 * len(engines)) as pool:
        jobs = [pool.submit(job, engine) for engine in engines for job in (strike, grow)]
        for job in jobs:
            job.result()

    with read(engines[0]) as tx:
        found = alerts.newest_alerts(tx, limit=50)
        owed = outbox.owed_for(tx, [alert.id for alert in found])
    assert len(found) == len(threads)
    for alert in found:
        assert alert.escalated_at == at(30)
        assert sorted((each.channel, each.recipient) for each in owed[alert.id]) == ESCALATED


@pytest.mark.parametrize(
    "timing",
    [
        Timing(digest=Digest(at=time(8))),
        Timing(quiet=Quiet(since=time(11), until=time(18))),
        Timing(digest=Digest(), quiet=Quiet(since=time(11), until=time(18))),
    ],
)
def test_what_is_escalated_waits_for_no_digest_and_no_morning(engine, timing):
    """Where what is critical does not wait: the alert itself is a warning."""
    board = Board(engine, timing, now=at(0.5))
    dispatcher = board.dispatcher()
    board.alert()
    rule = Escalation(unacknowledged=timedelta(minutes=30), notify=("mods",))
    trigger = replace(HEATED, notify=("other",), escalate=rule)
    rules = Rules(triggers=(trigger,), recipients={"mods": ("",), "other": ("",)})
    take(engine, 0.5, rules)
    board.run(timedelta(minutes=29), dispatcher, step=timedelta(minutes=1))
    assert board.told == []

    board.now = at(30.5)
    the_clock_strikes(engine, 30.5, rules)
    board.run(timedelta(seconds=5), dispatcher)
    (told,) = board.abouts
    assert told.escalated_because == "nobody has taken care of it for 30 minutes"


def test_several_that_are_escalated_together_say_so_in_their_one_message(engine):
    board = Board(engine, now=at(30))
    rule = Escalation(unacknowledged=timedelta(minutes=30), notify=("mods",))
    trigger = replace(HEATED, notify=("other",), escalate=rule)
    rules = Rules(triggers=(trigger,), recipients={"mods": ("",), "other": ("",)})
    for thread in range(50):
        take(engine, 0, rules, thread=str(thread))
    the_clock_strikes(engine, 30, rules)
    board.run(timedelta(minutes=2), board.dispatcher())

    assert sum(count for _, _, count in board.told) == 50
    assert len(board.told) <= 3
    digest = next(about for about in board.abouts if isinstance(about, ManyAlerts))
    lines = [fact.text for fact in word(Message(key="k", about=digest), 0).facts]
    assert all("(escalated: nobody has taken care of it" in line for line in lines)
