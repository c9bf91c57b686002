"""On the wire, through the real server: what no client in the process can send."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from moderator.web import body

DEADLINE_S = 2.0  # instead of ten seconds


@pytest.fixture
def database_url(sqlite_url):
    """SQLite alone."""
    return sqlite_url


@pytest.fixture
def address(site) -> Iterator[tuple[str, int]]:
    """Where the site is served by uvicorn, with a shorter deadline for bodies."""
    site.app.state.bodies._deadline_s = DEADLINE_S
    server = uvicorn.Server(
        uvicorn.Config(
            site.app, port=0, log_config=None, access_log=False, proxy_headers=False, lifespan="off"
        )
    )
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield listening.getsockname()
    server.should_exit = True
    thread.join(10)
    listening.close()


@contextlib.contextmanager
def connected(address) -> Iterator[Any]:
    """A connection of our own."""
    with socket.create_connection(address, timeout=5) as connection:
        yield connection


def answer_to(address, request) -> tuple[int, bytes]:
    """The status and everything that came back for raw bytes, until the other side closed."""
    with connected(address) as connection:
        connection.sendall(request)
        return answer_on(connection)


def answer_on(connection) -> tuple[int, bytes]:
    """The status of an answer, and all of it."""
    got = b""
    with contextlib.suppress(TimeoutError, ConnectionResetError):
        while part := connection.recv(65_536):
            got += part
    found = re.match(rb"HTTP/1.1 (\d{3})", got)
    return int(found[1]) if found else 0, got


def head(*headers, path="/webhooks/forum", method="POST") -> bytes:
    """A request's head."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "host: x", *headers, "", ""]).encode()


CLOSE = "connection: close"


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_sent(address):
    status, got = answer_to(address, head("content-length: 104857600"))
    assert status == 413
    assert b"connection: close" in got.lower()


def test_one_that_is_too_large_and_does_not_say_so_is_refused_on_the_way(address):
    chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    status, got = answer_to(address, head("transfer-encoding: chunked") + chunk * 17)
    assert status == 413
    assert b"connection: close" in got.lower()


def test_what_comes_after_a_length_that_was_too_small_is_no_part_of_it(address):
    request = head("content-length: 2") + b'{"type":"comment.created"}'
    status, got = answer_to(address, request)
    assert status in (400, 401)
    assert b"200 OK" not in got


@pytest.mark.parametrize("length", ["-1", "abc", "5, 5", "5 5", "0x5", "1e3", "9" * 30])
def test_a_length_that_is_none_is_refused(address, length):
    status, _ = answer_to(address, head(f"content-length: {length}", CLOSE) + b"hello")
    assert status in (400, 413)


@pytest.mark.parametrize(
    "headers",
    [
        ("content-length: 5", "transfer-encoding: chunked"),
        ("content-length: 5", "content-length: 6"),
        ("content-length: 5", "content-length: 5"),
    ],
)
def test_two_lengths_are_refused(address, headers):
    status, _ = answer_to(address, head(*headers, CLOSE) + b"0\r\n\r\n")
    assert status == 400


def test_a_body_that_trickles_in_is_given_up_and_others_are_served_meanwhile(site, address):
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(connected(address)) for _ in range(100)]
        for connection in slow:
            connection.sendall(head("transfer-encoding: chunked") + b"1\r\nx\r\n")
        status, _ = answer_to(address, head(CLOSE, path="/healthz", method="GET"))
        assert status == 200
        assert site.app.state.bodies.held > 0  # nobody had to be given up for it
        answers = [answer_on(connection) for connection in slow]
    assert {status for status, _ in answers} == {408}
    assert all(b"connection: close" in got.lower() for _, got in answers)
    assert site.app.state.bodies.held == 0


def test_one_that_never_comes_is_given_up_too(address):
    assert answer_to(address, head("content-length: 5"))[0] == 408


def test_a_client_that_goes_away_leaves_nothing_behind(site, address):
    with connected(address) as connection:
        connection.sendall(head("content-length: 500") + b"x" * 100)
        wait_until(lambda: site.app.state.bodies.held == 100)
    wait_until(lambda: site.app.state.bodies.held == 0)


def wait_until(what) -> None:
    """Wait, for a while, until something is so."""
    until = time.monotonic() + 5
    while not what():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize(
    "header", ["x: " + "y" * 40_000, *["\r\n".join(f"x-{n}: y" for n in range(200))]]
)
def test_a_head_that_is_too_large_is_refused(address, header):
    assert answer_to(address, head(header, CLOSE))[0] in (400, 431)


@pytest.mark.parametrize("bad", ["x: a\0b", "x\0: a", "no colon here", "x : y"])
def test_a_head_that_is_broken_is_refused(address, bad):
    assert answer_to(address, head(bad, "content-length: 0", CLOSE))[0] in (400, 401)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("//webhooks/forum", 404),
        ("/webhooks//forum", 404),
        ("/webhooks/forum/", 404),
        ("/webhooks/forum%00", 404),
        ("/webhooks/..;/forum", 404),
        ("/webhooks/%ff%fe", 404),
        ("/./webhooks/forum", 404),
        ("/" + "x" * 9_000, 431),
        ("/v1/scores?" + "x" * 9_000, 431),
    ],
)
def test_a_strange_path_is_nowhere(address, path, status):
    assert answer_to(address, head(CLOSE, path=path))[0] == status


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "BREW", "get"])
def test_a_strange_method_is_refused(address, method):
    path = "board.test:80" if method == "CONNECT" else "/webhooks/forum"
    assert answer_to(address, head(CLOSE, method=method, path=path))[0] in (400, 404, 405)


def test_a_signed_comment_is_taken_over_the_wire_in_pieces(site, address):
    content = b'{"type":"comment.created","data":{"id":"1","text":"hello"}}'
    headers = [f"{name}: {value}" for name, value in site.signed(content).items()]
    with connected(address) as connection:
        connection.sendall(head(*headers, f"content-length: {len(content)}", CLOSE))
        for n in range(0, len(content), 20):
            time.sleep(0.01)
            connection.sendall(content[n : n + 20])
        status, got = answer_on(connection)
    assert status == 200
    assert b'"status":"scored"' in got


def test_a_websocket_is_not_spoken(address):
    upgrade = ("connection: upgrade", "upgrade: websocket", "sec-websocket-version: 13")
    with connected(address) as connection:
        connection.sendall(head(*upgrade, "sec-websocket-key: x", method="GET", path="/"))
        assert connection.recv(65_536).startswith(b"HTTP/1.1 303")


def test_the_real_deadline_and_size_are_those_of_the_documentation():
    assert (body.LARGEST, body.DEADLINE_S) == (2**20, 10.0)
