"""What is remembered of a configuration: all that it means, and nothing that opens a door."""

from __future__ import annotations

import pytest
from pydantic import SecretBytes, SecretStr

from moderator import channels, sources
from moderator.config.blocks import ConfigFile
from moderator.config.meaning import configuration_of
from moderator.domain.configuration import differences
from tests.config.conftest import ENVIRON, REST, Load

TRIGGERS = """\
triggers:
  slur: {when: {hate: 0.8}, notify: [mods-slack, terminal]}
  heated:
    scope: thread
    when: {toxic: 0.6}
    count: 5
    within: 10m
    mode: shadow
    except: {roles: [staff, moderator], authors: ["42"]}
"""
MORE = """\
  mods-email:
    kind: email
    smtp: "${SMTP_URL}"
    from: bot@example.org
    to: [ann@example.org, ben@example.org]
retention: {text: 14d}
public_url: https://mod.example.org
"""
SMTP = {"SMTP_URL": "smtp://bot:hidden-password@mail.example.org:587"}
# Words in the name of a setting that make its value one that nobody may read.
SECRETIVE = ("secret", "token", "password", "url", "key", "smtp", "webhook", "topic", "homeserver")


def test_every_setting_is_told_with_its_default(load: Load) -> None:
    """Trigger, source, channel and retention; what says nothing is left out."""
    told = configuration_of(load(TRIGGERS + REST + MORE, **SMTP)).settings
    expected = {
        "public_url": "https://mod.example.org",
        "sources.forum.kind": "discourse",
        "sources.forum.secrets": '["(secret)"]',
        "triggers.slur.scope": "comment",
        "triggers.slur.when.hate": "0.8",
        "triggers.slur.notify": '["mods-slack", "terminal"]',
        "triggers.slur.mode": "live",
        "triggers.heated.when.toxic": "0.6",
        "triggers.heated.count": "5",
        "triggers.heated.within": "10m",
        "triggers.heated.cooldown": "10m",
        "triggers.heated.mode": "shadow",
        "triggers.heated.except.roles": '["moderator", "staff"]',
        "triggers.heated.except.authors": '["42"]',
        "channels.mods-slack.kind": "slack",
        "channels.mods-slack.url": "(secret)",
        "channels.mods-slack.excerpt": "400",
        "channels.mods-email.smtp": "(secret)",
        "channels.mods-email.from": "bot@example.org",
        "channels.mods-email.to": '["ann@example.org", "ben@example.org"]',
        "retention.text": "2w",
        "retention.scores": "1y",
    }
    assert {key: told.get(key) for key in expected} == expected
    assert "triggers.slur.only" not in " ".join(told)
    assert "triggers.slur.name" not in told


def test_no_key_of_a_configuration_is_forgotten(load: Load) -> None:
    """One that comes later, too."""
    everything = TRIGGERS + REST + MORE + "public: [predict]\nexempt: {roles: [b, a]}\n"
    everything += "perspective: {communities: {news: {keys: [k3y4id22]}}}\n"
    everything += "quotas: {default: 60/min}\n"
    everything += "akismet: {source: perspective}\n"
    told = configuration_of(load(everything, **SMTP)).settings
    parts = {key.partition(".")[0] for key in told}
    assert parts == set(ConfigFile.model_fields) - {"model"}
    assert [told[key] for key in told if ".exempt" in f".{key}"] == ['["a", "b"]'], "told once"


def test_no_secret_is_in_it_nor_anything_made_of_one(load: Load) -> None:
    """Two sets of secrets have one digest."""
    first = configuration_of(load(TRIGGERS + REST + MORE, **SMTP))
    other = {
        "FORUM_SECRET": "another-Secret-0123456789-xyz",
        "SLACK_URL": "https://hooks.slack.com/services/T9/B9/another-part",
        "SMTP_URL": "smtp://bot:another-password@mail.example.org:587",
    }
    second = configuration_of(load(TRIGGERS + REST + MORE, **other))
    assert first.digest == second.digest
    told = repr(first)
    for hidden in (*ENVIRON.values(), *SMTP.values(), "hidden", "hooks.slack.com"):
        assert hidden not in told


@pytest.mark.parametrize("kind", [*channels.KINDS.values(), *sources.KINDS.values()])
def test_every_setting_that_sounds_secret_is_declared_secret(kind) -> None:
    """Else its value would stand in the history, on the page, and in the log."""
    for name, field in kind.settings.model_fields.items():
        if any(word in name for word in SECRETIVE):
            told = str(field.annotation)
            assert (
                "str" not in told.lower()
                or SecretStr.__name__ in told
                or SecretBytes.__name__ in told
            ), name


def test_an_address_in_a_channel_is_not_told_even_where_it_is_not_declared_secret(
    load: Load,
) -> None:
    """A kind of channel that is yet to come may forget to."""
    settings = load(TRIGGERS + REST)
    block = settings.channels["terminal"].model_copy(update={"kind": "https://hidden.example/T0"})
    changed = type(settings)(
        **{name: getattr(settings, name) for name in type(settings).__slots__}
        | {"channels": {"terminal": block}}
    )
    assert configuration_of(changed).settings["channels.terminal.kind"] == "(address)"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("slur: {when: {hate: 0.8}, notify: [mods-slack, terminal]}",
         "slur: {notify: [mods-slack, terminal], when: {hate: 0.80}} # lower?"),
        ("roles: [staff, moderator]", "roles: [moderator, staff]"),
        ("within: 10m", "within: 600s"),
        ("within: 10m", "within: 10m\n    cooldown: 10m"),
        ("mode: shadow", "mode:   shadow\n"),
    ],
)  # fmt: skip
def test_what_means_the_same_has_the_same_digest(load: Load, before: str, after: str) -> None:
    """Order, comments, white space, another spelling, a default that is written out."""
    assert before in TRIGGERS
    first = configuration_of(load(TRIGGERS + REST))
    second = configuration_of(load(TRIGGERS.replace(before, after) + REST))
    assert differences(first.settings, second.settings) == ()
    assert first.digest == second.digest


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("hate: 0.8", "hate: 0.9", {"triggers.slur.when.hate": ("0.8", "0.9")}),
        ("mode: shadow", "notify: [terminal]", {
            "triggers.heated.mode": ("shadow", "live"),
            "triggers.heated.notify": (None, '["terminal"]'),
        }),
        ("[mods-slack, terminal]", "[terminal]", {
            "triggers.slur.notify": ('["mods-slack", "terminal"]', '["terminal"]'),
        }),
    ],
)  # fmt: skip
def test_what_means_something_else_is_told_by_its_key(
    load: Load, before: str, after: str, changed: dict[str, tuple[str | None, str | None]]
) -> None:
    """As the history shows it."""
    first = configuration_of(load(TRIGGERS + REST))
    second = configuration_of(load(TRIGGERS.replace(before, after) + REST))
    found = differences(first.settings, second.settings)
    assert {one.key: (one.before, one.after) for one in found} == changed
    assert first.digest != second.digest


def test_a_rotated_secret_is_told_by_the_number_of_secrets(load: Load) -> None:
    """While the old one is going out there are two."""
    first = configuration_of(load(REST))
    more = REST.replace('["${FORUM_SECRET}"]', '["${FORUM_SECRET}", "${OLD_SECRET}"]')
    second = configuration_of(load(more, OLD_SECRET="another-Secret-0123456789-xyz"))
    (found,) = differences(first.settings, second.settings)
    assert (found.before, found.after) == ('["(secret)"]', '["(secret)", "(secret)"]')
