"""Whatever happens to a configuration on its way: settings, or lines that say what is wrong."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from moderator.config import Settings, load_settings
from moderator.config.triggers import TriggerBlock
from moderator.domain.errors import ConfigError
from moderator.domain.passing import let_pass, pulls
from moderator.domain.score import Probabilities
from moderator.domain.trigger import Sighting, Trigger
from tests.builders import at
from tests.config.test_example import ALL_ON, ENVIRON, keys_of

LINES = [line for line in ALL_ON.splitlines() if line.strip() and not line.lstrip().startswith("#")]
WORDS = (
    *(
        "null",
        "true",
        "yes",
        "80",
        "-1",
        ".nan",
        ".inf",
        "1e999",
        "9" * 400,
        "''",
        '""',
        "[]",
        "{}",
    ),
    *("[[]]", "{a: {b: {c: d}}}", "*x", "&x", "!!str a", "? a", "- a", ": ", "|", ">", "%YAML 1.1"),
    *(
        "---",
        "...",
        "\t",
        "#",
        '"\\ud800"',
        '"\\0"',
        "é\u2028",
        "\x1b[31m",
        "${",
        "${NOPE}",
        "$${A}",
    ),
    *("${DISCOURSE_SECRET}", "<<", "5", "10m", "-5m", "99999999y", "thread", "slack", "toxic", "@"),
)


def mutated(seed: int) -> str:
    """The example after one to six accidents of a copying, cutting and typing hand."""
    chance = random.Random(seed)
    lines = list(LINES)
    for _ in range(chance.randint(1, 6)):
        i = chance.randrange(len(lines))
        key, colon, value = lines[i].partition(":")
        word = chance.choice(WORDS)
        lines[i : i + 1] = chance.choice(
            [
                [],
                [lines[i], lines[i]],
                [lines[i], chance.choice(LINES)],
                [f"{key}{colon} {word}"],
                [f"{key[: len(key) - len(key.lstrip())]}{word}{colon}{value}"],
                [lines[i][: chance.randint(0, len(lines[i]))]],
                [" " * chance.randint(0, 9) + lines[i].lstrip()],
                [lines[i].replace(chance.choice(lines[i] or " "), word)],
                [lines[i] + word],
            ]
        ) or [""]
    return "\n".join(lines)


def attempt(content: bytes, path: Path) -> None:
    """Load it; the two outcomes that there may be."""
    path.write_bytes(content)
    lines: tuple[str, ...] = ()
    try:
        assert isinstance(load_settings(path, ENVIRON), Settings)
    except ConfigError as exc:
        lines = exc.problems or ("nothing was said",)
    for line in lines:
        assert line.startswith(f"config: {path}:")
        assert line.isprintable()
        assert len(line) < 2_000
        assert not any(secret in line for secret in ENVIRON.values())


VALUES = (
    *("thread", "author", "board", "comment", "bord", "{toxic: 0.6}", "{hate: 80}", "{hatee: 0.5}"),
    *("{toxic: }", "0.3", "0", "1", "3", "256", "257", "-1", "1.5", "30%", "3x", "1e400", "10m"),
    *(
        "2026-12-31T18:00",
        "2026-13-01",
        "1h",
        "7d",
        "99y",
        "10",
        "10 minutes",
        "live",
        "shadow",
        "off",
        "info",
        "critical",
        "premod",
        "true",
    ),
    *(
        "yes",
        "{after: 0, notify: [terminal]}",
        "{unacknowledged: 30}",
        "{sources: [forum]}",
        "{sources: [forun]}",
        "{roles: staff}",
        "{boards: [1]}",
        "{}",
    ),
    *("[terminal]", "[terminal, terminal]", "[nobody]", "terminal", "[]", "[[]]", "[null]"),
)
RIGHT = {
    "scope": "thread",
    "when": "{toxic: 0.6}",
    "mean": "{toxic: 0.1}",
    "evasion": "true",
    "new_author_within": "7d",
    "share": "0.5",
    "rise": "1.5",
    "count": "2",
    "within": "1h",
    "cooldown": "1m",
    "fold_copies": "30m",
    "budget": "20/day",
    "always_above": "0.95",
    "expires": "2999-12-31",
    "mode": "shadow",
    "severity": "info",
    "act": "none",
    "only": "{sources: [forum]}",
    "except": "{boards: [general]}",
    "notify": "[terminal]",
    "escalate": "{after: 3, unacknowledged: 1h, notify: [console]}",
}
AROUND = """\
sources:
  forum: {kind: discourse, secrets: ["${DISCOURSE_SECRET}"]}
