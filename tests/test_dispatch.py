"""Owed messages on their way out, on both databases, against a channel that obeys a script."""

from __future__ import annotations

import itertools
import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from moderator.alerting import Rules
from moderator.dispatch import LEASE, Dispatcher
from moderator.domain.delivery import AttemptOutcome, DeliveryState
from moderator.domain.errors import ChannelError, Fault
from moderator.domain.notice import Notice
from moderator.domain.trigger import Severity, Trigger
from moderator.ingest import ingest
from moderator.storage import notices, outbox
from moderator.storage.engine import database_now, read, write
from moderator.storage.tables import outbox as outbox_table
from tests.builders import NOON, MarkedScorer, a_delivery, an_event


class ScriptedChannel:
    """The outside world: answers each message with the next line of its script, then `ok`."""

    kind = "scripted"
    recipients = ("",)

    def __init__(self, *script):
        self.script = list(script)
        self.taken = []
        self.told = []

    def send(self, message, recipient):
        """Take the message, or raise what the script says."""
        self.taken.append((message.key, recipient))
        self.told.append(message.about)
        line = self.script.pop(0) if self.script else "ok"
        if isinstance(line, Exception):
            raise line
        return line() if callable(line) else line


@pytest.fixture
def owe(engine):
    """Owe one message an alert to the channel `mods`; returns the alert ids."""
    numbers = itertools.count()

    def owe(count=1, recipients=("",)):
        rules = Rules(
            triggers=(Trigger(name="slur", when={"hate": 0.8}, notify=("mods",)),),
            recipients={"mods": recipients},
        )
        deliveries = [
            a_delivery(an_event("hate=0.9", comment_id=f"c{next(numbers)}")) for _ in range(count)
        ]
        with read(engine) as tx:
            now = database_now(tx)
        answers = ingest(
            engine,
            MarkedScorer(),
            rules,
            deliveries,
            now=now,
            new_id=lambda: f"a{next(numbers)}",
        )
        return [answer[0].alerts[0][0] for answer in answers if isinstance(answer, tuple)]

    return owe


@pytest.fixture
def dispatcher(engine):
    """A dispatcher of this process."""
    return a_dispatcher(engine, "me")


def a_dispatcher(engine, owner):
    """A dispatcher without jitter."""
    return Dispatcher(
        engine=engine,
        owner=owner,
        jitter=lambda: 0.0,
        page_url=lambda id: f"https://mod.example/alerts/{id}",
        stopping=threading.Event(),
    )


def owed(engine, alert_id):
    """What an alert owes."""
    with read(engine) as tx:
        return outbox.owed_for(tx, [alert_id])[alert_id]


def let_time_pass(engine, by: timedelta):
    """Move everything that is scheduled closer by so much."""
    with write(engine) as tx:
        for name in ("due_at", "lease_until", "not_before"):
            column = outbox_table.c[name]
            rows = tx.execute(outbox_table.select().where(column.is_not(None))).all()
            for row in rows:
                tx.execute(
                    update(outbox_table)
                    .where(outbox_table.c.id == row.id)
                    .values({name: getattr(row, name) - by})
                )


def test_an_owed_message_is_sent_once_and_the_answer_is_kept(engine, owe, dispatcher):
    (alert_id,) = owe()
    channel = ScriptedChannel("250 queued")

    assert dispatcher.dispatch_due("mods", channel) == 1
    assert dispatcher.dispatch_due("mods", channel) == 0

    (message,) = owed(engine, alert_id)
    (attempt,) = message.attempts
    assert message.state is DeliveryState.SENT
    assert (attempt.outcome, attempt.answer) == (AttemptOutcome.SENT, "250 queued")
    assert channel.taken == [(f"{alert_id}.mods", "")]


