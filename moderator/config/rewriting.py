"""Puts a changed configuration in the place of the old one: whole, valid, or not at all."""

from __future__ import annotations

import difflib
import os
import stat
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from moderator.config.editing import NotEditable
from moderator.config.problems import Problem
from moderator.config.settings import Settings, settings_in
from moderator.config.yaml_source import Unreadable, read_bytes
from moderator.domain.errors import ConfigError

UNCHANGED = "nothing was changed"
MARK = b"\xef\xbb\xbf"  # some editors begin UTF-8 with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """What became of a file. `lines` are those that went (`-`) and came (`+`), as in a diff."""

    path: Path
    before: Settings
    after: Settings
    lines: tuple[str, ...]


def rewrite(path: Path, environ: Mapping[str, str], edit: Callable[[str], str]) -> Rewrite:
    """Change the text of the configuration at `path`, if it is right before and after.

    The new file takes the old one's place in one step, with its owner and permissions; who reads
    it meanwhile sees the one or the other. Raises ConfigError, and then nothing was changed.
    """
    try:
        content = read_bytes(path)
        before = settings_in(content, path, environ)
        mark = MARK if content.startswith(MARK) else b""
        text = content.removeprefix(mark).decode()
        changed = edit(text)
        after = settings_in(mark + changed.encode(), path, environ)
        _replace(path, content, mark + changed.encode())
    except (NotEditable, Unreadable) as exc:
        raise ConfigError(exc.problem.as_line(str(path)), _unchanged(path)) from None
    except ConfigError as exc:
        raise ConfigError(*exc.problems, _unchanged(path)) from None
    return Rewrite(path=path, before=before, after=after, lines=_difference(text, changed))


def _unchanged(path: Path) -> str:
    return Problem(message=UNCHANGED).as_line(str(path))


def _difference(before: str, after: str) -> tuple[str, ...]:
    told = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return tuple(line for line in list(told)[2:] if not line.startswith("@@"))


def _replace(path: Path, seen: bytes, content: bytes) -> None:
    """Raises ConfigError where it cannot be done, or the file is not `seen` any more."""
    target = path.resolve()  # a link stays one
    try:
        if not os.access(target, os.W_OK):
            raise PermissionError(None, "permission denied")
        beside = _written_beside(target, content)
        try:
            if target.read_bytes() != seen:
                raise BlockingIOError(None, "it was changed meanwhile; look, and try again")
            beside.replace(target)
        finally:
            with suppress(FileNotFoundError):
                beside.unlink()
        _flush(target.parent)
    except OSError as exc:
        reason = (exc.strerror or "unknown").lower()
        line = Problem(message=f"cannot be written ({reason})").as_line(str(path))
        raise ConfigError(line) from None


def _written_beside(target: Path, content: bytes) -> Path:
    """A file in the same folder with this content, flushed, that looks like `target` else."""
    owned = target.stat()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    with os.fdopen(descriptor, "wb") as file:
        try:
            new = os.fstat(descriptor)
            if (new.st_uid, new.st_gid) != (owned.st_uid, owned.st_gid):
                os.fchown(descriptor, owned.st_uid, owned.st_gid)
            os.fchmod(descriptor, stat.S_IMODE(owned.st_mode))
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        except OSError:
            Path(name).unlink()
            raise
    return Path(name)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
