"""Keys of requests that come many at a time: those that arrive together share one question.

Each is still looked up when its request is here, so that a revoked key is refused at once.
"""

from __future__ import annotations

from moderator.batches import Batches
from moderator.storage.keys import ApiKey
from moderator.web.auth import Door

MAX_BATCH = 64
MAX_WAITING = 1_024  # more are refused at the door


class KeyChecks(Batches[str, ApiKey | None]):
    """Looks keys up for the coroutines of one process, in one thread.

    `submit` takes a secret and gives its key, None where it is not known; it raises what
    `Door.known` does.
    """

    def __init__(self, door: Door) -> None:
        super().__init__("keys", door.each_known, max_batch=MAX_BATCH, max_waiting=MAX_WAITING)
