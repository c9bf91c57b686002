"""`/v1/threads` and `/v1/authors`: many comments in a few numbers."""

from __future__ import annotations

from typing import Any

from moderator.domain.alert import Alert
from moderator.domain.lookup import Summary
from moderator.storage import lookups
from moderator.storage.alerts import newest_alerts
from moderator.storage.engine import read
from moderator.web.api.alert_shapes import AuthorBody, ThreadBody, summary_fields
from moderator.web.api.query import InPath
from moderator.web.errors import NotFound
from moderator.web.runtime import RuntimeOf

NEWEST_ALERTS = 20


def thread(source: InPath, thread_id: InPath, runtime: RuntimeOf) -> ThreadBody:
    """A thread: how many comments of which label, means, the worst of them, its alerts."""
    with read(runtime.engine) as tx:
        summary = lookups.thread_summary(tx, source, thread_id)
        found = newest_alerts(tx, limit=NEWEST_ALERTS, source=source, thread_id=thread_id)
    return ThreadBody(thread_id=thread_id, **_fields(source, summary, found))


def author(source: InPath, author_id: InPath, runtime: RuntimeOf) -> AuthorBody:
    """An author: how many comments of which label, means, the worst of them, their alerts."""
    with read(runtime.engine) as tx:
        summary = lookups.author_summary(tx, source, author_id)
        found = newest_alerts(tx, limit=NEWEST_ALERTS, source=source, author_id=author_id)
    return AuthorBody(author_id=author_id, **_fields(source, summary, found))


def _fields(source: str, summary: Summary | None, found: list[Alert]) -> dict[str, Any]:
    if summary is None:
        raise NotFound("nothing of that id was ever seen")
    return summary_fields(source, summary, found)
