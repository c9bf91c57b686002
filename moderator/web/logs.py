"""Logs as JSON, one line an event, on standard output.

Nothing of what people wrote may end up here. Ours never puts it into a message; what others
raise might, so an exception is told by its class and its place alone, never by its message.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

from moderator.domain.errors import ModeratorError

request_id: ContextVar[str] = ContextVar("request_id", default="")

DEEPEST = 20  # frames told of an exception: the innermost
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message", "asctime", "color_message", "taskName",
}  # fmt: skip
# A second wall: what has the form of one of our keys, a signing secret, a password in an address
# or a Slack address is struck out wherever it comes from.
_SECRETS = re.compile(
    r"(?:mod_[a-z2-7]{8}_|whsec_)[A-Za-z0-9_+/=-]+"
    r"|(?<=hooks\.slack\.com/)[A-Za-z0-9/_-]+"
    r"|(?<=://)[^\s/@:]*:[^\s/@]+(?=@)"
)


class JsonFormatter(logging.Formatter):
    """One line of ASCII JSON: line ends, escapes and whatever else steers a terminal are inert.

    What is given as `extra` stands beside `time`, `level`, `logger`, `message`, `request_id`.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        told: dict[str, object] = {
            "time": _when(record.created),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if known := request_id.get():
            told["request_id"] = known
        told |= {
            name: value
            for name, value in vars(record).items()
            if name not in _STANDARD and name not in told
        }
        if record.exc_info and record.exc_info[1] is not None:
            told["error"] = list(_told(record.exc_info[1]))
        return _SECRETS.sub("***", json.dumps(told, default=_named))


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send everything that is logged in this process to `stream`, standard output by default."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # Its lines hold query strings; ours say the same without them.
    logging.getLogger("uvicorn.access").disabled = True
    for name in ("apscheduler", "urllib3", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _told(error: BaseException) -> Iterator[dict[str, object]]:
    """The error and its causes, outermost first: class, place, and our own errors' message."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = traceback.extract_tb(current.__traceback__)[-DEEPEST:]
        told: dict[str, object] = {
            "class": f"{type(current).__module__}.{type(current).__qualname__}",
            "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        }
        if isinstance(current, ModeratorError):
            told["message"] = str(current)
        yield told
        hidden = current.__suppress_context__
        current = current.__cause__ or (None if hidden else current.__context__)


def _when(seconds: float) -> str:
    text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _named(value: object) -> str:
    """Objects that are not JSON by their class: their own words might be anybody's."""
    return value.isoformat() if isinstance(value, datetime) else f"<{type(value).__qualname__}>"
