"""The path of a comment, for as many as arrive together.

    what the boards sent ─▶ score ─▶ one transaction: delivery, record, version and score,
    windows, alerts, one outbox row for each alert and recipient ─▶ commit ─▶ answer

Nothing is answered before the commit, and nothing is owed that is not in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import reduce

from sqlalchemy import Connection, Engine

from moderator.alerting import NewComment, Rules, alert, sighting_of
from moderator.classifier.folding import fold
from moderator.domain.alert import Alert, Folded
from moderator.domain.comment import (
    Announcement,
    CommentEvent,
    Delivery,
    EventKind,
    Version,
    happened_at,
    version_of,
)
from moderator.domain.errors import DeliveryConflict
from moderator.domain.likeness import fingerprint
from moderator.domain.record import Record, merge
from moderator.domain.score import Score, Scorer, as_english
from moderator.storage import (
    alerts,
    authors,
    board_comments,
    comments,
    folded,
    verdict_joining,
)
from moderator.storage.engine import write

Key = tuple[str, str]  # source, comment id
Label = tuple[str, str, str]  # source, comment id, version
AlertName = tuple[str, str, str]  # id, trigger, mode


class Status(StrEnum):
    """What became of one comment of a delivery."""

    SCORED = "scored"
    DUPLICATE = "duplicate"  # this version was here before; nothing changed
    STALE = "stale"  # scored, but a newer version was known already
    DELETED = "deleted"
    IGNORED = "ignored"  # an event we do not follow, or one without a text
    UNSCORED = "unscored"  # stored, but the scorer could not judge it: people must look


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The answer for one comment. `alerts` holds (alert id, trigger, mode) of those that it raised,
    `folded_into` of those that were open and that it belongs to. `truncated`: only the start of the
    text was stored and scored.
    """

    comment_id: str
    status: Status
    score: Score | None = None
    alerts: tuple[AlertName, ...] = ()
    folded_into: tuple[AlertName, ...] = ()
    truncated: bool = False


Answer = tuple[Result, ...] | DeliveryConflict


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """One event on its way through, with its text's version and score where it has a text."""

    delivery: int
    event: CommentEvent
    key: Key
    version: Version | None = None
    score: Score | None = None
    likeness: str | None = None

    @property
    def label(self) -> Label:
        """What names its version in storage; an event without a text names none."""
        return (*self.key, self.version.label if self.version else "")


def ingest(
    engine: Engine,
    scorer: Scorer,
    rules: Rules,
    batch: Sequence[Delivery],
    *,
    now: datetime,
    new_id: Callable[[], str],
    base_rates: Mapping[str, float | None] | None = None,
) -> list[Answer]:
    """Take a batch of deliveries in one transaction; answer i belongs to delivery i.

    `base_rates` says of a source which share of its comments is toxic; where it says nothing, the
    model's own share counts.
    A delivery id that came before with another body is answered by DeliveryConflict and changes
    nothing. Raises Unavailable where the database does not take it: then nothing was stored.
    """
    items = _score(batch, scorer, base_rates or {}, now)
    with write(engine) as tx:
        conflicts = _conflicts(tx, batch, now)
        items = [item for item in items if item.delivery not in conflicts]
        board_comments.announce(tx, _announced(batch, conflicts), now)
        records = _merge(tx, items, now)
        items = [_recognised(item, records[item.key]) for item in items]
        since = authors.first_comments(tx, _with_author(items, records))
        fresh = comments.add_versions(
            tx,
            [
                _new_version(
                    _new_comment(i, records[i.key], since.get(i.key), rules.bars, now), now
                )
                for i in items
                if i.version
            ],
        )
        first = {item.label: item for item in reversed(items) if item.label in fresh}
        new = [item for item in items if first.get(item.label) is item]
        told = [_new_comment(i, records[i.key], since.get(i.key), rules.bars, now) for i in new]
        verdict_joining.join(tx, [_arrival(item) for item in new])
        raised, more = alert(tx, rules, told, now, new_id)
        results = _answer(tx, items, fresh, (raised, more), records)
    return [conflicts.get(i, tuple(results.get(i, ()))) for i in range(len(batch))]


def _score(
    batch: Sequence[Delivery], scorer: Scorer, base_rates: Mapping[str, float | None], now: datetime
) -> list[_Item]:
    """Versions, scores and fingerprints of all texts: the CPU's part, while no transaction is
    open.
    """
    events = [(i, d.source, event) for i, d in enumerate(batch) for event in d.events]
    said = [(event, base_rates.get(source)) for _, source, event in events if _has_text(event)]
    found = scorer.score_many([event.text or "" for event, _ in said], [rate for _, rate in said])
    scores = iter(
        as_english(scorer, event.text or "", score, rate) if event.is_english else score
        for (event, rate), score in zip(said, found, strict=True)
    )
    items = []
    for i, source, event in events:
        key = (source, event.comment_id)
        if _has_text(event):
            score = next(scores)
            item = _Item(
                delivery=i,
                event=event,
                key=key,
                version=version_of(event, now),
                score=score,
                likeness=None if score.abstained else fingerprint(fold(event.text or "").text),
            )
        else:
            item = _Item(delivery=i, event=event, key=key)
        items.append(item)
    return items


def _has_text(event: CommentEvent) -> bool:
    return event.text is not None and event.kind is not EventKind.DELETED


