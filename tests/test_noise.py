"""Noise under control: rates, digests and quiet hours, on both databases and a simulated clock."""

from __future__ import annotations

import random
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from moderator.channels import build
from moderator.channels.email import EmailSettings
from moderator.channels.slack import SlackSettings
from moderator.dispatch import PROBE_EVERY, Dispatcher, start_workers
from moderator.domain.delivery import Debt, DeliveryState
from moderator.domain.errors import ChannelError, Fault
from moderator.domain.message import TOLD, Digest, Message
from moderator.domain.timing import Digest as Plan
from moderator.domain.timing import Quiet, Timing
from moderator.domain.trigger import Severity
from moderator.storage import alerts, outbox
from moderator.storage.engine import database_now, read, write
from tests.builders import NOON
from tests.channels.alerts import an_alert
from tests.receivers import SlackReceiver, SmtpReceiver

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Quiet(since=time(22), until=time(7))
RAID = {1: 1_000, 3: 10_000}  # alerts in a minute, by the number of processes

# What comes of a message: nothing, or an error.
WELL: Callable[[Message], ChannelError | None] = lambda _: None  # noqa: E731
DOWN: Callable[[Message], ChannelError | None] = lambda _: ChannelError("refused")  # noqa: E731


class Board:
    """A simulated clock, alerts that are raised by it, and a far end that counts them."""

    def __init__(self, engine, timing=None, now=NOON, owes=(("mods", ""),)):
        self.engine, self.now, self.owes = engine, now, owes
        self.timing = timing or Timing()
        self.raised = 0
        self.failure = WELL
        self.attempts = []
        self.abouts = []
        self.told = []  # (moment, key, alerts) of each message taken
        self.moments = defaultdict(list)  # by recipient, as if the clock had never jumped
        self.jumped = timedelta(0)
        self.lock = threading.Lock()

    kind = "counting"
    recipients = ("",)

    def send(self, message, recipient):
        """Take a message, or fail as told."""
        with self.lock:
            self.attempts.append((self.now, message.key))
            error = self.failure(message)
            if error is not None:
                raise error
            about = message.about
            self.abouts.append(about)
            count = about.count if isinstance(about, Digest) else 1
            self.told.append((self.now, message.key, count))
            self.moments[recipient].append(self.now - self.jumped)
        return "ok"

    def dispatcher(self, engine=None):
        """One process that sends."""
        return Dispatcher(
            engine=engine or self.engine,
            owner=f"process {id(engine)}",
            jitter=lambda: 0.0,
            page_url=lambda _: None,
            stopping=threading.Event(),
            timings={"mods": self.timing},
            clock=lambda _tx: self.now,
        )

    def alert(self, count=1, severity=Severity.WARNING, trigger="slur"):
        """Alerts that are raised now, and owed."""
        ids = [f"a{self.raised + n}" for n in range(count)]
        self.raised += count
        raised = [
            an_alert(id=id, scope_key=id, trigger=trigger, severity=severity, raised_at=self.now)
            for id in ids
        ]
        debts = [
            Debt(alert_id=id, channel=channel, recipient=to, severity=severity, height=0.5)
            for id in ids
            for channel, to in self.owes
        ]
        with write(self.engine) as tx:
            alerts.add_alerts(tx, raised)
            outbox.owe(tx, debts, self.now)
        return ids

    def run(self, by, *dispatchers, step=SECOND):
        """Let time pass; send whenever something may go, all processes at the same moments."""
        end = self.now + by
        with ThreadPoolExecutor(len(dispatchers)) as pool:
            while self.now < end:
                list(pool.map(lambda each: each.dispatch_due("mods", self), dispatchers))
                self.now += step

    def settle(self, within, *dispatchers, step=SECOND):
        """Let time pass until all is told."""
        end = self.now + within
        while self.backlog().pending and self.now < end:
            self.run(5 * step, *dispatchers, step=step)

    def jump(self, by):
        """Put the clock forward or back."""
        self.now += by
        self.jumped += by

    def backlog(self):
        """What the database says; owed is what is sent, pending or dead, at any time."""
        with read(self.engine) as tx:
            (backlog,) = outbox.backlogs(tx, {"mods": self.timing})
        assert backlog.owed == self.raised * len(self.owes)
        assert backlog.owed == backlog.sent + backlog.pending + backlog.dead
        return backlog

    def is_told_exactly(self):
        """Each alert but those that wait is in one message, which was taken once, with as many
        alerts as it says, and no recipient was told more often than they bear.
        """
        with read(self.engine) as tx:
            by_alert = outbox.owed_for(tx, [f"a{n}" for n in range(self.raised)])
        owed = [each for all_of_it in by_alert.values() for each in all_of_it]
        expected = Counter((each.key, each.recipient) for each in owed if each.key is not None)
        keys = Counter(key for key, _ in expected)
        assert Counter(key for _, key, _ in self.told) == keys
        assert sorted(n for *_, n in self.told) == sorted(expected.values())
        assert self.backlog().pending == len(owed) - sum(expected.values())
        for moments in self.moments.values():
            assert min((b - a for a, b in pairwise(moments)), default=SECOND) >= SECOND
            assert most_in_a_minute(moments) <= self.timing.rate
        return True

    def told_at(self):
        """The hours and minutes of the messages, by Berlin's clock, and how many each told."""
        return [(moment.astimezone(BERLIN).strftime("%H:%M"), n) for moment, _, n in self.told]


