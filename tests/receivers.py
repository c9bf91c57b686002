"""Real far ends on this machine, for the whole suite: HTTP, a Slack webhook and a mail server.

Both listen on a port of their own choice, record what they get with the monotonic time, and obey
a script. Use them as context managers; they run in threads and stop at once.

    with SlackReceiver() as slack:
        slack.script(HttpReply(status=429, headers={"Retry-After": "30"}))   # then: 200 ok
        ... send to slack.url with allow_hosts [slack.host_port] ...
        assert slack.requests[0].json["text"] == "..."

    with SmtpReceiver() as smtp:
        smtp.script("rcpt", "451 4.7.1 greylisted")                          # then: 250
        ... send to smtp.url with allow_hosts [smtp.host_port] ...
        assert smtp.messages[0].mail["Subject"] == "..."
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import socket
import ssl
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self

import trustme

Then = Literal["", "close", "reset"]
SECRET_PATH = "/services/T00000000/B00000000/CanaryOfTheWebhook"


def reset(connection: socket.socket) -> None:
    """Close a connection with a TCP reset, as a crashed machine's neighbour would."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class _Receiver:
    """What both far ends share: a thread, an end, and something to wait for."""

    port: int

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._stopping = threading.Event()

    @property
    def host_port(self) -> str:
        """The entry for `allow_hosts`."""
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Self:
        """Listen, in a thread."""
        raise NotImplementedError

    def stop(self) -> None:
        """Hang up on everybody."""
        raise NotImplementedError

    def _wait_until(self, count: int, entries: list[Any], timeout_s: float) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: len(entries) >= count, timeout_s):
                raise AssertionError(f"{len(entries)} of {count} came within {timeout_s} s")

    def _pause(self, seconds: float) -> None:
        """Sleep, but not past the end of the test."""
        if seconds:
            self._stopping.wait(seconds)


@dataclass(frozen=True, kw_only=True)
class HttpReply:
    """What an HTTP receiver does with one request.

    `raw` replaces the whole answer. `drip_s` is the pause after each byte of the answer. `lost`:
    the connection is reset before the request is read, after it, or in the middle of the body.
    `endless` repeats the body until the client hangs up.
    """

    status: int = 200
    body: bytes = b"ok"
    headers: Mapping[str, str] = field(default_factory=dict)
    repeated_headers: tuple[tuple[str, str], ...] = ()
    raw: bytes | None = None
    delay_s: float = 0.0
    drip_s: float = 0.0
    lost: Literal["", "before", "after", "during"] = ""
    endless: bool = False


@dataclass(frozen=True, kw_only=True)
class HttpRequest:
    """One request as it came. `at` is monotonic time in seconds."""

    at: float
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = True
    request_queue_size = 128
    receiver: HttpReceiver

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is what the test wanted."""


class _HttpHandler(BaseHTTPRequestHandler):
    server: _HttpServer
    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        """One request a connection."""
        reply = self.server.receiver._next()
        if reply.lost == "before":
            self.connection.recv(1, socket.MSG_PEEK)  # it stands, and the request is on its way
            return reset(self.connection)
        self.reply = reply
        return self.handle_one_request()

    def do_POST(self) -> None:
        """Record the request and obey the script."""
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        receiver._record(
            HttpRequest(
                at=time.monotonic(),
                method=self.command,
                path=self.path,
                headers=dict(self.headers.items()),
                body=body,
            )
        )
        receiver._pause(self.reply.delay_s)
        with contextlib.suppress(OSError):
            self._answer(self.reply)

    do_GET = do_PUT = do_POST

    def _answer(self, reply: HttpReply) -> None:
        if reply.lost == "after":
            return reset(self.connection)
        headers = [*reply.headers.items(), *reply.repeated_headers, ("Connection", "close")]
        if not reply.endless:
            headers.append(("Content-Length", str(len(reply.body))))
        lines = [f"HTTP/1.1 {reply.status} Scripted", *(f"{k}: {v}" for k, v in headers), "", ""]
        head = "\r\n".join(lines).encode("latin-1")
        if reply.lost == "during":
            self._write(head + reply.body[:1], 0)
            return reset(self.connection)
        self._write(reply.raw if reply.raw is not None else head + reply.body, reply.drip_s)
        while reply.endless and not self.server.receiver._stopping.is_set():
            self._write(reply.body, reply.drip_s)
        return None

    def _write(self, data: bytes, drip_s: float) -> None:
        if not drip_s:
            self.connection.sendall(data)
            return
        for byte in data:
            self.connection.sendall(bytes([byte]))
            if self.server.receiver._stopping.wait(drip_s):
                return

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the test reads `requests`."""


