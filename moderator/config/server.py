"""What the process is told by its environment: database, port, number of workers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from moderator.config.environment import PATH_VARIABLE, VariableError, read_variable
from moderator.config.problems import Problem, shown
from moderator.domain.errors import ConfigError

DEFAULT_DATABASE = "sqlite:///moderator.db"
DEFAULT_PORT = 8000
MAX_PORT = 65_535
MAX_WORKERS = 32
DRIVER = "postgresql+psycopg"
POSTGRESQL_SCHEMES = ("postgres", "postgresql", DRIVER)

POSTGRESQL_URL = re.compile(
    r"(?:(?P<user>[^:@/?#\s]*)(?::(?P<password>[^@/?#\s]*))?@)?"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:@/?#\s\[\]]*)(?::(?P<port>[^/?#@\s]*))?"
    r"(?:/(?P<database>[^?#@\s]*))?(?:\?(?P<query>[^#@\s]*))?"
)
BAD_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """The environment of one process. `database_url` is as SQLAlchemy takes it, and is secret.

    `config_path` is None where MODERATOR_CONFIG is not set. `is_heroku` is true where DYNO is
    set: the disk is forgotten at every restart.
    """

    database_url: str = field(repr=False)
    port: int
    workers: int
    config_path: Path | None
    is_heroku: bool

    @property
    def database_shown(self) -> str:
        """The database's address without its password and options, fit for logs."""
        scheme, _, rest = self.database_url.partition("://")
        rest = rest.partition("?")[0]
        credentials, at, place = rest.rpartition("@")
        user, colon, _ = credentials.partition(":")
        return f"{scheme}://{user}{':***' if colon else ''}{at}{place}"


def server_settings(environ: Mapping[str, str]) -> ServerSettings:
    """What DATABASE_URL, PORT, WEB_CONCURRENCY, MODERATOR_CONFIG and DYNO say.

    Raises ConfigError with one line for each variable that cannot be used.
    """
    reading = _Reading(environ)
    dyno = environ.get("DYNO", "")
    url = reading.take("DATABASE_URL", lambda text: database_url(text, on_heroku=bool(dyno)))
    if url is None and dyno and not reading.problems:
        reading.refuse("DATABASE_URL", "is not set; attach a Heroku Postgres to the app")
    port = reading.take("PORT", _port)
    if port is None and dyno.startswith("web.") and "PORT" not in environ:
        reading.refuse("PORT", "is not set; Heroku sets it for a web dyno")
    workers = reading.take("WEB_CONCURRENCY", _workers) or 1
    database = url or DEFAULT_DATABASE
    if workers > 1 and database.startswith("sqlite"):
        message = f"{workers} workers need PostgreSQL: SQLite serves one process; write 1"
        reading.refuse("WEB_CONCURRENCY", message)
    path = reading.take(PATH_VARIABLE, Path)
    if reading.problems:
        raise ConfigError(*(problem.as_line(None) for problem in reading.problems))
    return ServerSettings(
        database_url=database,
        port=port or DEFAULT_PORT,
        workers=workers,
        config_path=path,
        is_heroku=bool(dyno),
    )


class _Reading:
    """One pass over the variables; `problems` gathers what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[Problem] = []

    def refuse(self, name: str, message: str) -> None:
        self.problems.append(Problem(message=message, path=(name,)))

    def take(self, name: str, convert: Callable[[str], T]) -> T | None:
        """The converted value, None where there is none; ValueError becomes a problem."""
        try:
            text = read_variable(name, self._environ)
            if text is not None:
                return convert(text)
            if name in self._environ:
                self.refuse(name, "is set, but empty; unset it, or give it a value")
        except VariableError as exc:
            self.refuse(exc.name, exc.reason)
        except ValueError as exc:
            self.refuse(name, str(exc))
        return None


def database_url(text: str, *, on_heroku: bool) -> str:
    """A database address as SQLAlchemy takes it. Raises ValueError, never with the address in it.

    `sqlite:///file.db` and `postgres[ql]://user:password@host/database` are known. On Heroku a
    connection is encrypted unless the address says otherwise, and SQLite is refused.
    """
    scheme, colon, rest = text.partition(":")
    scheme = scheme.lower()
    if scheme == "sqlite":
        return _sqlite_url(rest, on_heroku=on_heroku)
    if scheme in POSTGRESQL_SCHEMES and rest.startswith("//"):
        return _postgresql_url(rest[2:], on_heroku=on_heroku)
    if scheme.startswith("postgresql+"):
        raise ValueError("names a driver that is not installed; write postgresql://")
    if scheme in POSTGRESQL_SCHEMES:
        raise ValueError("needs two slashes after the colon: postgresql://")
    if colon and rest.startswith("//") and re.fullmatch("[a-z][a-z0-9+.-]{0,31}", scheme):
        raise ValueError(f"{scheme}:// is not supported; write sqlite:/// or postgresql://")
    raise ValueError("is not the address of a database; write sqlite:///file.db or postgresql://")


def _sqlite_url(rest: str, *, on_heroku: bool) -> str:
    if on_heroku:
        raise ValueError(
            "SQLite would lose everything at each restart of a dyno (DYNO is set);"
            " attach a Heroku Postgres"
        )
    path = rest.removeprefix("///")
    if rest in ("//", "///", "") or ":memory:" in path or "mode=memory" in path:
        raise ValueError("a database in memory forgets what was accepted; write sqlite:///file.db")
    if path == rest:
        raise ValueError("sqlite needs three slashes: sqlite:///file.db (four: an absolute path)")
    if "?" in path or "#" in path:
        raise ValueError("sqlite takes a path and no options; the path holds a ? or #")
    return f"sqlite:///{path}"


def _postgresql_url(rest: str, *, on_heroku: bool) -> str:
    parts = POSTGRESQL_URL.fullmatch(rest)
    if parts is None:
        raise ValueError(
            "cannot be taken apart; in the password write @ as %40, / as %2F, : as %3A, # as %23,"
            " ? as %3F, % as %25 and a blank as %20"
        )
    if BAD_ESCAPE.search(rest):
        raise ValueError("holds a % that escapes nothing; write it as %25")
    if parts["port"] is not None and not _is_port(parts["port"]):
        raise ValueError(f"its port is not a number from 1 to {MAX_PORT}; is a : unescaped (%3A)?")
    if not parts["database"]:
        raise ValueError("names no database; it ends in /name")
    if on_heroku and not re.search("(^|&)sslmode=", parts["query"] or ""):
        rest += ("&" if parts["query"] else "" if parts["query"] == "" else "?") + "sslmode=require"
    return f"{DRIVER}://{rest}"


def _is_port(text: str) -> bool:
    return re.fullmatch("[0-9]{1,5}", text) is not None and 1 <= int(text) <= MAX_PORT


def _port(text: str) -> int:
    if not _is_port(text):
        raise ValueError(f"{shown(text)} is not a number from 1 to {MAX_PORT}")
    return int(text)


def _workers(text: str) -> int:
    if re.fullmatch("[0-9]{1,3}", text) is None or not 1 <= int(text) <= MAX_WORKERS:
        raise ValueError(f"{shown(text)} is not a number from 1 to {MAX_WORKERS}")
    return int(text)
