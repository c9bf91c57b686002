"""docs/configuration.md: its recipes load, and it names every key of a trigger."""

from __future__ import annotations

import re
from pathlib import Path

from moderator.config.triggers import SelectionBlock, TriggerBlock
from moderator.domain.trigger import Selection
from tests.config.conftest import Load, Refused
from tests.config.test_example import keys_of

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
CHANNELS = "channels:\n  mods-slack: {kind: console}\n  mods-email: {kind: console}\n"


def recipes() -> str:
    """The YAML of the page in one piece."""
    return "".join(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))


def test_the_recipes_are_without_mistakes(load: Load) -> None:
    """Somebody pastes them."""
    settings = load(recipes() + CHANNELS, DISCOURSE_SECRET="kQ7-forum-9vLz2mXw4RtB8cNd6Y")
    assert settings.sources["forum"].base_rate == 0.03
    names = [trigger.name for trigger in settings.triggers]
    assert names == [
        *(
            "slur",
            "raided",
            "bearable",
            "heated-thread",
            "repeat-offender",
            "board-mood",
            "sour-thread",
        ),
        "turning",
        *("disguised", "bad-start", "election-week", "serious-thread"),
    ]
    assert {trigger.exempt for trigger in settings.triggers} == {
        Selection(roles=frozenset({"admin", "moderator"}), authors=frozenset({"our-own-bot"}))
    }


def test_every_key_of_a_trigger_is_in_the_table() -> None:
    """With its meaning and its default."""
    rows = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert keys_of(TriggerBlock) <= rows
    assert all(f"`{key}`" in PAGE for key in keys_of(SelectionBlock))


def test_mistakes_look_as_the_page_shows_them(refused: Refused) -> None:
    """The lines on the page are made by the code, at other places."""
    text = """\
triggers:
  slur:
    when: {hate: 80}
    notify: [mods-slak]
  heated-thread: {scope: thread, when: {toxic: 0.6}, within: 10, notify: [mods-slack]}
channels:
  mods-slack: {kind: slack, url: "${SLACK_WEBHOOK_URL}"}
"""
    shown = re.findall(r"^config: config\.yaml:\d+: (.*)$", PAGE, re.MULTILINE)
    assert [line.partition(": ")[2] for line in refused(text)] == shown
