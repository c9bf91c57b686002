"""What every command opens before it works: the model and the database."""

from __future__ import annotations

from pathlib import Path

from moderator.classifier.artefact import load
from moderator.classifier.bundled import load_bundled
from moderator.config import ServerSettings, Settings
from moderator.domain.errors import ConfigError
from moderator.domain.score import Scorer
from moderator.storage import migrations
from moderator.storage.engine import Engine, connect
from moderator.storage.ownership import SqliteOwnership


def load_scorer(settings: Settings) -> Scorer:
    """The model the configuration pins, else the bundled one. Raises ModelError."""
    if settings.model is None:
        return load_bundled()
    return load(settings.model.path, settings.model.sha256)


def open_database(server: ServerSettings) -> Engine:
    """An engine on a database whose schema is at head.

    A SQLite file belongs to one process and is brought up to date here; PostgreSQL is migrated
    by `moderator db upgrade` alone. Raises ConfigError, Unavailable.
    """
    engine = connect(server.database_url)
    if server.database_url.startswith("sqlite"):
        migrations.upgrade(engine)
    problem = migrations.schema_problem(engine)
    if problem is not None:
        raise ConfigError(f"config: DATABASE_URL: {problem}")
    return engine


def ownership(server: ServerSettings) -> SqliteOwnership | None:
    """The lock on a SQLite file, which belongs to one process; None on PostgreSQL."""
    prefix, _, path = server.database_url.partition("///")
    return SqliteOwnership(Path(path)) if prefix == "sqlite:" else None
