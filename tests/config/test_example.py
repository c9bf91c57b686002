"""config.example.yaml: it loads, and it shows every key and every kind that there is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import trustme
from pydantic import BaseModel

from moderator import channels, sources
from moderator.channels.timing_settings import TimingSettings
from moderator.config import load_settings
from moderator.config.blocks import ConfigFile, ModelPin, Retention
from moderator.config.triggers import SelectionBlock, TriggerBlock
from moderator.config.yaml_source import parse

EXAMPLE = Path(__file__).parents[2] / "config.example.yaml"
AS_IT_IS = EXAMPLE.read_text(encoding="utf-8")
# A line that begins with # and no blank is a setting that is off.
ALL_ON = re.sub(r"^( *)#(?=[a-z])", r"\1", AS_IT_IS, flags=re.MULTILINE)
ENVIRON = {
    "DISCOURSE_SECRET": "kQ7-forum-9vLz2mXw4RtB8cNd6Y",
    "CORAL_PHASE_SECRET": "empsec_tR5-news-0oPq8sWd3XcV6bNm",
    "CORAL_WEBHOOK_SECRET": "whsec_yH2-news-9zXc7vBn5mKl3jQw",
    "CORAL_TOKEN": "eyJ.hidden-hidden-hidden",
    "NODEBB_SECRET": "bV4-club-7yUj1nKo3PeA5sGf0H",
    "GENERIC_SECRET": "Zp3-comments-Lk5jHg8sDf1Wq7Tb",
    "SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T0/B0/hidden",
    "SMTP_URL": "smtp://bot:hidden@mail.example.org:587",
    "DISCORD_WEBHOOK_URL": "https://discord.com/api/webhooks/42/hidden",
    "TEAMS_WORKFLOW_URL": "https://prod-1.westeurope.logic.azure.com:443/workflows/a?sig=hidden",
    "TELEGRAM_TOKEN": "123456789:hidden-hidden-hidden-hidden-hidden",
    "MATRIX_TOKEN": "syt_hidden",
    "NTFY_TOPIC": "mods-4Kd9xW-hidden",
    "NTFY_TOKEN": "tk_hidden",
    "PAGERDUTY_KEY": "hidden0000hidden0000hidden0000hi",
    "ALERT_WEBHOOK_URL": "https://bot.example.org/alerts/hidden",
    "ALERT_WEBHOOK_SECRET": "nR8-alerts-2xVb6Mq9Wd4TzLc7K",
    "MODEL_SHA256": "0" * 64,
}


def keys_of(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def keys_in(blocks: Iterable[dict[str, Any]]) -> set[str]:
    return {key for block in blocks for key in block}


@pytest.fixture
def shown() -> dict[str, Any]:
    """The example's data with every setting switched on."""
    data = parse(ALL_ON.encode()).data
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize("text", [AS_IT_IS, ALL_ON], ids=["as it is", "all on"])
def test_the_example_is_a_configuration_without_mistakes(text: str, tmp_path: Path) -> None:
    """A volunteer copies it: it has to work once its variables are set."""
    ca_file = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(ca_file))
    path = tmp_path / "config.yaml"
    path.write_text(text.replace("/etc/ssl/our-own-ca.pem", str(ca_file)))
    settings = load_settings(path, ENVIRON)
    assert settings.warnings == ()
    assert (settings.model is None) == (text is AS_IT_IS)
    if settings.model is not None:
        assert settings.model.path == tmp_path / "our-model.joblib"


def test_it_names_the_variables_that_it_needs_and_no_others() -> None:
    """ENVIRON above is what the deployment has to set."""
    prose = {"NAME"}
    assert set(re.findall(r"\$\{(\w+)", AS_IT_IS)) - prose == ENVIRON.keys()


def test_it_shows_every_key(shown: dict[str, Any]) -> None:
    """A key that is added to a model has to be explained here."""
    triggers = list(shown["triggers"].values())
    selections = [t[key] for t in triggers for key in ("only", "except") if key in t]
    assert shown.keys() == keys_of(ConfigFile)
    assert shown["exempt"].keys() == keys_of(SelectionBlock)
    assert shown["retention"].keys() == keys_of(Retention)
    assert shown["model"].keys() == keys_of(ModelPin)
    assert keys_in(triggers) == keys_of(TriggerBlock)
    assert all(selection.keys() == keys_of(SelectionBlock) for selection in selections)


@pytest.mark.parametrize(
    ("section", "kinds"), [("sources", sources.KINDS), ("channels", channels.KINDS)]
)
def test_it_shows_every_kind_and_each_of_its_keys(
    section: str, kinds: dict[str, Any], shown: dict[str, Any]
) -> None:
    """A kind without an example is one that nobody finds. What all kinds have is shown once."""
    blocks = list(shown[section].values())
    shared = keys_of(TimingSettings) if section == "channels" else set()
    assert shared <= keys_in(blocks)
    for word, kind in kinds.items():
        of_kind = [block for block in blocks if block["kind"] == word]
        assert keys_in(of_kind) - shared == keys_of(kind.settings) - shared, word


def test_the_defaults_it_states_are_the_ones_there_are(shown: dict[str, Any]) -> None:
    """Values that the comments call defaults are compared with the models."""
    assert shown["retention"] == {"text": "30d", "scores": "1y"}
    assert (Retention().text.days, Retention().scores.days) == (30, 365)
    for name, block in shown["channels"].items():
        model = channels.KINDS[block["kind"]].settings
        assert block["excerpt"] == model.model_fields["excerpt"].default, name
