"""Comments coming in: deliveries, records and versions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from moderator.domain.comment import Delivery, Version
from moderator.domain.derived_id import key_in
from moderator.domain.record import Fact, Record
from moderator.domain.score import Abstention, Label, Probabilities, Score, Term, Transformation
from moderator.domain.trigger import Sighting
from moderator.storage.engine import by_source, insert
from moderator.storage.past_comments import sighting_json
from moderator.storage.tables import comments, deliveries, versions

Key = tuple[str, str]  # source, comment id


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """A version of a comment with its score, about to be stored.

    `seen` is what the triggers see of it, None where they do not look.
    """

    source: str
    comment_id: str
    version: Version
    text: str
    written_at: datetime
    received_at: datetime
    scored_at: datetime
    score: Score
    seen: Sighting | None = None


def claim_deliveries(
    tx: Connection, claimed: Sequence[Delivery], now: datetime
) -> dict[Key, str | None]:
    """Take delivery ids for the first time, in one statement.

    Returns for each (source, delivery id) the body digest it was taken with before, None where
    it is new. Of one id twice in `claimed` the first counts.
    """
    rows = {(d.source, d.id): d for d in reversed(claimed) if d.id is not None}
    if not rows:
        return {}
    statement = (
        insert(tx, deliveries)
        .on_conflict_do_nothing()
        .returning(deliveries.c.source, deliveries.c.delivery_id)
    )
    values = [
        {"source": source, "delivery_id": id_, "digest": d.digest, "received_at": now}
        for (source, id_), d in sorted(rows.items())
    ]
    new = tx.execute(statement, values)
    taken: dict[Key, str | None] = {(row.source, row.delivery_id): None for row in new}
    missing = [key for key in rows if key not in taken]
    for source, keys in by_source(missing).items():
        table = deliveries.c
        of_source = table.delivery_id.in_([id_ for _, id_ in keys])
        found = tx.execute(
            select(table.delivery_id, table.digest).where(table.source == source, of_source)
        )
        taken.update({(source, id_): digest for id_, digest in found})
    return taken


def lock_records(tx: Connection, wanted: dict[Key, Record]) -> dict[Key, Record]:
    """Store each record of `wanted` where its comment is new; lock and return the others.

    Rows are touched in the order of their keys, so that two processes cannot wait for each
    other. The answer holds only the comments that were known before.
    """
    statement = insert(tx, comments)
    statement = statement.on_conflict_do_update(
        index_elements=["source", "comment_id"], set_={"changes": comments.c.changes + 1}
    ).returning(
        comments.c.source,
        comments.c.comment_id,
        comments.c.changes,
        comments.c.newest_order,
        comments.c.newest_digest,
        comments.c.facts,
        comments.c.deleted_at,
        comments.c.restored_at,
    )
    values = [_row(wanted[key]) | {"changes": 0} for key in sorted(wanted)]
    return {
        (row.source, row.comment_id): _record(row)
        for row in tx.execute(statement, values)
        if row.changes > 0
    }


def save_records(tx: Connection, records: Iterable[Record]) -> None:
    """Write back records that `lock_records` returned and that have changed since."""
    rows = [
        {"key_source": r.source, "key_id": r.comment_id} | _row(r)
        for r in sorted(records, key=lambda r: (r.source, r.comment_id))
    ]
    if rows:
        names = [name for name in _row(_BLANK) if name not in ("source", "comment_id")]
        statement = (
            update(comments)
            .where(comments.c.source == bindparam("key_source"))
            .where(comments.c.comment_id == bindparam("key_id"))
            .values({name: bindparam(name) for name in names})
        )
        for row in rows:
            row.pop("source"), row.pop("comment_id")
        tx.execute(statement, rows)


def add_versions(tx: Connection, new: Sequence[NewVersion]) -> set[tuple[str, str, str]]:
    """Store versions and scores; those that are there already stay as they are.

    Returns (source, comment id, version) of the ones that were new.
    """
    if not new:
        return set()
    statement = (
        insert(tx, versions)
        .on_conflict_do_nothing(index_elements=["source", "comment_id", "version"])
        .returning(versions.c.source, versions.c.comment_id, versions.c.version)
    )
    return {(s, c, v) for s, c, v in tx.execute(statement, [_version_row(n) for n in new])}


def stored_scores(
    tx: Connection, wanted: Sequence[tuple[str, str, str]]
) -> dict[tuple[str, str, str], Score]:
    """The scores of versions by (source, comment id, version)."""
    found: dict[tuple[str, str, str], Score] = {}
    for source, of_source in by_source(wanted).items():
        statement = select(versions).where(
            versions.c.source == source, versions.c.comment_id.in_([id_ for _, id_, _ in of_source])
        )
        for row in tx.execute(statement):
            found[source, row.comment_id, row.version] = score_of(row)
    return {label: found[label] for label in wanted if label in found}


def score_of(row: Any) -> Score:
    """The score in a row of `versions`."""
    judged = row.hate is not None
    return Score(
        model=row.model,
        probabilities=Probabilities(hate=row.hate, offensive=row.offensive, neither=row.neither)
        if judged
        else None,
        label=Label(row.label) if judged else None,
        coverage=row.coverage,
        abstained=None if row.abstained is None else Abstention(row.abstained),
        why=terms_of(json.loads(row.why)),
        residual=row.residual,
        base_rate=row.base_rate,
    )


def terms_json(terms: Iterable[Term]) -> list[list[Any]]:
    """Terms as plain JSON values that `terms_of` reads back."""
    return [_term_json(term) for term in terms]


def terms_of(stored: list[list[Any]]) -> tuple[Term, ...]:
    """The inverse of `terms_json`."""
    return tuple(_term_of(*values) for values in stored)


def _term_json(t: Term) -> list[Any]:
    plain = [t.term, t.start, t.end, t.label.value, t.weight]
    undone = [transformation.value for transformation in t.transformations]
    return [*plain, undone] if undone else plain  # most words stand there openly


def _term_of(
    term: str, start: int, end: int, label: str, weight: float, undone: Sequence[str] = ()
) -> Term:
    return Term(
        term=term,
        start=start,
        end=end,
        label=Label(label),
        weight=weight,
        transformations=tuple(Transformation(name) for name in undone),
    )


def _version_row(new: NewVersion) -> dict[str, Any]:
    score, p = new.score, new.score.probabilities
    return {
        "source": new.source,
        "comment_id": new.comment_id,
        "version": new.version.label,
        "text": new.text,
        "written_at": new.written_at,
        "received_at": new.received_at,
        "scored_at": new.scored_at,
        "model": score.model,
        "hate": None if p is None else p.hate,
        "offensive": None if p is None else p.offensive,
        "neither": None if p is None else p.neither,
        "label": None if score.label is None else score.label.value,
        "coverage": score.coverage,
        "abstained": None if score.abstained is None else score.abstained.value,
        "why": json.dumps(terms_json(score.why)),
        "residual": score.residual,
        "base_rate": score.base_rate,
        "seen": None if new.seen is None else sighting_json(new.seen),
    }


def _row(record: Record) -> dict[str, Any]:
    seen = record.newest.order >= 0
    return {
        "source": record.source,
        "comment_id": record.comment_id,
        "newest_order": record.newest.order,
        "newest_digest": record.newest.digest,
        "newest_version": record.newest.label if seen else None,
        "thread_id": record.text_of("thread_id"),
        "author_id": record.text_of("author_id") or record.text_of("author_name"),
        "board": record.text_of("board"),
        "created_at": record.created_at,
        "facts": json.dumps(
            {n: [f.value, f.by.order, f.by.digest] for n, f in record.facts.items()}
        ),
        "deleted_at": record.deleted_at,
        "restored_at": record.restored_at,
        "text_key": key_in(record.comment_id),
    }


def facts_of(stored: str) -> dict[str, Fact]:
    """The facts in a row of `comments`."""
    return {
        name: Fact(value=value, by=Version(order=order, digest=digest))
        for name, (value, order, digest) in json.loads(stored).items()
    }


def _record(row: Any) -> Record:
    return Record(
        source=row.source,
        comment_id=row.comment_id,
        newest=Version(order=row.newest_order, digest=row.newest_digest),
        facts=facts_of(row.facts),
        deleted_at=row.deleted_at,
        restored_at=row.restored_at,
    )


_BLANK = Record(source="", comment_id="")
