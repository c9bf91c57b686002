"""Whatever happens to a configuration on its way: settings, or lines that say what is wrong."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from moderator.config import Settings, load_settings
from moderator.domain.errors import ConfigError
from tests.config.test_example import ALL_ON, ENVIRON

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


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutations") / "config.yaml"


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(min_value=0, max_value=2**48))
def test_an_accident_is_never_a_traceback(path: Path, seed: int) -> None:
    """G22. Each failure is repeated by its seed."""
    attempt(mutated(seed).encode("utf-8", "surrogatepass"), path)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
@example(b"\xef\xbb\xbf")
@example(b"? ? ? a")
@example(b"a: 'b")
@example(b"%TAG ! tag:x,2000:\n--- !a b")
def test_a_file_of_anything_is_never_a_traceback(path: Path, content: bytes) -> None:
    """Not a configuration at all: still a line that says so."""
    attempt(content, path)
