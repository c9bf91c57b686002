"""`/v1/alerts/{alert_id}/folded`: the comments that belong to an alert beside the one it tells."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from moderator.storage import alerts, folded
from moderator.storage.engine import read
from moderator.web.api import cursor
from moderator.web.api.alert_shapes import FoldedBody, FoldedPage
from moderator.web.api.alerts import NO_SUCH_ALERT
from moderator.web.api.query import InPath, PageQuestion
from moderator.web.errors import NotFound
from moderator.web.runtime import RuntimeOf


def comments(
    alert_id: InPath, asked: Annotated[PageQuestion, Query()], runtime: RuntimeOf
) -> FoldedPage:
    """The comments that were folded into an alert, in the order of arrival: who and where."""
    question = f"{asked.name()} {alert_id}"
    after = 0
    if asked.cursor is not None:
        (number,) = cursor.decode(asked.cursor, int, question=question)
        after = int(number)
    with read(runtime.engine) as tx:
        if alerts.alert(tx, alert_id) is None:
            raise NotFound(NO_SUCH_ALERT)
        found = folded.comments_of(tx, alert_id, limit=asked.limit + 1, after=after)
    page = found[: asked.limit]
    more = len(found) > len(page)
    return FoldedPage(
        items=[FoldedBody.of(one) for one in page],
        next=cursor.encode([page[-1].number], question=question) if more else None,
    )
