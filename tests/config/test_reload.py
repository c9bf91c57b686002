"""A configuration that changes while the service runs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from moderator.config import Change, ConfigWatch, load_settings, load_triggers
from moderator.domain.errors import ConfigError
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


def test_candidate_triggers_may_stand_in_a_file_of_their_own() -> None:
    """`backtest --triggers`: they name the channels of the configuration in force."""
    settings = watch().settings
    new = Path("new.yaml")
    new.write_text(TRIGGER % 0.5)
    assert [t.when for t in load_triggers(new, settings, {})] == [{"hate": 0.5}]
    new.write_text(TRIGGER % 0.6 + REST)
    assert [t.when for t in load_triggers(new, settings, {})] == [{"hate": 0.6}]
    new.write_text("triggers: {a: {when: {hate: 0.5}, notify: [pager]}}\nchannels: {pager: {}}\n")
    assert [t.notify for t in load_triggers(new, settings, {})] == [("pager",)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            TRIGGER.replace("terminal", "termnal") % 0.5,
            'config: new.yaml:2: triggers.slur.notify[0]: no channel is called "termnal"'
            " (did you mean terminal?)",
        ),
        (
            "- a\n",
            "config: new.yaml: triggers: a mapping of triggers is expected here"
            " (triggers: {slur: ...})",
        ),
        ("", "config: new.yaml: is empty; config.example.yaml shows what may stand in it"),
    ],
)
def test_candidate_triggers_with_a_mistake_are_refused(text: str, problem: str) -> None:
    """With the same lines as a whole configuration."""
    settings = watch().settings
    Path("new.yaml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_triggers(Path("new.yaml"), settings, {})
    assert caught.value.problems == (problem,)
