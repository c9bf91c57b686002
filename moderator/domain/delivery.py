"""A message on its way out, and what became of each attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moderator.domain.trigger import Severity


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


SEVERITIES = tuple(Severity)  # from the least to the most severe


def rank(severity: Severity) -> int:
    """A number that is higher the more severe: 0 for info, 2 for critical."""
    return SEVERITIES.index(severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """One alert owed to one recipient of one channel.

    `severity` decides how soon it goes, `height` (0..1, how high the comment scored) which alerts
    of a digest are told in full.
    """

    alert_id: str
    channel: str
    recipient: str
    severity: Severity
    height: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A message that this process may send until `lease_until`: `size` alerts, or one notice.

    `key` is the stable name of the message: the same in every attempt. `attempt` counts from 1
    and is the fencing token: a result is taken only from the owner of the newest attempt.
    `maybe_repeat` is true when an earlier attempt's end is not known.
    """

    message_id: int
    key: str
    channel: str
    recipient: str
    size: int
    formed_at: datetime
    attempt: int
    lease_until: datetime
    maybe_repeat: bool = False


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
    """One recipient of one channel whom an alert is owed to, and the message that tells it.

    `key` is that message's, None while it waits to be put into one; `together` counts the alerts
    that the message tells.
    """

    channel: str
    recipient: str
    key: str | None
    together: int
    state: DeliveryState
    due_at: datetime
    settled_at: datetime | None
    attempts: tuple[Attempt, ...] = ()
