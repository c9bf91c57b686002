"""A trigger's mode is changed, or a trigger added, and every other byte stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from moderator.config.editing import NotEditable, with_mode, with_trigger
from moderator.config.yaml_source import parse
from moderator.domain.trigger import Mode

EXAMPLE = Path(__file__).parents[2] / "config.example.yaml"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    mode: shadow\n", "    mode: live\n"),
        ("    mode:   shadow   # a week of it\n", "    mode:   live   # a week of it\n"),
        ('    mode: "shadow"\n', '    mode: "live"\n'),
        ("    mode: 'shadow' # why\n", "    mode: 'live' # why\n"),
        ('    "mode" : shadow', '    "mode" : live'),
        ("    mode: shadow\r\n    count: 1\r\n", "    mode: live\r\n    count: 1\r\n"),
        ("    mode:\n      shadow\n", "    mode:\n      live\n"),
        ("    ? mode\n    : shadow\n", "    ? mode\n    : live\n"),
        ("    mode: shadow\n    # ü 😀 \u00a0 shadow", "    mode: live\n    # ü 😀 \u00a0 shadow"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["", "# mode: shadow 😀\n", "other: {mode: shadow}\n"])
def test_only_the_word_changes(before, after, around):
    head = around + "triggers:\n  first: {mode: shadow}\n  slur:\n    when: {hate: 0.80}\n"
    assert with_mode(head + before, "slur", Mode.LIVE) == head + after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "triggers:\n  slur:   # mine\n    # why\n    when: {hate: 0.8}\n",
            "triggers:\n  slur:   # mine\n    mode: shadow\n    # why\n    when: {hate: 0.8}\n",
        ),
        (
            "triggers:\r\n slur:\r\n  when: {hate: 0.8}",
            "triggers:\r\n slur:\r\n  mode: shadow\r\n  when: {hate: 0.8}",
        ),
        ("triggers: {slur: {when: {}}}", "triggers: {slur: {mode: shadow, when: {}}}"),
    ],
)
def test_a_mode_that_is_not_written_is_put_in(before, after):
    assert with_mode(before, "slur", Mode.SHADOW) == after


def test_every_trigger_of_the_example_goes_there_and_back():
    text = EXAMPLE.read_text(encoding="utf-8")
    data: Any = parse(text.encode()).data
    for name, block in data["triggers"].items():
        mode = Mode(block.get("mode", Mode.LIVE))
        there = with_mode(text, name, Mode.OFF)
        assert there != text
        assert with_mode(there, name, mode).replace(f"    mode: {mode}\n", "", 1) in (
            text,
            text.replace(f"    mode: {mode}\n", "", 1),
        )


SHARED = "shares its mode with others by an anchor (&) and aliases (*): change it by hand"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("triggers:\n  slurs: {}", 0, 'there is no trigger "slur" (did you mean slurs?)'),
        ("channels: {}", 0, 'there is no trigger "slur"'),
        ("triggers:\n  slur: 3", 2, "is not a mapping"),
        (
            'triggers:\n  slur:\n    mode: "${MODE}"',
            3,
            'its mode is read from the environment ("${MODE}"): change it there',
        ),
        ("triggers:\n  slur: &a\n    mode: shadow\n  other: *a", 2, SHARED),
        ("triggers:\n  other: &a\n    mode: shadow\n  slur: *a", 4, SHARED),
        ("triggers:\n  slur:\n    mode: &m shadow\n  b: {mode: *m}", 2, SHARED),
        ("triggers:\n  b: {mode: &m shadow}\n  slur:\n    mode: *m", 3, SHARED),
        ("triggers:\n  slur:\n    mode: &m shadow", 3, SHARED),
        (
            "triggers:\n  slur:\n    mode: >-\n      shadow\n    count: 1",
            2,
            "the file is written in an unusual way: change it by hand",
        ),
    ],
)
def test_what_would_change_more_is_left_to_a_person(text, line, said):
    with pytest.raises(NotEditable) as caught:
        with_mode(text, "slur", Mode.LIVE)
    assert (caught.value.problem.line, caught.value.problem.message) == (line, said)


BLOCK = ["when: {hate: 0.8}", "mode: shadow"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "triggers:\n    a:\n      when: {hate: 0.5} # x\n      # of a\n    # of none\n\nb: 1\n",
            "triggers:\n    a:\n      when: {hate: 0.5} # x\n      # of a\n"
            "    new:\n      when: {hate: 0.8}\n      mode: shadow\n    # of none\n\nb: 1\n",
        ),
        (
            "triggers:\n  a: {when: {hate: 0.5},\n      count: 1}\n",
            "triggers:\n  a: {when: {hate: 0.5},\n      count: 1}\n  new:\n    when: {hate: 0.8}\n"
            "    mode: shadow\n",
        ),
        (
            "triggers:\n  a:\n    notify:\n    - b\n    - c",
            "triggers:\n  a:\n    notify:\n    - b\n    - c\n  new:\n    when: {hate: 0.8}\n"
            "    mode: shadow\n",
        ),
        (
            "triggers:   # none yet\n# end\n",
            "triggers:   # none yet\n  new:\n    when: {hate: 0.8}\n    mode: shadow\n# end\n",
        ),
        (
            "a: 1",
            "a: 1\n\ntriggers:\n  new:\n    when: {hate: 0.8}\n    mode: shadow\n",
        ),
        (
            "triggers:\r\n  a: {}\r\nb: 1\r\n",
            "triggers:\r\n  a: {}\r\n  new:\r\n    when: {hate: 0.8}\r\n"
            "    mode: shadow\r\nb: 1\r\n",
        ),
    ],
)  # fmt: skip
def test_a_trigger_is_written_behind_the_others(before, after):
    assert with_trigger(before, "new", BLOCK) == after


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("triggers: {a: {}}", "stand in braces {…}: write each on lines of its own first"),
        ("triggers:\n  new: {}", "there is a trigger of that name already"),
    ],
)
def test_a_trigger_that_has_no_place_is_left_to_a_person(text, said):
    with pytest.raises(NotEditable) as caught:
        with_trigger(text, "new", BLOCK)
    assert caught.value.problem.message == said