channels:
  terminal: {kind: console}
  console: {kind: console}
"""


def fuzzed_triggers(seed: int) -> str:
    """One to three triggers of any keys with any values, some of which are right."""
    chance = random.Random(seed)
    lines = ["triggers:"]
    for number in range(chance.randint(1, 3)):
        wrong = chance.choice([0, 0, 0.1, 0.5])
        needed = ("scope", "when", "within", "notify")
        block = {key: RIGHT[key] for key in needed if chance.random() >= wrong}
        for _ in range(chance.randint(0, 6)):
            key = chance.choice(list(RIGHT))
            if chance.random() >= wrong:
                block[key] = RIGHT[key]
                continue
            if chance.random() < 0.2:
                key = key[: chance.randint(0, len(key))] + chance.choice(["", "s", "_", "x y"])
            block[key] = chance.choice(VALUES if chance.random() < 0.9 else WORDS)
        lines += [f"  trigger-{number}:", *(f"    {key}: {value}" for key, value in block.items())]
    if chance.random() < 0.1:
        lines.append(f"exempt: {chance.choice(VALUES)}")
    return "\n".join(lines) + "\n" + AROUND


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutations") / "config.yaml"


@settings(suppress_health_check=list(HealthCheck))
@given(st.integers(min_value=0, max_value=2**48))
def test_an_accident_is_never_a_traceback(path: Path, seed: int) -> None:
    """G22. Each failure is repeated by its seed."""
    attempt(mutated(seed).encode("utf-8", "surrogatepass"), path)


PASSING = [
    Sighting(
        source="forum",
        comment_id=str(number),
        version="0-0",
        at=at(number),
        probabilities=Probabilities(hate=0.7, offensive=0.2, neither=0.1),
        thread_id="7",
        author_id="9",
        author_known_s=number,
        evades=number % 2 == 0,
    )
    for number in range(5)
]


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(st.integers(min_value=0, max_value=2**48))
def test_triggers_of_anything_run_or_are_told_by_line(path: Path, seed: int) -> None:
    """What is taken can be run; what is not is told in our words, at a line, and not pydantic's."""
    path.write_text(fuzzed_triggers(seed), encoding="utf-8", errors="surrogatepass")
    triggers: tuple[Trigger, ...] = ()
    problems: tuple[str, ...] = ()
    try:
        triggers = load_settings(path, ENVIRON).triggers
    except ConfigError as exc:
        problems = exc.problems
    assert bool(triggers) != bool(problems)
    for line in problems:
        assert re.match(rf"config: {re.escape(str(path))}:\d+: ", line)
        assert not re.search("Input|Field required|Value error|valid dictionary", line)
    pulled = [pull for seen in PASSING for pull in pulls(triggers, seen)]
    assert len(let_pass(pulled, {}, lambda: "a1")) == len(pulled)


def test_what_is_fuzzed_is_every_key_of_a_trigger() -> None:
    """A key that is added is fuzzed, too."""
    assert RIGHT.keys() == keys_of(TriggerBlock)


@settings(suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
@example(b"\xef\xbb\xbf")
@example(b"? ? ? a")
@example(b"a: 'b")
@example(b"%TAG ! tag:x,2000:\n--- !a b")
def test_a_file_of_anything_is_never_a_traceback(path: Path, content: bytes) -> None:
    """Not a configuration at all: still a line that says so."""
    attempt(content, path)
