"""Logs as JSON, one line an event, on standard output."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime


class JsonFormatter(logging.Formatter):
    """One line of ASCII JSON: line ends, escapes and whatever else steers a terminal are inert."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line."""
        when = datetime.fromtimestamp(record.created, UTC)
        return json.dumps(
            {
                "time": when.isoformat(timespec="milliseconds"),
                "level": record.levelname,
                "logger": record.name,
                "message": record.getMessage(),
            }
        )


def configure(level: str = "INFO") -> None:
    """Send everything that is logged in this process to standard output."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
