"""What people said about comments: every word is kept, the newest of each person counts.

One that comes before its comment waits for it: see `verdict_joining`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, select

from moderator.domain.verdict import MAX_CLIENT_TOKEN, Origin, Verdict, Word, is_toxic
from moderator.storage.tables import alerts, verdicts
from moderator.storage.verdict_joining import digest_key, placed

Key = tuple[str, str, str]  # source, comment id, version

_waits, _joined = verdicts.c.version.is_(None), verdicts.c.version.is_not(None)


def add(tx: Connection, said: Sequence[Verdict]) -> int:
    """Store verdicts, each joined to its comment where that is known already.

    A version that is named was seen by whoever names it, and is not looked for. Without one the
    comment's newest version is meant, or the one whose text has the digest; by digest alone a
    comment is found where it is the only one of its source with that text. What is not found
    waits. A person who repeats their newest word changes nothing. Returns how many verdicts were
    new or said something else than before.
    """
    key = digest_key(tx) if any(verdict.text_digest for verdict in said) else b""
    found: dict[tuple[str, str | None, str | None, str | None], Verdict] = {}
    added = 0
    for verdict in said:
        target = (verdict.source, verdict.comment_id, verdict.version, verdict.text_digest)
        if target not in found:
            found[target] = placed(tx, verdict, key)
        place = found[target]
        verdict = replace(
            verdict,
            comment_id=place.comment_id,
            version=place.version,
            text_digest=place.text_digest,
        )
        if not _is_repeated(tx, verdict):
            tx.execute(verdicts.insert().values(_row(verdict)))
            added += 1
    return added


def of_versions(tx: Connection, wanted: Iterable[Key]) -> dict[Key, list[Verdict]]:
    """The verdicts that count about each version, oldest first: of each person and attribute the
    newest. Versions nobody judged are left out.
    """
    asked = set(wanted)
    ids: dict[str, set[str]] = {}
    for source, comment_id, _ in asked:
        ids.setdefault(source, set()).add(comment_id)
    rows: list[Any] = []
    for source, of_source in ids.items():
        rows += tx.execute(
            select(verdicts)
            .where(_joined, verdicts.c.source == source, verdicts.c.comment_id.in_(of_source))
            .order_by(verdicts.c.id)
        )
    found: dict[Key, list[Verdict]] = {}
    for row in rows:
        label = (row.source, row.comment_id, row.version)
        if label in asked:
            found.setdefault(label, []).append(verdict_of(row))
    return {label: newest_of_each(said) for label, said in found.items()}


def settled(tx: Connection, *, since: datetime) -> dict[Key, bool]:
    """Whether each version that people judged at `since` or later is toxic, as they settled it;
    those on which nobody said yes or no are left out.
    """
    statement = select(verdicts).where(_joined, verdicts.c.said_at >= since)
    said: dict[Key, list[Verdict]] = {}
    for row in tx.execute(statement.order_by(verdicts.c.id)):
        said.setdefault((row.source, row.comment_id, row.version), []).append(verdict_of(row))
    found = {label: is_toxic(newest_of_each(each)) for label, each in said.items()}
    return {label: toxic for label, toxic in found.items() if toxic is not None}


def versions_of_alerts(tx: Connection, *, since: datetime) -> dict[str, list[Key]]:
    """The version that raised each alert since then, by trigger, in the order of their names."""
    columns = (alerts.c.trigger, alerts.c.source, alerts.c.comment_id, alerts.c.version)
    statement = select(*columns).where(alerts.c.raised_at >= since).order_by(alerts.c.trigger)
    found: dict[str, list[Key]] = {}
    for trigger, source, comment_id, version in tx.execute(statement):
        found.setdefault(trigger, []).append((source, comment_id, version))
    return found


def history(tx: Connection, source: str, comment_id: str) -> list[Verdict]:
    """Everything that was ever said about a comment and is still kept, oldest first."""
    statement = select(verdicts).where(
        _joined, verdicts.c.source == source, verdicts.c.comment_id == comment_id
    )
    return [verdict_of(row) for row in tx.execute(statement.order_by(verdicts.c.id))]


def newest_of_each(said: Iterable[Verdict]) -> list[Verdict]:
    """Of each person and attribute the last verdict, in the order in which they were said."""
    newest: dict[tuple[str, str], Verdict] = {}
    for verdict in said:
        newest.pop((verdict.who, verdict.attribute), None)
        newest[verdict.who, verdict.attribute] = verdict
    return list(newest.values())


def waiting_before(when: datetime) -> ColumnElement[bool]:
    """Verdicts that have waited for their comment since before `when`."""
    return and_(_waits, verdicts.c.said_at < when)


def forget(tx: Connection, labels: Sequence[Key]) -> None:
    """Forget what was said of versions that are no longer stored."""
    if labels:
        names = ("source", "comment_id", "version")
        of_version = [verdicts.c[name] == bindparam(f"key_{name}") for name in names]
        keys = [f"key_{name}" for name in names]
        rows = [dict(zip(keys, label, strict=True)) for label in labels]
        tx.execute(delete(verdicts).where(*of_version), rows)


def verdict_of(row: Any) -> Verdict:
    """The verdict in a row of `verdicts`."""
    return Verdict(
        source=row.source,
        comment_id=row.comment_id,
        version=row.version,
        text_digest=row.text_digest,
        attribute=row.attribute,
        value=row.value,
        said=None if row.said is None else Word(row.said),
        who=row.who,
        origin=Origin(row.origin),
        said_at=row.said_at,
        community=row.community,
        client_token=row.client_token,
    )


def _is_repeated(tx: Connection, verdict: Verdict) -> bool:
    same = [
        verdicts.c[name] == getattr(verdict, name)
        for name in ("source", "comment_id", "version", "text_digest", "who", "attribute")
    ]
    row = tx.execute(
        select(verdicts.c.value, verdicts.c.said)
        .where(*same)
        .order_by(verdicts.c.id.desc())
        .limit(1)
    ).first()
    return row is not None and (row.value, row.said) == (verdict.value, verdict.said)


def _row(verdict: Verdict) -> dict[str, Any]:
    token = verdict.client_token
    return {
        "source": verdict.source,
        "comment_id": verdict.comment_id,
        "version": verdict.version,
        "text_digest": verdict.text_digest,
        "attribute": verdict.attribute,
        "value": verdict.value,
        "said": verdict.said,
        "who": verdict.who,
        "origin": verdict.origin,
        "said_at": verdict.said_at,
        "community": verdict.community,
        "client_token": None if token is None else token[:MAX_CLIENT_TOKEN],
    }
