"""Since when a board's authors are known."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from moderator.storage.tables import comments

Key = tuple[str, str]  # source, comment id

# Built once: it costs more to write down than to ask.
_others = comments.alias("others")
_FIRST = (
    select(_others.c.created_at)
    .where(_others.c.source == comments.c.source, _others.c.author_id == comments.c.author_id)
    .where(_others.c.created_at.is_not(None))
    .order_by(_others.c.created_at)
    .limit(1)
    .scalar_subquery()
)


def first_comments(tx: Connection, keys: Collection[Key]) -> dict[Key, datetime]:
    """When the author of each of these comments wrote the first one of theirs that is stored.

    A comment is missing where the board names no author, or tells of none of the author's
    comments when it was written. One statement, and one look into an index for each comment.
    """
    if not keys:
        return {}
    statement = select(comments.c.source, comments.c.comment_id, _FIRST)
    # Source by source: for a list of pairs, SQLite would read the whole table.
    ids: dict[str, list[str]] = {}
    for source, comment_id in sorted(keys):
        ids.setdefault(source, []).append(comment_id)
    of_sources = (
        and_(comments.c.source == source, comments.c.comment_id.in_(wanted))
        for source, wanted in ids.items()
    )
    statement = statement.where(or_(*of_sources))
    return {
        (source, comment_id): since
        for source, comment_id, since in tx.execute(statement)
        if since is not None
    }
