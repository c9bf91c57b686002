"""One conversation with a mail server, within a deadline, never less protected than configured."""

from __future__ import annotations

import base64
import contextlib
import re
import smtplib
import socket
import ssl
from typing import NoReturn

from moderator.channels.deadline import Deadline
from moderator.channels.dialling import connect_failed, dial
from moderator.channels.relay import Relay, Tls
from moderator.channels.smtp_replies import Stage, refusal, said
from moderator.domain.errors import ChannelError, Fault

READ_S = 30.0  # for one read; the whole conversation has its deadline
QUIT_S = 5.0
MAX_REPLY = 65_536  # bytes of one reply, all of its lines

_REPLY_LINE = re.compile(rb"[2-5][0-9][0-9][ \r\n-]")


class _BoundedSmtp(smtplib.SMTP):
    """smtplib, with replies that end."""

    def getreply(self) -> tuple[int, bytes]:
        """One reply: its code, -1 where it has none, and its text."""
        assert self.sock is not None
        if self.file is None:
            self.file = self.sock.makefile("rb")
        lines: list[bytes] = []
        room = MAX_REPLY
        while True:
            line = self.file.readline(room)
            if not line.endswith(b"\n") and len(line) < room:  # half a yes is none
                self.close()
                raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
            room -= len(line)
            lines.append(line[4:].strip(b" \t\r\n"))
            if not _REPLY_LINE.match(line) or not line.endswith(b"\n"):
                return -1, b""
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(lines)


class SmtpSession:
    """A connection to a relay, up to the login. Use as a context manager.

    Every method raises ChannelError. What smtplib and ssl say holds names and texts: it stops
    here.
    """

    def __init__(
        self, relay: Relay, *, context: ssl.SSLContext, greeting: str, deadline: Deadline
    ) -> None:
        self._relay = relay
        self._context = context
        self._deadline = deadline
        self._stage = Stage.CONNECT
        self._is_handed_over = False  # the server has the whole message
        # smtplib would look up this machine's own name otherwise, and tell it.
        self._smtp = _BoundedSmtp(local_hostname=greeting, timeout=READ_S)

    def __enter__(self) -> SmtpSession:
        return self

    def __exit__(self, *_: object) -> None:
        self._smtp.close()

    def open(self, addresses: list[str]) -> None:
        """Connect, encrypt and log in."""
        try:
            self._connect(addresses)
            self._hello()
            self._start_tls()
            self._log_in()
        except OSError as exc:
            self._fail(exc)

    def deliver(self, sender: str, recipient: str, content: bytes) -> str:
        """Hand over one message and return the server's codes."""
        try:
            return self._deliver(sender, recipient, content)
        except OSError as exc:
            self._fail(exc)

    def quit(self) -> None:
        """Say goodbye. The message is sent already, whatever comes back."""
        with contextlib.suppress(OSError):
            self._set_timeout(QUIT_S)
            self._smtp.quit()

    def _connect(self, addresses: list[str]) -> None:
        connection = dial(addresses, self._relay.port, self._deadline)
        self._smtp.sock = connection
        self._set_timeout(READ_S)
        if self._relay.tls is Tls.IMPLICIT:
            self._smtp.sock = self._encrypted(connection)
        self._expect(Stage.CONNECT, self._smtp.getreply(), 220)

    def _hello(self) -> None:
        """EHLO, and HELO for a server from before 1995."""
        self._stage = Stage.HELLO
        code, text = self._smtp.ehlo()
        if code in (500, 502, 504):
            code, text = self._smtp.helo()
        self._expect(Stage.HELLO, (code, text), 250)

    def _start_tls(self) -> None:
        relay = self._relay
        if relay.tls in (Tls.IMPLICIT, Tls.OFF):
            return
        self._stage = Stage.TLS
        if not self._smtp.has_extn("starttls"):
            if relay.tls is Tls.OFFERED:
                return
            raise ChannelError("the mail server offers no encryption", fault=Fault.BROKEN)
        self._expect(Stage.TLS, self._smtp.docmd("STARTTLS"), 220)
        connection = self._smtp.sock
        assert connection is not None
        # What was sent in clear behind the 220 is thrown away with the old reader, and EHLO
        # forgets what was offered in clear.
        self._smtp.file = None
        self._smtp.sock = self._encrypted(connection)
        self._hello()

    def _encrypted(self, connection: socket.socket) -> ssl.SSLSocket:
        return self._context.wrap_socket(connection, server_hostname=self._relay.host)

    def _log_in(self) -> None:
        """One try with one method: smtplib would try each, and lock the account."""
        user, password = self._relay.user, self._relay.password
        if user is None or password is None:
            return
        self._stage = Stage.LOGIN
        methods = self._smtp.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" in methods:
            secret = _base64(f"\0{user}\0{password}")
            reply = self._smtp.docmd("AUTH", f"PLAIN {secret}")
        elif "LOGIN" in methods:
            self._expect(Stage.LOGIN, self._smtp.docmd("AUTH", "LOGIN"), 334)
            self._expect(Stage.LOGIN, self._smtp.docmd(_base64(user)), 334)
            reply = self._smtp.docmd(_base64(password))
        else:
            raise ChannelError(
                "the mail server offers no login by AUTH PLAIN or LOGIN", fault=Fault.BROKEN
            )
        self._expect(Stage.LOGIN, reply, 235)

    def _deliver(self, sender: str, recipient: str, content: bytes) -> str:
        self._stage = Stage.SENDER
        size = [f"size={len(content)}"] if self._smtp.has_extn("size") else []
        self._expect(Stage.SENDER, self._smtp.mail(sender, size), 250)
        self._stage = Stage.RECIPIENT
        self._expect(Stage.RECIPIENT, self._smtp.rcpt(recipient), 250, 251)
        self._stage = Stage.DATA
        self._expect(Stage.DATA, self._smtp.docmd("DATA"), 354)
        self._stage = Stage.END
        stuffed = re.sub(rb"(?m)^\.", b"..", content)
        assert self._smtp.sock is not None
        self._smtp.sock.sendall(stuffed + b".\r\n")
        self._is_handed_over = True
        code, text = self._smtp.getreply()
        self._is_handed_over = not 400 <= code <= 599  # a no says what became of it
        self._expect(Stage.END, (code, text), 250)
        return said(code, text)

    def _expect(self, stage: Stage, reply: tuple[int, bytes], *codes: int) -> None:
        code, text = reply
        if code not in codes:
            error = refusal(stage, code, text)
            error.maybe_sent = self._is_handed_over
            raise error

    def _set_timeout(self, seconds: float) -> None:
        assert self._smtp.sock is not None
        self._smtp.sock.settimeout(self._deadline.remaining(seconds))

    def _fail(self, exc: OSError) -> NoReturn:
        """Say where the connection broke, in words of our own."""
        if self._stage in (Stage.CONNECT, Stage.TLS) and not self._is_greeted(exc):
            raise connect_failed(exc, self._deadline) from None
        is_late = self._deadline.is_over() or isinstance(exc, TimeoutError)
        how = "gave no answer in time" if is_late else "broke off the connection"
        raise ChannelError(
            f"the mail server {how} at {self._stage}", maybe_sent=self._is_handed_over
        ) from None

    def _is_greeted(self, exc: OSError) -> bool:
        return isinstance(exc, smtplib.SMTPServerDisconnected)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
