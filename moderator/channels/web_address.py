"""Which web addresses a channel's settings may hold. No message here shows the address."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated

from pydantic import AfterValidator, Field

from moderator.channels.addresses import is_public
from moderator.channels.settings import AllowHosts
from moderator.domain.web_host import plain_url

_HOST = re.compile(r"[a-z0-9.-]+")
ELSEWHERE = "another target must be listed under allow_hosts as host:port"


def check_provider(
    url: str, allow_hosts: AllowHosts, *, hosts: tuple[str, ...], path: re.Pattern[str], like: str
) -> None:
    """Raise ValueError unless `url` is the provider's or `allow_hosts` lists its target.

    `hosts` are names, or ends of names with a dot before them; `like` shows how one begins.
    """
    parts, target = plain_url(url)
    if target in allow_hosts:
        return
    host = parts.hostname or ""
    known = any(host.endswith(each) if each[0] == "." else host == each for each in hosts)
    is_https = parts.scheme == "https" and parts.port in (None, 443)
    if not (known and is_https and _HOST.fullmatch(host)):
        raise ValueError(f"it must start with {like}; {ELSEWHERE}")
    if not path.fullmatch(parts.path):
        raise ValueError(f"it must look like {like}…: part of its path is missing, or too much")


def check_own(url: str, allow_hosts: AllowHosts) -> None:
    """Raise ValueError unless `url` is encrypted and public, or `allow_hosts` lists its target."""
    parts, target = plain_url(url)
    if target in allow_hosts:
        return
    if parts.scheme != "https":
        raise ValueError(
            "it must start with https://; a target without encryption must be listed under "
            "allow_hosts as host:port"
        )
    if _is_private(parts.hostname or ""):
        raise ValueError(
            "its host lies on a private or loopback address; list it as host:port under "
            "allow_hosts if that is meant"
        )


def _is_private(host: str) -> bool:
    """Of an address written as one; a name is looked up, and checked, before each message."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    return not is_public(host)


def _server(url: str) -> str:
    parts, _ = plain_url(url)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("it must end after the host: https://chat.example.org")
    return url.rstrip("/")


Server = Annotated[
    str,
    AfterValidator(_server),
    Field(description="Where the server is: https:// and its host."),
]
