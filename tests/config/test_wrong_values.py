"""Every key of a trigger with every kind of wrong value: line, key, value, and what to write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from moderator.cli import main
from moderator.domain.errors import ConfigError
from tests.config.conftest import ENVIRON, REST
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


@pytest.mark.parametrize("kind", list(WRONG))
@pytest.mark.parametrize("key", list(RIGHT))
def test_a_wrong_value_of_any_key_is_told_with_its_line_and_the_mend(key, kind, load):
    """`act` is for single comments: it stands without the keys of the wider scopes."""
    value, said = WRONG[kind]
    block = RIGHT if key != "act" else {name: RIGHT[name] for name in ("when", "notify")}
    block = {**block, key: value}
    lines = [f"    {name}: {text}" for name, text in block.items()]
    text = "\n".join(["triggers:", "  slur:", *lines, CHANNELS])
    place = f"{3 + list(block).index(key)}: triggers.slur.{key}"
    try:
        load(text)
    except ConfigError as error:
        problems = error.problems
    else:
        assert (key, kind) in FINE or kind == "nothing"
        return
    for problem in problems:
        assert problem.startswith(f"config: config.yaml:{place}")
        assert MEND.search(problem)
        assert not re.search("Input|Field required|Value error|valid dictionary|None", problem)
    inside = any(part in problems[0] for part in (f"{key}[", f"{key}."))
    assert inside or said in problems[0] or "empty" in problems[0]


FINE = {
    ("evasion", "a flag"), ("share", "a fraction"), ("when", "an empty mapping"),
    ("mean", "an empty mapping"), ("notify", "an empty list"),
}  # fmt: skip


def test_two_hundred_fuzzed_configurations_give_no_traceback_on_the_command_line(
    folder, capsys, monkeypatch
):
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
    assert min(ended.values()) > 20
