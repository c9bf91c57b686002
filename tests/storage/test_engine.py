"""What "committed" means on each database, and how a database that is away is told."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from moderator.domain.errors import ConfigError, Unavailable
from moderator.storage import migrations
from moderator.storage.engine import connect, database_now, read, write
from moderator.storage.ownership import SqliteOwnership
from moderator.storage.tables import metadata


def test_a_sqlite_connection_flushes_each_commit(sqlite_url):
    engine = connect(sqlite_url)
    with read(engine) as tx:
        found = {
            name: tx.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    full = 2
    assert found == {
        "journal_mode": "wal", "synchronous": full, "foreign_keys": 1, "busy_timeout": 5000,
    }  # fmt: skip


def test_a_postgresql_connection_has_time_limits_and_flushes(postgres_url):
    engine = connect(postgres_url)
    with read(engine) as tx:
        found = [
            tx.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("statement_timeout", "lock_timeout", "synchronous_commit", "TimeZone")
        ]
    engine.dispose()
    assert found == ["8s", "5s", "on", "UTC"]


def test_a_reader_does_not_wait_for_a_writer(engine):
    with write(engine) as tx:
        tx.execute(text("INSERT INTO job_runs (name, slot, started_at) VALUES ('a', 1, 1)"))
        with read(engine) as reader:
            assert reader.execute(text("SELECT count(*) FROM job_runs")).scalar() == 0


def test_a_locked_sqlite_file_is_unavailable_after_the_busy_timeout(sqlite_url, monkeypatch):
    monkeypatch.setattr("moderator.storage.engine.BUSY_TIMEOUT_MS", 50)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    engine = connect(sqlite_url)
    with pytest.raises(Unavailable), write(engine):
        pass
    other.close()
    engine.dispose()


def test_a_postgresql_that_is_away_is_unavailable_and_its_password_is_not_told():
    engine = connect("postgresql+psycopg://me:hidden-word@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable) as told, read(engine):
        pass
    assert "hidden-word" not in str(told.value)


def test_a_mistake_of_ours_is_not_taken_for_an_outage(engine):
    with pytest.raises(IntegrityError), write(engine) as tx:
        tx.execute(text("INSERT INTO job_runs (name, slot) VALUES ('a', 1)"))


def test_the_database_tells_the_time_in_utc(engine):
    with read(engine) as tx:
        assert database_now(tx).tzinfo is not None


def test_the_migrations_make_exactly_the_tables_of_the_code(engine):
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_twice_does_nothing_and_down_and_up_again_works(engine):
    migrations.upgrade(engine)
    assert migrations.schema_problem(engine) is None
    migrations.downgrade(engine, "base")
    assert "empty" in (migrations.schema_problem(engine) or "")
    migrations.upgrade(engine)
    assert "versions" in inspect(engine).get_table_names()


def test_two_processes_may_migrate_at_once(postgres_url):
    engines = [connect(postgres_url) for _ in range(2)]
    migrations.downgrade(engines[0], "base")
    threads = [threading.Thread(target=migrations.upgrade, args=(e,)) for e in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert migrations.schema_problem(engines[0]) is None
    for engine in engines:
        engine.dispose()


def test_a_schema_of_a_newer_release_is_named(engine):
    with write(engine) as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "newer release" in (migrations.schema_problem(engine) or "")


def test_another_applications_tables_are_left_alone(tmp_path):
    engine = connect(f"sqlite:///{tmp_path / 'theirs.db'}")
    with write(engine) as tx:
        tx.execute(text("CREATE TABLE orders (id INTEGER)"))
    with pytest.raises(ConfigError, match="another application"):
        migrations.upgrade(engine)
    engine.dispose()


def test_a_second_process_does_not_get_the_same_sqlite_file(tmp_path):
    first, second = (SqliteOwnership(tmp_path / "moderator.db") for _ in range(2))
    first.take()
    with pytest.raises(ConfigError, match="another process"):
        second.take()
    first.release()
    second.take()
    second.release()


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match="cannot write"):
        SqliteOwnership(tmp_path / "nowhere" / "moderator.db").take()
