"""`moderator triggers`: what it lists, what it writes, what it ends with."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from moderator.alerting import Rules
from moderator.app.history import remember
from moderator.cli import main
from moderator.config import configuration_of, load_settings
from moderator.domain.configuration import Cause
from moderator.ingest import ingest
from moderator.storage.engine import connect, write
from moderator.storage.tables import configuration_periods
from tests.builders import MarkedScorer, a_delivery, an_event

CONFIG = """\
triggers:
  slur:  {when: {hate: 0.5}, notify: [terminal]}
  rough:
    when: {offensive: 0.2}
    mode: shadow   # for a week
    notify: [terminal, mods]
    fold_copies: 0s
  bare:
    when: {hate: 0.9}
    mode: shadow
channels:
  terminal: {kind: console}
  mods: {kind: console}
"""


@pytest.fixture
def run(capsys, monkeypatch, tmp_path, sqlite_url):
    """Run a command on this test's database; returns exit code, standard output and error."""
    for name in ("MODERATOR_CONFIG", "PORT", "WEB_CONCURRENCY", "DYNO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").write_text(CONFIG)

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["triggers", *arguments])
        told = capsys.readouterr()
        return ended.value.code or 0, told.out, told.err

    return run


@pytest.fixture
def filled(run, sqlite_url):
    """A service has run for three days, and one comment was hateful, six were rude."""
    engine, now = connect(sqlite_url), datetime.now(UTC)
    settings = load_settings(Path("config.yaml"), {})
    remember(engine, configuration_of(settings), Cause.START, "marked@0")
    with write(engine) as tx:
        tx.execute(configuration_periods.update().values(since=now - timedelta(days=3)))
    texts = ["hate=0.6", *["offensive=0.3"] * 6]
    for number, text in enumerate(texts):
        ingest(
            engine,
            MarkedScorer(),
            Rules(triggers=settings.triggers, recipients={"terminal": ("",)}),
            [a_delivery(an_event(text, comment_id=str(number)))],
            now=now - timedelta(hours=number),
            new_id=f"a{number}".__str__,
        )
    engine.dispose()
    return run


def test_the_list_says_what_each_has_raised_and_whom_it_would_have_told(filled):
    code, out, _ = filled()
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert code == 0
    assert lines[0] == "trigger mode live shadow since"
    assert lines[1].startswith("slur live 1 (0.3 a day) 0 ")
    assert lines[2].startswith("rough shadow 0 6 (2 a day) ")
    assert lines[3] == (
        "In 3 days it would have told mods 6 times (2 a day), terminal 6 times (2 a day)."
    )
    assert lines[5] == "In 3 days it would have told nobody anything."


def test_the_same_for_a_script(filled):
    code, out, _ = filled("--json")
    slur, rough, _ = json.loads(out)
    assert code == 0
    assert (slur["name"], slur["mode"], slur["alerts"]) == (
        "slur",
        "live",
        {"live": 1, "shadow": 0},
    )
    assert rough["alerts_per_day"]["shadow"] == pytest.approx(2, abs=0.01)
    assert rough["would_tell"] == {"mods": 6, "terminal": 6}
    assert sum(day["mods"] for day in rough["by_day"].values()) == 6


def test_promoting_changes_one_word_and_says_so(run):
    code, out, _ = run("promote", "rough")
    assert code == 0
    assert out == (
        "config.yaml: rough is live now\n"
        "  -    mode: shadow   # for a week\n"
        "  +    mode: live   # for a week\n"
        "A service that runs on this file takes it up within seconds.\n"
    )
    changed = CONFIG.replace("mode: shadow   #", "mode: live   #")
    assert Path("config.yaml").read_text() == changed

    code, out, _ = run("mute", "rough", "--json")
    assert code == 0
    assert json.loads(out) == {
        "path": "config.yaml",
        "trigger": "rough",
        "mode": "shadow",
        "lines": ["-    mode: live   # for a week", "+    mode: shadow   # for a week"],
    }
    assert Path("config.yaml").read_text() == CONFIG


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["promote", "ruogh"], 78, 'there is no trigger "ruogh" (did you mean rough?)'),
        (["promote", "slur"], 78, "triggers.slur: is live already"),
        (
            ["promote", "bare"],
            78,
            "config.yaml:8: triggers.bare: a live trigger has to tell someone: write notify",
        ),
        (["promote"], 2, "Missing argument"),
        (["--config", "a.yaml", "promote", "rough"], 2, "write options behind promote"),
        (["promote", "rough", "--config", "none.yaml"], 78, "none.yaml: no such file"),
        (["add", "slur", "--when", "hate=0.9", "--notify", "mods"], 78, "of that name already"),
        (["add", "Mean words", "--when", "hate=0.9"], 2, "did you mean mean-words?"),
        (["add", "new", "--when", "hate=0.9"], 2, "name the channels to tell"),
        (["add", "new", "--when", "hate", "--notify", "mods"], 2, "is no label and number"),
        (["add", "new", "--when", "hate=80%", "--notify", "mods"], 78, "(did you mean 0.8?)"),
        (["add", "new", "--when", "hate=1}, b: {", "--notify", "mods"], 78, "is text"),
        (["add", "new", "--when", "hate=1", "--notify", "a, b"], 78, 'no channel is called "a, b"'),
    ],
)
def test_what_cannot_be_done_changes_nothing_and_is_said(run, arguments, code, said):
    ended, out, err = run(*arguments)
    assert (ended, out) == (code, "")
    assert said in " ".join(err.replace("│", " ").split())
    assert "Traceback" not in err
    assert Path("config.yaml").read_text() == CONFIG


def test_without_a_file_there_is_nothing_to_change(run):
    Path("config.yaml").unlink()
    code, _, err = run("promote", "slur")
    assert code == 78
    assert "there is no configuration file to change" in err


def test_a_new_trigger_is_tried_out_first(run):
    code, out, _ = run(
        *("add", "heated", "--scope", "thread", "--count", "3", "--within", "10m"),
        *("--when", "toxic=0.6", "--when", "hate=0.1", "--notify", "mods"),
    )
    assert code == 0
    assert "heated is in shadow now: nobody is told" in out
    block = """\
  heated:
    scope: thread
    when: {toxic: 0.6, hate: 0.1}
    count: 3
    within: 10m
    # shadow: recorded, nobody is told. `moderator triggers promote heated` makes it live.
    mode: shadow
    notify: [mods]
"""
    assert Path("config.yaml").read_text() == CONFIG.replace("channels:\n", block + "channels:\n")
    assert run("promote", "heated")[0] == 0
