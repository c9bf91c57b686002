"""Every key of a trigger with every kind of wrong value: line, key, value, and what to write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from moderator.cli import main
from moderator.domain.errors import ConfigError
from tests.config.conftest import ENVIRON, REST, Load
from tests.config.test_example import ENVIRON as OF_EXAMPLE
from tests.config.test_mutations import RIGHT, fuzzed_triggers

WRONG = {
    "nothing": ("", "nothing"),
    "text": ("goose", '"goose"'),
    "empty text": ('""', '""'),
    "a number": ("-7", "-7"),
    "a fraction": ("0.05", "0.05"),
    "many": ("1e30", "1e+30"),
    "a flag": ("true", "true"),
    "a list": ("[a, 3]", "a list"),
    "a list of lists": ("[[1]]", "a list"),
    "an empty list": ("[]", "a list"),
    "a mapping": ("{goose: 1}", ""),  # what is wrong lies in it
    "an empty mapping": ("{}", ""),
}
MEND = re.compile(
    "write |did you mean|for example|known here|expected|at least|at most|lie between"
    "|least allowed|most allowed|is empty; name|leave .* out"
)
CHANNELS = REST.replace("  terminal:", "  console: {kind: console}\n  terminal:")


AROUND = [  # some keys are for single comments, others for wider scopes
    {"when": "{toxic: 0.6}", "notify": "[terminal]"},
    {"scope": "thread", "when": "{toxic: 0.6}", "within": "1h", "notify": "[terminal]"},
    {"when": "{toxic: 0.6}", "budget": "20/day", "notify": "[terminal]"},
]


def written(block: dict[str, str]) -> str:
    """A configuration with this trigger, a key a line from line 3 on."""
    lines = [f"    {name}: {text}" for name, text in block.items()]
    return "\n".join(["triggers:", "  slur:", *lines, CHANNELS])


def fitting(key: str, load: Load) -> dict[str, str]:
    """The keys that a right value of this key fits in with."""
    for around in AROUND:
        try:
            load(written(around | {key: RIGHT[key]}))
        except ConfigError:
            continue
        return around
    raise AssertionError(f"{key} fits in nowhere")


@pytest.mark.parametrize("key", list(RIGHT))
def test_a_wrong_value_of_any_key_is_told_with_its_line_and_the_mend(key, load):
    around = fitting(key, load)
    for kind, (value, said) in WRONG.items():
        check_told(key, kind, value, said, around, load)


def check_told(key, kind, value, said, around, load):
    """One wrong value among the keys that a right one fits in with."""
    text = written(around | {key: value})
    place = f"{3 + list(around | {key: value}).index(key)}: triggers.slur.{key}"
    try:
        load(text)
    except ConfigError as error:
        problems = error.problems
    else:
        assert (key, kind) in FINE or kind == "nothing"
        return
    for problem in problems:
        told = problem.removeprefix("config: config.yaml:")
        assert told.startswith((place, "2: triggers.slur: nothing to look for"))
        assert MEND.search(told)
        assert not re.search("Input|Field required|Value error|valid dictionary|None", told)
    words = " ".join(problems)
    named = ("nothing to look for", "has to tell someone", "is empty", f"{key}[", f"{key}.", said)
    assert any(word in words for word in named)


FINE = {
    ("evasion", "a flag"), ("share", "a fraction"), ("when", "an empty mapping"),
    ("mean", "an empty mapping"), ("notify", "an empty list"),
}  # fmt: skip


def test_fuzzed_configurations_give_no_traceback_on_the_command_line(folder, capsys, monkeypatch):
    """G22, as an admin sees it. Each is repeated by its number."""
    for name, value in (ENVIRON | OF_EXAMPLE).items():
        monkeypatch.setenv(name, value)
    ended: dict[object, int] = {0: 0, 78: 0}
    for seed in range(200):
        Path("config.yaml").write_text(fuzzed_triggers(seed), "utf-8", "surrogatepass")
        with pytest.raises(SystemExit) as exit_:
            main(["config", "check", "config.yaml"])
        told = capsys.readouterr()
        code = exit_.value.code or 0
        ended[code] += 1  # another code is a KeyError
        assert "Traceback" not in told.err
        for line in told.err.splitlines() if code else ():
            assert line.startswith("moderator: config: config.yaml:"), seed
    assert min(ended.values()) > 10
