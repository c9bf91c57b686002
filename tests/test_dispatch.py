"""Owed messages on their way out, on both databases, against a channel that obeys a script."""

from __future__ import annotations

import itertools
import threading
from datetime import timedelta

import pytest

from moderator.alerting import Rules
from moderator.dispatch import LEASE, Dispatcher
from moderator.domain.delivery import AttemptOutcome, DeliveryState
from moderator.domain.errors import ChannelError, Fault
from moderator.domain.message import Digest
from moderator.domain.notice import Notice
from moderator.domain.trigger import Severity, Trigger
from moderator.ingest import ingest
from moderator.storage import notices, outbox
from moderator.storage.engine import read, write
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


class Clock:
    """The database's clock, which stands still until it is moved."""

    def __init__(self):
        self.now = NOON

    def __call__(self, _tx):
        """The time in a transaction."""
        return self.now


@pytest.fixture
def clock():
    """Noon, until a test moves it."""
    return Clock()


@pytest.fixture
def owe(engine, clock):
    """Owe one message an alert to the channel `mods`; returns the alert ids."""
    numbers = itertools.count()

    def owe(count=1, recipients=("",), severity=Severity.WARNING):
        slur = Trigger(name="slur", when={"hate": 0.8}, notify=("mods",), severity=severity)
        deliveries = [
            a_delivery(an_event("hate=0.9", comment_id=f"c{next(numbers)}")) for _ in range(count)
        ]
        answers = ingest(
            engine,
            MarkedScorer(),
            Rules(triggers=(slur,), recipients={"mods": recipients}),
            deliveries,
            now=clock.now,
            new_id=lambda: f"a{next(numbers)}",
        )
        return [answer[0].alerts[0][0] for answer in answers if isinstance(answer, tuple)]

    return owe


@pytest.fixture
def dispatcher(engine, clock):
    """A dispatcher of this process."""
    return a_dispatcher(engine, clock, "me")


def a_dispatcher(engine, clock, owner="me", **changes):
    """A dispatcher without jitter."""
    return Dispatcher(
        engine=engine,
        owner=owner,
        jitter=lambda: 0.0,
        page_url=lambda id: f"https://mod.example/alerts/{id}",
        stopping=threading.Event(),
        clock=clock,
        **changes,
    )


def send(dispatcher, channel):
    """What is due now, on its way; returns how many attempts were made."""
    return dispatcher.dispatch_due("mods", channel).attempts


def send_for(dispatcher, channel, by: timedelta, step=timedelta(seconds=1)):
    """Let time pass, and send whenever something is due."""
    end = dispatcher.clock.now + by
    while dispatcher.clock.now < end:
        send(dispatcher, channel)
        dispatcher.clock.now += step


def owed(engine, alert_id):
    """What an alert owes."""
    with read(engine) as tx:
        return outbox.owed_for(tx, [alert_id])[alert_id]


def test_an_owed_message_is_sent_once_and_the_answer_is_kept(engine, owe, dispatcher, clock):
    (alert_id,) = owe()
    channel = ScriptedChannel("250 queued")

    assert send(dispatcher, channel) == 1
    assert send(dispatcher, channel) == 0

    (message,) = owed(engine, alert_id)
    (attempt,) = message.attempts
    assert message.state is DeliveryState.SENT
    assert (attempt.outcome, attempt.answer) == (AttemptOutcome.SENT, "250 queued")
    assert channel.taken == [(f"{alert_id}.mods", "")]


def test_a_passing_failure_is_tried_again_later_with_the_same_key(engine, owe, dispatcher, clock):
    (alert_id,) = owe()
    channel = ScriptedChannel(ChannelError("503 from the far end"))

    send(dispatcher, channel)
    assert send(dispatcher, channel) == 0  # not before its time
    (message,) = owed(engine, alert_id)
    assert message.state is DeliveryState.PENDING
    assert message.attempts[0].answer == "503 from the far end"
    clock.now += timedelta(seconds=6)
    send(dispatcher, channel)

    assert owed(engine, alert_id)[0].state is DeliveryState.SENT
    assert len(set(channel.taken)) == 1


def test_a_refused_message_is_dead_and_the_next_one_goes_on(engine, owe, dispatcher, clock):
    (first,) = owe()
    channel = ScriptedChannel(ChannelError("550 no such user", fault=Fault.REFUSED))
    send(dispatcher, channel)
    (second,) = owe()
    clock.now += timedelta(seconds=1)
    send(dispatcher, channel)

    assert owed(engine, first)[0].state is DeliveryState.DEAD
    assert owed(engine, second)[0].state is DeliveryState.SENT


def test_a_broken_channel_is_left_alone_but_for_a_probe(engine, owe, dispatcher, clock):
    alert_ids = owe(3)
    channel = ScriptedChannel(ChannelError("404 no_service", fault=Fault.BROKEN))

    send(dispatcher, channel)
    clock.now += timedelta(minutes=5)
    send(dispatcher, channel)

    assert len(channel.taken) == 1
    with read(engine) as tx:
        state = outbox.channel_state(tx, "mods")
    assert (state.broken, state.reason) == (True, "404 no_service")
    states = {owed(engine, id)[0].state for id in alert_ids}
    assert states == {DeliveryState.PENDING}


def test_when_a_failing_channel_works_again_its_backlog_is_due_at_once(
    engine, owe, dispatcher, clock
):
    channel = ScriptedChannel(*[ChannelError("connection refused")] * 4)
    alert_ids = owe()
    send_for(dispatcher, channel, timedelta(minutes=3))
    alert_ids += owe(3)
    assert len(channel.taken) == 4  # the next try is due in 7 minutes
    clock.now += timedelta(minutes=1)
    send_for(dispatcher, channel, timedelta(seconds=3))

    assert {owed(engine, id)[0].state for id in alert_ids} == {DeliveryState.SENT}
    assert [about.count for about in channel.told if isinstance(about, Digest)] == [3]


