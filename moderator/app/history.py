"""What was in force when: told to the database before it is in force."""

from __future__ import annotations

from moderator.domain.configuration import Cause, Configuration
from moderator.storage import configurations
from moderator.storage.engine import Engine, database_now, write


def remember(engine: Engine, configuration: Configuration, cause: Cause, model: str) -> None:
    """Store that a configuration comes in force under a model. Raises Unavailable."""
    with write(engine) as tx:
        now = database_now(tx)
        configurations.put_in_force(tx, configuration, cause=cause, model=model, now=now)
