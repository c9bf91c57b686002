"""Proxies: what ours append is believed, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from moderator.web.hops import believe, client_of


def seen(hops, *headers, client="10.0.0.1", scheme="http") -> Any:
    """A request's scope after `hops` proxies of ours."""
    scope = {
        "client": (client, 1),
        "scheme": scheme,
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    believe(scope, hops)
    return scope


FORGED = "6.6.6.6"


@pytest.mark.parametrize(
    ("hops", "header", "client"),
    [
        (0, FORGED, "10.0.0.1"),
        (1, f"{FORGED}, 198.51.100.7", "198.51.100.7"),
        (1, "198.51.100.7", "198.51.100.7"),
        (2, f"{FORGED}, 198.51.100.7, 10.0.0.9", "198.51.100.7"),
        (2, "198.51.100.7", "10.0.0.1"),
        (1, f"{FORGED}, not an address", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, f"{FORGED}, 2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_client_is_whom_our_own_proxy_saw(hops, header, client):
    scope = seen(hops, ("x-forwarded-for", header))
    assert scope["client"][0] == client
    assert scope["headers"] == []


def test_a_second_header_does_not_come_before_what_our_proxy_appended():
    scope = seen(1, ("x-forwarded-for", FORGED), ("x-forwarded-for", "198.51.100.7"))
    assert scope["client"][0] == "198.51.100.7"


@pytest.mark.parametrize(
    ("hops", "told", "scheme"),
    [
        (0, "https", "http"),
        (1, "https", "https"),
        (1, "http, https", "https"),
        (1, "gopher", "http"),
    ],
)
def test_the_scheme_is_what_our_own_proxy_spoke(hops, told, scheme):
    assert seen(hops, ("x-forwarded-proto", told))["scheme"] == scheme


@pytest.mark.parametrize("name", ["forwarded", "x-forwarded-host", "x-forwarded-port"])
@pytest.mark.parametrize("hops", [0, 1])
def test_everything_else_that_claims_to_know_is_removed(hops, name):
    scope = seen(hops, (name, "evil.example"), ("host", "board.test"))
    assert scope["headers"] == [(b"host", b"board.test")]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_client_counts_by_what_it_owns(address, counted):
    assert client_of({"client": (address, 1)}) == counted


def test_a_client_without_an_address_counts_as_nobody():
    assert client_of({"client": None}) == ""
