"""The console: alerts as a moderator would read them, on the terminal or in the log."""

from __future__ import annotations

import sys
import textwrap
import threading
from typing import Literal, TextIO

from pydantic import Field

from moderator.channels.phrases import Wording
from moderator.channels.settings import ChannelSettings, Excerpt
from moderator.channels.wording import word
from moderator.domain.alert import EXCERPT
from moderator.domain.errors import ChannelError, Fault
from moderator.domain.message import Message

WIDTH = 80  # columns


class ConsoleSettings(ChannelSettings):
    """The settings of a console channel."""

    kind: Literal["console"] = Field("console", description="Alerts on standard output.")
    excerpt: Excerpt = EXCERPT


class ConsoleChannel:
    """Writes each alert to a text stream, in one piece."""

    kind = "console"
    recipients = ("",)

    def __init__(
        self, name: str, settings: ConsoleSettings, *, stream: TextIO | None = None
    ) -> None:
        self._name = name
        self._settings = settings
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: Message, recipient: str) -> str:
        """Write the alert. Raises ChannelError where the stream is closed or full."""
        text = "\n" + drawn(word(message, self._settings.excerpt)) + "\n"
        stream = self._stream or sys.stdout
        try:
            with self._lock:
                stream.write(_encodable(text, stream))
                stream.flush()
        except (ValueError, BrokenPipeError):  # Python says ValueError of a closed stream
            raise ChannelError("the console is closed", fault=Fault.BROKEN) from None
        except OSError as exc:
            raise ChannelError(f"the console takes no output: {exc.strerror}") from None
        return "written"


def drawn(wording: Wording) -> str:
    """The alert with a line at its left, so that it stands out between log lines."""
    name_width = max((len(fact.name) for fact in wording.facts), default=0) + 2
    body: list[str] = []
    for note in wording.notes:
        body += [*_wrapped(note, "! ", "  "), ""]
    for line in wording.lead.split("\n"):
        body += _wrapped(line)
    if wording.said:
        for line in f"“{wording.said}”".split("\n"):
            body += _wrapped(line, "  ", "  ")
    body.append("")
    for fact in wording.facts:
        body += _wrapped(fact.text, fact.name.ljust(name_width), " " * name_width)
    body += ["", *(f"{link.text}: {link.url}" for link in wording.links)]
    title = _wrapped(wording.title)
    head = ["┏━ " + title[0], *("┃  " + line for line in title[1:]), "┃"]
    return "\n".join([*head, *(f"┃  {line}".rstrip() for line in body), f"┗━ {wording.footer}\n"])


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    wrapper = textwrap.TextWrapper(
        width=WIDTH - 3, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )
    return wrapper.wrap(text) or [""]


def _encodable(text: str, stream: TextIO) -> str:
    """`text` with what the stream's encoding cannot hold written as `\\u2026`."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)
