"""What `moderator demo` shows: a sample discussion through a signed webhook, and its alerts."""

from __future__ import annotations

import json
import secrets
import shutil
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import requests
import typer
import uvicorn

from moderator.app import Service
from moderator.config import ServerSettings, Settings, load_settings, server_settings
from moderator.domain.delivery import DeliveryState
from moderator.sources.signature import sign
from moderator.storage import alerts, outbox
from moderator.storage.engine import read, write
from moderator.storage.keys import KeyScope
from moderator.web.auth import new_login_link

CONFIG = """\
public_url: http://127.0.0.1:{port}
sources:
  forum: {{kind: generic, secrets: ["${{DEMO_SECRET}}"]}}
triggers:
  nasty-comment:
    when: {{toxic: 0.90}}
    notify: [terminal]
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

# (thread, author, text): mild on purpose, and enough to be told apart. Some are heated, one of
# these disguised; one quotes an insult and one speaks of it, as people do who are not heated.
DISCUSSION = (
    ("sourdough", "ann", "My starter finally doubled overnight! Thanks for all the tips."),
    ("sourdough", "ben", "Lovely crumb. Which flour did you use?"),
    ("bike-lanes", "cleo", "I think the new bike lane makes the crossing a lot safer."),
    ("bike-lanes", "dan", "I disagree, the old layout was easier for buses."),
    ("bike-lanes", "eve", "You are an idiot, dan. Nobody cares what you think."),
    ("sourdough", "fay", "Half rye, half wheat, 75 % water. Happy baking!"),
    ("bike-lanes", "dan", "Shut up you stupid moron, you know nothing."),
    ("bike-lanes", "eve", "Go to hell, you p4thetic 1d1ot."),
    ("bike-lanes", "gus", "> Shut up you stupid moron\n\nLet us keep this friendly, please."),
    ("bike-lanes", "ivy", "Calling someone a moron is against the rules here."),
)
PATIENCE_S = 20.0


class Demonstration:
    """A configuration and a database in a folder that is gone afterwards."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._url = f"http://127.0.0.1:{port}"
        self._secret = secrets.token_hex(24)

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="moderator-demo-"))
        (self._folder / "config.yaml").write_text(CONFIG.format(port=self._port))
        self.environ = {
            "DEMO_SECRET": self._secret,
            "DATABASE_URL": f"sqlite:///{self._folder / 'moderator.db'}",
            "PORT": str(self._port),
        }
        self.settings: Settings = load_settings(self._folder / "config.yaml", self.environ)
        self.server: ServerSettings = server_settings(self.environ)
        return self

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
        typer.echo(f"A discussion of {len(DISCUSSION)} comments arrives by signed webhook:\n")
        for number, (thread, author, text) in enumerate(DISCUSSION):
            self._post(number, thread, author, text)
        self._await_delivery(service)
        engine = service.runtime.engine
        with write(engine) as tx:
            link = new_login_link(tx, KeyScope.MODERATE, datetime.now(UTC) + timedelta(hours=12))
        typer.echo(f"\nthe moderators' page: {self._url}{link}")
        typer.echo(f'score a text of yours: curl -d \'{{"text": "..."}}\' {self._url}/predict')
        typer.echo(f"ready: {self._url}")

    def _post(self, number: int, thread: str, author: str, text: str) -> None:
        now = datetime.now(UTC)
        typer.echo(f"  {thread:<12}{author:<6}{' '.join(text.split())}")
        data = {
            "id": str(number),
            "thread_id": thread,
            "board": "general",
            "url": f"https://forum.example/{thread}#{number}",
            "text": text,
            "format": "markdown",
            "author": {"id": author, "name": author, "role": "member"},
            "created_at": now.isoformat(),
        }
        body = json.dumps({"type": "comment.created", "timestamp": now.isoformat(), "data": data})
        delivery_id, timestamp = f"demo_{number}", int(now.timestamp())
        answer = requests.post(
            f"{self._url}/webhooks/forum",
            data=body.encode(),
            headers={
                "content-type": "application/json",
                "webhook-id": delivery_id,
                "webhook-timestamp": str(timestamp),
                "webhook-signature": sign(self._secret, delivery_id, timestamp, body.encode()),
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
