"""Which Slack settings are taken."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from moderator.channels.slack import SlackSettings

URL = "https://hooks.slack.com/services/T00000000/B00000000/CanaryOfTheWebhook"


def refused(**settings):
    """The one problem of some settings, which never shows the URL."""
    with pytest.raises(ValidationError) as error:
        SlackSettings(**settings)
    (problem,) = error.value.errors(include_input=False)
    assert "Canary" not in str(error.value)
    assert "Canary" not in repr(problem)
    return ".".join(map(str, problem["loc"])), problem["msg"]


def test_a_webhook_url_is_all_it_takes():
    """The rest has defaults; the URL stays a secret."""
    settings = SlackSettings(url=URL)

    assert settings.kind == "slack"
    assert settings.excerpt == 400
    assert settings.url.get_secret_value() == URL
    assert "Canary" not in repr(settings)
    assert "Canary" not in settings.model_dump_json()


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/services/Canary",
        "https://hooks.slack.com:443/services/Canary",
        "https://hooks.slack.com:8443/services/Canary",
        "https://hooks.slack.com.evil.example/services/Canary",
        "https://evil.example/hooks.slack.com/Canary",
        "https://hooks.slack.com@evil.example/Canary",
        "https://user:pass@hooks.slack.com/Canary",
        "https://evil.example#@hooks.slack.com/Canary",
        "https://evil.example\\@hooks.slack.com/Canary",
        "https://slack.com/services/Canary",
        "https://xhooks.slack.com/services/Canary",
        "https://hooks.slack.com./services/Canary",
        "https://hooks。slack.com/services/Canary",
        "https://127.0.0.1/Canary",
        "https://127.1/Canary",
        "https://0x7f.1/Canary",
        "https://2130706433/Canary",
        "https://[::1]/Canary",
        "https://[::ffff:127.0.0.1]/Canary",
        "https://169.254.169.254/Canary",
        "https://hooks.slack.com/services/Canary\n",
        " https://hooks.slack.com/services/Canary",
        "https://hooks.slack.com/services/Ca nary",
        "https://hooks.slack.com/services/Canary\t",
        "https://hooks.slack.com/services/Canary\x00",
        '"https://hooks.slack.com/services/Canary"',
        "https://hooks.slack.com",
        "https://hooks.slack.com/",
        "https:///services/Canary",
        "hooks.slack.com/services/Canary",
        "ftp://hooks.slack.com/Canary",
        "file:///etc/Canary",
        "https://[hooks.slack.com/Canary",
        "https://hooks.slack.com:99999/Canary",
        "https://hooks.slack.com:abc/Canary",
        "Canary",
        "",
    ],
)
def test_any_other_place_is_refused(url):
    """C8: schemes, hosts, ports, logins, addresses and line ends."""
    assert refused(url=url)[0] == "url"


def test_the_refusal_says_what_to_do():
    """One line that names the key and the way out."""
    assert refused(url="https://chat.example/hooks/Canary") == (
        "url",
        "Value error, it must start with https://hooks.slack.com/; another target must be listed "
        "under allow_hosts as host:port",
    )


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("http://127.0.0.1:9000/x", "127.0.0.1:9000"),
        ("https://chat.example:8443/hooks/x", "chat.example:8443"),
        ("https://chat.example/hooks/x", "chat.example:443"),
        ("http://chat.example/hooks/x", "Chat.Example:80"),
        ("http://[::1]:9000/x", "[::1]:9000"),
    ],
)
def test_a_listed_target_is_taken(url, entry):
    """By host and port; then http is the admin's choice."""
    assert SlackSettings(url=url, allow_hosts=[entry]).url.get_secret_value() == url


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("http://127.0.0.1:9000/Canary", "127.0.0.1:9001"),
        ("http://127.0.0.2:9000/Canary", "127.0.0.1:9000"),
        ("http://chat.example/Canary", "chat.example:443"),
    ],
)
def test_a_listed_target_is_that_one_alone(url, entry):
    """Another port is another target."""
    assert refused(url=url, allow_hosts=[entry])[0] == "url"


@pytest.mark.parametrize(
    "entry",
    ["127.0.0.1", "127.0.0.1:0", "127.0.0.1:70000", "http://127.0.0.1:9000", "*:9000", ":9000",
     "127.0.0.1:9000\n", "a b:1", "::1:25", ""],
)  # fmt: skip
def test_the_list_holds_hosts_with_ports(entry):
    """No wildcard, no scheme, no port left out."""
    with pytest.raises(ValidationError, match="a host and a port"):
        SlackSettings(url=URL, allow_hosts=[entry])


@pytest.mark.parametrize("excerpt", [-1, 1_001, 1.5, "400", True, None])
def test_the_excerpt_is_a_number_of_characters(excerpt):
    """0..1 000; neither text nor yes."""
    assert refused(url=URL, excerpt=excerpt)[0] == "excerpt"


def test_an_unknown_key_is_refused():
    """A typing error must not become a default."""
    assert refused(url=URL, exerpt=3)[0] == "exerpt"


def test_settings_cannot_be_changed():
    """They are read once."""
    with pytest.raises(ValidationError):
        SlackSettings(url=URL).excerpt = 3  # type: ignore[misc]


def test_certificates_must_be_some(tmp_path):
    """Missing, a folder, or no PEM."""
    (tmp_path / "empty.pem").write_text("no certificate")
    for path in (tmp_path / "missing.pem", tmp_path, tmp_path / "empty.pem"):
        assert refused(url=URL, ca_file=path)[0] == "ca_file"
