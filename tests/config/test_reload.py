"""A configuration that changes while the service runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from moderator.config import Change, ConfigWatch, load_settings
from tests.config.conftest import ENVIRON, REST

TRIGGER = "triggers:\n  slur: {when: {hate: %s}, notify: [terminal]}\n"
FILE = Path("config.yaml")


def write(text: str) -> None:
    """As an editor does: the time of the change is another one."""
    before = FILE.stat().st_mtime_ns if FILE.exists() else 0
    FILE.write_text(text)
    os.utime(FILE, ns=(before + 1_000_000, before + 1_000_000))


def watch() -> ConfigWatch:
    write(TRIGGER % 0.8 + REST)
    return ConfigWatch(load_settings(FILE, ENVIRON), ENVIRON)


def threshold(watched: ConfigWatch) -> float:
    return watched.settings.triggers[0].when["hate"]


def test_a_file_that_did_not_change_is_left_alone() -> None:
    """However often one looks, and also when it was only touched."""
    watched = watch()
    settings = watched.settings
    looks = [watched.look(), watched.look()]
    write(FILE.read_text())
    assert [*looks, watched.look()] == [Change.NONE] * 3
    assert watched.settings == settings


def test_a_changed_file_is_taken_as_a_whole() -> None:
    """C14: validated whole, then swapped; also when its length is the same."""
    watched = watch()
    digest = watched.settings.digest
    write(TRIGGER % 0.9 + REST)
    assert [watched.look(), watched.look()] == [Change.RELOADED, Change.NONE]
    assert threshold(watched) == 0.9
    assert watched.settings.digest != digest


def test_a_change_between_loading_and_the_first_look_is_seen() -> None:
    """The service takes a while to start."""
    watched = watch()
    FILE.write_text(TRIGGER % 0.7 + REST)
    assert watched.look() is Change.RELOADED
    assert threshold(watched) == 0.7


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (TRIGGER % 80 + REST, "config: config.yaml:2: triggers.slur.when.hate: 80 is above 1;"),
        ("", "config: config.yaml: is empty"),
        ("triggers: {", "config: config.yaml:1: column 12: not valid YAML"),
        (None, "config: config.yaml: no such file"),
    ],
)
def test_a_bad_change_leaves_the_old_in_force_and_is_told_once(
    text: str | None, problem: str
) -> None:
    """C14: nobody is left without alerts by a slip, or by a file that is half written."""
    watched = watch()
    settings = watched.settings
    FILE.unlink() if text is None else write(text)
    assert [watched.look(), watched.look()] == [Change.REFUSED, Change.NONE]
    assert watched.settings is settings
    assert watched.problems[0].startswith(problem)


def test_a_bad_change_that_is_taken_back_is_over() -> None:
    """RELOADED, so that the page stops to show it, although the settings are the same."""
    watched = watch()
    good = FILE.read_text()
    write("triggers: 1\n")
    assert watched.look() is Change.REFUSED
    write(good)
    assert [watched.look(), watched.problems] == [Change.RELOADED, ()]
    assert threshold(watched) == 0.8


def test_touching_the_file_reads_secret_files_again() -> None:
    """A secret that was rotated in its own file does not change config.yaml."""
    secret = Path("secret")
    secret.write_text(ENVIRON["FORUM_SECRET"])
    environ = {**ENVIRON, "FORUM_SECRET": "", "FORUM_SECRET_FILE": str(secret)}
    write(REST)
    watched = ConfigWatch(load_settings(FILE, environ), environ)
    assert watched.look() is Change.NONE
    secret.write_text("another-Secret-0123456789-xyz")
    write(REST)
    assert watched.look() is Change.RELOADED
    assert watched.settings.sources["forum"].keys == (b"another-Secret-0123456789-xyz",)


def test_a_file_is_waited_for_where_the_defaults_are_in_force() -> None:
    """Writing the first config.yaml needs no restart."""
    watched = ConfigWatch(load_settings(None, ENVIRON), ENVIRON)
    assert watched.look() is Change.NONE
    write(TRIGGER % 0.8 + REST)
    assert watched.look() is Change.RELOADED
    assert watched.settings.path == FILE
