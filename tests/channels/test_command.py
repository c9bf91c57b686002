"""`moderator channels test` and `config check` with the channels over HTTP, as a user runs them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from moderator.cli import main
from moderator.config import load_settings
from moderator.domain.errors import ConfigError
from tests.channels.providers import CANARY, PROVIDERS, Provider
from tests.receivers import HttpReceiver, HttpReply

every_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda each: each.kind)


@pytest.fixture
def far_end():
    """A provider of the test's own."""
    with HttpReceiver() as receiver:
        yield receiver


def written(folder: Path, provider: Provider, far_end: HttpReceiver, **changes: Any) -> Path:
    """A configuration with this one channel, one key a line."""
    block: dict[str, Any] = {"kind": provider.kind, "allow_hosts": [far_end.host_port]}
    block |= {**provider.settings(far_end.origin), **changes}
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump({"channels": {"mods": block}}, sort_keys=False))
    return path


@every_provider
def test_a_channel_is_tried_by_its_name(
    far_end: HttpReceiver, provider: Provider, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One marked message; what the far end answered is told, and no secret."""
    far_end.default = provider.yes
    path = written(tmp_path, provider, far_end)

    with pytest.raises(SystemExit) as ended:
        main(["channels", "test", "mods", "--config", str(path)])

    told = capsys.readouterr()
    assert (ended.value.code or 0, told.out) == (0, f"mods: sent: {provider.yes.status}\n")
    assert CANARY not in told.err
    assert b"TEST" in far_end.requests[0].body


@every_provider
def test_a_channel_that_does_not_work_is_said_to(
    far_end: HttpReceiver, provider: Provider, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the code of the answer, and exit code 1."""
    far_end.default = HttpReply(status=403, body=b"{}")
    path = written(tmp_path, provider, far_end)

    with pytest.raises(SystemExit) as ended:
        main(["channels", "test", "mods", "--config", str(path)])

    told = capsys.readouterr()
    assert ended.value.code == 1
    assert told.out == f"mods: NOT SENT: {provider.called} answered 403\n"
    assert CANARY not in told.err


@every_provider
def test_a_mistake_is_told_with_file_line_and_key(
    far_end: HttpReceiver, provider: Provider, tmp_path: Path
) -> None:
    """And without the value, where that may be a secret."""
    key, value = next(iter(provider.settings("gopher://far.example").items()))
    path = written(tmp_path, provider, far_end, **{key: value})
    line = 1 + next(
        number
        for number, text in enumerate(path.read_text().splitlines())
        if text.strip().startswith(f"{key}:")
    )

    with pytest.raises(ConfigError) as error:
        load_settings(path, {})

    (problem,) = error.value.problems
    assert problem.startswith(f"config: {path}:{line}: channels.mods.{key}: ")
    assert CANARY not in problem