def test_retry_after_is_a_floor_for_the_message_and_holds_the_whole_channel(
    engine, owe, dispatcher, clock
):
    owe(2)
    channel = ScriptedChannel(ChannelError("429", retry_after_s=30, hold_channel=True))

    send(dispatcher, channel)
    clock.now += timedelta(seconds=29)
    send(dispatcher, channel)

    assert len(channel.taken) == 1


def test_half_the_recipients_refused_leaves_the_other_half_delivered(
    engine, owe, dispatcher, clock
):
    (alert_id,) = owe(recipients=("a@x.example", "b@x.example"))
    channel = ScriptedChannel("ok", ChannelError("550", fault=Fault.REFUSED))

    send(dispatcher, channel)

    states = {o.recipient: o.state for o in owed(engine, alert_id)}
    assert states == {"a@x.example": DeliveryState.SENT, "b@x.example": DeliveryState.DEAD}


def test_a_lease_that_ran_out_is_taken_over_and_the_late_result_is_refused(
    engine, owe, dispatcher, clock
):
    (alert_id,) = owe()
    other = a_dispatcher(engine, clock, "other")

    def sleep_past_the_lease():
        clock.now += LEASE + timedelta(seconds=1)
        send(other, ScriptedChannel("by the other"))
        raise ChannelError("too late to tell", fault=Fault.REFUSED)

    send(dispatcher, ScriptedChannel(sleep_past_the_lease))

    (message,) = owed(engine, alert_id)
    assert message.state is DeliveryState.SENT
    assert [a.number for a in message.attempts] == [1, 2]


def test_a_crash_between_claim_and_record_ends_in_a_repeat_with_the_same_key(
    engine, owe, dispatcher, clock
):
    (alert_id,) = owe()

    class Killed(BaseException):
        """The process ends here."""

    def die():
        raise Killed

    channel = ScriptedChannel(die)
    with pytest.raises(Killed):
        send(dispatcher, channel)
    clock.now += LEASE + timedelta(seconds=1)
    send(dispatcher, channel)

    assert channel.taken == [(f"{alert_id}.mods", "")] * 2
    assert owed(engine, alert_id)[0].state is DeliveryState.SENT


def test_after_the_last_attempt_of_the_schedule_a_message_is_dead(engine, owe, dispatcher, clock):
    (alert_id,) = owe()
    channel = ScriptedChannel(*[ChannelError("down")] * 20)
    for _ in range(20):
        send(dispatcher, channel)
        clock.now += timedelta(hours=30)

    (message,) = owed(engine, alert_id)
    assert message.state is DeliveryState.DEAD
    assert len(message.attempts) == 12


def test_an_unforeseen_error_is_told_by_its_kind_alone_and_tried_again(
    engine, owe, dispatcher, clock
):
    (alert_id,) = owe()
    send(dispatcher, ScriptedChannel(ValueError("a secret text")))

    (message,) = owed(engine, alert_id)
    assert message.state is DeliveryState.PENDING
    assert message.attempts[0].answer == "ValueError"


def test_each_attempt_is_told_with_its_outcome(engine, owe, clock):
    told = []
    dispatcher = a_dispatcher(
        engine, clock, attempted=lambda channel, outcome: told.append((channel, outcome.value))
    )
    refused, broken = (ChannelError("no", fault=f) for f in (Fault.REFUSED, Fault.BROKEN))
    channel = ScriptedChannel("ok", refused, broken)
    for _ in range(3):
        owe()
        send(dispatcher, channel)
        clock.now += timedelta(seconds=1)
    assert told == [("mods", "sent"), ("mods", "refused"), ("mods", "broken")]


def test_what_is_owed_is_sent_pending_or_dead(engine, owe, dispatcher, clock):
    refused, down = ChannelError("550", fault=Fault.REFUSED), ChannelError("down")
    channel = ScriptedChannel("ok", refused, down)
    for count in (3, 2, 1):
        owe(count)
        send(dispatcher, channel)
        clock.now += timedelta(seconds=1)
    owe(4)

    with read(engine) as tx:
        (backlog,) = outbox.backlogs(tx)
    assert (backlog.owed, backlog.sent, backlog.dead) == (10, 3, 2)
    assert (backlog.pending, backlog.waiting, backlog.under_way) == (5, 4, 1)
    assert backlog.oldest == NOON + timedelta(seconds=2)


def test_after_a_stop_nothing_more_is_taken_in_hand(engine, owe, dispatcher):
    owe(recipients=("a@x.example", "b@x.example"))

    def stop():
        dispatcher.stopping.set()
        return "ok"

    channel = ScriptedChannel(stop)
    assert send(dispatcher, channel) == 1
    with read(engine) as tx:
        (backlog,) = outbox.backlogs(tx)
    assert (backlog.sent, backlog.waiting) == (1, 1)


def test_a_notice_is_sent_like_an_alert_under_its_own_key(engine, dispatcher, clock):
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
        outbox.owe_notice(tx, "no_1", [("mods", "")], clock.now)
    channel = ScriptedChannel(ChannelError("down"))
    send(dispatcher, channel)
    clock.now += timedelta(seconds=6)
    send(dispatcher, channel)

    assert channel.taken == [("no_1.mods", "")] * 2
    assert channel.told == [notice] * 2
