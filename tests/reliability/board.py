"""A board under load: comments posted over several connections, each until it is acknowledged."""

from __future__ import annotations

import csv
import http.client
import json
import os
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from moderator.sources.signature import sign

SECRET = "a-secret-of-the-board-for-tests-only"
EPOCH = datetime(2026, 11, 1, tzinfo=UTC)
GIVE_UP_S = 120.0
SHARED = Path(os.environ.get("MODERATOR_SHARED", "../shared"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A comment as the board knows it."""

    id: str
    thread: str
    author: str
    text: str
    written_at: datetime


def mild_posts(count: int) -> list[Post]:
    """Comments of our own making, a good part of them rude."""
    texts = (
        "What a lovely day for a walk in the park.",
        "You are a stupid idiot and nobody likes you, moron.",
        "I think the second chapter explains it better.",
        "Shut up, you pathetic loser.",
        "Thanks, that fixed it for me!",
    )
    return [_post(n, texts[n * 7 % len(texts)], threads=20) for n in range(count)]


def tweets() -> list[Post]:
    """The 24,783 tweets of Davidson et al. as comments; skips where they are not at hand."""
    path = SHARED / "data" / "davidson" / "labeled_data.csv"
    if not path.is_file():
        pytest.skip(f"the tweets are not at {path}; set MODERATOR_SHARED")
    with path.open(encoding="utf-8", newline="") as file:
        return [_post(n, row["tweet"], threads=200) for n, row in enumerate(csv.DictReader(file))]


def _post(number: int, text: str, *, threads: int) -> Post:
    return Post(
        id=f"c{number}",
        thread=f"t{number % threads}",
        author=f"u{number % 500}",
        text=text,
        written_at=EPOCH + timedelta(seconds=number),
    )


class Board:
    """Posts comments by signed webhook and keeps a ledger of what was acknowledged."""

    def __init__(self, port: int, posts: Iterable[Post]) -> None:
        self._port = port
        self._lock = threading.Lock()
        self._waiting: Iterator[Post] = iter(list(posts))
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self.acknowledged: dict[str, str] = {}  # comment id -> status
        self.refused: list[tuple[str, int]] = []

    def start(self, connections: int = 8) -> None:
        """Post over so many connections."""
        self._threads = [
            threading.Thread(target=self._post_all, daemon=True) for _ in range(connections)
        ]
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        """Until everything is acknowledged."""
        for thread in self._threads:
            thread.join()

    @property
    def is_done(self) -> bool:
        """Whether all has been posted."""
        return not any(thread.is_alive() for thread in self._threads)

    def _post_all(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        while (post := self._next()) is not None:
            connection = self._post_until_acknowledged(connection, post)
        connection.close()

    def _next(self) -> Post | None:
        with self._lock:
            return next(self._waiting, None)

    def _post_until_acknowledged(
        self, connection: http.client.HTTPConnection, post: Post
    ) -> http.client.HTTPConnection:
        give_up = time.monotonic() + GIVE_UP_S
        while time.monotonic() < give_up:
            try:
                status, answer = _send(connection, post)
            except (OSError, http.client.HTTPException, json.JSONDecodeError):
                connection.close()
                connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
                time.sleep(0.02)
                continue
            if status == 200:
                self.acknowledged[post.id] = answer["results"][0]["status"]
                return connection
            self.refused.append((post.id, status))
            time.sleep(0.05)
        raise AssertionError(f"{post.id} was never acknowledged")


def _send(connection: http.client.HTTPConnection, post: Post) -> tuple[int, dict[str, Any]]:
    data = {
        "id": post.id,
        "thread_id": post.thread,
        "board": "general",
        "text": post.text,
        "author": {"id": post.author, "name": post.author, "role": "member"},
        "created_at": post.written_at.isoformat(),
    }
    body = json.dumps(
        {"type": "comment.created", "timestamp": post.written_at.isoformat(), "data": data}
    ).encode()
    now = int(time.time())
    connection.request(
        "POST",
        "/webhooks/forum",
        body,
        {
            "content-type": "application/json",
            "webhook-id": f"d_{post.id}",
            "webhook-timestamp": str(now),
            "webhook-signature": sign(SECRET, f"d_{post.id}", now, body),
        },
    )
    response = connection.getresponse()
    content = response.read()
    return response.status, json.loads(content)
