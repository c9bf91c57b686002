"""A whole web application in a test: real database, real intake, a clock that the test holds."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
from fastapi import FastAPI

from moderator.alerting import Rules
from moderator.config.candidates import read_candidate
from moderator.domain.comment import Delivery
from moderator.domain.configuration import Cause, Configuration
from moderator.domain.delivery import AttemptOutcome, DeliveryState
from moderator.domain.timing import Timing
from moderator.domain.trigger import Mode, Trigger
from moderator.ingest import Answer, ingest
from moderator.intake import Intake
from moderator.sources.generic import GenericSettings, GenericSource
from moderator.sources.signature import sign
from moderator.storage import configurations, keys, messages, migrations
from moderator.storage.engine import write
from moderator.storage.keys import ApiKey, KeyScope
from moderator.web import InForce, Runtime, build
from moderator.web.auth import new_key, new_login_link
from tests.builders import MarkedScorer, at

SECRET = "q8Zr1Lk0VxTn4Yb7Wd2Hs6Jm9Pc3Ga5F"
DIGEST = "5f1c9a2be07d4c33" * 4
ADDRESS = "203.0.113.9"
TRIGGERS = (
    Trigger(name="slur", when={"hate": 0.8}, notify=("mods-slack", "mods-email")),
    Trigger(name="tried-out", when={"offensive": 0.8}, mode=Mode.SHADOW),
)
RULES = Rules(
    triggers=TRIGGERS,
    recipients={"mods-slack": ("",), "mods-email": ("mods@example.org",)},
    digest=DIGEST,
)


class LoopTransport(httpx.BaseTransport):
    """Calls an application in a loop of its own thread, so that tests stay plain functions."""

    def __init__(self, app: FastAPI) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._app = httpx.ASGITransport(app, client=(ADDRESS, 50_000))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request, to the end of its answer."""
        return asyncio.run_coroutine_threadsafe(self._handle(request), self._loop).result(30)

    def close(self) -> None:
        """End the loop."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        answer = await self._app.handle_async_request(request)
        body = await answer.aread()
        return httpx.Response(answer.status_code, headers=answer.headers, content=body)


class Site:
    """An application and everything a test wants of it."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.now = at(60)
        self.failure: Exception | None = None
        self.scorer = MarkedScorer()
        self.rules = RULES
        self._alerts = itertools.count(1)
        self._deliveries = itertools.count(1)
        self.runtime = Runtime(
            engine=engine,
            scorer=self.scorer,
            intake=Intake(self._ingest),
            clock=lambda: self.now,
            in_force=InForce(
                sources={"forum": self._source("forum"), "other": self._source("other")},
                public=frozenset({"predict"}),
                public_url=None,
                channels=("mods-slack", "mods-email"),
                digest=DIGEST,
                loaded_at=at(0),
                triggers=TRIGGERS,
                read_candidate=partial(
                    read_candidate, channels=["mods-slack", "mods-email"], sources=["forum"]
                ),
            ),
            schema_problem=lambda: migrations.schema_problem(engine),
            jitter=lambda: 0.5,
        )
        self.app = build(self.runtime)
        self.client = self.browser()

    def close(self) -> None:
        """Stop the threads and the client."""
        self.app.state.scoring.stop()
        self.app.state.key_checks.stop()
        self.runtime.intake.stop()
        self.client.close()

    def browser(self, base_url: str = "http://board.test", **options: Any) -> httpx.Client:
        """A client with a memory of its own for cookies."""
        return httpx.Client(transport=LoopTransport(self.app), base_url=base_url, **options)

    def configure(self, **changes: Any) -> None:
        """Put another configuration in force."""
        self.runtime.in_force = replace(self.runtime.in_force, **changes)

    def remember(self, configuration: Configuration) -> None:
        """Store that a configuration is in force now."""
        with write(self.engine) as tx:
            configurations.put_in_force(
                tx, configuration, cause=Cause.RELOAD, model=self.scorer.model, now=self.now
            )

    def key(self, scope: KeyScope = KeyScope.READ, name: str = "a test") -> dict[str, str]:
        """The header that sends a fresh key."""
        return {"authorization": f"Bearer {self.secret(scope, name)[1]}"}

    def secret(self, scope: KeyScope = KeyScope.READ, name: str = "a test") -> tuple[str, str]:
        """A fresh key's id and secret."""
        key_id, secret = new_key()
        with write(self.engine) as tx:
            keys.add_key(tx, ApiKey(id=key_id, scope=scope, name=name, created_at=self.now), secret)
        return key_id, secret

    def login_link(self, scope: KeyScope = KeyScope.READ) -> str:
        """The path of a fresh one-time link."""
        with write(self.engine) as tx:
            return new_login_link(tx, scope, self.now + timedelta(minutes=15))

    def send(self, text: str = "hello there", **changes: Any) -> httpx.Response:
        """A comment by ann in thread 7, created and signed as a board would."""
        data = {
            "id": "42",
            "text": text,
            "thread_id": "7",
            "board": "general",
            "url": "https://board.example/7/42",
            "author": {"id": "9", "name": "ann", "role": "member"},
            "created_at": "2026-11-22T12:00:00Z",
        }
        return self.tell("comment.created", data | changes)

    def tell(self, event: str, data: Any) -> httpx.Response:
        """One event of the generic source."""
        return self.post(json.dumps({"type": event, "data": data}).encode())

    def post(self, body: bytes, **changes: Any) -> httpx.Response:
        """A body, signed; `id`, `source`, `headers` may be chosen."""
        source = changes.pop("source", "forum")
        headers = self.signed(body, changes.pop("id", None))
        headers |= changes.pop("headers", {})
        sent = {name: value for name, value in headers.items() if value is not None}
        return self.client.post(f"/webhooks/{source}", content=body, headers=sent)

    def signed(self, body: bytes, delivery_id: str | None = None) -> dict[str, str]:
        """The headers of a signed body."""
        delivery_id = delivery_id or f"msg_{next(self._deliveries)}"
        stamp = int(self.now.timestamp())
        return {
            "content-type": "application/json",
            "webhook-id": delivery_id,
            "webhook-timestamp": str(stamp),
            "webhook-signature": sign(SECRET, delivery_id, stamp, body),
        }

    def attempt(
        self,
        outcome: AttemptOutcome,
        answer: str,
        state: DeliveryState,
        channel: str = "mods-slack",
    ) -> None:
        """Let one attempt be made at everything that a channel owes."""
        with write(self.engine) as tx:
            asked = messages.Asked(channel=channel, timing=Timing(), now=self.now)
            lease = timedelta(minutes=1)
            while claim := messages.next_turn(tx, asked, owner="a test", lease=lease).claim:
                messages.record(
                    tx,
                    claim,
                    owner="a test",
                    now=self.now,
                    outcome=outcome,
                    answer=answer,
                    state=state,
                    due_at=self.now + timedelta(minutes=2),
                )

    def _ingest(self, batch: Sequence[Delivery]) -> list[Answer]:
        if self.failure is not None:
            raise self.failure
        return ingest(
            self.engine,
            self.scorer,
            self.rules,
            batch,
            now=self.now,
            new_id=lambda: f"al_{next(self._alerts)}",
        )

    @staticmethod
    def _source(name: str) -> GenericSource:
        return GenericSource(name, GenericSettings(kind="generic", secrets=[SECRET]))


def first_result(answer: httpx.Response) -> Any:
    """The only result of an accepted delivery."""
    assert answer.status_code == 200, answer.text
    (result,) = answer.json()["results"]
    return result
