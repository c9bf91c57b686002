"""What is known of a comment, merged from its events in whatever order they arrive."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from moderator.domain.comment import (
    CommentEvent,
    EventKind,
    Version,
    capped,
    from_micros,
    micros,
    version_of,
)

NO_VERSION = Version(order=-1, digest="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One known thing and the version that said it. The greatest fact of a name is believed."""

    by: Version
    value: str | int

    def rank(self) -> tuple[Version, str]:
        """Later versions first; among equals any fixed order does."""
        return (self.by, str(self.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The state of one comment: the same whatever the order of its events.

    `facts` holds what the board ever told, by name (`created_at` in microseconds).
    `newest` is NO_VERSION until a text was seen. `deleted_at` and `restored_at` are the latest
    of their kind.
    """

    source: str
    comment_id: str
    newest: Version = NO_VERSION
    facts: dict[str, Fact] = field(default_factory=dict)
    deleted_at: datetime | None = None
    restored_at: datetime | None = None

    @property
    def is_deleted(self) -> bool:
        """A deletion holds until a later restore."""
        if self.deleted_at is None:
            return False
        return self.restored_at is None or self.deleted_at >= self.restored_at

    def text_of(self, name: str) -> str | None:
        """A fact's value as text, None where the board never told."""
        return str(self.facts[name].value) if name in self.facts else None

    @property
    def created_at(self) -> datetime | None:
        """When the board says the comment was written."""
        fact = self.facts.get("created_at")
        return None if fact is None else from_micros(int(fact.value))


def merge(record: Record, event: CommentEvent, now: datetime) -> Record:
    """The record after one more event. `now` stands in where the board told no time."""
    has_text = event.text is not None and event.kind is not EventKind.DELETED
    version = version_of(event, now) if has_text else NO_VERSION
    record = replace(
        record,
        newest=max(record.newest, version),
        facts=_believed(record.facts, _told(event, version)),
    )
    happened = capped(event.occurred_at or now, now)
    if event.kind is EventKind.DELETED:
        return replace(record, deleted_at=_latest(record.deleted_at, happened))
    if event.kind is EventKind.RESTORED:
        return replace(record, restored_at=_latest(record.restored_at, happened))
    return record


def _told(event: CommentEvent, version: Version) -> dict[str, Fact]:
    values: dict[str, str | int | None] = {
        "thread_id": event.thread_id,
        "parent_id": event.parent_id,
        "board": event.board,
        "url": event.url,
        "author_id": event.author.id,
        "author_name": event.author.name,
        "author_role": event.author.role,
        "created_at": None if event.created_at is None else micros(event.created_at),
    }
    return {
        name: Fact(by=version, value=value) for name, value in values.items() if value is not None
    }


def _believed(known: dict[str, Fact], told: dict[str, Fact]) -> dict[str, Fact]:
    return known | {
        name: fact
        for name, fact in told.items()
        if name not in known or fact.rank() > known[name].rank()
    }


def _latest(known: datetime | None, told: datetime) -> datetime:
    return told if known is None else max(known, told)
