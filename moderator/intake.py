"""Group commit: what arrives while one transaction is flushed shares the next one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from moderator.batches import Batches
from moderator.domain.comment import Delivery
from moderator.domain.errors import Unavailable
from moderator.ingest import Answer, Result

MAX_BATCH = 64  # deliveries a transaction: beyond it the flush is a small part of the cost
MAX_WAITING = 512  # deliveries waiting: some seconds of work; more is refused at the door

Ingest = Callable[[Sequence[Delivery]], Sequence[Answer]]

logger = logging.getLogger(__name__)


class Intake(Batches[Delivery, tuple[Result, ...]]):
    """Hands deliveries to `ingest`; one thread a process owns the writing connection.

    `submit` answers once the delivery's transaction is committed. It raises DeliveryConflict,
    Overloaded where too much is waiting, Unavailable where the database does not take it: then
    nothing was stored.
    """

    def __init__(
        self, ingest: Ingest, *, max_batch: int = MAX_BATCH, max_waiting: int = MAX_WAITING
    ) -> None:
        super().__init__(
            "intake",
            lambda batch: _ingest_each(ingest, batch),
            max_batch=max_batch,
            max_waiting=max_waiting,
        )


def _ingest_each(
    ingest: Ingest, batch: Sequence[Delivery]
) -> Sequence[tuple[Result, ...] | Exception]:
    """The answers of a batch; a delivery that cannot be taken fails alone."""
    try:
        return ingest(batch)
    except Unavailable:
        raise
    except Exception as error:
        if len(batch) > 1:
            return [_ingest_each(ingest, [delivery])[0] for delivery in batch]
        logger.exception("a delivery could not be taken")
        return [error]