class HttpReceiver(_Receiver):
    """A provider on 127.0.0.1. Answers `default`, `200 ok`, once its script is through.

    `ca` makes it speak TLS, with a certificate for `name`.
    """

    def __init__(self, *, ca: trustme.CA | None = None, name: str = "127.0.0.1") -> None:
        super().__init__()
        self.requests: list[HttpRequest] = []
        self.default = HttpReply()
        self._script: list[HttpReply] = []
        self._server = _HttpServer(("127.0.0.1", 0), _HttpHandler)
        self._server.receiver = self
        self._scheme = "http"
        if ca is not None:
            self._scheme = "https"
            context = server_context(ca, name)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self._scheme}://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Listen, in a thread."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Hang up on everybody."""
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def script(self, *replies: HttpReply) -> None:
        """Answer the next requests so; later ones get `default`."""
        with self._changed:
            self._script.extend(replies)

    def wait_for(self, count: int, timeout_s: float = 10.0) -> list[HttpRequest]:
        """The requests, once there are `count` of them."""
        self._wait_until(count, self.requests, timeout_s)
        return self.requests

    def _next(self) -> HttpReply:
        with self._changed:
            return self._script.pop(0) if self._script else self.default

    def _record(self, request: HttpRequest) -> None:
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()


class SlackReceiver(HttpReceiver):
    """A Slack webhook on 127.0.0.1."""

    @property
    def url(self) -> str:
        """The webhook, with a secret in its path."""
        return f"{self.origin}{SECRET_PATH}"


def server_context(ca: trustme.CA, name: str) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate for `name`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(name).configure_cert(context)
    return context


@dataclass(frozen=True, kw_only=True)
class SmtpReply:
    """What the mail server says at one point: lines without their end, and what it does then.

    An empty text says nothing. `raw` replaces text and line end.
    """

    text: str = ""
    raw: bytes | None = None
    delay_s: float = 0.0
    drip_s: float = 0.0
    then: Then = ""

    @property
    def data(self) -> bytes:
        """The bytes to send."""
        if self.raw is not None:
            return self.raw
        return (self.text + "\r\n").encode("latin-1") if self.text else b""


@dataclass(frozen=True, kw_only=True)
class ReceivedMail:
    """One message the mail server took. `content` is what stood before the final dot."""

    at: float
    sender: str
    recipients: tuple[str, ...]
    content: bytes
    is_encrypted: bool
    user: str | None

    @property
    def mail(self) -> EmailMessage:
        """The message, parsed."""
        parsed = message_from_bytes(self.content, policy=SMTP)
        assert isinstance(parsed, EmailMessage)
        return parsed