def most_in_a_minute(moments):
    """How many of them any one minute holds at most."""
    return max(sum(a <= b < a + MINUTE for b in moments) for a in moments)


def test_a_raid_of_thousands_of_alerts_in_a_minute_is_a_dozen_messages(engines):
    board = Board(engines[0])
    dispatchers = [board.dispatcher(engine) for engine in engines]
    raid = RAID[len(engines)]
    for second in range(60):
        board.alert(raid // 60 + (second < raid % 60))
        board.run(SECOND, *dispatchers)
        if second % 20 == 7:
            assert board.backlog().pending == board.raised - sum(n for *_, n in board.told)
    board.run(10 * SECOND, *dispatchers)

    assert board.told[0][0] == NOON  # at once
    assert len(board.told) <= 11
    assert board.backlog().sent == raid
    assert board.is_told_exactly()


def test_a_digest_tells_the_worst_one_by_one_and_counts_all(engine):
    board = Board(engine)
    board.alert(500)
    board.alert(20, Severity.INFO, "mild")
    board.alert(3, Severity.CRITICAL, "threat")
    board.run(2 * SECOND, board.dispatcher())

    urgent, rest = board.abouts
    assert [(t.trigger, t.count) for t in urgent.tallies] == [("threat", 3)]
    assert [(t.trigger, t.count) for t in rest.tallies] == [("slur", 500), ("mild", 20)]
    assert {alert.trigger for alert in rest.told} == {"slur"}
    assert len(rest.told) == TOLD
    assert (rest.severity, rest.count) == (Severity.WARNING, 520)


def test_each_alert_shows_the_attempts_of_the_message_that_tells_it(engine):
    board = Board(engine)
    ids = board.alert(3)
    board.failure = DOWN
    board.run(4 * SECOND, board.dispatcher())
    board.failure = WELL
    board.run(4 * SECOND, board.dispatcher())

    with read(engine) as tx:
        owed = [outbox.owed_for(tx, [id])[id][0] for id in ids]
    assert {(one.key, one.together, one.state) for one in owed} == {
        ("digest-a0.mods", 3, DeliveryState.SENT)
    }
    assert [[a.outcome.value for a in one.attempts] for one in owed] == [["passing", "sent"]] * 3


def test_a_digest_keeps_its_alerts_and_its_key_over_crashes_and_retries(engine):
    """The far end takes it and the process dies before it can say so: the repeat is the same."""
    board = Board(engine)
    board.alert(4)

    class Killed(BaseException):
        """The process ends here."""

    class Dying:
        """Takes a message and dies."""

        def send(self, message, recipient):
            board.send(message, recipient)
            raise Killed

    with pytest.raises(Killed):
        board.dispatcher().dispatch_due("mods", Dying())
    board.alert(5)
    board.run(2 * MINUTE, board.dispatcher())

    keys = Counter((key, count) for _, key, count in board.told)
    assert keys == {("digest-a0.mods", 4): 2, ("digest-a4.mods", 5): 1}
    assert board.backlog().sent == 9


def test_whatever_fails_processes_together_keep_to_each_pace_and_tell_each_alert_once(engines):
    board = Board(engines[0], owes=[("mods", "ann"), ("mods", "bob")])
    dispatchers = [board.dispatcher(engine) for engine in engines]
    chance = random.Random(len(engines))
    board.failure = lambda _: ChannelError("refused") if chance.random() < 0.2 else None
    for _ in range(60):
        if chance.random() < 0.7:
            board.alert(chance.randint(1, 20))
        step = chance.choice((0.4, 0.7, 1)) * SECOND
        board.run(step, *dispatchers, step=step)
    board.failure = WELL
    board.settle(HOUR, *dispatchers)

    assert board.backlog().pending == 0
    assert board.is_told_exactly()


def test_each_recipient_has_a_pace_of_their_own(engine):
    board = Board(engine, owes=[("mods", who) for who in ("ann", "bob", "cid")])
    board.alert()
    assert board.dispatcher().dispatch_due("mods", board).attempts == 3


def test_who_waits_only_for_a_slot_is_told_when_it_is_free(engine):
    board = Board(engine, Timing(rate=1))
    board.alert()
    dispatcher = board.dispatcher()
    assert dispatcher.dispatch_due("mods", board).again_in is None
    board.alert()
    board.now += 20 * SECOND
    assert dispatcher.dispatch_due("mods", board).again_in == 40 * SECOND
    board.now += 40 * SECOND
    assert dispatcher.dispatch_due("mods", board).attempts == 1


def test_an_outage_of_a_day_is_told_in_digests_within_minutes(engine):
    """G13: what was raised in it is owed when it is over."""
    board = Board(engine)
    dispatcher = board.dispatcher()
    board.failure = DOWN
    for _ in range(24):
        board.alert(20)
        board.run(HOUR, dispatcher, step=10 * MINUTE)
        assert board.now - board.attempts[-1][0] <= PROBE_EVERY
    assert board.told == []
    board.failure = WELL
    over = board.now
    board.settle(15 * MINUTE, dispatcher, step=2 * SECOND)

    assert board.now - over <= 15 * MINUTE
    assert board.backlog().sent == board.raised
    assert len(board.told) <= 24
    assert board.is_told_exactly()


def test_while_a_channel_fails_little_new_is_formed_beside_what_failed(engine):
    """After 20, 40, 80, 160 seconds: so that what waits goes out together afterwards."""
    board = Board(engine)
    board.failure = DOWN
    dispatcher = board.dispatcher()
    for _ in range(75):
        board.alert()
        board.run(4 * SECOND, dispatcher, step=4 * SECOND)
    assert len({key for _, key in board.attempts}) <= 6


def test_a_message_that_never_gets_through_holds_up_the_others_for_seconds(engine):
    board = Board(engine)
    poison = ChannelError("500, always")
    board.failure = lambda message: poison if message.key == "a0.mods" else None
    dispatcher = board.dispatcher()
    board.alert()
    board.run(SECOND, dispatcher)
    for n in range(1, 9):
        board.alert()
        raised = board.now
        board.run(MINUTE, dispatcher, step=2 * SECOND)
        (told,) = [moment for moment, key, _ in board.told if key == f"a{n}.mods"]
        assert told - raised <= 20 * SECOND


def test_a_broken_channel_is_probed_with_what_it_has_tried_and_forms_one_digest(engine):
    board = Board(engine)
    broken = ChannelError("404 no_service", fault=Fault.BROKEN)
    board.failure = lambda _: broken
    dispatcher = board.dispatcher()
    for _ in range(12):
        board.alert()
        board.run(MINUTE, dispatcher, step=10 * SECOND)
    assert len(board.attempts) == 2
    board.failure = WELL
    board.run(12 * MINUTE, dispatcher, step=10 * SECOND)
    assert board.backlog().sent == 12
    assert len(board.told) <= 3


class TestDigests:
    """Alerts that are collected."""

    def test_once_a_day_what_was_raised_until_then_is_told_together(self, engines):
        board = Board(
            engines[0],
            Timing(digest=Plan(at=time(8)), zone=BERLIN),
            datetime(2026, 6, 1, tzinfo=UTC),
        )
        dispatchers = [board.dispatcher(engine) for engine in engines]
        for _ in range(2 * 12):
            board.alert()
            board.run(2 * HOUR, *dispatchers, step=30 * MINUTE)
        assert board.told_at() == [("08:00", 4), ("08:00", 12)]
        assert board.backlog().pending == board.raised - 16
        assert board.is_told_exactly()

    def test_what_is_urgent_goes_at_once_and_alone(self, engine):
        board = Board(engine, Timing(digest=Plan(), zone=BERLIN), NOON + 10 * SECOND)
        dispatcher = board.dispatcher()
        board.alert(2)
        (id,) = board.alert(1, Severity.CRITICAL)
        board.run(3 * SECOND, dispatcher)
        assert [key for _, key, _ in board.told] == [f"{id}.mods"]
        board.run(HOUR + MINUTE, dispatcher, step=MINUTE)
        assert [count for *_, count in board.told] == [1, 2]

    def test_where_nothing_is_urgent_all_wait(self, engine):
        board = Board(engine, Timing(digest=Plan(), urgent=None), NOON + 10 * SECOND)
        board.alert(1, Severity.CRITICAL)
        board.run(5 * SECOND, board.dispatcher())
        assert board.told == []

    @pytest.mark.parametrize(
        ("start", "hours", "times"),
        [
            (
                datetime(2026, 3, 28, 12, tzinfo=BERLIN),
                23,
                ["03:30", "02:30"],
            ),  # half past two does not exist
            (datetime(2026, 10, 24, 12, tzinfo=BERLIN), 25, ["02:30", "02:30"]),  # it comes twice
        ],
        ids=["23 hours", "25 hours"],
    )
    def test_a_day_whose_clock_moves_has_one_digest(self, engines, start, hours, times):
        board = Board(
            engines[0], Timing(digest=Plan(at=time(2, 30)), zone=BERLIN), start.astimezone(UTC)
        )
        dispatchers = [board.dispatcher(engine) for engine in engines]
        for _ in range(2 * 24):
            board.alert()
            board.run(HOUR, *dispatchers, step=30 * MINUTE)
        # An alert an hour: until the first digest, and in the day between it and the second.
        assert board.told_at() == [(times[0], 15), (times[1], hours)]
        first, second = (moment for moment, _, _ in board.told)
        assert second - first == hours * HOUR
        assert board.is_told_exactly()

    @pytest.mark.parametrize(
        ("jump", "there", "back"), [(HOUR, 0, 1), (-HOUR, 2, 5)], ids=["ahead", "back"]
    )
    def test_a_clock_that_jumps_to_and_fro_skips_and_doubles_nothing(
        self, engines, jump, there, back
    ):
        """Over the time of the digest, so that it comes twice."""
        board = Board(engines[0], Timing(digest=Plan(at=time(8))), NOON.replace(hour=6, minute=50))
        dispatchers = [board.dispatcher(engine) for engine in engines]
        for n in range(12):
            board.alert()
            board.run(30 * MINUTE, *dispatchers, step=10 * MINUTE)
            if n == there:
                board.jump(jump)
            if n == back:
                board.jump(-jump)
        board.run(24 * HOUR, *dispatchers, step=HOUR)
        assert board.backlog().sent == board.raised
        assert board.is_told_exactly()

    def test_a_clock_that_jumps_back_holds_up_nobody_for_that_hour(self, engines):
        """What an hour ahead was raised, and sent, is no reason to wait for it."""
        board = Board(engines[0])
        dispatchers = [board.dispatcher(engine) for engine in engines]
        for _ in range(10):
            board.alert()
            board.run(SECOND, *dispatchers)
        board.alert()
        board.jump(-HOUR)
        board.run(MINUTE + SECOND, *dispatchers)
        assert board.backlog().sent == 11
        assert board.is_told_exactly()

    def test_what_a_clock_far_ahead_raised_does_not_wait_for_that_day(self, engine):
        board = Board(engine, Timing(digest=Plan(at=time(8))), NOON + timedelta(days=300))
        board.alert()
        board.jump(-timedelta(days=300))
        board.run(SECOND, board.dispatcher())
        assert board.told == [(NOON, "a0.mods", 1)]


class TestQuietHours:
    """Nights."""

    def test_in_the_night_only_what_is_urgent_is_told_and_the_rest_together_afterwards(
        self, engines
    ):
        evening = datetime(2026, 10, 24, 21, 30, tzinfo=BERLIN).astimezone(UTC)
        board = Board(engines[0], Timing(quiet=NIGHT, zone=BERLIN), evening)
        dispatchers = [board.dispatcher(engine) for engine in engines]
        for n in range(24):
            board.alert(1, Severity.CRITICAL if n == 6 else Severity.WARNING)
            board.run(30 * MINUTE, *dispatchers, step=15 * MINUTE)
        told = board.told_at()
        # The night on which the clock goes back has 10 hours: 20 alerts until 7 o'clock and one
        # right then, of which one did not wait.
        assert told[:3] == [("21:30", 1), ("00:30", 1), ("07:00", 20)]
        assert [count for _, count in told[3:]] == [1, 1]
        assert board.is_told_exactly()

    def test_what_was_tried_before_the_night_is_tried_again_after_it(self, engine):
        board = Board(engine, Timing(quiet=NIGHT), datetime(2026, 6, 1, 21, 59, 50, tzinfo=UTC))
        dispatcher = board.dispatcher()
        board.failure = DOWN
        board.alert()
        board.run(20 * SECOND, dispatcher)
        board.failure = WELL
        board.run(9 * HOUR + MINUTE, dispatcher, step=5 * MINUTE)
        assert board.told_at() == [("09:00", 1)]  # 7 o'clock UTC


def test_what_is_held_back_is_not_late(engine):
    timing = Timing(digest=Plan(at=time(8)))
    board = Board(engine, timing)
    board.alert()
    assert board.backlog().oldest == datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_over_real_connections_the_first_alert_goes_alone_and_all_others_together(engine):
    """To Slack and to two mailboxes, by the service's own threads and the database's own clock."""
    to = ("ann@example.org", "bob@example.org")
    board = Board(engine, now=datetime.now(UTC), owes=(("chat", ""), *(("mail", a) for a in to)))
    with SlackReceiver() as slack, SmtpReceiver() as server:
        kinds = {
            "chat": SlackSettings(url=slack.url, allow_hosts=(slack.host_port,)),
            "mail": EmailSettings.model_validate(
                {
                    "smtp": server.url,
                    "from": "bot@example.org",
                    "to": to,
                    "allow_hosts": [server.host_port],
                }
            ),
        }
        dispatcher = replace(board.dispatcher(), clock=database_now)
        channels = {name: build(name, settings) for name, settings in kinds.items()}
        workers = start_workers(channels, dispatcher)

        def wake():
            for worker in workers.values():
                worker.wake()

        board.alert()
        wake()
        slack.wait_for(1)
        server.wait_for(2)
        board.alert(300)
        wake()
        texts = [request.body.decode() for request in slack.wait_for(2)]
        mails = [(each.recipients, each.mail["Subject"]) for each in server.wait_for(4)]
        dispatcher.stopping.set()
        for worker in workers.values():
            worker.join()

    assert "Alert a0" in texts[0]
    assert "300 alerts" in texts[1]
    assert Counter(mails) == {
        ((address,), subject): 1
        for address in to
        for subject in ("slur: hate 86% by ann in general", "300 alerts: 300 slur")
    }
    with read(engine) as tx:
        backlogs = outbox.backlogs(tx)
    assert {backlog.channel: (backlog.owed, backlog.sent) for backlog in backlogs} == {
        "chat": (301, 301),
        "mail": (602, 602),
    }
