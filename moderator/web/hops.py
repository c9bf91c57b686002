"""Who is at the other end: what the proxies before us say is believed as far as they are ours.

A proxy appends to `X-Forwarded-For` the address it was called from. Whoever called it may have
written the rest of that header, so of its entries only those count, from the right, that our own
proxies appended.
"""

from __future__ import annotations

import ipaddress

from starlette.types import Scope


def believe(scope: Scope, trusted_hops: int) -> None:
    """Put the client's address and scheme into `scope`, as `trusted_hops` proxies of ours saw
    them, and remove every header that claims to know better.
    """
    headers = scope["headers"]
    if not any(name.startswith((b"x-forwarded-", b"forwarded")) for name, _ in headers):
        return
    if trusted_hops:
        address = _entry(headers, b"x-forwarded-for", trusted_hops)
        if address is not None and _is_address(address):
            scope["client"] = (address, 0)
        scheme = _entry(headers, b"x-forwarded-proto", 1)
        if scheme in ("http", "https"):
            scope["scheme"] = scheme
    scope["headers"] = [
        (name, value)
        for name, value in headers
        if not name.startswith(b"x-forwarded-") and name != b"forwarded"
    ]


def client_of(scope: Scope) -> str:
    """The address to count by: an IPv6 client by its /64, since it owns all of that."""
    host = (scope.get("client") or ("",))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _entry(headers: list[tuple[bytes, bytes]], name: bytes, from_right: int) -> str | None:
    values = [value for key, value in headers if key == name]
    entries = b",".join(values).decode("latin-1").split(",")
    return entries[-from_right].strip() if from_right <= len(entries) else None


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
