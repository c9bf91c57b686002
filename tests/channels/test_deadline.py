"""A deadline for a whole exchange."""

from __future__ import annotations

import socket
import ssl
import threading
import time

import pytest

from moderator.channels.deadline import Deadline


@pytest.fixture
def line():
    """Both ends of a connection."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(5)
        yield ours, theirs


def test_a_watched_connection_ends_with_the_deadline(line):
    """Although the timeout of its reads is longer."""
    ours, _ = line
    start = time.monotonic()
    with Deadline(0.1) as deadline:
        deadline.watch(ours)
        assert ours.recv(1) == b""

    assert 0.09 <= time.monotonic() - start < 1.0


def test_a_connection_that_comes_too_late_is_cut_at_once(line):
    """The timer has run out before there was anything to watch."""
    ours, _ = line
    with Deadline(0.0) as deadline:
        time.sleep(0.01)
        deadline.watch(ours)
        assert ours.recv(1) == b""


def test_a_connection_is_watched_through_its_tls_layer(line):
    """TLS takes the socket over; the connection below is the same."""
    ours, _ = line
    context = ssl.create_default_context()
    with Deadline(0.1) as deadline:
        deadline.watch(ours)
        with pytest.raises(OSError):
            context.wrap_socket(ours, server_hostname="silent.test")
        assert deadline.is_over()


def test_what_ended_in_time_is_left_alone(line):
    """The connection belongs to its owner again, and no timer stays behind."""
    ours, theirs = line
    before = threading.active_count()
    with Deadline(30) as deadline:
        deadline.watch(ours)
        assert 29 < deadline.remaining(60) <= 30
        assert deadline.remaining(5) == 5
        assert not deadline.is_over()
    theirs.sendall(b"x")

    assert ours.recv(1) == b"x"
    time.sleep(0.05)
    assert threading.active_count() == before


def test_no_time_left_is_a_timeout():
    """As a socket would say it."""
    with Deadline(0.0) as deadline, pytest.raises(TimeoutError):
        deadline.remaining(5)
