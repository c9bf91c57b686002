"""docs/from-perspective.md: its programs run and its configuration holds."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import typer

from moderator.cli import app
from moderator.config.settings import settings_in
from moderator.migration import read_export
from tests.receivers import HttpReceiver, HttpReply

GUIDE = (Path(__file__).parents[2] / "docs" / "from-perspective.md").read_text()
BLOCKS = [
    (language, textwrap.dedent(body))
    for language, body in re.findall(r"```(\w+)\n(.*?)```", GUIDE, flags=re.DOTALL)
]


def test_its_configuration_is_without_mistakes():
    for language, body in BLOCKS:
        if language == "yaml":
            assert settings_in(body.encode(), Path("config.yaml"), {}).perspective is not None


def test_its_commands_are_ones_that_there_are():
    """With options that they have."""
    lines = [line for language, body in BLOCKS if language == "sh" for line in body.splitlines()]
    ours = [shlex.split(line)[1:] for line in lines if line.startswith(".venv/bin/moderator ")]
    assert len(ours) >= 4
    for words in ours:
        command: Any = typer.main.get_command(app)
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]
        assert not hasattr(command, "commands"), words
        known = {name for option in command.params for name in option.opts}
        assert {word for word in words if word.startswith("--")} <= known


def test_the_program_that_saves_old_scores_writes_an_export_that_is_read(tmp_path):
    """A comment that is refused is told on standard error, and the rest goes on."""
    (program,) = (body for _, body in BLOCKS if body.startswith("# save_scores.py"))
    (tmp_path / "save_scores.py").write_text(program.replace("time.sleep(1)", "time.sleep(0)"))
    scores = b'{"attributeScores": {"TOXICITY": {"summaryScore": {"value": 0.25}}}}'
    with HttpReceiver() as perspective:
        perspective.script(HttpReply(status=400), HttpReply(body=scores))
        told = subprocess.run(
            [sys.executable, "save_scores.py", "TOXICITY"],
            cwd=tmp_path,
            env=os.environ | {"PERSPECTIVE": perspective.origin, "PERSPECTIVE_KEY": "k"},
            input='id,text\n7,hm\n8,"hello, there"\n',
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
    assert told.stderr == "7 400\n"
    (tmp_path / "export.csv").write_text(told.stdout)
    export = read_export(tmp_path / "export.csv")
    assert (export.ids, export.texts) == (("8",), ("hello, there",))
    assert export.scores["TOXICITY"].tolist() == [0.25]
