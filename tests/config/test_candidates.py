"""Triggers that are tried out before they are put in force."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from moderator.config import load_settings
from moderator.config.candidates import load_triggers, read_candidate
from moderator.domain.errors import ConfigError
from moderator.domain.trigger import Selection
from tests.config.conftest import ENVIRON, REST

TRIGGER = "triggers:\n  slur: {when: {hate: %s}, notify: [terminal]}\n"


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A configuration in force, and a folder for new files."""
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").write_text(TRIGGER % 0.8 + REST)
    return load_settings(Path("config.yaml"), ENVIRON)


def test_candidates_may_stand_in_a_file_of_their_own(settings):
    """They name the channels of the configuration in force, or bring their own."""
    new = Path("new.yaml")
    new.write_text(TRIGGER % 0.5)
    assert [t.when for t in load_triggers(new, settings, {})] == [{"hate": 0.5}]
    new.write_text(TRIGGER % 0.6 + REST)
    assert [t.when for t in load_triggers(new, settings, {})] == [{"hate": 0.6}]
    new.write_text("triggers: {a: {when: {hate: 0.5}, notify: [pager]}}\nchannels: {pager: {}}\n")
    assert [t.notify for t in load_triggers(new, settings, {})] == [("pager",)]


def test_whom_the_configuration_exempts_is_left_out_of_candidates_too(settings):
    """Else a backtest would tell of alerts that nobody would get; a file may have its own."""
    staff = "exempt: {roles: [staff]}\n"
    Path("config.yaml").write_text(TRIGGER % 0.8 + staff + REST)
    in_force = load_settings(Path("config.yaml"), ENVIRON)
    new = Path("new.yaml")
    new.write_text(TRIGGER % 0.5)
    (trigger,) = load_triggers(new, in_force, {})
    assert trigger.exempt == Selection(roles=frozenset({"staff"}))
    new.write_text(TRIGGER % 0.5 + "exempt: {authors: [our-bot]}\n")
    (trigger,) = load_triggers(new, in_force, {})
    assert trigger.exempt == Selection(authors=frozenset({"our-bot"}))

    asked = {"triggers": {"slur": {"when": {"hate": 0.5}, "notify": ["terminal"]}}}
    found = read_candidate(asked, channels=["terminal"], sources=[], exempt=in_force.exempt)
    assert found.triggers[0].exempt == Selection(roles=frozenset({"staff"}))


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
def test_candidates_with_a_mistake_are_refused(settings, text, problem):
    """With the same lines as a whole configuration."""
    Path("new.yaml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_triggers(Path("new.yaml"), settings, {})
    assert caught.value.problems == (problem,)


def test_a_request_reads_nothing_from_the_environment(monkeypatch):
    """Whoever asks over HTTP must not learn what a variable holds."""
    monkeypatch.setenv("GENERIC_SECRET", "a secret to be kept")
    asked = {"triggers": {"slur": {"when": {"hate": 0.5}, "notify": ["${GENERIC_SECRET}"]}}}
    with pytest.raises(ConfigError) as caught:
        read_candidate(asked, channels=["terminal"], sources=[])
    assert "a secret to be kept" not in str(caught.value)


@pytest.mark.parametrize("asked", [None, [], {}, {"triggers": []}, {"triggers": {"a": 1}}, "x"])
def test_a_request_without_triggers_is_refused(asked):
    """Whatever JSON it is."""
    with pytest.raises(ConfigError, match="triggers"):
        read_candidate(asked, channels=["terminal"], sources=[])


def test_a_request_may_say_how_much_of_the_past_it_means():
    """A month, unless it says so."""
    slur = {"slur": {"when": {"hate": 0.5}, "notify": ["terminal"]}}
    usual = read_candidate({"triggers": slur}, channels=["terminal"], sources=[])
    week = read_candidate({"triggers": slur, "since": "1w"}, channels=["terminal"], sources=[])
    assert (usual.length, week.length) == (timedelta(days=30), timedelta(days=7))
    assert usual.triggers == week.triggers


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"since": "30"}, "config: the request: since: "),
        ({"since": 30}, "config: the request: since: is not a duration"),
        ({"sinse": "30d"}, "config: the request: sinse: is not known here"),
    ],
)
def test_a_request_with_a_mistake_is_told_which(more, problem):
    with pytest.raises(ConfigError) as caught:
        read_candidate({"triggers": {}} | more, channels=[], sources=[])
    assert str(caught.value).startswith(problem)
