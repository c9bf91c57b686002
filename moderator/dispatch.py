"""Outbox ─▶ channel ─▶ outcome.

Lease, send, record: the attempt is counted when it is claimed, no transaction is open while the
network is used, and a result is taken only from the owner of the newest attempt. A message is
repeated only where we stopped, or lost the connection, between the far end's taking it and our
writing so; the repeat bears the same key.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from moderator.channels.base import Channel
from moderator.domain.alert import Alert
from moderator.domain.delivery import AttemptOutcome, Claim, DeliveryState
from moderator.domain.errors import ChannelError, Fault, Unavailable
from moderator.domain.message import Message
from moderator.domain.retry import MAX_RETRY_AFTER_S, next_attempt
from moderator.domain.timing import Timing
from moderator.storage import messages, outbox
from moderator.storage.engine import database_now, read, write
from moderator.storage.messages import Asked, Turn

LEASE = timedelta(seconds=75)  # longer than the 60 s that a channel may take for one message
PROBE_EVERY = timedelta(minutes=10)  # a channel that fails is tried this often, with one message
STOP_WITHIN_S = 10.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What was done for a channel: how many attempts, and when the next slot is free for what
    waits only for that.
    """

    attempts: int
    again_in: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatcher:
    """What sending needs: where owed messages lie, and who this process is.

    `jitter` gives numbers in -1..1. `page_url` turns an alert's id into the address of its page,
    None into that of all alerts. `timings` say when and how fast each channel tells. `attempted`
    is told each attempt's channel and outcome. `clock` reads the time in a transaction.
    """

    engine: Engine
    owner: str
    jitter: Callable[[], float]
    page_url: Callable[[str | None], str | None]
    stopping: threading.Event
    timings: Mapping[str, Timing] = field(default_factory=dict)
    attempted: Callable[[str, AttemptOutcome], None] = lambda _channel, _outcome: None
    clock: Callable[[Connection], datetime] = database_now

    def dispatch_due(self, name: str, channel: Channel) -> Round:
        """Send what one channel may send by now."""
        count = 0
        while not self.stopping.is_set():
            now, turn = self._turn(name)
            if turn.claim is None:
                again_in = None if turn.again_at is None else turn.again_at - now
                return Round(attempts=count, again_in=again_in)
            self._attempt(turn.claim, channel)
            count += 1
        return Round(attempts=count)

    def _turn(self, name: str) -> tuple[datetime, Turn]:
        with write(self.engine) as tx:
            now = self.clock(tx)
            state = outbox.channel_state(tx, name)
            if state.hold_until is not None and state.hold_until > now:
                return now, Turn()
            asked = Asked(
                channel=name,
                timing=self.timings.get(name, Timing()),
                now=now,
                is_failing=state.failing_since is not None,
                is_probe=state.failed_at is not None and now - state.failed_at >= PROBE_EVERY,
            )
            return now, messages.next_turn(tx, asked, owner=self.owner, lease=LEASE)

    def _attempt(self, claim: Claim, channel: Channel) -> None:
        """Send one message and record the outcome."""
        message = self._message(claim)
        if message is None:
            return
        try:
            answer = channel.send(message, claim.recipient)
        except ChannelError as error:
            self._record_failure(claim, error)
        except Exception as error:
            # One bad row must not stop the others: it waits, the rest go on.
            logger.exception("a message could not be sent", extra=_facts(claim))
            self._record_failure(claim, ChannelError(type(error).__name__))
        else:
            self._record_sent(claim, answer)

    def _message(self, claim: Claim) -> Message | None:
        with read(self.engine) as tx:
            if self.clock(tx) >= claim.lease_until:
                return None  # we slept past the lease: somebody else may be sending it
            about = messages.about(tx, claim)
        if about is None:  # its retention ended, or its author was forgotten
            with write(self.engine) as tx:
                messages.drop(tx, claim)
            return None
        alert_id = about.id if isinstance(about, Alert) else None
        return Message(key=claim.key, about=about, page_url=self.page_url(alert_id))

    def _record_sent(self, claim: Claim, answer: str) -> None:
        with write(self.engine) as tx:
            now = self.clock(tx)
            messages.record(
                tx,
                claim,
                owner=self.owner,
                now=now,
                outcome=AttemptOutcome.SENT,
                answer=answer,
                state=DeliveryState.SENT,
            )
            outbox.note_success(tx, claim.channel, now)
        self.attempted(claim.channel, AttemptOutcome.SENT)
        logger.info("sent", extra=_facts(claim))

    def _record_failure(self, claim: Claim, error: ChannelError) -> None:
        with write(self.engine) as tx:
            now = self.clock(tx)
            floor_s = min(error.retry_after_s or 0.0, MAX_RETRY_AFTER_S)
            floor = now + timedelta(seconds=floor_s) if floor_s else None
            due = next_attempt(
                claim.attempt,
                now,
                first_at=claim.formed_at,
                jitter=self.jitter(),
                retry_after_s=error.retry_after_s,
            )
            dead = error.fault is Fault.REFUSED or due is None
            messages.record(
                tx,
                claim,
                owner=self.owner,
                now=now,
                outcome=AttemptOutcome(error.fault),
                answer=str(error),
                state=DeliveryState.DEAD if dead else DeliveryState.PENDING,
                due_at=due,
                not_before=floor,
            )
            if error.fault is not Fault.REFUSED:
                outbox.note_failure(
                    tx,
                    claim.channel,
                    now=now,
                    reason=str(error),
                    broken=error.fault is Fault.BROKEN,
                    hold_until=self._hold(error, now, floor),
                )
        self.attempted(claim.channel, AttemptOutcome(error.fault))
        level = logging.ERROR if dead else logging.WARNING
        words = "given up" if dead else "not sent; will be tried again"
        logger.log(
            level, words, extra=_facts(claim) | {"why": str(error), "maybe_sent": error.maybe_sent}
        )

    @staticmethod
    def _hold(error: ChannelError, now: datetime, floor: datetime | None) -> datetime | None:
        """Until when the whole channel is left alone: no one else's message would do better."""
        if error.fault is Fault.BROKEN:
            return max(now + PROBE_EVERY, floor or now)
        return floor if error.hold_channel else None


