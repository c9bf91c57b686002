"""What `moderator demo` shows: a sample discussion through a signed webhook, and its alerts."""

from __future__ import annotations

import json
import secrets
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import requests
import typer
import uvicorn

from moderator.app import Service
from moderator.cli.sample_board import SampleComment, discussion, past
from moderator.config import ServerSettings, Settings, load_settings, server_settings
from moderator.domain.delivery import DeliveryState
from moderator.sources.signature import sign
from moderator.storage import alerts, outbox
from moderator.storage.engine import read, write
from moderator.storage.keys import KeyScope
from moderator.web.auth import new_login_link

CONFIG = """\
# The demonstration's own configuration: change it, and the demonstration takes it up.
public_url: http://127.0.0.1:{port}
sources:
  forum: {{kind: generic, secrets: ["{secret}"]}}
triggers:
  # One comment that is very probably hateful or offensive.
  nasty-comment:
    when: {{toxic: 0.98}}
    notify: [terminal]
  # A discussion that turns: several milder ones in a short time.
  heated-thread:
    scope: thread
    when: {{toxic: 0.20}}
    count: 3
    within: 10m
    cooldown: 1h
    notify: [terminal]
channels:
  terminal: {{kind: console}}
public: [predict]
"""

# The command line for this configuration and this database, whatever the reader's shell says.
COMMAND = """\
#!/bin/sh
export MODERATOR_CONFIG={config} DATABASE_URL={database} PORT={port}
exec {python} -m moderator "$@"
"""
BATCH = 100  # comments that a delivery may hold
PATIENCE_S = 20.0


class Demonstration:
    """A configuration and a database in a folder that is gone afterwards."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._url = f"http://127.0.0.1:{port}"
        self._secret = secrets.token_hex(24)

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="moderator-demo-"))
        config = self._folder / "config.yaml"
        config.write_text(CONFIG.format(port=self._port, secret=self._secret))
        self.environ = {
            "DATABASE_URL": f"sqlite:///{self._folder / 'moderator.db'}",
            "PORT": str(self._port),
        }
        self._write_command(config)
        self.settings: Settings = load_settings(config, self.environ)
        self.server: ServerSettings = server_settings(self.environ)
        return self

    def _write_command(self, config: Path) -> None:
        command = self._folder / "moderator"
        words = {
            "config": str(config),
            "database": self.environ["DATABASE_URL"],
            "python": sys.executable,
        }
        quoted = {name: shlex.quote(word) for name, word in words.items()}
        command.write_text(COMMAND.format(port=self._port, **quoted))
        command.chmod(0o700)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def guide(self, server: uvicorn.Server, service: Service) -> None:
        """Once the service is up, send the discussion, wait for its alerts, say where to look."""
        while not server.started:
            if server.should_exit:
                return
            time.sleep(0.02)
        said = list(past(datetime.now(UTC)))
        typer.echo(
            f"Two quiet weeks of {len(said)} comments are behind us. Now, by signed webhook:\n"
        )
        for first in range(0, len(said), BATCH):
            self._post(f"past_{first}", said[first : first + BATCH])
        for comment in discussion(datetime.now(UTC)):
            words = " ".join(comment.text.split())
            typer.echo(f"  {comment.thread:<12}{comment.author:<6}{words}")
            self._post(f"demo_{comment.id}", [comment])
        self._await_delivery(service)
        engine = service.runtime.engine
        with write(engine) as tx:
            link = new_login_link(tx, KeyScope.MODERATE, datetime.now(UTC) + timedelta(hours=12))
        typer.echo(f"\nthe moderators' page: {self._url}{link}")
        typer.echo(f'score a text of yours: curl -d \'{{"text": "..."}}\' {self._url}/predict')
        typer.echo("a trigger of yours, in another terminal (all is gone when this one ends):")
        typer.echo(f"  cd {self._folder}")
        typer.echo("  ./moderator triggers add rude --when toxic=0.5")
        typer.echo("  ./moderator backtest")
        typer.echo("  ./moderator triggers promote rude")
        typer.echo(f"ready: {self._url}")

    def _post(self, delivery_id: str, comments: Sequence[SampleComment]) -> None:
        now = datetime.now(UTC)
        told = {
            "type": "comment.created",
            "timestamp": now.isoformat(),
            "data": [_data(comment) for comment in comments],
        }
        body, timestamp = json.dumps(told).encode(), int(now.timestamp())
        answer = requests.post(
            f"{self._url}/webhooks/forum",
            data=body,
            headers={
                "content-type": "application/json",
                "webhook-id": delivery_id,
                "webhook-timestamp": str(timestamp),
                "webhook-signature": sign(self._secret, delivery_id, timestamp, body),
            },
            timeout=PATIENCE_S,
        )
        answer.raise_for_status()

    @staticmethod
    def _await_delivery(service: Service) -> None:
        """Until every alert was printed."""
        give_up = time.monotonic() + PATIENCE_S
        while time.monotonic() < give_up:
            with read(service.runtime.engine) as tx:
                raised = alerts.newest_alerts(tx, limit=50)
                owed = outbox.owed_for(tx, [alert.id for alert in raised])
            messages = [message for each in owed.values() for message in each]
            if all(message.state is DeliveryState.SENT for message in messages):
                return
            time.sleep(0.05)


def _data(comment: SampleComment) -> dict[str, object]:
    return {
        "id": comment.id,
        "thread_id": comment.thread,
        "board": "general",
        "url": f"https://forum.example/{comment.thread}#{comment.id}",
        "text": comment.text,
        "format": "markdown",
        "author": {"id": comment.author, "name": comment.author, "role": "member"},
        "created_at": comment.created_at.isoformat(),
    }
