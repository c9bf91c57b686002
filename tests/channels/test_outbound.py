"""The channels' HTTP client against a far end that does whatever it likes."""

from __future__ import annotations

import gzip
import logging
import os
import socket
import time
from datetime import UTC, datetime
from typing import Any

import pytest
import trustme

from moderator.channels.dialling import CertificateRefused
from moderator.channels.outbound import MAX_REPLY, Outbound
from moderator.domain.errors import ChannelError, Fault
from tests.receivers import SECRET_PATH, HttpReply, SlackReceiver

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def far_end():
    """A far end on this machine."""
    with SlackReceiver() as receiver:
        yield receiver


def client(far_end, **changes):
    """A client that may talk to the far end."""
    facts: dict[str, Any] = {"allow_hosts": (far_end.host_port,), "clock": lambda: NOW}
    return Outbound(**(facts | changes))


def failed(far_end, outbound=None, url=None):
    """The error of one request, which tells nobody the URL."""
    with pytest.raises(ChannelError) as error:
        (outbound or client(far_end)).post(url or far_end.url, {"text": "canary text"})
    assert SECRET_PATH not in str(error.value)
    assert "127.0.0.1" not in str(error.value)
    assert "canary" not in str(error.value)
    assert error.value.__context__ is None or error.value.__suppress_context__
    return error.value


def test_a_request_is_plain_json_and_nothing_more(far_end):
    """ASCII JSON in UTF-8's name, no cookie, no login, no wish for a compressed answer."""
    reply = client(far_end).post(far_end.url, {"text": "goose \U0001fabf \ud800"})

    (request,) = far_end.requests
    assert (reply.status, reply.body, reply.is_whole, reply.retry_after_s) == (
        200,
        b"ok",
        True,
        None,
    )
    assert request.path == SECRET_PATH
    assert request.json == {"text": "goose \U0001fabf \ud800"}
    assert request.body.isascii()
    assert sorted(name.lower() for name in request.headers) == [
        "accept-encoding", "connection", "content-length", "content-type", "host", "user-agent",
    ]  # fmt: skip


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_no_way(far_end, status):
    """K3: wherever it points, nothing else is asked."""
    with SlackReceiver() as elsewhere:
        far_end.script(HttpReply(status=status, headers={"Location": elsewhere.url}))
        reply = client(far_end, allow_hosts=(far_end.host_port, elsewhere.host_port)).post(
            far_end.url, {}
        )

        assert reply.status == status
        assert elsewhere.requests == []
    assert len(far_end.requests) == 1


