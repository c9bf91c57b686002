"""`moderator base-rate`: what it prints, and what it ends with."""

from __future__ import annotations

import json
from typing import Any

import pytest

from moderator.app.base_rates import start_of_day
from moderator.classifier.bundled import load_bundled
from moderator.cli import main
from moderator.storage.engine import connect
from tests.app.boards import fill

CONFIG = """\
sources:
  forum: {kind: generic, secrets: [kQ7-forum-9vLz2mXw4RtB8cNd6Y], base_rate: estimate}
  club: {kind: generic, secrets: [Zp3-club-Lk5jHg8sDf1Wq7Tb29xA], base_rate: 0.025}
  other: {kind: generic, secrets: [bV4-other-7yUj1nKo3PeA5sGf0Hq]}
"""


@pytest.fixture
def run(capsys, monkeypatch, tmp_path, database_url):
    """Run the command on this database; returns its exit code, standard output and error."""
    for name in ("MODERATOR_CONFIG", "PORT", "WEB_CONCURRENCY", "DYNO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG)

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["base-rate", *arguments])
        told = capsys.readouterr()
        return ended.value.code or 0, told.out, told.err

    return run


@pytest.fixture
def filled(database_url):
    """5 % of the forum's comments are toxic; the club has too few comments."""
    engine = connect(database_url)
    scorer, before = load_bundled(), start_of_day(engine)
    board: dict[str, Any] = {"model": scorer.model, "declared": scorer.base_rate, "before": before}
    fill(engine, share=0.05, **board)
    fill(engine, share=0.05, count=10, source="club", **board)
    engine.dispose()
    return scorer


def test_it_says_what_is_configured_estimated_and_in_force_for_each_source(run, filled):
    """As a program reads it."""
    code, out, err = run("--json")
    forum, club, other = json.loads(out)

    assert (code, err) == (0, "")
    assert (forum["source"], forum["configured"], forum["comments"]) == ("forum", "estimate", 1_500)
    assert forum["low"] < 0.05 < forum["high"]
    assert forum["in_force"] == forum["estimate"]
    assert forum["line"] == f"base_rate: {forum['estimate']:.2g}"
    assert club == {
        "source": "club",
        "configured": 0.025,
        "declared": filled.base_rate,
        "in_force": 0.025,
        "estimate": None,
        "low": None,
        "high": None,
        "comments": 10,
        "line": None,
    }
    assert (other["configured"], other["in_force"]) == (None, filled.base_rate)
    assert other["comments"] == 0


def test_it_says_so_in_words_with_the_line_to_write(run, filled):
    """One source, as a person reads it; the line can be pasted."""
    code, out, _ = run("--source", "forum")
    assert code == 0
    assert "sources.forum:" in out
    assert "club" not in out
    assert "95% interval" in out
    assert "from 1,500 comments" in out
    assert "canary" not in out
    told = json.loads(run("--source", "forum", "--json")[1])[0]
    assert told["line"] in out
    assert "and 1,000 are needed" in run("--source", "club")[1]


def test_a_source_that_nobody_configured_ends_with_78_and_the_nearest_name(run):
    code, out, err = run("--source", "form")
    assert (code, out) == (78, "")
    assert "there is no source 'form' (did you mean forum?)" in err


def test_a_configuration_without_sources_has_none_to_tell_of(run, tmp_path):
    (tmp_path / "config.yaml").write_text("public: []\n")
    assert run("--json")[:2] == (0, "[]\n")
    assert "names no source" in run()[2]


def test_a_database_that_is_away_ends_with_75(run, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hidden-word@127.0.0.1:1/nothing")
    code, _, err = run()
    assert code == 75
    assert "hidden-word" not in err
