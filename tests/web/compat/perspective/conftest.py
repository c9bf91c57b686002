"""A client of the Perspective API, on a site of the test's own."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.web.site import Site

ANALYZE = "/v1alpha1/comments:analyze"


class Client:
    """Asks as a published client does: JSON, and the key in the address."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.key_id, self.key = site.secret()

    def post(self, path: str, body: Any, **parameters: str) -> httpx.Response:
        """A message, or the raw bytes of one."""
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        return self.site.client.post(path, params={"key": self.key, **parameters}, **content)

    def analyze(self, text: str = "hate=0.9 and more", **changes: Any) -> httpx.Response:
        """One comment, asked for TOXICITY unless changed."""
        return self.post(ANALYZE, asked(text, **changes))

    def stored(self) -> list[dict[str, Any]]:
        """What the API tells of everything that is stored."""
        answer = self.site.client.get("/v1/scores", headers={"authorization": f"Bearer {self.key}"})
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


def asked(text: str = "hate=0.9 and more", **changes: Any) -> dict[str, Any]:
    """The body of an analyze request; a change to None leaves a member out."""
    body = {"comment": {"text": text}, "requestedAttributes": {"TOXICITY": {}}} | changes
    return {name: value for name, value in body.items() if value is not None}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone, unless a module asks for both."""
    return sqlite_url


@pytest.fixture
def client(site: Site) -> Client:
    """A client with a key that may read."""
    return Client(site)
