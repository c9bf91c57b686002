"""Which settings the channels over HTTP take; no refusal shows a value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from moderator.channels import KINDS
from tests.channels.test_registry import EXAMPLES

OVER_HTTP = [word for word in KINDS if word not in ("email", "console")]
DISCORD = "https://discord.com/api/webhooks/"
TEAMS = "https://….logic.azure.com/workflows/ or https://….api.powerplatform.com/"
LISTED = "another target must be listed under allow_hosts as host:port"
PRIVATE = "its host lies on a private or loopback address"


def refused(kind: str, **settings: Any) -> str:
    """The one problem: the key, and what is wrong with it."""
    with pytest.raises(ValidationError) as error:
        KINDS[kind].settings.model_validate({"kind": kind, **EXAMPLES[kind], **settings})
    (problem,) = error.value.errors(include_input=False)
    for told in (str(error.value), repr(problem)):
        assert "Canary" not in told
    where = ".".join(map(str, problem["loc"]))
    return f"{where}: {problem['msg'].removeprefix('Value error, ')}"


def taken(kind: str, **settings: Any) -> Any:
    """The settings, where they are right."""
    model = KINDS[kind].settings.model_validate({"kind": kind, **EXAMPLES[kind], **settings})
    assert "Canary" not in repr(model)
    assert "Canary" not in model.model_dump_json()
    return model


@pytest.mark.parametrize(
    ("kind", "key", "value", "why"),
    [
        ("discord", "url", "https://discord.com/api/webhooks/1", f"it must look like {DISCORD}…"),
        ("discord", "url", "https://discord.com/api/webhooks/1/Canary/slack", "it must look like"),
        ("discord", "url", "https://discord.com/channels/1/Canary", "it must look like"),
        ("discord", "url", "https://discord.com", "it must look like"),
        ("discord", "url", "http://discord.com/api/webhooks/1/Canary", f"start with {DISCORD}"),
        ("discord", "url", "https://discord.com:8443/api/webhooks/1/Canary", LISTED),
        ("discord", "url", "https://discord.com.evil.example/api/webhooks/1/Canary", LISTED),
        ("discord", "url", "https://xdiscord.com/api/webhooks/1/Canary", LISTED),
        ("discord", "url", "https://evil.example/api/webhooks/1/Canary", LISTED),
        ("discord", "url", "https://u:Canary@discord.com/api/webhooks/1/x", "user name or"),
        ("discord", "url", "https://discord.com/api/webhooks/1/Ca nary", "a space, a line break"),
        ("discord", "url", "https://discord.com/api/webhooks/1/Canary\n", "a space, a line break"),
        ("discord", "url", "https://discord.com\\@evil.example/Canary", "a space, a line break"),
        ("discord", "url", "https://[discord.com/Canary", "it is not a URL"),
        ("discord", "url", "Canary", "it must start with https:// and a host"),
        ("discord", "url", "", "it must start with https:// and a host"),
        ("teams", "url", "https://logic.azure.com/workflows/Canary", f"it must start with {TEAMS}"),
        ("teams", "url", "https://evil.example/.logic.azure.com/workflows/Canary", LISTED),
        ("teams", "url", "https://evil.example#.logic.azure.com/workflows/Canary", LISTED),
        ("teams", "url", "https://x%2f.logic.azure.com/workflows/Canary", LISTED),
        ("teams", "url", "https://x.webhook.office.com/webhookb2/Canary", LISTED),
        ("teams", "url", "https://x.logic.azure.com/Canary", "it must look like"),
        ("telegram", "token", "Canary", "it must be a bot's token"),
        ("telegram", "token", "123456:Canary/../../x" + "x" * 30, "it must be a bot's token"),
        ("telegram", "chat", "mods", "it must be a chat's id"),
        ("telegram", "chat", "@a", "it must be a chat's id"),
        ("telegram", "chat", "", "it must be a chat's id"),
        ("telegram", "topic", 0, "Input should be greater than 0"),
        ("telegram", "topic", "3", "Input should be a valid integer"),
        ("telegram", "server", "https://telegram.example.org", LISTED),
        ("telegram", "server", "https://api.telegram.org/bot", "it must end after the host"),
        ("matrix", "server", "http://matrix.example.org", "it must start with https://"),
        ("matrix", "server", "https://matrix.example.org/_matrix", "it must end after the host"),
        ("matrix", "server", "https://matrix.example.org?x=1", "it must end after the host"),
        ("matrix", "server", "matrix.example.org", "it must start with https:// and a host"),
        ("matrix", "server", "https://localhost", PRIVATE),
        ("matrix", "server", "https://10.0.0.1", PRIVATE),
        ("matrix", "token", "Canary\n", "it is no access token"),
        ("matrix", "token", "Canary Canary", "it is no access token"),
        ("matrix", "token", "short", "it is no access token"),
        ("matrix", "room", "#mods:example.org", "it must be the room's id, which begins with !"),
        ("matrix", "room", "!a b:example.org", "it must be the room's id"),
        ("ntfy", "server", "https://[::1]", PRIVATE),
        ("ntfy", "server", "https://169.254.169.254", PRIVATE),
        ("ntfy", "topic", "Canary/x", "it must be 1 to 64 letters"),
        ("ntfy", "topic", "", "it must be 1 to 64 letters"),
        ("ntfy", "topic", "C" * 65, "it must be 1 to 64 letters"),
        ("ntfy", "token", "Canary\r\nX: y", "it is no access token"),
        ("ntfy", "priority", "loud", "Input should be 'min', 'low', 'default', 'high' or 'max'"),
        ("ntfy", "tags", ["a b"], "String should match pattern"),
        ("ntfy", "tags", ["a"] * 6, "Tuple should have at most 5 items"),
        ("pagerduty", "routing_key", "Canary", "it must be an integration key: 32 letters"),
        ("pagerduty", "routing_key", "Canary-" + "k" * 25, "it must be an integration key"),
        ("pagerduty", "server", "https://events.example.org", LISTED),
        ("webhook", "url", "http://bot.example.org/Canary", "it must start with https://"),
        ("webhook", "url", "https://127.0.0.1/Canary", PRIVATE),
        ("webhook", "url", "https://[fd00::1]/Canary", PRIVATE),
        ("webhook", "url", "file:///etc/Canary", "it must start with https:// and a host"),
        ("webhook", "secrets", [], "Tuple should have at least 1 item"),
        ("webhook", "secrets", ["Canary"], "secret 1 is shorter than 24 bytes"),
        ("webhook", "secrets", ["s" * 24, "s" * 24], "the same secret stands there twice"),
        ("webhook", "secrets", ["whsec_Canary!"], "what follows whsec_ is not base64"),
        ("webhook", "secrets", ["s" * (24 + i) for i in range(6)], "Tuple should have at most 5"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_key_and_its_mend(
    kind: str, key: str, value: object, why: str
) -> None:
    """And never with the value, which may be a secret."""
    problem = refused(kind, **{key: value})

    assert problem.split(":")[0].split(".")[0] == key
    assert why in problem


@pytest.mark.parametrize("kind", OVER_HTTP)
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("excerpt", -1), ("excerpt", 1_001), ("excerpt", "400"), ("excerpt", True),
        ("exerpt", 3), ("allow_hosts", ["127.0.0.1"]), ("allow_hosts", ["*:80"]),
    ],
)  # fmt: skip
def test_what_all_have_is_checked_alike(kind: str, key: str, value: object) -> None:
    """Strict numbers, no unknown key, hosts with ports."""
    assert refused(kind, **{key: value}).startswith(key)


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_certificates_must_be_some(kind: str, tmp_path: Path) -> None:
    """A file in PEM form."""
    assert refused(kind, ca_file=tmp_path).startswith("ca_file")


@pytest.mark.parametrize("kind", [word for word in OVER_HTTP if word != "slack"])
@pytest.mark.parametrize(
    ("target", "entry"),
    [
        ("http://127.0.0.1:9000", "127.0.0.1:9000"),
        ("https://chat.example.internal", "chat.example.internal:443"),
        ("http://[::1]:80", "[::1]:80"),
    ],
)
def test_a_listed_target_is_taken_and_that_one_alone(kind: str, target: str, entry: str) -> None:
    """By host and port; then http and private addresses are the admin's choice."""
    fields = KINDS[kind].settings.model_fields
    key, value = ("url", f"{target}/Canary") if "url" in fields else ("server", target)

    assert taken(kind, **{key: value, "allow_hosts": [entry]})
    for other in ("http://127.0.0.1:9001", "http://chat.example.internal", "http://x[::1]:80"):
        assert refused(kind, **{key: value.replace(target, other), "allow_hosts": [entry]})


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("discord", {"url": "https://discordapp.com/api/v10/webhooks/1/Canary?thread_id=5"}),
        ("discord", {"url": "https://canary.discord.com/api/webhooks/1/CanaryOfDiscord"}),
        ("teams", {"url": "https://a.09.environment.api.powerplatform.com:443/powerautomate/"
                          "automations/direct/workflows/x/triggers/manual/paths/invoke?sig=Canary"}),
        ("telegram", {"chat": "@our_mods"}),
        ("telegram", {"chat": "-1001234567890", "topic": 3}),
        ("matrix", {"server": "https://matrix.example.org/", "room": "!abcDEF-_0123"}),
        ("ntfy", {"server": "https://ntfy.example.org", "priority": "low", "tags": []}),
        ("pagerduty", {"server": "https://events.eu.pagerduty.com"}),
        ("webhook", {"secrets": ["whsec_" + "R29vc2Vz" * 4, "Canary" * 4]}),
    ],
)  # fmt: skip
def test_what_providers_hand_out_is_taken(kind: str, settings: dict[str, Any]) -> None:
    """In all its forms."""
    assert taken(kind, **settings).excerpt == 400


def test_an_id_in_quotes_is_a_number_all_the_same() -> None:
    """It comes so from the environment."""
    assert taken("telegram", chat="-1001").chat == -1001
