"""The kinds of channels: what every one of them keeps to."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import moderator.channels
from moderator.channels import KINDS, build
from moderator.channels.timing_settings import TimingSettings

ROOT = Path(__file__).parents[2]
EXAMPLES: dict[str, dict[str, object]] = {
    "slack": {"url": "https://hooks.slack.com/services/T0/B0/x"},
    "email": {
        "smtp": "smtp://bot:secret@mail.example.org",
        "from": "bot@example.org",
        "to": ["mods@example.org", "admin@example.org"],
    },
    "console": {},
    "discord": {"url": "https://discord.com/api/webhooks/1/x"},
    "teams": {"url": "https://prod-1.westeurope.logic.azure.com:443/workflows/x/triggers?sig=x"},
    "telegram": {"token": "123456:" + "x" * 35, "chat": -1001},
    "matrix": {"server": "https://m.example.org", "token": "syt_secret", "room": "!a:example.org"},
    "ntfy": {"topic": "our-mods"},
    "pagerduty": {"routing_key": "k" * 32},
    "webhook": {"url": "https://bot.example.org/alerts", "secrets": ["s" * 24]},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_channel_is_built_from_its_settings(kind):
    """Without connecting anywhere."""
    settings = KINDS[kind].settings.model_validate({"kind": kind, **EXAMPLES[kind]})

    channel = build("mods", settings)

    assert channel.kind == settings.kind == kind
    assert channel.recipients == getattr(settings, "to", ("",))


@pytest.mark.parametrize("kind", KINDS)
def test_settings_are_strict_and_described(kind):
    """An unknown key is refused, another kind's word is refused, every field has its words."""
    settings = KINDS[kind].settings

    assert settings.model_config["extra"] == "forbid"
    assert settings.model_config["frozen"]
    for wrong in ({"kind": "pigeon"}, {"exerpt": 3}):
        with pytest.raises(ValueError):
            settings.model_validate({"kind": kind, **EXAMPLES[kind], **wrong})
    schema = settings.model_json_schema(by_alias=True)
    assert all(field.get("description") for field in schema["properties"].values())


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_is_in_the_documentation(kind):
    """By its name, in the section of its kind."""
    page = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## `{kind}`")[2].partition("\n## ")[0]

    timing = page.partition("\n## When and how fast")[2].partition("\n## ")[0]

    for name in KINDS[kind].settings.model_json_schema(by_alias=True)["properties"]:
        assert f"`{name}`" in (timing if name in TimingSettings.model_fields else section)


def test_no_code_asks_for_a_kind():
    """A new channel is a module and a line in the registry."""
    folder = Path(moderator.channels.__file__).parent
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                assert "kind" not in ast.unparse(node), f"{path.name}: {ast.unparse(node)}"
