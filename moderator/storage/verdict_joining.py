"""Which comment a verdict is about, whichever of the two came first.

A verdict that comes before its comment waits, by the comment's id or by a digest of its text, and
is joined when the comment arrives. The digest is keyed with a secret of this database and is
dropped with the joining, so that no list of digests can be looked up in a list of texts.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, select, update

from moderator.domain.verdict import Verdict
from moderator.storage.tables import comments, digest_keys, verdicts, versions

OVERLAP = timedelta(seconds=10)  # no transaction lasts longer: a statement is given 8 s

_waits = verdicts.c.version.is_(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A version that has just been stored. `digest` is the plain SHA-256 of its text in hex."""

    source: str
    comment_id: str
    version: str
    digest: str


def join(tx: Connection, arrived: Sequence[Arrival]) -> int:
    """Join waiting verdicts to versions that have just been stored. Returns how many.

    Costs one question of an index where nothing waits.
    """
    if not arrived or tx.execute(select(verdicts.c.id).where(_waits).limit(1)).first() is None:
        return 0
    key, joined = digest_key(tx), 0
    for source in {each.source for each in arrived}:
        here = [each for each in reversed(arrived) if each.source == source]
        by_id = {each.comment_id: each for each in here}
        by_text = {_keyed(key, each.digest): each for each in here}
        for row in _waiting(tx, source, by_id, by_text):
            each = by_text[row.text_digest] if row.comment_id is None else by_id[row.comment_id]
            if _is_about(tx, row, each, key):
                place = {
                    "comment_id": each.comment_id,
                    "version": each.version,
                    "text_digest": None,
                }
                tx.execute(update(verdicts).where(verdicts.c.id == row.id).values(place))
                joined += 1
    return joined


def missed(tx: Connection, *, since: datetime) -> list[Arrival]:
    """What was stored just while somebody said something of it, at `since` or later: of two
    transactions that overlap neither sees the other's row. To be joined once more. SQLite has one
    writer at a time, and nothing to find.
    """
    if tx.dialect.name == "sqlite":
        return []
    columns = (verdicts.c.source, verdicts.c.comment_id, verdicts.c.text_digest, verdicts.c.said_at)
    statement = select(*columns).where(_waits, verdicts.c.said_at >= since)
    waiting = tx.execute(statement.order_by(verdicts.c.said_at)).all()
    if not waiting:
        return []
    key = digest_key(tx)
    wanted = {(row.source, row.comment_id or row.text_digest) for row in waiting}
    return [
        one
        for start, end in _spans(row.said_at for row in waiting)
        for one in _arrivals(tx, start - OVERLAP, end + OVERLAP)
        if not wanted.isdisjoint(
            {(one.source, one.comment_id), (one.source, _keyed(key, one.digest))}
        )
    ]


def _is_about(tx: Connection, waiting: Any, arrival: Arrival, key: bytes) -> bool:
    """Whether a verdict that waits by an arrival's id, or by its text, is about it."""
    if waiting.comment_id is not None:
        return waiting.text_digest in (None, _keyed(key, arrival.digest))
    alike = select(comments.c.comment_id).where(
        comments.c.source == arrival.source, comments.c.newest_digest == arrival.digest
    )
    return tx.execute(alike.limit(2)).scalars().all() == [arrival.comment_id]


def placed(tx: Connection, verdict: Verdict, key: bytes) -> Verdict:
    """The verdict with the comment and version it is about, or with what it waits by."""
    label = _version(tx, verdict)
    if label is None:
        digest = None if verdict.text_digest is None else _keyed(key, verdict.text_digest)
        return replace(verdict, version=None, text_digest=digest)
    return replace(verdict, comment_id=label[0], version=label[1], text_digest=None)


def _version(tx: Connection, verdict: Verdict) -> tuple[str, str] | None:
    """(comment id, version) that a verdict is about, None where it is not stored yet."""
    if verdict.comment_id is not None and verdict.version is not None:
        return verdict.comment_id, verdict.version  # the caller has seen it
    if verdict.comment_id is None or verdict.text_digest is None:
        return _newest(tx, verdict)
    statement = select(versions.c.version).where(
        versions.c.source == verdict.source, versions.c.comment_id == verdict.comment_id
    )
    for version in tx.execute(statement.order_by(versions.c.id.desc())).scalars():
        if version.endswith("-" + verdict.text_digest[:12]):  # see Version.label
            return verdict.comment_id, version
    return None


def _newest(tx: Connection, verdict: Verdict) -> tuple[str, str] | None:
    """The newest version of the comment of the verdict's id, else of the only one of its text."""
    statement = select(comments.c.comment_id, comments.c.newest_version).where(
        comments.c.source == verdict.source, comments.c.newest_version.is_not(None)
    )
    if verdict.comment_id is not None:
        statement = statement.where(comments.c.comment_id == verdict.comment_id)
    else:
        statement = statement.where(comments.c.newest_digest == verdict.text_digest)
    found = tx.execute(statement.limit(2)).all()
    return (found[0][0], found[0][1]) if len(found) == 1 else None


def digest_key(tx: Connection) -> bytes:
    """The secret that digests are keyed with while they wait."""
    statement = select(digest_keys.c.key).where(digest_keys.c.name == "verdicts")
    return bytes.fromhex(tx.execute(statement).scalar_one())


def _keyed(key: bytes, digest: str) -> str:
    return hmac.new(key, digest.encode(), hashlib.sha256).hexdigest()


def _spans(moments: Iterable[datetime]) -> list[tuple[datetime, datetime]]:
    """Times in which moments, in order, follow each other within twice `OVERLAP`."""
    spans: list[tuple[datetime, datetime]] = []
    for moment in moments:
        if spans and moment - spans[-1][1] <= 2 * OVERLAP:
            spans[-1] = (spans[-1][0], moment)
        else:
            spans.append((moment, moment))
    return spans


def _arrivals(tx: Connection, start: datetime, end: datetime) -> list[Arrival]:
    """The versions that arrived then and are the newest of their comments."""
    newest = and_(
        comments.c.source == versions.c.source,
        comments.c.comment_id == versions.c.comment_id,
        comments.c.newest_version == versions.c.version,
    )
    columns = (versions.c.source, versions.c.comment_id, versions.c.version)
    statement = (
        select(*columns, comments.c.newest_digest)
        .join(comments, newest)
        .where(versions.c.received_at.between(start, end))
        .order_by(versions.c.id)
    )
    return [
        Arrival(source=source, comment_id=comment_id, version=version, digest=digest)
        for source, comment_id, version, digest in tx.execute(statement)
    ]


def _waiting(
    tx: Connection, source: str, ids: Collection[str], digests: Collection[str]
) -> list[Any]:
    columns = (verdicts.c.id, verdicts.c.comment_id, verdicts.c.text_digest)
    waiting = select(*columns).where(_waits, verdicts.c.source == source)
    by_text = and_(verdicts.c.comment_id.is_(None), verdicts.c.text_digest.in_(digests))
    of_ids = tx.execute(waiting.where(verdicts.c.comment_id.in_(ids))).all()
    return [*of_ids, *tx.execute(waiting.where(by_text))]
