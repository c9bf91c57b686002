"""Where a channel may connect to: public addresses, and what its settings list by name.

The name is resolved once, every address is checked, and the connection goes to a checked one:
a name that resolves differently a moment later (DNS rebinding) changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from moderator.channels.deadline import Deadline
from moderator.domain.errors import ChannelError, Fault
from moderator.domain.web_host import host_port

Resolve = Callable[[str, int], list[str]]
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# All of IPv6 that is given out to the open internet.
_UNICAST = ipaddress.IPv6Network("2000::/3")

# IPv6 networks whose addresses carry an IPv4 address, and the bit where it starts.
_CARRIERS = (
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (ipaddress.IPv6Network("2002::/16"), 80),  # 6to4, RFC 3056
)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, by the system's resolver. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet, also seen through an IPv6 carrier."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return all(_is_open(part) for part in (ip, *_carried(ip)))


def _carried(ip: _Address) -> list[ipaddress.IPv4Address]:
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    carried = [
        ipaddress.IPv4Address((int(ip) >> shift) & 0xFFFF_FFFF)
        for network, shift in _CARRIERS
        if ip in network
    ]
    return carried + [part for part in (ip.ipv4_mapped, *(ip.teredo or ())) if part]


def _is_open(ip: _Address) -> bool:
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped or ip in _CARRIERS[0][0]:
            return True  # what counts is the address inside
        if ip not in _UNICAST:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def checked_addresses(
    host: str, port: int, *, allow_hosts: tuple[str, ...], deadline: Deadline, resolve: Resolve
) -> list[str]:
    """The addresses of `host` that may be connected to.

    Raises ChannelError: BROKEN where one of them is not public and the target is not listed,
    PASSING where the name does not resolve in time.
    """
    addresses = _resolved(host, port, deadline, resolve)
    if host_port(host, port) not in allow_hosts and not all(map(is_public, addresses)):
        raise ChannelError(
            "the channel's host lies on a private or loopback address; "
            "list it as host:port under allow_hosts if that is meant",
            fault=Fault.BROKEN,
        )
    return addresses


def _resolved(host: str, port: int, deadline: Deadline, resolve: Resolve) -> list[str]:
    """Resolve in a thread of its own: the system's resolver knows no timeout."""
    answer: SimpleQueue[list[str] | None] = SimpleQueue()

    def look_up() -> None:
        try:
            answer.put(resolve(host, port))
        except (OSError, UnicodeError):  # UnicodeError: a label the IDNA codec refuses
            answer.put(None)

    threading.Thread(target=look_up, name="resolve", daemon=True).start()
    try:
        addresses = answer.get(timeout=deadline.remaining(60.0))
    except (Empty, TimeoutError):
        raise ChannelError("the channel's host name did not resolve in time") from None
    if not addresses:
        raise ChannelError("the channel's host name does not resolve")
    return addresses
