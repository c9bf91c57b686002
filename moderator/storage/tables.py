"""The tables. Alembic alone makes and changes them; a test holds that both agree."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from moderator.domain.comment import from_micros, micros


class Instant(TypeDecorator[datetime]):
    """A moment as microseconds since 1970: exact, ordered, and the same on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """An aware datetime to the number that is stored."""
        return None if value is None else micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The stored number to an aware UTC datetime."""
        return None if value is None else from_micros(value)


Serial = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only an INTEGER key

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("source", Text, primary_key=True),
    Column("delivery_id", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Index(None, "received_at"),
)

# Whose name we made up of its text: see domain/derived_id.py.
_has_key = text("text_key IS NOT NULL")

comments = Table(
    "comments",
    metadata,
    Column("source", Text, primary_key=True),
    Column("comment_id", Text, primary_key=True),
    Column("changes", Integer, nullable=False),
    Column("newest_order", BigInteger, nullable=False),
    Column("newest_digest", Text, nullable=False),
    Column("newest_version", Text),
    Column("thread_id", Text),
    Column("author_id", Text),
    Column("board", Text),
    Column("created_at", Instant),
    Column("facts", Text, nullable=False),
    Column("deleted_at", Instant),
    Column("restored_at", Instant),
    Column("text_key", Text),
    Index(None, "source", "thread_id"),
    Index(None, "source", "author_id", "created_at"),
    Index(None, "source", "text_key", sqlite_where=_has_key, postgresql_where=_has_key),
    Index(None, "source", "newest_digest"),
    Index(None, "deleted_at"),
)

board_comments = Table(
    "board_comments",
    metadata,
    Column("source", Text, primary_key=True),
    Column("board_id", Text, primary_key=True),
    Column("thread_id", Text),
    Column("parent_id", Text),
    Column("created_at", Instant),
    Column("told_at", Instant, nullable=False),
    Column("approved", Boolean),
    Column("ruled_at", Instant),
    Column("comment_id", Text),
    Column("joined_by", Text),
    Column("due_at", Instant),
    Column("attempts", Integer, nullable=False),
    Index(None, "source", "comment_id"),
    Index(None, "due_at"),
    Index(None, "told_at"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("source", Text, nullable=False),
    Column("comment_id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("text", Text),
    Column("written_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("scored_at", Instant, nullable=False),
    Column("model", Text, nullable=False),
    Column("hate", Float(53)),
    Column("offensive", Float(53)),
    Column("neither", Float(53)),
    Column("label", Text),
    Column("coverage", Float(53), nullable=False),
    Column("abstained", Text),
    Column("why", Text, nullable=False),
    Column("residual", Float(53)),
    Column("base_rate", Float(53)),
    Column("seen", Text),
    UniqueConstraint("source", "comment_id", "version"),
    Index(None, "received_at"),
)

windows = Table(
    "windows",
    metadata,
    Column("trigger", Text, primary_key=True),
    Column("scope_key", Text, primary_key=True),
    Column("changes", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index(None, "changed_at"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("trigger", Text, nullable=False),
    Column("scope_key", Text, nullable=False),
    Column("window", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("source", Text, nullable=False),
    Column("comment_id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("thread_id", Text),
    Column("author_id", Text),
    Column("excerpt", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("folded", Integer, nullable=False),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", Text),
    Column("configuration", Text),
    Column("escalates_at", Instant),
    Column("escalated_at", Instant),
    Column("escalated_because", Text),
    Column("would_tell", Text),
    UniqueConstraint("trigger", "scope_key", "window"),
    Index(None, "raised_at"),
    Index(None, "source", "comment_id"),
    Index(None, "source", "author_id"),
    Index(None, "source", "thread_id"),
    Index(None, "configuration"),
    Index(None, "escalates_at"),
    Index(None, "trigger", "raised_at"),
    Index(None, "mode", "raised_at"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("lines", Text, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ends", Text),
    UniqueConstraint("kind", "subject", "raised_at"),
    Index(None, "raised_at"),
)

folded_comments = Table(
    "folded_comments",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("alert_id", Text, ForeignKey("alerts.id", ondelete="CASCADE"), nullable=False),
    Column("source", Text, nullable=False),
    Column("comment_id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Index(None, "alert_id", "id"),
    Index(None, "source", "comment_id"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("key", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("formed_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("not_before", Instant),
    Column("attempts", Integer, nullable=False),
    Column("lease_owner", Text),
    Column("lease_until", Instant),
    Column("settled_at", Instant),
    Index(None, "state", "channel", "due_at"),
    Index(None, "formed_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("alert_id", Text, ForeignKey("alerts.id", ondelete="CASCADE")),
    Column("notice_id", Text, ForeignKey("notices.id", ondelete="CASCADE")),
    Column("channel", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("owed_at", Instant, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("height", Float(53), nullable=False),
    Column("message_id", Serial, ForeignKey("messages.id")),
    CheckConstraint("(alert_id IS NULL) <> (notice_id IS NULL)", name="ck_outbox_about"),
    UniqueConstraint("alert_id", "channel", "recipient"),
    UniqueConstraint("notice_id", "channel", "recipient"),
    Index(None, "message_id", "channel", "recipient"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("message_id", Serial, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("outcome", Text, nullable=False),
    Column("answer", Text, nullable=False),
)

paces = Table(
    "paces",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("recipient", Text, primary_key=True),
    Column("sent", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

channel_states = Table(
    "channel_states",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("hold_until", Instant),
    Column("failing_since", Instant),
    Column("failed_at", Instant),
    Column("broken", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("scope", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)

page_logins = Table(
    "page_logins",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index(None, "expires_at"),
)

configurations = Table(
    "configurations",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("settings", Text, nullable=False),
)

configuration_periods = Table(
    "configuration_periods",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", Text, ForeignKey("configurations.digest"), nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    Column("cause", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("replaced", Text),
    Column("differences", Text, nullable=False),
    Index(None, "digest"),
)

# A verdict without a version waits for its comment, which may be known by its text alone.
# Each of the two indexes holds what the other does not: no plan can take the one for the other.
_waiting, _joined = text("version IS NULL"), text("version IS NOT NULL")

verdicts = Table(
    "verdicts",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("source", Text, nullable=False),
    Column("comment_id", Text),
    Column("version", Text),
    Column("text_digest", Text),
    Column("attribute", Text, nullable=False),
    Column("value", Float(53), nullable=False),
    Column("said", Text),
    Column("who", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("said_at", Instant, nullable=False),
    Column("community", Text),
    Column("client_token", Text),
    Index(None, "source", "comment_id", sqlite_where=_joined, postgresql_where=_joined),
    Index(None, "said_at"),
    Index(
        "ix_verdicts_waiting",
        "source",
        "comment_id",
        "text_digest",
        sqlite_where=_waiting,
        postgresql_where=_waiting,
    ),
)

digest_keys = Table(
    "digest_keys",
    metadata,
    Column("name", Text, primary_key=True),
    Column("key", Text, nullable=False),
)

# Of each key the minute, hour or day that is under way, and how much of its quota is handed out.
key_quotas = Table(
    "key_quotas",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("begins", Instant, nullable=False),
    Column("taken", BigInteger, nullable=False),
)

key_usage = Table(
    "key_usage",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),  # since 1970, UTC
    Column("requests", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
    Column("scored", BigInteger, nullable=False),
)

# Comments as they were judged, by the hour: a `bin` of domain/watch/tally.py, -1 for not judged.
hourly = Table(
    "hourly",
    metadata,
    Column("source", Text, primary_key=True),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    Column("model", Text, primary_key=True),
    Column("bin", Integer, primary_key=True, autoincrement=False),
    Column("comments", BigInteger, nullable=False),
    Index(None, "hour"),
)

arrivals = Table(
    "arrivals",
    metadata,
    Column("source", Text, primary_key=True),
    Column("last_at", Instant, nullable=False),
)

watch_progress = Table(
    "watch_progress",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("looked_at", Instant, nullable=False),
    Column("counted_to", BigInteger, nullable=False),
    Column("settled_to", BigInteger, nullable=False),
    Column("settled_at", Instant, nullable=False),
)

# Times that tell nothing of a source's rhythm; those of the source "" of nobody's.
unseen = Table(
    "unseen",
    metadata,
    Column("source", Text, primary_key=True),
    Column("since", Instant, primary_key=True, autoincrement=False),
    Column("until", Instant, nullable=False),
)

troubles = Table(
    "troubles",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("notice_id", Text, ForeignKey("notices.id", ondelete="CASCADE"), nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("calm_since", Instant),
)

thresholds = Table(
    "thresholds",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("budget_key", Text, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("value", Float(53), nullable=False),
    Column("since", Instant, nullable=False),
    Column("per_day", Float(53), nullable=False),
    Column("always_above", Float(53)),
    Column("alerts_per_day", Float(53)),
    Index(None, "budget_key", "id"),
)

job_runs = Table(
    "job_runs",
    metadata,
    Column("name", Text, primary_key=True),
    Column("slot", BigInteger, primary_key=True, autoincrement=False),
    Column("started_at", Instant, nullable=False),
)

__all__ = [
    "Instant",
    "alerts",
    "api_keys",
    "arrivals",
    "attempts",
    "board_comments",
    "channel_states",
    "comments",
    "configuration_periods",
    "configurations",
    "deliveries",
    "digest_keys",
    "folded_comments",
    "hourly",
    "job_runs",
    "key_quotas",
    "key_usage",
    "messages",
    "metadata",
    "notices",
    "outbox",
    "page_logins",
    "paces",
    "troubles",
    "unseen",
    "thresholds",
    "verdicts",
    "versions",
    "watch_progress",
    "windows",
]