class SmtpReceiver(_Receiver):
    """A mail server on 127.0.0.1, of which every answer can be scripted.

    Stages: connect, ehlo, helo, starttls, auth, mail, rcpt, data, end (after the dot), quit.
    `ca` lets it speak TLS with a certificate for `name`: by STARTTLS, or from the first byte where
    `implicit` is set. `login` is the user and password it wants, by one of `methods`.
    """

    def __init__(
        self,
        *,
        ca: trustme.CA | None = None,
        name: str = "127.0.0.1",
        implicit: bool = False,
        login: tuple[str, str] | None = None,
        methods: tuple[str, ...] = ("PLAIN", "LOGIN"),
    ) -> None:
        super().__init__()
        self.messages: list[ReceivedMail] = []
        self.commands: list[str] = []
        self.connections = 0
        self.implicit = implicit
        self.login = login
        self.methods = methods
        self.context = None if ca is None else server_context(ca, name)
        self._script: dict[str, list[SmtpReply]] = defaultdict(list)
        self._always: dict[str, SmtpReply] = {}
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._accept)
        self._sessions: list[tuple[threading.Thread, _SmtpServerSession]] = []

    @property
    def url(self) -> str:
        """The server's URL, with its login."""
        user = "{}:{}@".format(*self.login) if self.login else ""
        return f"{'smtps' if self.implicit else 'smtp'}://{user}127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Listen, in a thread."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Hang up on everybody."""
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()
        for thread, session in self._sessions:
            session.cut()
            thread.join()

    def script(self, stage: str, *replies: str | SmtpReply, recipient: str = "") -> None:
        """Answer so the next times that `stage` comes, for `recipient` alone where given."""
        with self._changed:
            self._script[stage + recipient].extend(map(_reply, replies))

    def always(self, stage: str, reply: str | SmtpReply, *, recipient: str = "") -> None:
        """Answer so from now on, once the script of the stage is through."""
        with self._changed:
            self._always[stage + recipient] = _reply(reply)

    def wait_for(self, count: int, timeout_s: float = 10.0) -> list[ReceivedMail]:
        """The messages, once there are `count` of them."""
        self._wait_until(count, self.messages, timeout_s)
        return self.messages

    def next_reply(self, stage: str, usual: str, recipient: str = "") -> SmtpReply:
        """What to say now."""
        with self._changed:
            for key in dict.fromkeys((stage + recipient, stage)):
                if self._script[key]:
                    return self._script[key].pop(0)
                if key in self._always:
                    return self._always[key]
        return SmtpReply(text=usual)

    def record(self, mail: ReceivedMail) -> None:
        """Keep a message that was taken."""
        with self._changed:
            self.messages.append(mail)
            self._changed.notify_all()

    def pause(self, seconds: float) -> None:
        """Sleep, but not past the end of the test."""
        self._pause(seconds)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            session = _SmtpServerSession(self, connection)
            thread = threading.Thread(target=session.serve, daemon=True)
            self._sessions.append((thread, session))
            thread.start()


class _HungUp(Exception):
    """The script, or the client, ended the conversation."""


class _SmtpServerSession:
    """One client's conversation with the mail server."""

    def __init__(self, receiver: SmtpReceiver, connection: socket.socket) -> None:
        self._receiver = receiver
        self._connection = connection
        self._line = connection.dup()  # TLS takes the other one over
        self._reader = connection.makefile("rb")
        self._is_encrypted = False
        self._user: str | None = None
        self._sender = ""
        self._recipients: list[str] = []

    def serve(self) -> None:
        """Talk until either side hangs up."""
        with contextlib.suppress(OSError, _HungUp):
            self._run()
        self.cut()
        self._line.close()
        self._reader.close()
        self._connection.close()

    def cut(self) -> None:
        """Hang up, from whatever thread."""
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)

    def _run(self) -> None:
        """Greet, then answer one command after the other."""
        if self._receiver.implicit:
            self._encrypt()
        self._say("connect", "220 receiver.test ESMTP")
        for line in self._lines():
            self._receiver.commands.append(line)
            verb = line.partition(" ")[0].lower()
            answer = getattr(self, f"_on_{verb}", None)
            if answer is None:
                self._say(verb, "500 5.5.2 what?")
            else:
                answer(line)

    def _lines(self) -> Iterator[str]:
        while line := self._reader.readline(65_536):
            yield line.rstrip(b"\r\n").decode("latin-1")

    def _say(self, stage: str, usual: str, recipient: str = "") -> bool:
        """Say what the script wants, and whether that was a yes."""
        return self._speak(self._receiver.next_reply(stage, usual, recipient))

    def _speak(self, reply: SmtpReply) -> bool:
        self._receiver.pause(reply.delay_s)
        if reply.drip_s:
            for byte in reply.data:
                self._connection.sendall(bytes([byte]))
                self._receiver.pause(reply.drip_s)
        else:
            self._connection.sendall(reply.data)
        if reply.then == "reset":
            self._line.close()
            self._reader.close()
            reset(self._connection)
        if reply.then:
            raise _HungUp
        return reply.data[:1] in (b"2", b"3")

    def _encrypt(self) -> None:
        assert self._receiver.context is not None
        self._reader.close()
        self._connection = self._receiver.context.wrap_socket(self._connection, server_side=True)
        self._reader = self._connection.makefile("rb")
        self._is_encrypted = True

    def _on_ehlo(self, line: str) -> None:
        offers = ["receiver.test", "SIZE 10000000", "8BITMIME"]
        if self._receiver.context is not None and not self._is_encrypted:
            offers.append("STARTTLS")
        if self._receiver.login is not None:
            offers.append("AUTH " + " ".join(self._receiver.methods))
        lines = [f"250-{offer}" for offer in offers[:-1]] + [f"250 {offers[-1]}"]
        self._say("ehlo", "\r\n".join(lines))

    def _on_helo(self, line: str) -> None:
        self._say("helo", "250 receiver.test")

    def _on_starttls(self, line: str) -> None:
        if self._say("starttls", "220 2.0.0 go ahead"):
            self._encrypt()

    def _on_auth(self, line: str) -> None:
        _, method, *rest = line.split(" ")
        if method == "PLAIN":
            _, user, password = base64.b64decode(rest[0]).decode().split("\0")
        else:
            user, password = self._asked("VXNlcm5hbWU6"), self._asked("UGFzc3dvcmQ6")
        is_right = (user, password) == self._receiver.login
        usual = "235 2.7.0 welcome" if is_right else "535 5.7.8 wrong"
        if self._say("auth", usual):
            self._user = user

    def _asked(self, prompt: str) -> str:
        self._connection.sendall(f"334 {prompt}\r\n".encode())
        return base64.b64decode(next(self._lines())).decode()

    def _on_mail(self, line: str) -> None:
        self._sender, self._recipients = _address(line), []
        self._say("mail", "250 2.1.0 ok")

    def _on_rcpt(self, line: str) -> None:
        recipient = _address(line)
        if self._say("rcpt", "250 2.1.5 ok", recipient):
            self._recipients.append(recipient)

    def _on_data(self, line: str) -> None:
        if not self._say("data", "354 go ahead"):
            return
        content = b"".join(iter(self._content_line, b".\r\n"))
        mail = ReceivedMail(
            at=time.monotonic(),
            sender=self._sender,
            recipients=tuple(self._recipients),
            content=re.sub(rb"(?m)^\.\.", b".", content),
            is_encrypted=self._is_encrypted,
            user=self._user,
        )
        reply = self._receiver.next_reply("end", "250 2.0.0 ok, queued as 4D1F")
        if not reply.data or reply.data[:1] == b"2":
            self._receiver.record(mail)  # taken, whether or not the client learns of it
        self._speak(reply)

    def _content_line(self) -> bytes:
        line = self._reader.readline()
        if not line:
            raise _HungUp
        return line

    def _on_rset(self, line: str) -> None:
        self._say("rset", "250 ok")

    def _on_quit(self, line: str) -> None:
        self._say("quit", "221 2.0.0 bye")
        raise _HungUp


def _reply(reply: str | SmtpReply) -> SmtpReply:
    return SmtpReply(text=reply) if isinstance(reply, str) else reply


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]
