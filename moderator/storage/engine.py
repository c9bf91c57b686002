"""Connections: what both databases need so that "committed" means "on the disk"."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection as Connection
from sqlalchemy import Engine as Engine
from sqlalchemy import create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.schema import Table

from moderator.domain.comment import from_micros
from moderator.domain.errors import ConfigError, Unavailable

BUSY_TIMEOUT_MS = 5_000
STATEMENT_TIMEOUT_MS = 8_000  # a hung database is answered for within 10 s
CONNECT_TIMEOUT_S = 5

Key = TypeVar("Key", bound=tuple[str, ...])

READ = {"moderator_read": True}


def connect(url: str, *, pool_size: int = 3) -> Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://...`; opens no connection yet.

    SQLite: write-ahead log, flushed at each commit, every writer takes the write lock at BEGIN
    (a read that turns into a write fails at once, whatever the busy timeout). PostgreSQL: at
    most `pool_size` + 1 connections, time limits on connecting, statements and locks.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, pool_size=pool_size, max_overflow=1, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url,
        hide_parameters=True,  # they hold comment text
        pool_size=pool_size,
        max_overflow=1,
        pool_pre_ping=True,
        pool_timeout=2,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "application_name": "moderator",
            "options": (
                f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={BUSY_TIMEOUT_MS} "
                "-c TimeZone=UTC -c synchronous_commit=on"
            ),
        },
    )


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what was erased must not linger in free pages
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    read = connection.get_execution_options().get("moderator_read")
    connection.exec_driver_sql("BEGIN" if read else "BEGIN IMMEDIATE")


@contextmanager
def closing_pool(engine: Engine) -> Iterator[Engine]:
    """The engine, whose connections are closed at the end."""
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write: committed and flushed at the end, else rolled back.

    Raises Unavailable where the database is away, full, locked or out of connections,
    ConfigError where its file is damaged.
    """
    with _translated(), engine.begin() as tx:
        yield tx


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads; it never waits for a writer. Raises as `write`."""
    with _translated(), engine.connect().execution_options(**READ) as tx, tx.begin():
        yield tx


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlite_errorname", None) in {"SQLITE_NOTADB", "SQLITE_CORRUPT"}:
            raise ConfigError(
                "config: DATABASE_URL: the file is not a SQLite database, or is damaged; move it "
                "away, or restore it from a backup"
            ) from None
        if not is_passing(error):
            raise
        raise Unavailable(f"the database did not answer: {_reason(error)}") from None
    except PoolTimeout as error:
        raise Unavailable("no database connection became free in time") from error


def _reason(error: DBAPIError) -> str:
    """What the driver says of a connection it did not get; of a statement, whose parameters hold
    comment text, only the class of error.
    """
    kind = type(error.orig).__name__
    said = str(error.orig).strip() if error.statement is None else ""
    return said.splitlines()[0] if said else kind


def is_passing(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed later: away, busy, full, or a lost race."""
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        # 08 connection, 40 rolled back, 53 out of resources, 55 lock, 57 shutting down, 58 I/O
        return str(state)[:2] in {"08", "40", "53", "55", "57", "58"}
    return type(error.orig).__name__ in {"OperationalError", "ConnectionTimeout", "PoolTimeout"}


def insert(tx: Connection, table: Table) -> Any:
    """An INSERT that knows ON CONFLICT: both databases spell it alike, SQLAlchemy does not."""
    return (sqlite if tx.dialect.name == "sqlite" else postgresql).insert(table)


def by_source(keys: Iterable[Key]) -> dict[str, list[Key]]:
    """Keys whose first part is a source, apart by source.

    SQLite reads a whole table for `(a, b) IN (...)`; for `a = ? AND b IN (...)` it takes the index.
    """
    found: dict[str, list[Key]] = {}
    for key in keys:
        found.setdefault(key[0], []).append(key)
    return found


def database_now(tx: Connection) -> datetime:
    """The time by the clock that leases and schedules go by: the database's own."""
    if tx.dialect.name == "sqlite":
        return datetime.now(UTC)  # one machine, one clock
    micros = tx.execute(text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"))
    return from_micros(micros.scalar_one())
