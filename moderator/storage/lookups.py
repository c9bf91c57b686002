"""Scores going out: the questions of the API and the pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from moderator.domain.lookup import ScoreFilter, StoredScore, Summary
from moderator.domain.record import Record
from moderator.domain.score import Label, Probabilities
from moderator.storage.alerts import alerts_of_versions
from moderator.storage.comments import facts_of, score_of
from moderator.storage.engine import by_source
from moderator.storage.tables import alerts, comments, versions
from moderator.storage.verdicts import of_versions

WORST = 5  # comments a summary shows

_toxic = versions.c.hate + versions.c.offensive
_is_newest = and_(
    comments.c.source == versions.c.source,
    comments.c.comment_id == versions.c.comment_id,
    comments.c.newest_version == versions.c.version,
)
_is_deleted = and_(
    comments.c.deleted_at.is_not(None),
    or_(comments.c.restored_at.is_(None), comments.c.deleted_at >= comments.c.restored_at),
)
_comment = (
    comments.c.facts,
    comments.c.created_at,
    comments.c.deleted_at,
    comments.c.restored_at,
)


def newest_score(tx: Connection, source: str, comment_id: str) -> StoredScore | None:
    """The newest version of a comment with its score, None where no text of it was seen."""
    found = scores_of(tx, [(source, comment_id)])
    return found[0] if found else None


def history(tx: Connection, source: str, comment_id: str) -> list[StoredScore]:
    """Every version of a comment, newest first."""
    same_comment = and_(
        comments.c.source == versions.c.source, comments.c.comment_id == versions.c.comment_id
    )
    statement = (
        select(versions, *_comment)
        .join(comments, same_comment)
        .where(versions.c.source == source, versions.c.comment_id == comment_id)
        .order_by(_is_newest.desc(), versions.c.id.desc())
    )
    return _scores(tx, statement)


def scores_of(tx: Connection, wanted: Sequence[tuple[str, str]]) -> list[StoredScore]:
    """The newest scores of comments by (source, comment id); unknown ones are left out."""
    return [
        found
        for source, of_source in by_source(wanted).items()
        for found in _scores(
            tx,
            _newest().where(
                versions.c.source == source,
                versions.c.comment_id.in_([comment_id for _, comment_id in of_source]),
            ),
        )
    ]


def newest_scores(
    tx: Connection, wanted: ScoreFilter, *, limit: int, before: int | None = None
) -> list[StoredScore]:
    """Scores of the newest versions, latest arrival first, at most `limit`.

    `before` is the id of the last one of the page before.
    """
    statement = _newest().where(*_conditions(wanted)).order_by(versions.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(versions.c.id < before)
    return _scores(tx, statement)


def thread_summary(tx: Connection, source: str, thread_id: str) -> Summary | None:
    """A thread in numbers, None where nothing of it was ever seen."""
    where = (comments.c.source == source, comments.c.thread_id == thread_id)
    return _summary(tx, where, (alerts.c.source == source, alerts.c.thread_id == thread_id))


def author_summary(tx: Connection, source: str, author_id: str) -> Summary | None:
    """An author in numbers, None where nothing of theirs was ever seen."""
    where = (comments.c.source == source, comments.c.author_id == author_id)
    return _summary(tx, where, (alerts.c.source == source, alerts.c.author_id == author_id))


def _newest() -> Select[Any]:
    return select(versions, *_comment).join(comments, _is_newest)


def _conditions(wanted: ScoreFilter) -> Iterable[ColumnElement[bool]]:
    equal = (
        (versions.c.source, wanted.source),
        (comments.c.board, wanted.board),
        (comments.c.thread_id, wanted.thread),
        (comments.c.author_id, wanted.author),
        (versions.c.label, wanted.label),
    )
    at_least = (
        (versions.c.hate, wanted.min_hate),
        (versions.c.offensive, wanted.min_offensive),
        (_toxic, wanted.min_toxic),
        (versions.c.received_at, wanted.since),
    )
    yield from (column == value for column, value in equal if value is not None)
    yield from (column >= value for column, value in at_least if value is not None)
    if wanted.until is not None:
        yield versions.c.received_at < wanted.until
    if wanted.unscored:
        yield versions.c.abstained.is_not(None)


def _scores(tx: Connection, statement: Select[Any]) -> list[StoredScore]:
    found = [_stored(row) for row in tx.execute(statement)]
    labels = [(s.source, s.comment_id, s.version) for s in found]
    raised, said = alerts_of_versions(tx, labels), of_versions(tx, labels)
    return [
        replace(s, alerts=tuple(raised.get(label, ())), verdicts=tuple(said.get(label, ())))
        for s, label in zip(found, labels, strict=True)
    ]


def _stored(row: Any) -> StoredScore:
    record = Record(
        source=row.source,
        comment_id=row.comment_id,
        facts=facts_of(row.facts),
        deleted_at=row.deleted_at,
        restored_at=row.restored_at,
    )
    return StoredScore(
        id=row.id,
        source=row.source,
        comment_id=row.comment_id,
        version=row.version,
        written_at=row.written_at,
        received_at=row.received_at,
        scored_at=row.scored_at,
        score=score_of(row),
        is_deleted=record.is_deleted,
        thread_id=record.text_of("thread_id"),
        parent_id=record.text_of("parent_id"),
        board=record.text_of("board"),
        url=record.text_of("url"),
        author_id=record.text_of("author_id"),
        author_name=record.text_of("author_name"),
        created_at=record.created_at,
        text=None if record.is_deleted else row.text,
    )


def _summary(
    tx: Connection,
    where: tuple[ColumnElement[bool], ...],
    alerts_where: tuple[ColumnElement[bool], ...],
) -> Summary | None:
    judged = versions.c.label

    def count(condition: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    row = tx.execute(
        select(
            func.count().label("comments"),
            count(_is_deleted).label("deleted"),
            count(versions.c.abstained.is_not(None)).label("unscored"),
            *(count(judged == label).label(label.value) for label in Label),
            func.avg(versions.c.hate).label("mean_hate"),
            func.avg(versions.c.offensive).label("mean_offensive"),
            func.min(versions.c.written_at).label("first_at"),
            func.max(versions.c.written_at).label("last_at"),
        )
        .select_from(comments)
        .outerjoin(versions, _is_newest)
        .where(*where)
    ).one()
    if not row.comments:
        return None
    worst = _newest().where(*where, versions.c.hate.is_not(None)).order_by(_toxic.desc())
    raised = tx.execute(select(func.count()).select_from(alerts).where(*alerts_where)).scalar_one()
    return Summary(
        comments=row.comments,
        deleted=row.deleted,
        unscored=row.unscored,
        labels={label: getattr(row, label.value) for label in Label},
        mean=None
        if row.mean_hate is None
        else Probabilities(
            hate=row.mean_hate,
            offensive=row.mean_offensive,
            neither=max(0.0, 1.0 - row.mean_hate - row.mean_offensive),
        ),
        first_at=row.first_at,
        last_at=row.last_at,
        alerts=raised,
        worst=tuple(_scores(tx, worst.order_by(versions.c.id).limit(WORST))),
    )
