"""The schema's history: Alembic alone makes and changes tables."""

from __future__ import annotations

import logging
import sysconfig
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from moderator.domain.errors import ConfigError
from moderator.storage.engine import read, write

_CHECKOUT = Path(__file__).parents[2] / "alembic"
_INSTALLED = Path(sysconfig.get_path("data")) / "share" / "moderator" / "alembic"
logging.getLogger("alembic").setLevel(logging.WARNING)  # a line a start is no news
_LOCK = 0x6D6F6465  # any number; the same in each process that migrates


def scripts_folder() -> Path:
    """Where the migration scripts lie: in a checkout, else where the wheel put them."""
    return _CHECKOUT if (_CHECKOUT / "env.py").is_file() else _INSTALLED


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to `revision`. Two at once wait for each other; a second run does nothing.

    Raises ConfigError where the database holds another application's tables.
    """
    with write(engine) as tx:
        _refuse_foreign_tables(tx)
        if tx.dialect.name == "postgresql":
            tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            tx.execute(text("SET LOCAL statement_timeout = 0"))
        command.upgrade(_config(tx), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema back to `revision`."""
    with write(engine) as tx:
        command.downgrade(_config(tx), revision)


def schema_problem(engine: Engine) -> str | None:
    """What is wrong with the schema, in words for an operator; None where it is at head."""
    with read(engine) as tx:
        current = MigrationContext.configure(tx).get_current_revision()
    script = ScriptDirectory(str(scripts_folder()))
    head = script.get_current_head()
    if current == head:
        return None
    if current is None:
        return "the database is empty: run `moderator db upgrade`"
    if current in {revision.revision for revision in script.walk_revisions()}:
        return f"the schema is at {current}, older than {head}: run `moderator db upgrade`"
    return f"the schema is at {current}, which this release does not know: run a newer release"


def _config(tx: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts_folder()).replace("%", "%%"))
    config.attributes["connection"] = tx
    return config


def _refuse_foreign_tables(tx: Connection) -> None:
    tables = set(inspect(tx).get_table_names())
    if tables and "alembic_version" not in tables:
        raise ConfigError(
            "DATABASE_URL: the database holds another application's tables; give us one of our own"
        )
