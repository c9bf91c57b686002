"""What people judged, with its text where that is still kept: to train a model from."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from sqlalchemy import Connection, and_, select

from moderator.domain.record import Record
from moderator.domain.score import Label
from moderator.domain.verdict import Verdict
from moderator.storage.tables import comments, verdicts, versions
from moderator.storage.verdicts import newest_of_each, verdict_of

NAMED = ("source", "comment_id", "version")
PAGE = 500  # rows fetched at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedText:
    """One version of a comment. `text` is None where it is not kept any more, or the comment is
    deleted. `likelier` is what the model holds for likelier, if it is toxic; None: not scored.
    """

    source: str
    comment_id: str
    version: str
    text: str | None
    likelier: Label | None
    verdicts: tuple[Verdict, ...]


def judged_texts(tx: Connection) -> Iterator[JudgedText]:
    """Every version that people judged, by source and comment, with the verdicts that count."""
    version = and_(
        versions.c.source == verdicts.c.source,
        versions.c.comment_id == verdicts.c.comment_id,
        versions.c.version == verdicts.c.version,
    )
    comment = and_(
        comments.c.source == verdicts.c.source, comments.c.comment_id == verdicts.c.comment_id
    )
    columns = (
        versions.c.text, versions.c.hate, versions.c.offensive,
        comments.c.deleted_at, comments.c.restored_at,
    )  # fmt: skip
    statement = (
        select(verdicts, *columns)
        .join_from(verdicts, versions, version)
        .join(comments, comment)
        .where(verdicts.c.version.is_not(None))
        .order_by(*(verdicts.c[name] for name in (*NAMED, "id")))
        .execution_options(yield_per=PAGE)
    )
    for _, found in itertools.groupby(tx.execute(statement), attrgetter(*NAMED)):
        rows = list(found)
        first = rows[0]
        record = Record(
            source=first.source,
            comment_id=first.comment_id,
            deleted_at=first.deleted_at,
            restored_at=first.restored_at,
        )
        yield JudgedText(
            source=first.source,
            comment_id=first.comment_id,
            version=first.version,
            text=None if record.is_deleted else first.text,
            likelier=_likelier(first.hate, first.offensive),
            verdicts=tuple(newest_of_each(map(verdict_of, rows))),
        )


def _likelier(hate: float | None, offensive: float | None) -> Label | None:
    if hate is None or offensive is None:
        return None
    return Label.HATE if hate > offensive else Label.OFFENSIVE
