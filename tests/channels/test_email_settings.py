"""Which e-mail settings are taken."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from moderator.channels.email import EmailSettings

GOOD = {
    "smtp": "smtp://bot:canary@mail.example.org",
    "from": "bot@example.org",
    "to": ["mods@example.org"],
}


def problems(**changes):
    """Where the problems of some settings lie; the password is never shown."""
    with pytest.raises(ValidationError) as error:
        EmailSettings(**(GOOD | changes))
    assert "canary" not in str(error.value)
    return [".".join(map(str, problem["loc"])) for problem in error.value.errors()]


def test_a_server_a_sender_and_a_recipient_are_all_it_takes():
    """The rest has defaults; the URL stays a secret."""
    settings = EmailSettings(**GOOD)

    assert (settings.kind, settings.sender, settings.to, settings.excerpt) == (
        "email",
        "bot@example.org",
        ("mods@example.org",),
        400,
    )
    assert "canary" not in repr(settings)


@pytest.mark.parametrize(
    "address",
    [
        "mods@example.org",
        "Mods+alerts@example.org",
        "o'brien@example.org",
        "first.last@sub.example.org",
        "root@localhost",
        "a" * 64 + "@example.org",
        "1@1.example",
    ],
)
def test_a_plain_address_is_taken_as_it_stands(address):
    """In the sender's place and in the recipients'."""
    settings = EmailSettings(**(GOOD | {"from": address, "to": [address]}))

    assert settings.sender == address
    assert settings.to == (address,)


def test_the_domain_may_be_written_in_any_script():
    """C10: it goes over the wire in ASCII."""
    assert EmailSettings(**(GOOD | {"to": ["mods@Bücher.example"]})).to == (
        "mods@xn--bcher-kva.example",
    )


@pytest.mark.parametrize(
    "address",
    [
        "a@b, c@d",
        "a@b;c@d",
        "a@b c@d",
        "a@example.org\nBcc: x@evil.example",
        "a@example.org\r\n",
        "a@example.org ",
        " a@example.org",
        "a\x00@example.org",
        "Mods <mods@example.org>",
        "<mods@example.org>",
        '"a b"@example.org',
        "mods",
        "@example.org",
        "mods@",
        "mods@@example.org",
        "a@b@example.org",
        ".a@example.org",
        "a.@example.org",
        "a..b@example.org",
        "mods@example..org",
        "mods@-example.org",
        "mods@.example.org",
        "mods@[127.0.0.1]",
        "mods@exa_mple.org",
        "möds@example.org",
        "a" * 65 + "@example.org",
        "a@" + "b" * 64 + ".example",
        "a@" + "b." * 130 + "example",
        "",
        7,
        None,
    ],
)
def test_anything_else_is_refused(address):
    """C10: one address, plain, without anything that could become a second one."""
    assert problems(to=[address]) == ["to.0"]
    assert problems(**{"from": address}) == ["from"]


def test_the_recipients_are_a_list_of_different_people():
    """Not empty, not one text, nobody twice."""
    assert problems(to=[]) == ["to"]
    assert problems(to="mods@example.org") == ["to"]
    assert problems(to=["a@example.org", "A@Example.org"]) == ["to"]


def test_the_server_is_checked_with_the_list_of_hosts():
    """C9, by way of the settings."""
    assert problems(smtp="smtp://127.0.0.1:2525") == ["smtp"]
    assert problems(smtp="smtp://bot:canary@mail.example.org?tls=off") == ["smtp"]
    assert EmailSettings(
        **(GOOD | {"smtp": "smtp://127.0.0.1:2525", "allow_hosts": ["127.0.0.1:2525"]})
    )


def test_unknown_and_missing_keys_are_refused():
    """`sender` is our own word for `from`, and no key."""
    assert problems(subject="x") == ["subject"]
    assert problems(sender="bot@example.org") == ["sender"]
    with pytest.raises(ValidationError, match="3 validation errors"):
        EmailSettings.model_validate({})


def test_certificates_must_be_some(tmp_path):
    """A file that is there and holds PEM."""
    (tmp_path / "empty.pem").write_text("no certificate")
    assert problems(ca_file=str(tmp_path / "empty.pem")) == ["ca_file"]
    assert problems(ca_file=str(tmp_path / "missing.pem")) == ["ca_file"]
