"""The environment of a process: database, port, workers."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from moderator.config import load_settings, server_settings
from moderator.domain.errors import ConfigError

HEROKU = {"DYNO": "web.1", "PORT": "5000"}


@pytest.mark.parametrize(
    ("given", "taken", "on_heroku"),
    [
        # D1, D2: the driver that is installed
        ("postgres://u:p@h/db", "postgresql+psycopg://u:p@h/db", "?sslmode=require"),
        ("postgresql://u:p@h:5432/db", "postgresql+psycopg://u:p@h:5432/db", "?sslmode=require"),
        ("postgresql+psycopg://h/db", "postgresql+psycopg://h/db", "?sslmode=require"),
        ("POSTGRES://u:p@h/db", "postgresql+psycopg://u:p@h/db", "?sslmode=require"),
        # D6: escaped characters stay escaped
        (
            "postgres://u:%40%2F%3A%25%23@h/db",
            "postgresql+psycopg://u:%40%2F%3A%25%23@h/db",
            "?sslmode=require",
        ),
        ("postgres://u:p@[::1]:5/db", "postgresql+psycopg://u:p@[::1]:5/db", "?sslmode=require"),
        # D8: sslmode is added, and an own one kept
        ("postgres://h/db?", "postgresql+psycopg://h/db?", "sslmode=require"),
        (
            "postgres://h/db?connect_timeout=3",
            "postgresql+psycopg://h/db?connect_timeout=3",
            "&sslmode=require",
        ),
        (
            "postgres://h/db?a=b&sslmode=verify-full",
            "postgresql+psycopg://h/db?a=b&sslmode=verify-full",
            "",
        ),
        (
            "postgresql://postgres:@/postgres?host=/tmp/pg",
            "postgresql+psycopg://postgres:@/postgres?host=/tmp/pg",
            "&sslmode=require",
        ),
        # C15: white space around it does no harm
        (" postgres://h/db\n", "postgresql+psycopg://h/db", "?sslmode=require"),
    ],
)
def test_a_postgresql_address_is_taken_as_sqlalchemy_needs_it(
    given: str, taken: str, on_heroku: str
) -> None:
    """D1, D6, D8."""
    assert server_settings({"DATABASE_URL": given}).database_url == taken
    there = server_settings({"DATABASE_URL": given, **HEROKU}).database_url
    assert there == taken + on_heroku
    assert make_url(there).drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        (None, "sqlite:///moderator.db"),
        ("sqlite:///some/file.db", "sqlite:///some/file.db"),
        ("sqlite:////var/lib/file.db", "sqlite:////var/lib/file.db"),
        ("SQLite:///file.db", "sqlite:///file.db"),
    ],
)
def test_sqlite_is_taken_where_the_disk_lasts(url: str | None, taken: str) -> None:
    """The default of a laptop."""
    environ = {} if url is None else {"DATABASE_URL": url}
    assert server_settings(environ).database_url == taken


UNSPLIT = (
    "cannot be taken apart; in the password write @ as %40, / as %2F, : as %3A, # as %23,"
    " ? as %3F, % as %25 and a blank as %20"
)
NO_ADDRESS = "is not the address of a database; write sqlite:///file.db or postgresql://"
IN_MEMORY = "a database in memory forgets what was accepted; write sqlite:///file.db"
SLASHES = "sqlite needs three slashes: sqlite:///file.db (four: an absolute path)"
PORT_IN_URL = "its port is not a number from 1 to 65535; is a : unescaped (%3A)?"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        # D2
        (
            "postgresql+psycopg2://u:p@h/db",
            "names a driver that is not installed; write postgresql://",
        ),
        (
            "postgresql+asyncpg://u:p@h/db",
            "names a driver that is not installed; write postgresql://",
        ),
        # D3
        ("", "is set, but empty; unset it, or give it a value"),
        ("  \n", "is set, but empty; unset it, or give it a value"),
        ('"postgres://u:p@h/db"', "has quotation marks around its value; remove them"),
        ("'sqlite:///a.db'", "has quotation marks around its value; remove them"),
        ("sqlite:///a\nb.db", "holds a line break or another control character"),
        # D4
        ("mysql://u:p@h/db", "mysql:// is not supported; write sqlite:/// or postgresql://"),
        (
            "sqlite+pysqlite:///a.db",
            "sqlite+pysqlite:// is not supported; write sqlite:/// or postgresql://",
        ),
        ("sqlite:file.db", SLASHES),
        ("sqlite:/file.db", SLASHES),
        ("sqlite://file.db", SLASHES),
        ("sqlite://", IN_MEMORY),
        ("sqlite:///", IN_MEMORY),
        ("sqlite:///:memory:", IN_MEMORY),
        ("sqlite:///file:a?mode=memory", IN_MEMORY),
        (
            "sqlite:///file.db?timeout=3",
            "sqlite takes a path and no options; the path holds a ? or #",
        ),
        # D6: a password that is not escaped
        ("postgres://u:hid@den@h/db", UNSPLIT),
        ("postgres://u:hid/den@h/db", UNSPLIT),
        ("postgres://u:hid#den@h/db", UNSPLIT),
        ("postgres://u:hid?den@h/db", UNSPLIT),
        ("postgres://u:hid den@h/db", UNSPLIT),
        ("postgres://u:hidden%@h/db", "holds a % that escapes nothing; write it as %25"),
        ("postgres://u:hidden@h:0/db", PORT_IN_URL),
        ("postgres://u:hidden@h:70000/db", PORT_IN_URL),
        ("postgres://u:hidden@h:5432x/db", PORT_IN_URL),
        ("postgres://u:hidden@h", "names no database; it ends in /name"),
        ("postgres:u:hidden@h/db", "needs two slashes after the colon: postgresql://"),
        ("hidden", NO_ADDRESS),
        ("hidden://", "hidden:// is not supported; write sqlite:/// or postgresql://"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_being_shown(
    url: str, reason: str
) -> None:
    """D2 to D6: the line names the variable and what to do, never the password."""
    with pytest.raises(ConfigError) as caught:
        server_settings({"DATABASE_URL": url})
    assert caught.value.problems == (f"config: DATABASE_URL: {reason}",)
    assert "hid" not in str(caught.value).replace("hidden://", "")


def test_sqlite_on_a_dyno_is_refused_whatever_its_form() -> None:
    """D5: its disk is forgotten at each restart."""
    for url in ("sqlite:///a.db", "sqlite://", "sqlite:a.db"):
        with pytest.raises(ConfigError, match="lose everything at each restart"):
            server_settings({"DATABASE_URL": url, **HEROKU})
    with pytest.raises(ConfigError) as caught:
        server_settings(HEROKU)
    assert caught.value.problems == (
        "config: DATABASE_URL: is not set; attach a Heroku Postgres to the app",
    )


@pytest.mark.parametrize("url", ["postgres://ann:hidden@h:1/db?sslmode=x", "postgres://ann@h/db"])
def test_the_password_is_in_nothing_that_is_printed(url: str) -> None:
    """S14: `repr`, and the address that logs may show."""
    settings = server_settings({"DATABASE_URL": url})
    assert "hidden" not in f"{settings!r} {settings} {settings.database_shown}"
    assert settings.database_shown.startswith("postgresql+psycopg://ann")


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("PORT", "abc", '"abc" is not a number from 1 to 65535'),
        ("PORT", "0", '"0" is not a number from 1 to 65535'),
        ("PORT", "-1", '"-1" is not a number from 1 to 65535'),
        ("PORT", "65536", '"65536" is not a number from 1 to 65535'),
        ("PORT", "8e3", '"8e3" is not a number from 1 to 65535'),
        ("PORT", "٨٠٠٠", '"٨٠٠٠" is not a number from 1 to 65535'),
        ("PORT", "", "is set, but empty; unset it, or give it a value"),
        ("WEB_CONCURRENCY", "33", '"33" is not a number from 1 to 32'),
        ("WEB_CONCURRENCY", "9999", '"9999" is not a number from 1 to 32'),
        ("WEB_CONCURRENCY", "0", '"0" is not a number from 1 to 32'),
        ("WEB_CONCURRENCY", "two", '"two" is not a number from 1 to 32'),
        (
            "WEB_CONCURRENCY",
            "2",
            "2 workers need PostgreSQL: SQLite serves one process; write 1",
        ),
        ("MODERATOR_CONFIG", "", "is set, but empty; unset it, or give it a value"),
    ],
)
def test_a_number_out_of_bounds_names_its_variable(variable: str, value: str, reason: str) -> None:
    """C12."""
    with pytest.raises(ConfigError) as caught:
        server_settings({variable: value})
    assert caught.value.problems == (f"config: {variable}: {reason}",)


def test_what_is_right_is_taken() -> None:
    """With the defaults of a laptop, and as on Heroku."""
    here = server_settings({})
    assert (here.port, here.workers, here.config_path, here.is_heroku) == (8000, 1, None, False)
    for port, workers in ((1, 1), (65_535, 32)):
        most = server_settings(
            {
                "DATABASE_URL": "postgres://h/db",
                "PORT": str(port),
                "WEB_CONCURRENCY": str(workers),
            }
        )
        assert (most.port, most.workers) == (port, workers)
    environ = {
        "DATABASE_URL": "postgres://h/db",
        "WEB_CONCURRENCY": " 4 ",
        "MODERATOR_CONFIG": "conf/mine.yaml",
    }
    there = server_settings(environ | HEROKU)
    assert (there.port, there.workers, there.is_heroku) == (5000, 4, True)
    assert there.config_path == Path("conf/mine.yaml")


def test_a_web_dyno_needs_its_port_and_a_one_off_dyno_does_not() -> None:
    """C12: `moderator db upgrade` runs in the release phase, where nothing is served."""
    environ = {"DATABASE_URL": "postgres://h/db"}
    assert server_settings({**environ, "DYNO": "release.1"}).is_heroku
    with pytest.raises(ConfigError) as caught:
        server_settings({**environ, "DYNO": "web.1"})
    assert caught.value.problems == ("config: PORT: is not set; Heroku sets it for a web dyno",)


def test_every_variable_is_looked_at_in_one_pass() -> None:
    """One restart a mistake is too many on a dyno."""
    environ = {"DATABASE_URL": "mysql://", "PORT": "x", "WEB_CONCURRENCY": "x", **{"DYNO": "run.1"}}
    with pytest.raises(ConfigError) as caught:
        server_settings(environ)
    assert [line.split(": ")[1] for line in caught.value.problems] == [
        "DATABASE_URL",
        "PORT",
        "WEB_CONCURRENCY",
    ]


def test_the_file_is_the_one_that_is_named_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--config, then MODERATOR_CONFIG, then ./config.yaml, then the defaults."""
    monkeypatch.chdir(tmp_path)
    for name in ("given", "named", "config"):
        Path(f"{name}.yaml").write_text("public: [predict]\n")
    named = {"MODERATOR_CONFIG": " named.yaml\n"}
    assert load_settings(Path("given.yaml"), named).path == Path("given.yaml")
    assert load_settings(None, named).path == Path("named.yaml")
    assert load_settings(None, {}).path == Path("config.yaml")
    Path("config.yaml").unlink()
    assert load_settings(None, {}).path is None
    Path("config.yaml").symlink_to("nowhere")
    with pytest.raises(ConfigError, match=r"config\.yaml: no such file"):
        load_settings(None, {})


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("missing.yaml", "config: missing.yaml: no such file"),
        (" ", "config: MODERATOR_CONFIG: is set, but empty; unset it, or name a file"),
        (
            '"config.yaml"',
            "config: MODERATOR_CONFIG: has quotation marks around its value; remove them",
        ),
    ],
)
def test_a_file_that_is_named_and_not_there_is_an_error(value: str, line: str) -> None:
    """C1: the defaults would look like a service that works."""
    with pytest.raises(ConfigError) as caught:
        load_settings(None, {"MODERATOR_CONFIG": value})
    assert caught.value.problems == (line,)
