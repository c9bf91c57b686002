"""A message on its way out, and what became of each attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where an owed message stands."""

    PENDING = "pending"  # due at `due_at`
    SENDING = "sending"  # somebody holds the lease; after it ends: unknown, to be sent again
    SENT = "sent"
    DEAD = "dead"  # given up; shown to people


class AttemptOutcome(StrEnum):
    """What one attempt came to."""

    SENDING = "sending"  # not finished, or its process died before it could tell
    SENT = "sent"
    PASSING = "passing"
    REFUSED = "refused"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An owed message that this process may send until `lease_until`: of an alert or a notice.

    `attempt` counts from 1 and is the fencing token: a result is taken only from the owner of
    the newest attempt. `maybe_repeat` is true when an earlier attempt's end is not known.
    """

    outbox_id: int
    alert_id: str | None
    notice_id: str | None
    channel: str
    recipient: str
    attempt: int
    lease_until: datetime
    maybe_repeat: bool = False

    @property
    def key(self) -> str:
        """The stable name of this message: the same in every attempt."""
        return f"{self.alert_id or self.notice_id}.{self.channel}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt, as a moderator may read it."""

    number: int
    started_at: datetime
    finished_at: datetime | None
    outcome: AttemptOutcome
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One message an alert owes to one recipient of one channel, with its attempts."""

    channel: str
    recipient: str
    state: DeliveryState
    due_at: datetime
    settled_at: datetime | None
    attempts: tuple[Attempt, ...] = ()
