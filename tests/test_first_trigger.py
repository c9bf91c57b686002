"""README's five commands, walked as a newcomer walks them: a real service, a shell, a file."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"
CHAPTER = "## Your first trigger, in five commands"


@pytest.fixture
def said(tmp_path: Path) -> Iterator[str]:
    """What the demonstration prints until it is ready; it runs until the test is over."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = os.environ | {"PORT": str(port), "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "moderator", "demo"], env=environ, stdout=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout is not None
        lines = []
        for line in demo.stdout:
            lines.append(line)
            if line.startswith("ready: "):
                break
        yield "".join(lines)
        demo.send_signal(signal.SIGINT)
        demo.stdout.read()
    assert not list(tmp_path.glob("moderator-demo-*"))


def commands_of(text: str) -> list[str]:
    return [line.split("#")[0].strip() for line in text.splitlines() if "./moderator" in line]


def test_from_the_demonstration_to_a_trigger_of_ones_own(said: str) -> None:
    chapter = README.read_text(encoding="utf-8").partition(CHAPTER)[2]
    block = re.search(r"```sh\n(.*?)```", chapter, re.DOTALL)
    assert block is not None
    assert len(block[1].splitlines()) == 5
    commands = commands_of(block[1])
    assert commands == commands_of(said)
    told = re.search(r"^  cd (\S+)$", said, re.MULTILINE)
    assert told is not None
    folder = told[1]

    def run(command: str) -> str:
        environ = os.environ | {"MODERATOR_CONFIG": "elsewhere.yaml", "DATABASE_URL": "sqlite://"}
        done = subprocess.run(
            command, shell=True, cwd=folder, env=environ, capture_output=True, text=True, check=True
        )
        return done.stdout

    add, backtest, promote = commands
    assert "rude is in shadow now" in run(add)
    effects = json.loads(run(f"{backtest} --json"))["triggers"]
    assert effects["rude"]["after"]["alerts"] == 8
    for name in ("nasty-comment", "heated-thread"):  # the past is below what they ask for
        assert effects[name]["before"] == effects[name]["after"]
    assert "rude is live now" in run(promote)
    listed = json.loads(run("./moderator triggers --json"))
    assert {each["name"]: each["mode"] for each in listed}["rude"] == "live"
    assert [each["alerts"]["live"] for each in listed] == [1, 1, 0]
