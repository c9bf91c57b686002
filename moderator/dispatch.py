"""Outbox ─▶ channel ─▶ outcome.

Lease, send, record: the attempt is counted when it is claimed, no transaction is open while the
network is used, and a result is taken only from the owner of the newest attempt. A message is
repeated only where we stopped, or lost the connection, between the far end's taking it and our
writing so; the repeat bears the same key.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from moderator.channels.base import Channel
from moderator.domain.alert import Alert
from moderator.domain.delivery import AttemptOutcome, Claim, DeliveryState
from moderator.domain.errors import ChannelError, Fault, Unavailable
from moderator.domain.message import Message
from moderator.domain.notice import Notice
from moderator.domain.retry import MAX_RETRY_AFTER_S, next_attempt
from moderator.storage import alerts, notices, outbox
from moderator.storage.engine import database_now, read, write

LEASE = timedelta(seconds=75)  # longer than the 60 s that a channel may take for one message
BATCH = 10
PROBE_EVERY = timedelta(minutes=10)  # a broken channel is tried this often, with one message
STOP_WITHIN_S = 10.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatcher:
    """What sending needs: where owed messages lie, and who this process is.

    `jitter` gives numbers in -1..1. `page_url` turns an alert's id into the address of its page,
    None into that of all alerts.
    `attempted` is told each attempt's channel and outcome.
    """

    engine: Engine
    owner: str
    jitter: Callable[[], float]
    page_url: Callable[[str | None], str | None]
    stopping: threading.Event
    attempted: Callable[[str, AttemptOutcome], None] = lambda _channel, _outcome: None

    def dispatch_due(self, name: str, channel: Channel) -> int:
        """Send what one channel owes by now; returns how many attempts were made."""
        claims = self._claim(name)
        for i, claim in enumerate(claims):
            if self.stopping.is_set():
                self._give_back(claims[i:])
                return i
            if not self._attempt(claim, channel):
                self._give_back(claims[i + 1 :])
                return i + 1
        return len(claims)

    def _claim(self, name: str) -> Sequence[Claim]:
        with write(self.engine) as tx:
            now = database_now(tx)
            state = outbox.channel_state(tx, name)
            if state.hold_until is not None and state.hold_until > now:
                return []
            return outbox.claim_due(
                tx,
                name,
                owner=self.owner,
                now=now,
                lease=LEASE,
                limit=1 if state.failing_since else BATCH,
            )

    def _give_back(self, claims: Sequence[Claim]) -> None:
        if claims:
            with write(self.engine) as tx:
                outbox.give_back(tx, claims, owner=self.owner, now=database_now(tx))

    def _attempt(self, claim: Claim, channel: Channel) -> bool:
        """Send one message and record the outcome; False where the channel must be left alone."""
        with read(self.engine) as tx:
            if database_now(tx) >= claim.lease_until:
                return False  # we slept past the lease: somebody else may be sending it
            message = self._message(tx, claim)
        if message is None:
            return True  # its retention ended, and the owed message with it
        try:
            answer = channel.send(message, claim.recipient)
        except ChannelError as error:
            return self._record_failure(claim, error)
        except Exception as error:
            # One bad row must not stop the others: it waits, the rest go on.
            logger.exception("a message could not be sent", extra=_facts(claim))
            return self._record_failure(claim, ChannelError(type(error).__name__))
        self._record_sent(claim, answer)
        return True

    def _message(self, tx: Connection, claim: Claim) -> Message | None:
        about: Alert | Notice | None = None
        if claim.alert_id is not None:
            about = alerts.alert(tx, claim.alert_id)
        elif claim.notice_id is not None:
            about = notices.notice(tx, claim.notice_id)
        if about is None:
            return None
        return Message(key=claim.key, about=about, page_url=self.page_url(claim.alert_id))

    def _record_sent(self, claim: Claim, answer: str) -> None:
        with write(self.engine) as tx:
            now = database_now(tx)
            outbox.record(
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

    def _record_failure(self, claim: Claim, error: ChannelError) -> bool:
        with write(self.engine) as tx:
            now = database_now(tx)
            floor_s = min(error.retry_after_s or 0.0, MAX_RETRY_AFTER_S)
            floor = now + timedelta(seconds=floor_s) if floor_s else None
            due = next_attempt(
                claim.attempt, now, jitter=self.jitter(), retry_after_s=error.retry_after_s
            )
            dead = error.fault is Fault.REFUSED or due is None
            outbox.record(
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
            hold = self._hold(error, now, floor)
            if error.fault is not Fault.REFUSED:
                outbox.note_failure(
                    tx,
                    claim.channel,
                    now=now,
                    reason=str(error),
                    broken=error.fault is Fault.BROKEN,
                    hold_until=hold,
                )
        self.attempted(claim.channel, AttemptOutcome(error.fault))
        level = logging.ERROR if dead else logging.WARNING
        words = "given up" if dead else "not sent; will be tried again"
        logger.log(
            level, words, extra=_facts(claim) | {"why": str(error), "maybe_sent": error.maybe_sent}
        )
        return hold is None

    @staticmethod
    def _hold(error: ChannelError, now: datetime, floor: datetime | None) -> datetime | None:
        """Until when the whole channel is left alone: no one else's message would do better."""
        if error.fault is Fault.BROKEN:
            return max(now + PROBE_EVERY, floor or now)
        return floor if error.hold_channel else None


class ChannelWorker:
    """One thread that sends what one channel owes, so that no channel waits for another.

    It sleeps until woken: by a commit that owes alerts, or by the timer.
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
        while not self._dispatcher.stopping.is_set():
            self._due.wait()
            self._due.clear()
            try:
                while self._dispatcher.dispatch_due(self._name, self._channel):
                    pass
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
        "attempt": claim.attempt,
        "maybe_repeat": claim.maybe_repeat,
    }
