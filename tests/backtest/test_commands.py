"""`moderator backtest` and `moderator suggest`: what they print, and what they end with."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from moderator.cli import main
from moderator.config import load_settings
from moderator.domain.threshold import Threshold
from moderator.domain.trigger import Trigger
from moderator.domain.verdict import Origin, Word, judgement
from moderator.storage import thresholds, verdicts
from moderator.storage.engine import connect, write
from tests.backtest.board import take_in
from tests.builders import an_event, at

CONFIG = """\
triggers:
  slur:  {when: {hate: 0.5}, fold_copies: 0s, notify: [terminal]}
  rough: {when: {hate: 0.3, offensive: 0.2}, fold_copies: 0s, mode: "shadow"}
channels:
  terminal: {kind: console}
"""
CIVIL = "triggers: {slur: {when: {hate: 0.9}, fold_copies: 0s, notify: [terminal]}}\n"
DAY = 24 * 60  # minutes
TEXT = "canary-text-77c1"


@pytest.fixture
def run(capsys, monkeypatch, tmp_path, sqlite_url):
    """Run a command on this test's database; returns exit code, standard output and error."""
    for name in ("MODERATOR_CONFIG", "PORT", "WEB_CONCURRENCY", "DYNO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").write_text(CONFIG)
    Path("new.yaml").write_text(CIVIL)

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        told = capsys.readouterr()
        return ended.value.code or 0, told.out, told.err

    return run


@pytest.fixture
def filled(run, sqlite_url):
    """Ten days of 20 comments each, with hate of 0, 0.05 … 0.95; from 0.5 people were told."""
    engine = connect(sqlite_url)
    arrivals = []
    for day in range(10):
        for place in range(20):
            told = an_event(
                f"hate={place / 20} {TEXT}",
                comment_id=f"{day}-{place}",
                created_at=at(day * DAY + place),
            )
            arrivals.append((at(day * DAY + 60), told))
    take_in(engine, [Trigger(name="slur", when={"hate": 0.5})], arrivals)
    engine.dispose()
    return run


def test_the_json_is_what_scripts_rely_on(filled):
    """Exactly these keys, and every comment that changes side."""
    code, out, err = filled("backtest", "--triggers", "new.yaml", "--json")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert (told["days"], told["comments"]) == (9.01, 200)
    assert list(told["triggers"]) == ["slur", "rough"]
    slur = told["triggers"]["slur"]
    assert slur["before"] == {"alerts": 100, "alerts_per_day": 11.1}
    assert slur["after"] == {"alerts": 20, "alerts_per_day": 2.22}
    assert slur["added"] == []
    assert len(slur["removed"]) == 80
    assert slur["removed"][:2] == ["0-10", "0-11"]


def test_a_moderator_reads_both_sides_and_the_days(filled):
    code, out, _ = filled("backtest", "--triggers", "new.yaml")
    assert code == 0
    assert "200 comments over 9.01 days, 2026-11-22 to 2026-12-01 (UTC)" in out
    assert re.search(r"present +100 alerts +11.1 a day", out)
    assert re.search(r"new +20 alerts +2.22 a day", out)
    assert re.search(r"goes +80: forum/0-10, .* and 68 more \(all with --json", out)
    assert re.search(r"2026-11-25  ████████░+ 10 → 2\n", out)
    assert "0 judged, 100 not. Nobody has judged these comments yet" in out
    assert TEXT not in out


def test_where_people_judged_the_precision_is_told_with_its_interval(filled, sqlite_url):
    """Of each side, of what goes, in words, as JSON and on the page."""
    engine = connect(sqlite_url)
    with write(engine) as tx:
        for place in range(10, 20):
            said = judgement(
                Word.HATE if place > 11 else Word.FINE,
                source="forum",
                comment_id=f"0-{place}",
                who="page:ann",
                origin=Origin.PAGE,
                said_at=at(11 * DAY),
            )
            verdicts.add(tx, [said])
    engine.dispose()
    _, out, _ = filled("backtest", "--triggers", "new.yaml", "--report", "out")
    told = "8 of 10 judged were right, 80% (49% to 94%); 90 not judged"
    assert f"of present          {told}" in out
    assert "of new              2 of 2 judged were right, 100% (34% to 100%); 18 not" in out
    assert "of what goes        6 of 8 judged were right" in out
    assert "10 judged, 90 not. In brackets: the 95% interval. People judge what" in out
    assert told in Path("out/backtest.html").read_text()
    _, out, _ = filled("backtest", "--triggers", "new.yaml", "--json")
    assert json.loads(out)["triggers"]["slur"]["verdicts"]["before"] == {
        "judged": 10,
        "not_judged": 90,
        "right": 8,
        "precision": 0.8,
        "interval": [0.4902, 0.9433],
    }


def test_without_a_candidate_the_present_is_held_against_what_was_raised(filled):
    """Nothing changes for the trigger that was in force; the other one would be new."""
    code, out, _ = filled("backtest")
    assert code == 0
    slur, rough = out.split("rough:")
    assert re.search(r"was raised +100 alerts", slur)
    assert re.search(r"would be raised +100 alerts", slur)
    assert "comes            no comment" in slur
    assert re.search(r"was raised +0 alerts", rough)


