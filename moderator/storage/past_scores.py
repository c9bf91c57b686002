"""What was judged on a board lately: how often it is toxic is estimated from that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from moderator.storage.tables import versions


@dataclass(frozen=True, slots=True, kw_only=True)
class PastScore:
    """What one comment was judged to be, for the base rate it was judged at.

    `base_rate` None: for the one its model declares.
    """

    toxic: float
    neither: float
    base_rate: float | None


def newest_judged(
    tx: Connection, *, source: str, model: str, since: datetime, before: datetime, limit: int
) -> list[PastScore]:
    """The newest comments of a source that `model` judged, arrived at `since` or later and before
    `before`, from at most `limit` versions.

    Of a comment that was edited, the last version in that time counts. Deleted comments count,
    too: they were written, and moderators delete the toxic ones.
    """
    statement = (
        select(
            versions.c.comment_id,
            versions.c.hate,
            versions.c.offensive,
            versions.c.neither,
            versions.c.base_rate,
        )
        .where(
            versions.c.source == source,
            versions.c.model == model,
            versions.c.hate.is_not(None),
            versions.c.received_at >= since,
            versions.c.received_at < before,
        )
        .order_by(versions.c.received_at.desc(), versions.c.id.desc())
        .limit(limit)
    )
    found: dict[str, PastScore] = {}
    for comment_id, hate, offensive, neither, base_rate in tx.execute(statement):
        found.setdefault(
            comment_id, PastScore(toxic=hate + offensive, neither=neither, base_rate=base_rate)
        )
    return list(found.values())
