"""The mail server of a channel, as its URL names it, and how the connection is protected."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, unquote, urlsplit

from moderator.channels.addresses import is_public
from moderator.domain.web_host import host_port

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?|[0-9a-f:.]{2,45}")
_ESCAPES = "the signs / ? # [ ] @ in a password are written %2F %3F %23 %5B %5D %40"
_PORTS = {"smtp": 587, "smtps": 465}


class Tls(StrEnum):
    """How the connection is encrypted."""

    IMPLICIT = "implicit"  # from the first byte
    REQUIRED = "required"  # by STARTTLS, or nothing is sent
    OFFERED = "offered"  # by STARTTLS where the server has it
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """A mail server that takes our messages. `user` and `password` are None without a login."""

    host: str
    port: int
    tls: Tls
    user: str | None = None
    password: str | None = None


def parse_relay(url: str, allow_hosts: tuple[str, ...]) -> Relay:
    """Read `smtp://user:password@host:587` or `smtps://…`.

    Raises ValueError with words that hold no part of the URL. Encryption may be missing only
    towards a host of `allow_hosts`, and a password crosses a network only encrypted:
    `smtp://` means STARTTLS; to a listed host without a password, STARTTLS where it is offered;
    `?tls=off` switches it off for a listed host.
    """
    parts = _split(url)
    user, password = _login(parts)
    host, port = parts.hostname or "", parts.port
    port = _PORTS[parts.scheme] if port is None else port
    is_listed = host_port(host, port) in allow_hosts
    if _is_private(host) and not is_listed:
        raise ValueError(
            "the host is private or loopback: list it as host:port under allow_hosts, "
            "if that is meant"
        )
    tls = _tls(parts, is_listed=is_listed, has_login=password is not None)
    return Relay(host=host, port=port, tls=tls, user=user, password=password)


def _split(url: str) -> SplitResult:
    if not url.isprintable() or " " in url or "\\" in url:
        raise ValueError("it holds a space, a line break or another character that no URL has")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(
            f"it is not a URL whose port is a number in 1..65535; {_ESCAPES}"
        ) from None
    if parts.scheme not in _PORTS:
        raise ValueError("it must start with smtp:// or smtps://")
    if port == 0:
        raise ValueError("its port must lie in 1..65535")
    if not _HOST.fullmatch(parts.hostname or ""):
        raise ValueError("it must name a host: smtp://user:password@host:587")
    if parts.path not in ("", "/") or parts.fragment or parts.query not in ("", "tls=off"):
        raise ValueError(f"nothing may follow the host and port but ?tls=off; {_ESCAPES}")
    return parts


def _login(parts: SplitResult) -> tuple[str | None, str | None]:
    if "@" not in parts.netloc:
        return None, None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not user or not password:
        raise ValueError("a login needs both a user name and a password: smtp://user:password@host")
    if "\0" in user + password:
        raise ValueError("its user name or password holds a NUL")
    return user, password


def _tls(parts: SplitResult, *, is_listed: bool, has_login: bool) -> Tls:
    is_off = parts.query == "tls=off"
    if parts.scheme == "smtps":
        if is_off:
            raise ValueError("smtps:// is encrypted: ?tls=off contradicts it")
        return Tls.IMPLICIT
    if is_off and not is_listed:
        raise ValueError("?tls=off is only for a host:port listed under allow_hosts")
    if is_off and has_login and not _is_loopback(parts.hostname or ""):
        raise ValueError("?tls=off would send the password in clear over a network")
    if is_off:
        return Tls.OFF
    return Tls.OFFERED if is_listed and not has_login else Tls.REQUIRED


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_private(host: str) -> bool:
    """Whether the host is one without asking a resolver."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return not is_public(host)