def test_neither_proxy_nor_netrc_of_the_environment_count(far_end, monkeypatch, tmp_path):
    """What the machine's shell says is not the configuration."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login canary password canary\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)

    assert client(far_end).post(far_end.url, {}).status == 200
    assert "Authorization" not in far_end.requests[0].headers


@pytest.mark.parametrize(
    "reply",
    [
        HttpReply(body=b"x" * 200_000),
        HttpReply(body=b"x" * 50_000, endless=True),
        HttpReply(body=b"x" * 100_000, headers={"Transfer-Encoding": "identity"}),
    ],
    ids=["long", "endless", "odd"],
)
def test_at_most_64_kib_of_an_answer_are_read(far_end, reply):
    """K11: however much there is."""
    far_end.script(reply)

    assert len(client(far_end).post(far_end.url, {}).body) == MAX_REPLY


@pytest.mark.parametrize("status", [200, 302, 500])
def test_a_compressed_answer_is_not_unpacked(far_end, status):
    """K11: a bomb of 100 MB stays the 100 kB it came as; behind a redirect, too."""
    bomb = gzip.compress(b"\\0" * 50_000_000, compresslevel=1)
    headers = {"Content-Encoding": "gzip", "Location": "/elsewhere"}
    far_end.script(HttpReply(status=status, body=bomb, headers=headers))

    assert client(far_end).post(far_end.url, {}).body == bomb[:MAX_REPLY]


@pytest.mark.parametrize(
    "reply",
    [
        HttpReply(delay_s=30),
        HttpReply(drip_s=0.05, body=b"ok" * 500),
        HttpReply(raw=b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 500, drip_s=0.05),
        HttpReply(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 5_000, drip_s=0.001),
    ],
    ids=["silence", "drip", "drip in the head", "continue without end"],
)
def test_an_exchange_ends_by_its_deadline(far_end, reply):
    """K11: by our own clock, not by the timeout of a single read."""
    far_end.script(reply)
    start = time.monotonic()

    error = failed(far_end, client(far_end, deadline_s=0.4))

    assert time.monotonic() - start < 1.0
    assert (error.fault, error.maybe_sent) == (Fault.PASSING, True)
    assert str(error) == "the far end gave no answer in time"


def test_a_drip_behind_a_whole_head_leaves_the_status(far_end):
    """The status has come, the body is cut: the caller decides what that means."""
    far_end.script(HttpReply(raw=b"HTTP/1.1 500 No\r\nContent-Length: 1000\r\n\r\n"))

    reply = client(far_end, deadline_s=0.4).post(far_end.url, {})

    assert (reply.status, reply.is_whole) == (500, False)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"ok",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
    ],
)
def test_what_is_not_http_is_a_lost_request(far_end, raw):
    """K11, K12: a bomb of headers, garbage, nothing at all."""
    far_end.script(HttpReply(raw=raw))

    error = failed(far_end, client(far_end, deadline_s=2))

    assert (error.fault, error.maybe_sent) == (Fault.PASSING, True)
    assert str(error) == "the far end broke off the connection"


def test_a_garbled_body_leaves_the_status(far_end):
    """Chunks that are none."""
    far_end.script(HttpReply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n"))

    reply = client(far_end).post(far_end.url, {})

    assert (reply.status, reply.body, reply.is_whole) == (200, b"", False)


@pytest.mark.parametrize(
    ("lost", "maybe_sent"), [("before", True), ("after", True), ("during", None)]
)
def test_a_reset_is_told_by_when_it_came(far_end, lost, maybe_sent):
    """K12: once the connection stands, the far end may have the request."""
    far_end.script(HttpReply(lost=lost, body=b"ok" * 10))
    if maybe_sent is None:
        reply = client(far_end).post(far_end.url, {})
        assert (reply.status, reply.is_whole) == (200, False)
    else:
        error = failed(far_end)
        assert (error.fault, error.maybe_sent) == (Fault.PASSING, maybe_sent)


def test_a_closed_port_is_told_as_such(far_end):
    """K12: nothing was sent."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    error = failed(
        far_end,
        client(far_end, allow_hosts=(f"127.0.0.1:{port}",)),
        f"http://127.0.0.1:{port}{SECRET_PATH}",
    )

    assert (str(error), error.maybe_sent) == ("the connection was refused", False)


def test_the_next_address_is_tried(far_end):
    """A name with a dead address and a living one; it is resolved once."""
    asked = []

    def resolve(host, port):
        asked.append((host, port))
        return ["127.0.0.2", "127.0.0.1"]

    outbound = client(far_end, allow_hosts=(f"slack.test:{far_end.port}",), resolve=resolve)

    assert outbound.post(f"http://slack.test:{far_end.port}/x", {}).status == 200
    assert far_end.requests[0].headers["Host"] == f"slack.test:{far_end.port}"
    assert asked == [("slack.test", far_end.port)]


def test_a_name_that_rebinds_reaches_nobody(far_end):
    """It resolves to a private address in the moment of the request: nothing is connected."""
    error = failed(
        far_end,
        client(far_end, allow_hosts=(), resolve=lambda host, port: ["127.0.0.1"]),
        f"http://slack.test:{far_end.port}{SECRET_PATH}",
    )

    assert error.fault is Fault.BROKEN
    assert far_end.requests == []


