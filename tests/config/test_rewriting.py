"""A changed configuration takes the old one's place whole, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from moderator.config.editing import with_mode
from moderator.config.rewriting import rewrite
from moderator.domain.errors import ConfigError
from moderator.domain.trigger import Mode
from tests.config.conftest import ENVIRON, REST

TEXT = "triggers:\n  slur:\n    when: {hate: 0.8}\n    mode: shadow  # yet\n" + REST
TOLD = TEXT.replace("shadow  #", "shadow\n    notify: [terminal]  #")


def promoted(path: Path, text: str = TOLD):
    path.write_bytes(text.encode())
    return rewrite(path, ENVIRON, lambda text: with_mode(text, "slur", Mode.LIVE))


def test_it_says_what_it_did_and_did_no_more(folder):
    done = promoted(folder / "config.yaml")
    assert done.lines == ("-    mode: shadow", "+    mode: live")
    assert done.after.triggers[0].mode is Mode.LIVE
    assert (folder / "config.yaml").read_text() == TOLD.replace("mode: shadow", "mode: live")
    assert os.listdir(folder) == ["config.yaml"]


def test_permissions_the_byte_order_mark_and_a_link_stay(folder):
    path, link = folder / "real.yaml", folder / "config.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + TOLD.encode())
    path.chmod(0o640)
    link.symlink_to(path.name)
    rewrite(link, ENVIRON, lambda text: with_mode(text, "slur", Mode.LIVE))

    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.read_bytes().startswith(b"\xef\xbb\xbftriggers")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TEXT, "a live trigger has to tell someone: write notify with names of channels"),
        (TOLD + "public: 3\n", "public: a list is expected, not 3"),
        (TOLD.replace("shadow", '"${MODE:-shadow}"'), "its mode is read from the environment"),
    ],
)
def test_a_file_that_is_wrong_or_would_be_is_left_as_it_is(folder, text, said):
    with pytest.raises(ConfigError) as caught:
        promoted(folder / "config.yaml", text)
    assert said in caught.value.problems[0]
    assert caught.value.problems[-1].endswith("config.yaml: nothing was changed")
    assert (folder / "config.yaml").read_text() == text


def test_what_somebody_else_saved_meanwhile_is_not_lost(folder):
    path = folder / "config.yaml"
    path.write_text(TOLD)

    def edit(text: str) -> str:
        path.write_text(TOLD + "# saved meanwhile\n")
        return with_mode(text, "slur", Mode.LIVE)

    with pytest.raises(ConfigError, match="it was changed meanwhile; look, and try again"):
        rewrite(path, ENVIRON, edit)
    assert path.read_text() == TOLD + "# saved meanwhile\n"
    assert os.listdir(folder) == ["config.yaml"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write every file")
def test_a_file_that_may_not_be_written_is_told(folder):
    path = folder / "config.yaml"
    path.write_text(TOLD)
    path.chmod(0o440)
    with pytest.raises(ConfigError, match=r"cannot be written \(permission denied\)"):
        rewrite(path, ENVIRON, lambda text: with_mode(text, "slur", Mode.LIVE))


def test_a_file_that_is_not_there_is_told(folder):
    with pytest.raises(ConfigError, match="no such file"):
        rewrite(folder / "config.yaml", ENVIRON, str)
