"""Which mail servers are taken, and how well protected."""

from __future__ import annotations

import pytest

from moderator.channels.relay import Relay, Tls, parse_relay

LOCAL = ("127.0.0.1:2525", "localhost:25", "mail.lan:587", "[::1]:2525", "10.0.0.5:25")


@pytest.mark.parametrize(
    ("url", "relay"),
    [
        (
            "smtp://bot:secret@mail.example.org:2587",
            Relay(
                host="mail.example.org", port=2587, tls=Tls.REQUIRED, user="bot", password="secret"
            ),
        ),
        ("smtp://mail.example.org", Relay(host="mail.example.org", port=587, tls=Tls.REQUIRED)),
        ("smtp://mail.example.org:25/", Relay(host="mail.example.org", port=25, tls=Tls.REQUIRED)),
        ("smtps://Mail.Example.org", Relay(host="mail.example.org", port=465, tls=Tls.IMPLICIT)),
        (
            "smtps://bot%40example.org:p%40ss%3A%2F%3F%23w%20rd@mail.example.org:465",
            Relay(
                host="mail.example.org",
                port=465,
                tls=Tls.IMPLICIT,
                user="bot@example.org",
                password="p@ss:/?#w rd",
            ),
        ),
        (
            "smtp://bot@example.org:secret@mail.example.org",  # unescaped, and still clear
            Relay(
                host="mail.example.org",
                port=587,
                tls=Tls.REQUIRED,
                user="bot@example.org",
                password="secret",
            ),
        ),
        ("smtp://127.0.0.1:2525", Relay(host="127.0.0.1", port=2525, tls=Tls.OFFERED)),
        ("smtp://[::1]:2525", Relay(host="::1", port=2525, tls=Tls.OFFERED)),
        ("smtp://mail.lan", Relay(host="mail.lan", port=587, tls=Tls.OFFERED)),
        ("smtp://mail.lan?tls=off", Relay(host="mail.lan", port=587, tls=Tls.OFF)),
        ("smtp://10.0.0.5:25?tls=off", Relay(host="10.0.0.5", port=25, tls=Tls.OFF)),
        (
            "smtp://bot:secret@mail.lan",  # listed, but with a password: never in clear
            Relay(host="mail.lan", port=587, tls=Tls.REQUIRED, user="bot", password="secret"),
        ),
        (
            "smtp://bot:secret@127.0.0.1:2525?tls=off",  # never leaves this machine
            Relay(host="127.0.0.1", port=2525, tls=Tls.OFF, user="bot", password="secret"),
        ),
        ("smtps://127.0.0.1:2525", Relay(host="127.0.0.1", port=2525, tls=Tls.IMPLICIT)),
    ],
)
def test_a_url_names_server_login_and_protection(url, relay):
    """STARTTLS unless it says otherwise; in clear only towards a listed host."""
    assert parse_relay(url, LOCAL) == relay


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mail.example.org", "must start with smtp://"),
        ("mail.example.org:587", "must start with smtp://"),
        ("https://mail.example.org", "must start with smtp://"),
        ("smtp://smtp://mail.example.org", "nothing may follow"),
        ("smtp://", "must name a host"),
        ("smtp://:587", "must name a host"),
        ("smtp://mail_example.org", "must name a host"),
        ("smtp://mail.example.org:0", "1..65535"),
        ("smtp://mail.example.org:70000", "1..65535"),
        ("smtp://mail.example.org:abc", "1..65535"),
        ("smtp://bot:canary/pass@mail.example.org", "%2F"),
        ("smtp://bot:canary#pass@mail.example.org", "%23"),
        ("smtp://bot:canary?pass@mail.example.org", "%3F"),
        ("smtp://bot@mail.example.org", "both a user name and a password"),
        ("smtp://bot:@mail.example.org", "both a user name and a password"),
        ("smtp://:canary@mail.example.org", "both a user name and a password"),
        ("smtp://@mail.example.org", "both a user name and a password"),
        ("smtp://bot:ca%00nary@mail.example.org", "NUL"),
        ("smtp://mail.example.org/path", "nothing may follow"),
        ("smtp://mail.example.org?tls=no", "nothing may follow"),
        ("smtp://mail.example.org#tls=off", "nothing may follow"),
        ("smtp://mail.example.org?tls=off", "only for a host:port listed"),
        ("smtp://bot:canary@mail.example.org?tls=off", "only for a host:port listed"),
        ("smtp://bot:canary@mail.lan?tls=off", "password in clear"),
        ("smtp://bot:canary@10.0.0.5:25?tls=off", "password in clear"),
        ("smtps://mail.lan:587?tls=off", "contradicts"),
        ("smtp://127.0.0.1", "list it as host:port"),
        ("smtp://127.0.0.1:2526", "list it as host:port"),
        ("smtp://localhost", "list it as host:port"),
        ("smtp://mail.localhost:25", "list it as host:port"),
        ("smtp://10.0.0.6:25", "list it as host:port"),
        ("smtp://[fe80::1]:25", "list it as host:port"),
        ("smtps://169.254.169.254", "list it as host:port"),
        ("smtp://mail.example.org\n", "no URL has"),
        ("smtp://mail.example.org\r\nMAIL FROM:<x>", "no URL has"),
        ("smtp://mail.exa mple.org", "no URL has"),
        ("", "must start with"),
    ],
)
def test_anything_else_is_refused_with_the_reason(url, why):
    """C9: and the reason holds nothing of the URL."""
    with pytest.raises(ValueError) as refused:
        parse_relay(url, LOCAL)

    assert why in str(refused.value)
    assert "canary" not in str(refused.value)
