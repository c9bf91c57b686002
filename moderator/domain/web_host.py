"""Hosts of the web: how settings list one that may be called although it is not public."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

_HOST_PORT = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]{1,253}):(?P<port>[0-9]{1,5})")


def host_port(host: str, port: int) -> str:
    """The form in which `allow_hosts` lists a target: `127.0.0.1:9000`, `[::1]:25`."""
    return f"[{host}]:{port}" if ":" in host else f"{host.lower()}:{port}"


def listed_hosts(entries: tuple[str, ...]) -> tuple[str, ...]:
    """The entries of an `allow_hosts` as `host_port` writes them. Raises ValueError."""
    lowered = tuple(entry.lower() for entry in entries)
    for entry in lowered:
        match = _HOST_PORT.fullmatch(entry)
        if match is None or not 1 <= int(match["port"]) <= 65_535:
            raise ValueError("each entry is a host and a port, like 127.0.0.1:9000")
    return lowered


def plain_url(url: str) -> tuple[SplitResult, str]:
    """The parts of a URL, and its target as `allow_hosts` lists one. Raises ValueError."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise ValueError("it holds a space, a line break or another character that no URL has")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("it is not a URL") from None
    if "[" in parts.netloc[1:]:  # urlsplit reads x[::1] as ::1
        raise ValueError("it is not a URL")
    if "@" in parts.netloc:
        raise ValueError("it must not hold a user name or password before the host")
    default_port = {"http": 80, "https": 443}.get(parts.scheme)
    if default_port is None or not host:
        raise ValueError("it must start with https:// and a host")
    return parts, host_port(host, port or default_port)
