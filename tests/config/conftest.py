"""A folder of the test's own for a config.yaml, and an environment with its secrets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from moderator.config import Settings, load_settings
from moderator.domain.errors import ConfigError

ENVIRON = {
    "FORUM_SECRET": "kQ7-forum-9vLz2mXw4RtB8cNd6Y",
    "COMMENTS_SECRET": "Zp3-comments-Lk5jHg8sDf1Wq7Tb",
    "SLACK_URL": "https://hooks.slack.com/services/T0/B0/hidden-part",
}

# Line 1 is the first line that a test's own triggers do not have.
REST = """\
sources:
  forum: {kind: discourse, secrets: ["${FORUM_SECRET}"]}
  comments: {kind: generic, secrets: ["${COMMENTS_SECRET}"]}
channels:
  mods-slack: {kind: slack, url: "${SLACK_URL}"}
  terminal: {kind: console}
"""

Load = Callable[..., Settings]
Refused = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def load() -> Load:
    """Loads a text, or bytes, as config.yaml; keyword arguments are environment variables."""

    def load(content: str | bytes, **environ: str) -> Settings:
        as_bytes = content if isinstance(content, bytes) else content.encode()
        Path("config.yaml").write_bytes(as_bytes)
        return load_settings(Path("config.yaml"), {**ENVIRON, **environ})

    return load


@pytest.fixture
def refused(load: Load) -> Refused:
    """The problems that a text is refused for, without what every line begins with."""

    def refused(content: str | bytes, **environ: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            load(content, **environ)
        for line in caught.value.problems:
            assert line.startswith("config: config.yaml")
            assert line.isprintable()
        return [
            line.removeprefix("config: config.yaml").lstrip(":") for line in caught.value.problems
        ]

    return refused
