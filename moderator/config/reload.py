"""Follows the configuration's file while the service runs: all of a new version, or none of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from moderator.config.settings import DEFAULT_PATH, Settings, load_settings
from moderator.domain.errors import ConfigError

Signature = tuple[int, int, int]  # inode, size in bytes, time of the last change in nanoseconds
NEVER_SEEN: Signature = (0, 0, 0)


class Change(StrEnum):
    """What a look at the file brought."""

    NONE = "none"
    RELOADED = "reloaded"
    REFUSED = "refused"  # the settings before it stay in force


class ConfigWatch:
    """The settings in force, and the problems of the file while it is one that was refused.

    Call `look` from one thread at a time, every few seconds. `settings` and `problems` may be
    read from any: each is only ever replaced as a whole. Where the built-in defaults are in
    force, ./config.yaml is waited for.
    """

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self.settings = settings
        self.problems: tuple[str, ...] = ()
        self._environ = dict(environ)
        self._path = settings.path or DEFAULT_PATH
        self._seen = NEVER_SEEN if settings.path else None

    def look(self) -> Change:
        """Read the file if it changed; one that was only touched may have new secret files.

        RELOADED: `settings` is new, or the problems are gone. REFUSED is said once a change.
        """
        signature = _signature(self._path)
        if signature == self._seen:
            return Change.NONE
        self._seen = signature
        try:
            settings = load_settings(self._path, self._environ)
        except ConfigError as exc:
            self.problems = exc.problems
            return Change.REFUSED
        is_change = settings != self.settings or bool(self.problems)
        self.settings, self.problems = settings, ()
        return Change.RELOADED if is_change else Change.NONE


def _signature(path: Path) -> Signature | None:
    """None where there is no file to be seen."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