def test_a_passing_failure_is_tried_again_later_with_the_same_key(engine, owe, dispatcher):
    (alert_id,) = owe()
    channel = ScriptedChannel(ChannelError("503 from the far end"))

    dispatcher.dispatch_due("mods", channel)
    assert dispatcher.dispatch_due("mods", channel) == 0  # not before its time
    (message,) = owed(engine, alert_id)
    assert message.state is DeliveryState.PENDING
    assert message.attempts[0].answer == "503 from the far end"
    let_time_pass(engine, timedelta(seconds=6))
    dispatcher.dispatch_due("mods", channel)

    assert owed(engine, alert_id)[0].state is DeliveryState.SENT
    assert len(set(channel.taken)) == 1


def test_a_refused_message_is_dead_and_the_others_go_on(engine, owe, dispatcher):
    first, second = owe(2)
    channel = ScriptedChannel(ChannelError("550 no such user", fault=Fault.REFUSED))

    dispatcher.dispatch_due("mods", channel)

    assert owed(engine, first)[0].state is DeliveryState.DEAD
    assert owed(engine, second)[0].state is DeliveryState.SENT


def test_a_broken_channel_is_left_alone_but_for_a_probe(engine, owe, dispatcher):
    alert_ids = owe(3)
    channel = ScriptedChannel(ChannelError("404 no_service", fault=Fault.BROKEN))

    dispatcher.dispatch_due("mods", channel)
    let_time_pass(engine, timedelta(minutes=5))
    dispatcher.dispatch_due("mods", channel)

    assert len(channel.taken) == 1
    with read(engine) as tx:
        state = outbox.channel_state(tx, "mods")
    assert (state.broken, state.reason) == (True, "404 no_service")
    states = {owed(engine, id)[0].state for id in alert_ids}
    assert states == {DeliveryState.PENDING}


def test_when_a_failing_channel_works_again_its_backlog_is_due_at_once(engine, owe, dispatcher):
    alert_ids = owe(3)
    down = ChannelError("connection refused")
    channel = ScriptedChannel(down, down, down)
    dispatcher.dispatch_due("mods", channel)
    let_time_pass(engine, timedelta(seconds=6))
    channel.script = []

    while dispatcher.dispatch_due("mods", channel):
        pass

    assert {owed(engine, id)[0].state for id in alert_ids} == {DeliveryState.SENT}


def test_retry_after_is_a_floor_for_the_message_and_holds_the_whole_channel(
    engine, owe, dispatcher
):
    owe(2)
    channel = ScriptedChannel(ChannelError("429", retry_after_s=30, hold_channel=True))

    dispatcher.dispatch_due("mods", channel)
    let_time_pass(engine, timedelta(seconds=29))
    dispatcher.dispatch_due("mods", channel)

    assert len(channel.taken) == 1


def test_half_the_recipients_refused_leaves_the_other_half_delivered(engine, owe, dispatcher):
    (alert_id,) = owe(recipients=("a@x.example", "b@x.example"))
    channel = ScriptedChannel("ok", ChannelError("550", fault=Fault.REFUSED))

    dispatcher.dispatch_due("mods", channel)

    states = {o.recipient: o.state for o in owed(engine, alert_id)}
    assert states == {"a@x.example": DeliveryState.SENT, "b@x.example": DeliveryState.DEAD}


def test_a_lease_that_ran_out_is_taken_over_and_the_late_result_is_refused(engine, owe, dispatcher):
    (alert_id,) = owe()
    other = a_dispatcher(engine, "other")

    def sleep_past_the_lease():
        let_time_pass(engine, LEASE + timedelta(seconds=1))
        other.dispatch_due("mods", ScriptedChannel("by the other"))
        raise ChannelError("too late to tell", fault=Fault.REFUSED)

    dispatcher.dispatch_due("mods", ScriptedChannel(sleep_past_the_lease))

    (message,) = owed(engine, alert_id)
    assert message.state is DeliveryState.SENT
    assert [a.number for a in message.attempts] == [1, 2]


