"""Where a channel may connect to."""

from __future__ import annotations

import socket
import threading

import pytest

from moderator.channels.addresses import checked_addresses, is_public, resolve
from moderator.channels.deadline import Deadline
from moderator.domain.errors import ChannelError, Fault

PRIVATE = (
    # this machine
    "127.0.0.1", "127.1.2.3", "127.255.255.255", "0.0.0.0", "0.1.2.3", "::", "::1",
    # private networks
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1",
    "192.168.255.255", "100.64.0.1", "100.127.255.255", "fc00::1", "fd12:3456:789a::1",
    # link-local, with the metadata services of the clouds
    "169.254.0.1", "169.254.169.254", "169.254.170.2", "fe80::1", "fe80::1%lo", "fd00:ec2::254",
    "100.100.100.200",
    # site-local, documentation, benchmarks, protocol assignments
    "fec0::1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "198.18.0.1",
    "198.19.255.255", "192.0.0.1", "2001::1", "100::1",
    # multicast, reserved, broadcast
    "224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1", "240.0.0.1", "255.255.255.255",
    # IPv4 in the clothes of IPv6
    "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::ffff:0.0.0.0", "::127.0.0.1", "::10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::10.0.0.1", "2002:7f00:1::", "2002:a00:1::1",
    "2002:a9fe:a9fe::", "2001:0:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe",
    # no addresses at all
    "", "localhost", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "127.0.0.1:80", "[::1]",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_no_form_of_a_private_address_is_public(address):
    """Also not inside of an IPv6 address that carries it."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "52.94.1.1", "2600:1f18::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "172.32.0.1",
     "100.128.0.1"],
)  # fmt: skip
def test_the_open_internet_is_public(address):
    """Also through the carriers that networks without IPv4 use."""
    assert is_public(address)


def check(host="hooks.slack.com", *, allow=(), resolve, port=443, seconds=5.0):
    """Check a host with a resolver of the test's own."""
    with Deadline(seconds) as deadline:
        return checked_addresses(host, port, allow_hosts=allow, deadline=deadline, resolve=resolve)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_public_name_that_resolves_to_a_private_address_is_refused(address):
    """Nothing is sent to this machine, to its network or to a cloud's metadata service."""
    with pytest.raises(ChannelError) as refused:
        check(resolve=lambda host, port: ["8.8.8.8", address])

    assert refused.value.fault is Fault.BROKEN
    assert "allow_hosts" in str(refused.value)
    assert "hooks" not in str(refused.value)


@pytest.mark.parametrize("name", ["127.1", "0x7f.1", "2130706433", "0177.0.0.1", "localhost", "0"])
def test_odd_spellings_of_this_machine_are_refused_after_they_resolve(name):
    """The system's resolver reads them as 127.0.0.1, and that is what is checked."""
    with pytest.raises(ChannelError) as refused:
        check(name, resolve=resolve)

    assert refused.value.fault is Fault.BROKEN or "resolve" in str(refused.value)


def test_a_listed_target_may_be_private():
    """By host and port, exactly."""
    assert check(
        "slack.test", allow=("slack.test:9000",), port=9000, resolve=lambda h, p: ["10.0.0.1"]
    )
    with pytest.raises(ChannelError):
        check(
            "slack.test", allow=("slack.test:9000",), port=9001, resolve=lambda h, p: ["10.0.0.1"]
        )


def test_a_name_that_does_not_resolve_may_do_so_later():
    """The trouble of a resolver passes."""

    def fails(host, port):
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    with pytest.raises(ChannelError) as failed:
        check(resolve=fails)
    assert failed.value.fault is Fault.PASSING

    with pytest.raises(ChannelError) as failed:
        check(resolve=lambda host, port: [])
    assert failed.value.fault is Fault.PASSING


def test_a_slow_resolver_is_inside_of_the_deadline():
    """The system's resolver knows no timeout of its own."""
    never = threading.Event()

    with pytest.raises(ChannelError) as failed:
        check(resolve=lambda host, port: [str(never.wait(5))], seconds=0.05)

    never.set()
    assert str(failed.value) == "the channel's host name did not resolve in time"
