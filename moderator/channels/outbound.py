"""The one HTTP client of the channels. It trusts neither the far end nor the way there.

No redirect, no proxy, no netrc, no cookie: a request goes through requests' transport adapter
and not through a session. The connection goes to an address that was checked before; TLS is
verified against the name. Whatever the far end does, the exchange ends by its deadline and at
most 64 KiB of the answer are read, as sent: a compressed answer is never unpacked.
"""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from moderator.channels.addresses import Resolve, checked_addresses, resolve
from moderator.channels.deadline import Deadline
from moderator.channels.dialling import CONNECT_S, connect_failed, dial
from moderator.channels.retry_after import http_date, retry_after
from moderator.domain.errors import ChannelError

DEADLINE_S = 10.0
READ_S = 8.0
MAX_REPLY = 65_536  # bytes
HEADERS = {
    "User-Agent": "moderator",
    "Content-Type": "application/json; charset=utf-8",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


# What these log holds the URL, at WARNING too ("Failed to parse headers"), and a Slack webhook's
# path is its password. Our errors tell what went wrong.
_TALKATIVE = (
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.response",
    "urllib3.util.retry",
)


def _never(record: logging.LogRecord) -> bool:
    return False


for _name in _TALKATIVE:
    logging.getLogger(_name).addFilter(_never)


def json_body(payload: object) -> bytes:
    """`payload` as it goes over the wire: JSON in ASCII, also of half a surrogate pair."""
    return json.dumps(payload).encode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the far end answered. Hostile input: `body` is its first 64 KiB, as they came.

    `retry_after_s` is None where it did not say. `is_whole` is false where the connection broke
    inside of the body.
    """

    status: int
    body: bytes
    is_whole: bool
    retry_after_s: float | None


class Outbound:
    """Sends JSON. Safe to call from several threads: every request has its own connection.

    `clock` tells the time for a `Retry-After` date where the reply has no `Date`.
    """

    def __init__(
        self,
        *,
        allow_hosts: tuple[str, ...] = (),
        ca_file: Path | None = None,
        deadline_s: float = DEADLINE_S,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        resolve: Resolve = resolve,
    ) -> None:
        self._allow_hosts = allow_hosts
        self._ca_file = ca_file
        self._deadline_s = deadline_s
        self._clock = clock
        self._resolve = resolve

    def post(self, url: str, payload: object) -> Reply:
        """POST `payload` as JSON; raises as `send` does."""
        return self.send("POST", url, json_body(payload), {})

    def send(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send one request. Raises ChannelError where no whole head of a reply came back."""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        with Deadline(self._deadline_s) as deadline:
            addresses = checked_addresses(
                host,
                port,
                allow_hosts=self._allow_hosts,
                deadline=deadline,
                resolve=self._resolve,
            )
            line = _Line(addresses=addresses, port=port, deadline=deadline)
            request = requests.Request(method, url, data=body, headers={**HEADERS, **headers})
            return self._exchange(request, line)

    def _exchange(self, request: requests.Request, line: _Line) -> Reply:
        adapter = _PinnedAdapter(line)
        try:
            response = adapter.send(
                request.prepare(),
                stream=True,
                timeout=(CONNECT_S, READ_S),
                verify=str(self._ca_file) if self._ca_file else True,
            )
            return self._read(response)
        except (requests.RequestException, HTTPError, OSError, ValueError, AttributeError) as exc:
            # AttributeError: urllib3 forgets that a connection reset while it sent is gone.
            # The exception's own words hold the URL, which is a secret: they stop here.
            raise line.failed(exc) from None
        finally:
            adapter.close()

    def _read(self, response: requests.Response) -> Reply:
        body, is_whole = b"", True
        try:
            body = response.raw.read(MAX_REPLY, decode_content=False)
        except (HTTPError, OSError, ValueError):
            is_whole = False  # the status has come: it is the answer
        finally:
            response.raw.close()
        wait = response.headers.get("Retry-After")
        now = http_date(response.headers.get("Date"), self._clock())
        return Reply(
            status=response.status_code,
            body=body,
            is_whole=is_whole,
            retry_after_s=None if wait is None else retry_after(wait, now),
        )


@dataclass(slots=True, kw_only=True)
class _Line:
    """One connection: how it is made, how far it got, and what broke it."""

    addresses: list[str]
    port: int
    deadline: Deadline
    is_open: bool = False
    failure: Exception | None = None

    def dial(self) -> socket.socket:
        try:
            return dial(self.addresses, self.port, self.deadline)
        except OSError as exc:
            self.failure = exc
            raise

    def open(self, connect: Callable[[], None]) -> None:
        """Run `connect`, TLS included, and remember how it went."""
        try:
            connect()
        except Exception as exc:
            self.failure = self.failure or exc
            raise
        self.is_open = True

    def failed(self, exc: Exception) -> ChannelError:
        """What broke the exchange, in words that hold no address."""
        if self.is_open:
            words = "gave no answer in time" if self._is_late(exc) else "broke off the connection"
            return ChannelError(f"the far end {words}", maybe_sent=True)
        return connect_failed(self.failure or exc, self.deadline)

    def _is_late(self, exc: Exception) -> bool:
        return self.deadline.is_over() or isinstance(exc, requests.Timeout | TimeoutError)


class _PinnedAdapter(HTTPAdapter):
    """requests' transport, on connections that `_Line` makes."""

    def __init__(self, line: _Line) -> None:
        super().__init__(max_retries=0)
        self.poolmanager.pool_classes_by_scheme = _pools(line)


def _pools(line: _Line) -> dict[str, Any]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return line.dial()

        def connect(self) -> None:
            line.open(super().connect)

    class Encrypted(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return line.dial()

        def connect(self) -> None:
            line.open(super().connect)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}