def _conflicts(
    tx: Connection, batch: Sequence[Delivery], now: datetime
) -> dict[int, DeliveryConflict]:
    """The deliveries whose id was taken before with another body."""
    known = comments.claim_deliveries(tx, batch, now)
    digests: dict[Key, str] = {}
    conflicts = {}
    for i, delivery in enumerate(batch):
        if delivery.id is None:
            continue
        key = (delivery.source, delivery.id)
        taken_with = digests.setdefault(key, known[key] or delivery.digest)
        if taken_with != delivery.digest:
            conflicts[i] = DeliveryConflict("this delivery id was taken before with another body")
    return conflicts


def _announced(
    batch: Sequence[Delivery], conflicts: Mapping[int, DeliveryConflict]
) -> list[tuple[str, Announcement]]:
    taken = [delivery for i, delivery in enumerate(batch) if i not in conflicts]
    return [(delivery.source, told) for delivery in taken for told in delivery.announced]


def _with_author(items: Sequence[_Item], records: Mapping[Key, Record]) -> set[Key]:
    """The comments whose author the board has told."""
    said = {item.key for item in items if item.version}
    told = ("author_id", "author_name")
    return {key for key in said if any(records[key].text_of(name) for name in told)}


def _merge(tx: Connection, items: Sequence[_Item], now: datetime) -> dict[Key, Record]:
    """Each comment's record with these events in it, stored and locked."""
    events: dict[Key, list[CommentEvent]] = {}
    for item in items:
        events.setdefault(item.key, []).append(item.event)

    def grown(record: Record) -> Record:
        told = events[record.source, record.comment_id]
        return reduce(lambda known, event: merge(known, event, now), told, record)

    if not events:
        return {}
    first = {key: grown(Record(source=key[0], comment_id=key[1])) for key in events}
    known = comments.lock_records(tx, first)
    later = {key: grown(record) for key, record in known.items()}
    comments.save_records(tx, [later[key] for key in later if later[key] != known[key]])
    return first | later


def _recognised(item: _Item, record: Record) -> _Item:
    """A restore that tells no edit time shows the newest version again, not an old one."""
    if item.event.kind is not EventKind.RESTORED or item.version is None:
        return item
    same_text = item.version.digest == record.newest.digest
    return replace(item, version=record.newest) if same_text else item


def _new_version(new: NewComment, now: datetime) -> comments.NewVersion:
    return comments.NewVersion(
        source=new.record.source,
        comment_id=new.record.comment_id,
        version=new.version,
        text=new.text,
        written_at=new.written_at,
        received_at=now,
        scored_at=now,
        score=new.score,
        seen=sighting_of(new),
    )


def _new_comment(
    item: _Item,
    record: Record,
    author_since: datetime | None,
    bars: Mapping[str, float],
    now: datetime,
) -> NewComment:
    assert item.version is not None
    assert item.score is not None
    return NewComment(
        record=record,
        version=item.version,
        text=item.event.text or "",
        score=item.score,
        written_at=happened_at(item.event, now),
        author_since=author_since,
        likeness=item.likeness,
        bars=bars,
    )


def _arrival(item: _Item) -> verdict_joining.Arrival:
    assert item.version is not None
    source, comment_id, version = item.label
    return verdict_joining.Arrival(
        source=source, comment_id=comment_id, version=version, digest=item.version.digest
    )


def _answer(
    tx: Connection,
    items: Sequence[_Item],
    fresh: set[Label],
    owed: tuple[Sequence[Alert], Sequence[Folded]],
    records: Mapping[Key, Record],
) -> dict[int, list[Result]]:
    """The results of each delivery; what was stored before is answered as it was then."""
    repeated = [item.label for item in items if item.version and item.label not in fresh]
    stored = comments.stored_scores(tx, repeated)
    raised, more = owed
    told, into = alerts.alerts_of_versions(tx, repeated), folded.alerts_of(tx, repeated)
    for each in raised:
        label = (each.source, each.comment_id, each.version)
        told.setdefault(label, []).append((each.id, each.trigger, each.mode.value))
    for one in more:
        label = (one.source, one.comment_id, one.version)
        into.setdefault(label, []).append((one.alert_id, one.trigger, one.mode.value))
    answered: set[Label] = set()
    results: dict[int, list[Result]] = {}
    for item in items:
        result = Result(comment_id=item.key[1], status=_status_without_text(item))
        if item.version:
            first = item.label in fresh and item.label not in answered
            answered.add(item.label)
            result = Result(
                comment_id=item.key[1],
                status=_status(item, records[item.key], first),
                score=stored.get(item.label, item.score),
                alerts=tuple(told.get(item.label, ())),
                folded_into=tuple(into.get(item.label, ())),
                truncated=item.event.truncated,
            )
        results.setdefault(item.delivery, []).append(result)
    return results


def _status_without_text(item: _Item) -> Status:
    deleted = item.event.kind is EventKind.DELETED
    return Status.DELETED if deleted else Status.IGNORED


def _status(item: _Item, record: Record, first: bool) -> Status:
    if not first:
        return Status.DUPLICATE
    if record.is_deleted:
        return Status.DELETED
    if item.score is not None and item.score.abstained is not None:
        return Status.UNSCORED
    return Status.SCORED if item.version == record.newest else Status.STALE
