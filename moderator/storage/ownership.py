"""One process a SQLite file: the second one must not start."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from moderator.domain.errors import ConfigError


class SqliteOwnership:
    """Holds the lock file beside a SQLite database while the service runs.

    The lock goes with the process, however it ends: nothing is left to clean up after a kill.
    Commands that only read or write briefly do not take it.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._descriptor: int | None = None

    def take(self) -> None:
        """Raises ConfigError where another process serves this file, or the folder is no good."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ConfigError(
                f"DATABASE_URL: cannot write to {self._path.parent}: {error.strerror}"
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise ConfigError(
                f"DATABASE_URL: another process serves {self._path.with_suffix('')}; several "
                "processes need PostgreSQL"
            ) from error
        self._descriptor = descriptor

    def release(self) -> None:
        """Let another process have the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