@pytest.mark.parametrize(
    ("headers", "repeated", "seconds"),
    [
        ({"Retry-After": "30"}, (), 30.0),
        ({"Retry-After": "Sun, 22 Nov 2026 12:01:30 GMT"}, (), 90.0),
        (
            {
                "Retry-After": "Sun, 22 Nov 2026 12:01:30 GMT",
                "Date": "Sun, 22 Nov 2026 12:01:00 GMT",
            },
            (),
            30.0,
        ),
        ({"Retry-After": "0"}, (), 0.0),
        ({"Retry-After": "-1"}, (), 60.0),
        ({"Retry-After": "abc"}, (), 60.0),
        ({"Retry-After": "1000000000"}, (), 86_400.0),
        ({"Retry-After": "30"}, (("Retry-After", "90"),), 90.0),
        ({}, (), None),
    ],
)
def test_the_wish_to_wait_is_read(far_end, headers, repeated, seconds):
    """K9, over the wire."""
    far_end.script(HttpReply(status=429, headers=headers, repeated_headers=repeated))

    assert client(far_end).post(far_end.url, {}).retry_after_s == seconds


class TestTls:
    """With a certificate authority of the test's own."""

    @pytest.fixture
    def ca(self):
        return trustme.CA()

    @pytest.fixture
    def ca_file(self, ca, tmp_path):
        path = tmp_path / "ca.pem"
        ca.cert_pem.write_to_path(str(path))
        return path

    def test_a_trusted_certificate_for_the_name_is_taken(self, ca, ca_file):
        """The name is checked although the connection goes to an address."""
        with SlackReceiver(ca=ca, name="slack.test") as far_end:
            outbound = client(
                far_end,
                allow_hosts=(f"slack.test:{far_end.port}",),
                ca_file=ca_file,
                resolve=lambda host, port: ["127.0.0.1"],
            )

            assert outbound.post(f"https://slack.test:{far_end.port}/x", {}).body == b"ok"

    def test_a_certificate_for_another_name_is_refused(self, ca, ca_file):
        """And nothing was sent."""
        with SlackReceiver(ca=ca, name="other.test") as far_end:
            error = failed(far_end, client(far_end, ca_file=ca_file))

            assert isinstance(error, CertificateRefused)
            assert str(error) == "the far end's certificate is for another address"
            assert not error.maybe_sent
            assert far_end.requests == []

    def test_an_unknown_authority_is_refused(self, ca, monkeypatch, ca_file):
        """Also where the environment would trust it: only the configuration counts."""
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(ca_file))
        with SlackReceiver(ca=ca) as far_end:
            error = failed(far_end)

            assert isinstance(error, CertificateRefused)
            assert "authority that is not trusted" in str(error)

    def test_a_server_without_tls_is_no_way_out(self, far_end):
        """https stays https."""
        error = failed(far_end, url=far_end.url.replace("http:", "https:"))

        assert (error.fault, error.maybe_sent) == (Fault.PASSING, False)
        assert str(error) == "no encrypted connection could be agreed on"

    def test_a_handshake_without_end_is_cut(self):
        """The deadline holds before the first byte of HTTP."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            start = time.monotonic()
            with pytest.raises(ChannelError) as error:
                Outbound(allow_hosts=(f"127.0.0.1:{port}",), deadline_s=0.3).post(
                    f"https://127.0.0.1:{port}/x", {}
                )

        assert time.monotonic() - start < 1.0
        assert str(error.value) == "no connection in time"


def test_not_even_a_debug_log_holds_the_url(far_end, caplog):
    """urllib3 logs the path of every request at DEBUG."""
    caplog.set_level(logging.DEBUG)

    client(far_end).post(far_end.url, {"text": "canary text"})

    assert SECRET_PATH not in caplog.text
    assert "canary" not in caplog.text


def test_no_logger_of_the_library_is_forgotten(caplog):
    """Also one that a later release brings."""
    caplog.set_level(logging.DEBUG)
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if name.startswith("urllib3.") and isinstance(logger, logging.Logger):
            logger.critical("canary")

    assert "canary" not in caplog.text


def test_no_connection_stays_open(far_end):
    """A hundred requests leave no file behind."""
    outbound = client(far_end)
    outbound.post(far_end.url, {})
    time.sleep(0.05)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        outbound.post(far_end.url, {})
    time.sleep(0.05)

    assert len(os.listdir("/proc/self/fd")) <= before + 1