class ChannelWorker:
    """One thread that sends what one channel owes, so that no channel waits for another.

    It sleeps until woken: by a commit that owes alerts, by the timer, or by a slot that is free.
    """

    def __init__(self, name: str, channel: Channel, dispatcher: Dispatcher) -> None:
        self._name = name
        self._channel = channel
        self._dispatcher = dispatcher
        self._due = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"channel-{name}", daemon=True)

    def start(self) -> None:
        """Start sending."""
        self._thread.start()

    def wake(self) -> None:
        """Look at the outbox now."""
        self._due.set()

    def join(self) -> None:
        """Wait, for a while, until the message in hand is through."""
        self._due.set()
        self._thread.join(STOP_WITHIN_S)

    def _run(self) -> None:
        pause: timedelta | None = None
        while not self._dispatcher.stopping.is_set():
            self._due.wait(None if pause is None else pause.total_seconds())
            self._due.clear()
            pause = None
            try:
                pause = self._dispatcher.dispatch_due(self._name, self._channel).again_in
            except Unavailable as error:
                logger.warning("the outbox is out of reach: %s", error)
            except Exception:
                logger.exception("sending failed and goes on", extra={"channel": self._name})


def start_workers(
    channels: Mapping[str, Channel], dispatcher: Dispatcher
) -> dict[str, ChannelWorker]:
    """A running worker for each channel."""
    workers = {name: ChannelWorker(name, channel, dispatcher) for name, channel in channels.items()}
    for worker in workers.values():
        worker.start()
    return workers


def _facts(claim: Claim) -> dict[str, object]:
    return {
        "channel": claim.channel,
        "key": claim.key,
        "alerts": claim.size,
        "attempt": claim.attempt,
        "maybe_repeat": claim.maybe_repeat,
    }
