"""Who asks how often: each key's quota, and what it was used for.

A quota is handed out to the processes in parts (a twentieth at a time, by one statement of the
database), and a process counts down its part by itself: together they never let in more than the
quota, and at most what lies unused in other processes' parts is refused too early. Usage is
counted in memory and written now and then: what a process had not written when it died is lost.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from moderator.domain.quota import Quota
from moderator.storage import usage
from moderator.storage.engine import Engine, write
from moderator.storage.keys import ApiKey
from moderator.storage.usage import Used
from moderator.web.errors import QuotaExceeded

DEFAULT = "default"  # the quota of keys that have none of their own

_REQUEST, _REFUSED = Used(requests=1), Used(refused=1)


def quota_of(key: ApiKey, quotas: Mapping[str, Quota]) -> Quota | None:
    """The quota of a key: by its name, else by its id, else the default; None: no limit."""
    own = quotas.get(key.name) if key.name != DEFAULT else None
    return own or quotas.get(key.id) or quotas.get(DEFAULT)


@dataclass(slots=True, eq=False)
class _Part:
    """What this process may still let in of one key's quota."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    quota: Quota | None = None
    begins: datetime | None = None
    left: int = 0
    is_spent: bool = False


class Usage:
    """Counts the requests of one process by key. Safe to call from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parts: dict[str, _Part] = {}
        self._counted: dict[tuple[str, date], Used] = {}

    def request(self, engine: Engine, key_id: str, quota: Quota | None, now: datetime) -> None:
        """Count a request, and take it off the quota; may write to the database.

        Raises QuotaExceeded, and Unavailable.
        """
        self._count(key_id, now, _REQUEST)
        if quota is None:
            return
        with self._lock:
            part = self._parts.setdefault(key_id, _Part())
        with part.lock:  # who waits here waits for the same part
            if (part.quota, part.begins) != (quota, quota.begins(now)):
                part.quota, part.begins = quota, quota.begins(now)
                part.left, part.is_spent = 0, False
            if part.left == 0 and not part.is_spent:
                with write(engine) as tx:
                    part.left = usage.allot(tx, key_id, quota, now)
                part.is_spent = part.left == 0
            if part.left > 0:
                part.left -= 1
                return
        self._count(key_id, now, _REFUSED)
        raise QuotaExceeded(key_id, quota, retry_after_s=quota.left_s(now))

    def scored(self, key_id: str, now: datetime, texts: int = 1) -> None:
        """Count texts that were scored for a key."""
        self._count(key_id, now, Used(scored=texts))

    def flush(self, engine: Engine) -> None:
        """Write what was counted. Raises Unavailable: then it is kept for the next time."""
        with self._lock:
            counted, self._counted = self._counted, {}
        if not counted:
            return
        try:
            with write(engine) as tx:
                usage.add(tx, counted)
        except BaseException:
            with self._lock:
                for place, used in counted.items():
                    self._counted[place] = self._counted.get(place, Used()) + used
            raise

    def _count(self, key_id: str, now: datetime, used: Used) -> None:
        place = (key_id, now.astimezone(UTC).date())
        with self._lock:
            self._counted[place] = self._counted.get(place, Used()) + used
