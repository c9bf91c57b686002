"""What docs/sources.md tells a board's administrator is what happens."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from moderator.domain.comment import Delivery
from moderator.sources import KINDS
from moderator.sources.discourse import EVENTS
from moderator.sources.markup import READERS
from moderator.sources.nodebb import HOOKS
from tests.sources.signed_requests import SECRET, receive_generic, source

GUIDE = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")


def example(language: str) -> str:
    """The one code block of a language."""
    (block,) = re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.M | re.S)
    return str(block)


@pytest.fixture
def board() -> Iterator[tuple[str, list[tuple[str, Delivery]]]]:
    """A generic source behind a real HTTP server: its address, and what it took."""
    taken: list[tuple[str, Delivery]] = []
    comments = source("generic")

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = [(name.lower(), value) for name, value in self.headers.items()]
            taken.append((self.path, comments.receive(headers, body, datetime.now(UTC))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"results":[]}')

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", taken
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("language", "command"), [("python", [sys.executable, "-"]), ("sh", ["sh", "-eu", "-s"])]
)
def test_the_examples_sign_a_comment_that_is_taken(
    language: str, command: list[str], board: tuple[str, list[tuple[str, Delivery]]]
):
    """Copied from the page, with nothing changed but the environment."""
    missing = [tool for tool in ("curl", "openssl", "od") if shutil.which(tool) is None]
    if language == "sh" and missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    address, taken = board
    run = subprocess.run(
        command,
        input=example(language),
        env=os.environ | {"MODERATOR_URL": address, "GENERIC_SECRET": SECRET, "no_proxy": "*"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (run.returncode, run.stdout.strip()) == (0, '{"results":[]}'), run.stderr
    ((path, delivery),) = taken
    assert path == "/webhooks/comments"
    assert [event.text for event in delivery.events] == ["you are a silly goose"]


def test_the_example_of_the_json_is_understood():
    """Every member of it."""
    (event,) = receive_generic(json.loads(example("json"))).events
    assert (event.comment_id, event.board, event.author.role) == ("42", "general", "member")


@pytest.mark.parametrize("word", [*KINDS, *HOOKS, *READERS, *(e.split("_")[1] for e in EVENTS)])
def test_the_guide_names_all_that_is_followed(word: str):
    """A new kind, hook, format or event is documented."""
    assert word in GUIDE
