"""The clients' packages, and the service they talk to."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import venv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from moderator.storage import keys, migrations
from moderator.storage.engine import closing_pool, connect, write
from moderator.storage.keys import ApiKey, KeyScope
from moderator.web.auth import new_key
from tests.reliability.service import ServiceProcess

PROGRAMS = Path(__file__).parent / "programs"
FROM_PYPI = (
    "google-api-python-client==2.202.0",
    "perspective==1.0.3",
    "PyPerspective==1.0.4",
    "openai==3.54.0",
    "akismet==25.10.1",
)
FROM_NPM = ("googleapis@178.0.0", "perspective-api-client@3.1.0")
INSTALLS_WITHIN_S = 300
CONFIG = """\
triggers:
  rude: {when: {toxic: 0.8}, only: {sources: [news]}, notify: [terminal]}
channels:
  terminal: {kind: console}
perspective:
  communities:
    news: {keys: ["%s"]}
akismet: {source: news}
"""

Run = Callable[..., Any]


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with the packages from PyPI, and nothing of ours."""
    folder = tmp_path_factory.mktemp("python")
    venv.create(folder, with_pip=True)
    interpreter = folder / "bin" / "python"
    _install([str(interpreter), "-m", "pip", "install", "-q", *FROM_PYPI], folder)
    return interpreter


@pytest.fixture(scope="session")
def node_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages from npm."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("there is no node here")
    folder = tmp_path_factory.mktemp("node")
    options = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder)]
    _install(["npm", "install", *options, *FROM_NPM], folder)
    return folder / "node_modules"


def _install(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, timeout=INSTALLS_WITHIN_S, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"{command[-1]} could not be installed in time")
    if done.returncode != 0:
        pytest.skip(f"the package index did not give {command[-1]}")


@pytest.fixture
def secret(sqlite_url: str) -> tuple[str, str]:
    """The id and the secret of a key that may read."""
    key_id, secret = new_key()
    key = ApiKey(id=key_id, scope=KeyScope.READ, name="news", created_at=datetime.now(UTC))
    with closing_pool(connect(sqlite_url)) as engine:
        migrations.upgrade(engine)
        with write(engine) as tx:
            keys.add_key(tx, key, secret)
    return key_id, secret


@pytest.fixture
def service(tmp_path: Path, sqlite_url: str, secret: tuple[str, str]) -> Iterator[ServiceProcess]:
    """The real service with the bundled model, where the key's comments are those of `news`."""
    with ServiceProcess(tmp_path, CONFIG % secret[0], sqlite_url) as process:
        yield process


@pytest.fixture
def run(service: ServiceProcess, secret: tuple[str, str], tmp_path: Path) -> Run:
    """Runs a program with the service's address and the key; gives what it printed as JSON."""

    def run(interpreter: str | Path, program: str, **environ: str) -> Any:
        told = {"URL": service.url, "KEY": secret[1], **environ}
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        done = subprocess.run(
            [str(interpreter), str(PROGRAMS / program)],
            env=kept | told,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run