def test_the_report_is_one_page_that_stands_alone(filled, tmp_path):
    """Nothing is fetched, nothing is run, no text is quoted."""
    folder = tmp_path / "out"
    code, _, err = filled("backtest", "--triggers", "new.yaml", "--report", str(folder))
    page = (folder / "backtest.html").read_text()
    assert (code, err) == (0, f"written: {folder / 'backtest.html'}\n")
    assert "<td>100 (11.1 a day)</td><td>20 (2.22 a day)</td>" in page
    assert "<td>forum</td><td>0-10</td>" in page
    assert "No comment changes side." in page  # of the trigger that stays quiet
    assert not re.search(r"<script|href=\"http|src=", page)
    assert TEXT not in page


def test_a_folder_that_cannot_be_written_is_bad_data(filled):
    Path("file").write_text("")
    code, _, err = filled("backtest", "--report", "file/out")
    assert (code, "cannot be written" in err) == (65, True)


def test_the_suggestion_as_json_is_what_scripts_rely_on(filled):
    code, out, err = filled("suggest", "--alerts-per-day", "5", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {"trigger": "slur", "threshold": 0.7501, "alerts_per_day": 4.44}


def test_a_suggestion_can_be_pasted_and_keeps_its_word(filled):
    """What is suggested is written into a file, and the backtest of that gives as many."""
    code, out, _ = filled("suggest", "--alerts-per-day", "5", "--trigger", "slur")
    assert code == 0
    assert "slur: hate 0.7501 would have raised 4.44 alerts a day; you asked for 5." in out
    assert "As it is, hate 0.5, it raises 11.1 a day." in out
    assert re.search(r"0.7501 +█+ 4.44  ← suggested", out)
    assert re.search(r"0.5 +█+ 11.1  ← now", out)
    line = out.strip().splitlines()[-1].strip()
    assert line == "when: {hate: 0.7501}"
    Path("new.yaml").write_text(
        f"triggers: {{slur: {{{line}, fold_copies: 0s, notify: [terminal]}}}}"
    )
    _, told, _ = filled("backtest", "--triggers", "new.yaml", "--json")
    assert json.loads(told)["triggers"]["slur"]["after"]["alerts_per_day"] == 4.44


def test_several_thresholds_move_together_and_all_are_told(filled):
    """The one number of the first is not enough to act on."""
    Path("config.yaml").write_text(CONFIG.replace("offensive: 0.2", "toxic: 0.35"))
    code, out, _ = filled("suggest", "--alerts-per-day", "5", "--trigger", "rough", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["when"]["hate"] == told["threshold"]
    assert told["when"]["toxic"] == pytest.approx(told["threshold"] + 0.05)
    _, out, _ = filled("suggest", "--alerts-per-day", "5", "--trigger", "rough")
    assert "All its thresholds move by as much: hate, toxic." in out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("suggest", "--alerts-per-day", "0"), 2, "--alerts-per-day"),
        (("suggest",), 2, "--alerts-per-day"),
        (("suggest", "--alerts-per-day", "50"), 65, "too little past for that"),
        (("suggest", "--alerts-per-day", "5", "--since", "1h"), 65, "20 judged comments"),
        (("suggest", "--alerts-per-day", "5", "--trigger", "slurr"), 78, "did you mean slur?"),
        (("backtest", "--since", "30"), 2, "write a whole number and a unit"),
        (("backtest", "--triggers", "none.yaml"), 78, "none.yaml: no such file"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(filled, arguments, code, message):
    ended, out, err = filled(*arguments)
    assert (ended, out) == (code, "")
    assert message in " ".join(err.split())
    assert "Traceback" not in err


@pytest.mark.parametrize("command", [("backtest",), ("suggest", "--alerts-per-day", "5")])
def test_an_empty_past_is_said_to_be_empty(run, command):
    code, out, err = run(*command)
    assert (code, out) == (65, "")
    assert err == "moderator: there is no past to look at: no judged comment is stored yet\n"


def test_a_budget_is_told_where_it_holds_its_threshold(filled, sqlite_url):
    """`suggest` says what the budget in force has done, `backtest` what another would do."""
    budget = "budget: 5/day, always_above: 0.95, fold_copies: 0s, notify: [terminal]"
    text = f"triggers: {{slur: {{when: {{hate: 0.5}}, {budget}}}}}\n"
    Path("config.yaml").write_text(text + "channels: {terminal: {kind: console}}\n")
    _, out, _ = filled("suggest", "--alerts-per-day", "5")
    assert "As it is, hate 0.5, moved by its budget, it raises" in out
    assert out.endswith("It has a budget of 5 a day, which has not moved its threshold yet.\n")

    (asked,) = load_settings(Path("config.yaml"), {}).triggers
    move = Threshold(
        key=asked.budget.key, trigger="slur", label="hate", value=0.7625, since=at(0), per_day=5,
        always_above=0.95, alerts_per_day=11.1,
    )  # fmt: skip
    engine = connect(sqlite_url)
    with write(engine) as tx:
        thresholds.add(tx, move)
    engine.dispose()
    _, out, _ = filled("suggest", "--alerts-per-day", "5")
    assert "since 2026-11-22 12:00 (UTC) that holds it at hate 0.7625." in out
    _, out, _ = filled("backtest")
    assert re.search(
        r"its budget +would have moved the threshold \d+ times, between 0.\d+ and", out
    )