def test_a_crash_between_claim_and_record_ends_in_a_repeat_with_the_same_key(
    engine, owe, dispatcher
):
    (alert_id,) = owe()

    class Killed(BaseException):
        """The process ends here."""

    def die():
        raise Killed

    channel = ScriptedChannel(die)
    with pytest.raises(Killed):
        dispatcher.dispatch_due("mods", channel)
    let_time_pass(engine, LEASE + timedelta(seconds=1))
    dispatcher.dispatch_due("mods", channel)

    assert channel.taken == [(f"{alert_id}.mods", "")] * 2
    assert owed(engine, alert_id)[0].state is DeliveryState.SENT


def test_after_the_last_attempt_of_the_schedule_a_message_is_dead(engine, owe, dispatcher):
    (alert_id,) = owe()
    channel = ScriptedChannel(*[ChannelError("down")] * 20)
    for _ in range(20):
        dispatcher.dispatch_due("mods", channel)
        let_time_pass(engine, timedelta(hours=30))

    (message,) = owed(engine, alert_id)
    assert message.state is DeliveryState.DEAD
    assert len(message.attempts) == 12


def test_an_unforeseen_error_is_told_by_its_kind_alone_and_tried_again(engine, owe, dispatcher):
    (alert_id,) = owe()
    dispatcher.dispatch_due("mods", ScriptedChannel(ValueError("a secret text")))

    (message,) = owed(engine, alert_id)
    assert message.state is DeliveryState.PENDING
    assert message.attempts[0].answer == "ValueError"


def test_each_attempt_is_told_with_its_outcome(engine, owe):
    told = []
    dispatcher = Dispatcher(
        engine=engine,
        owner="me",
        jitter=lambda: 0.0,
        page_url=lambda id: None,
        stopping=threading.Event(),
        attempted=lambda channel, outcome: told.append((channel, outcome.value)),
    )
    owe(3)
    refused, broken = (ChannelError("no", fault=f) for f in (Fault.REFUSED, Fault.BROKEN))
    dispatcher.dispatch_due("mods", ScriptedChannel("ok", refused, broken))
    assert told == [("mods", "sent"), ("mods", "refused"), ("mods", "broken")]


def test_what_is_owed_sent_and_dead_adds_up(engine, owe, dispatcher):
    owe(7)
    channel = ScriptedChannel(
        "ok", ChannelError("550", fault=Fault.REFUSED), "ok", ChannelError("down")
    )
    dispatcher.dispatch_due("mods", channel)

    with read(engine) as tx:
        (backlog,) = outbox.backlogs(tx)
    assert (backlog.pending, backlog.dead) == (1, 1)
    assert backlog.oldest is not None


def test_a_stop_gives_back_what_was_claimed_and_not_tried(engine, owe, dispatcher):
    first, second = owe(2)

    def stop():
        dispatcher.stopping.set()
        return "ok"

    dispatcher.dispatch_due("mods", ScriptedChannel(stop))

    assert owed(engine, first)[0].state is DeliveryState.SENT
    (message,) = owed(engine, second)
    assert (message.state, message.attempts) == (DeliveryState.PENDING, ())


def test_a_notice_is_sent_like_an_alert_under_its_own_key(engine, dispatcher):
    notice = Notice(
        id="no_1",
        kind="source-silent",
        subject="forum",
        title="forum is silent",
        lines=("Look at its webhook.",),
        severity=Severity.CRITICAL,
        raised_at=NOON,
    )
    with write(engine) as tx:
        notices.add_notice(tx, notice)
        outbox.owe_notice(tx, "no_1", [("mods", "")], database_now(tx))
    channel = ScriptedChannel(ChannelError("down"))
    dispatcher.dispatch_due("mods", channel)
    let_time_pass(engine, timedelta(seconds=6))
    dispatcher.dispatch_due("mods", channel)

    assert channel.taken == [("no_1.mods", "")] * 2
    assert channel.told == [notice] * 2
