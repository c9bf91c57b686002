"""The command line, in process: what it prints, and the exit codes that scripts rely on."""

from __future__ import annotations

import io
import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from moderator.cli import app, main
from moderator.domain.configuration import Cause, Configuration
from moderator.domain.errors import ConfigError, DataError, ModelError, Unavailable
from moderator.storage.configurations import put_in_force
from moderator.storage.engine import connect, write
from tests.builders import at

CONSOLE = "channels: {terminal: {kind: console}}\n"
DOCS = Path(__file__).parents[1] / "docs" / "cli.md"


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    """A folder, an environment and a root logger of this test's own."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    monkeypatch.setattr(root, "level", root.level)
    for name in ("MODERATOR_CONFIG", "DATABASE_URL", "PORT", "WEB_CONCURRENCY", "DYNO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(capsys):
    """Run a command; returns its exit code, standard output and standard error."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return ended.value.code or 0, captured.out, captured.err

    return run


def commands():
    """Every command, as its words."""
    group: Any = typer.main.get_command(app)
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        yield from ([name, each] for each in inner) if inner else [[name]]


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_has_help_with_an_example_and_stands_in_the_documentation(words, run):
    code, out, _ = run(*words, "--help")
    assert code == 0
    assert "Example: " in out
    assert f"`{' '.join(words)}" in DOCS.read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["score", "a", "--jsonl", "b"],
        ["serve", "--port", "99999"],
        ["keys", "revoke"],
    ],
)
def test_wrong_usage_ends_with_2(arguments, run):
    assert run(*arguments)[0] == 2


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DataError("x"), 65),
        (Unavailable("x"), 75),
        (ConfigError("x"), 78),
        (ModelError("x"), 78),
        (OSError("x"), 1),
    ],
)
def test_each_kind_of_failure_has_its_exit_code(error, code):
    from moderator.cli import exit_code

    assert exit_code(error) == code


def test_a_configuration_without_mistakes_is_said_to_have_none(run, tmp_path):
    (tmp_path / "config.yaml").write_text(CONSOLE)
    code, out, err = run("config", "check")
    assert (code, out) == (
        0,
        "config.yaml: 0 sources, 0 triggers, 1 channels; no mistakes found\n",
    )
    assert "there are none" in err  # warnings


def test_a_trigger_that_is_over_is_warned_of(run, tmp_path):
    trigger = "{when: {hate: 0.8}, notify: [terminal], expires: %s}"
    over, to_come = (trigger % day for day in ("2001-01-31", "2999-12-31"))
    (tmp_path / "config.yaml").write_text(
        f"triggers:\n  old: {over}\n  young: {to_come}\n{CONSOLE}"
    )
    code, _, err = run("config", "check")
    assert code == 0
    assert "config.yaml:2: triggers.old.expires: it ended at 2001-02-01 00:00 UTC" in err
    assert "young" not in err


def test_each_mistake_is_a_line_on_standard_error_and_ends_with_78(run, tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text("chanels: {}\ntriggers: {a: {when: {hate: 80}, notify: [x]}}\n")
    code, out, err = run("config", "check", path)
    assert (code, out) == (78, "")
    assert re.search(r"c\.yaml:1: chanels: .*channels", err)
    assert re.search(r"c\.yaml:2: triggers\.a\.when\.hate: .*0\.8", err)
    assert "Traceback" not in err


def test_the_history_tells_what_was_in_force_and_what_changed(run, tmp_path):
    assert run("config", "history")[1:] == ("", "no service has run on this database yet\n")
    engine = connect(f"sqlite:///{tmp_path}/moderator.db")
    for minutes, threshold in enumerate(("0.8", "0.9")):
        said = Configuration(settings={"triggers.slur.when.hate": threshold})
        with write(engine) as tx:
            put_in_force(tx, said, cause=Cause.RELOAD, model="m@1", now=at(minutes))
    engine.dispose()
    code, out, err = run("config", "history")
    assert (code, err) == (0, "")
    newest, *changed, first = out.splitlines()
    assert re.fullmatch(r"2026-11-22 12:01:00 to now UTC  [0-9a-f]{12}  reload  m@1", newest)
    assert changed == ["  - triggers.slur.when.hate: 0.8", "  + triggers.slur.when.hate: 0.9"]
    assert first.startswith("2026-11-22 12:00:00 to 2026-11-22 12:01:00 UTC  ")
    (told,) = json.loads(run("config", "history", "--limit", 1, "--json")[1])
    assert told["since"] == "2026-11-22T12:01:00+00:00"
    assert told["differences"] == [
        {"key": "triggers.slur.when.hate", "before": "0.8", "after": "0.9"}
    ]


def test_the_schema_is_json(run):
    code, out, _ = run("config", "schema")
    assert code == 0
    assert "triggers" in json.loads(out)["properties"]


def test_a_text_is_scored_as_one_line_of_json(run):
    code, out, _ = run("score", "You are a silly goose", "--why")
    told = json.loads(out)
    assert code == 0
    fields = ["id", "scores", "label", "coverage", "abstained", "why", "residual", "base_rate"]
    assert list(told) == fields
    assert sum(told["scores"].values()) == pytest.approx(1)
    assert told["why"][0]["term"]


def test_in_a_pipe_each_why_tells_place_weight_and_disguise_and_the_marks_go_beside_it(run):
    code, out, err = run("score", "You are a stup1d goose", "--why")
    told = json.loads(out)
    (word,) = [each for each in told["why"] if each["term"] == "stupid"]
    assert set(word) == {"term", "start", "end", "label", "weight", "transformations"}
    assert (word["start"], word["end"], word["transformations"]) == (10, 16, ["leet"])
    assert isinstance(told["residual"], float)
    assert code == 0
    assert "{+stup1d+}" in err


def test_on_a_terminal_the_words_are_marked_and_weighed_for_people(run, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    plain = "What a stup1d idiot,[U+001B][2J thank you"
    code, out, _ = run("score", "What a stup1d idiot,\x1b[2J  thank you", "--why")
    assert code == 0
    assert "{+stup1d+}" in out
    assert "[-thank-]" in out
    assert re.sub(r"\x1b\[\d*m|\{\+|\+\}|\[-|-\]", "", out.split("\n")[0]) == plain
    assert "\x1b[2J" not in out  # a text must not steer the terminal
    assert re.search(r"^hate 0\.\d+  offensive 0\.\d+  neither 0\.\d+$", out, re.MULTILINE)
    assert re.search(r"^words known \d+%$", out, re.MULTILINE)
    assert re.search(r"^stupid +\+\d\.\d+  leet$", out, re.MULTILINE)
    assert re.search(r"^the rest +[+-]\d\.\d+  all other words", out, re.MULTILINE)


def test_on_a_terminal_json_is_printed_where_it_is_asked_for_or_nothing_is_explained(
    run, monkeypatch
):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    for options in (["--json", "--why"], ["--json"], []):
        assert json.loads(run("score", "You are a silly goose", *options)[1])["label"]


def test_a_text_that_was_not_judged_says_why(run, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert "not judged: empty" in run("score", "", "--why")[1]


def test_probabilities_are_those_for_the_base_rate_that_is_given(run):
    rare, often = (
        json.loads(run("score", "You are a silly goose", "--base-rate", rate)[1])
        for rate in ("0.01", "0.6")
    )
    assert (rare["base_rate"], often["base_rate"]) == (0.01, 0.6)
    assert rare["scores"]["neither"] > often["scores"]["neither"]


@pytest.mark.parametrize("rate", ["0", "1", "-0.5", "nan", "2", "often"])
def test_a_base_rate_that_is_no_share_is_wrong_usage(rate, run):
    code, _, err = run("score", "a", "--base-rate", rate)
    assert code == 2
    assert "--base-rate" in err


def test_a_file_of_lines_is_scored_line_by_line(run, tmp_path):
    path = tmp_path / "texts.jsonl"
    path.write_text('{"id": "a", "text": "hello there"}\n\n{"text": "good bye"}\n')
    code, out, err = run("score", "--jsonl", path)
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["a", 3]
    assert (code, err) == (0, "")  # no progress bar in a pipe


def test_standard_input_is_read(run, monkeypatch):
    lines = io.TextIOWrapper(io.BytesIO(b'{"id": 1, "text": "hello"}\n'))
    monkeypatch.setattr("sys.stdin", lines)
    assert json.loads(run("score", "--jsonl", "-")[1])["id"] == 1


def test_a_column_of_a_table_is_scored(run, tmp_path):
    path = tmp_path / "texts.csv"
    path.write_text("id,comment\n7,hello there\n")
    _, out, _ = run("score", "--csv", path, "--column", "comment")
    assert json.loads(out)["id"] == "7"


@pytest.mark.parametrize(
    ("content", "options", "told"),
    [
        (b"not json\n", ["--jsonl"], ":1: not a line of JSON"),
        (b'{"text": "a"}\n[1]\n', ["--jsonl"], ':2: an object with a "text"'),
        (b'{"text": "\xff"}\n', ["--jsonl"], "not UTF-8"),
        (b"id,words\n1,a\n", ["--csv"], "there is no column 'text' (there are: id, words)"),
    ],
)
def test_bad_data_is_named_with_its_line_and_ends_with_65(content, options, told, run, tmp_path):
    path = tmp_path / "data"
    path.write_bytes(content)
    code, _, err = run("score", *options, path)
    assert code == 65
    assert told in err


def test_a_key_is_shown_once_listed_without_its_secret_and_revoked(run):
    _, out, _ = run("keys", "create", "--scope", "moderate", "--name", "the dashboard", "--json")
    made = json.loads(out)
    assert made["key"].startswith("mod_")
    _, listed, _ = run("keys", "list", "--json")
    assert made["key"] not in listed
    assert json.loads(listed)[0]["name"] == "the dashboard"
    assert run("keys", "revoke", made["id"])[0] == 0
    assert json.loads(run("keys", "list", "--json")[1])[0]["revoked_at"]
    assert run("keys", "revoke", "nothing")[0] == 2


def test_a_key_is_in_no_byte_of_the_database(run, tmp_path):
    _, secret, _ = run("keys", "create")
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("moderator.db*"))
    assert secret.strip().encode() not in stored


def test_a_link_to_the_page_goes_to_the_public_address(run, tmp_path):
    (tmp_path / "config.yaml").write_text("public_url: https://mod.example.org\n" + CONSOLE)
    assert run("keys", "link")[1].startswith("https://mod.example.org/login/")


def test_a_channel_is_tried_and_its_answer_told(run, tmp_path):
    (tmp_path / "config.yaml").write_text(CONSOLE)
    code, out, _ = run("channels", "test", "terminal")
    assert code == 0
    assert "TEST" in out
    assert "terminal: sent: written" in out
    code, _, err = run("channels", "test", "mods")
    assert code == 78
    assert "there is no channel 'mods' (there are: terminal)" in err


def test_a_channel_whose_far_end_is_away_ends_with_1(run, tmp_path):
    (tmp_path / "config.yaml").write_text(
        "channels:\n  mods:\n    kind: slack\n    url: http://127.0.0.1:1/hook\n"
        '    allow_hosts: ["127.0.0.1:1"]\n'
    )
    code, out, _ = run("channels", "test", "--json")
    (told,) = json.loads(out)
    assert code == 1
    assert told["sent"] is False
    assert "hook" not in told["answer"]


def test_a_database_is_migrated_and_its_address_shown_without_a_password(run, monkeypatch):
    assert run("db", "upgrade")[1] == "sqlite:///moderator.db: the schema is up to date\n"
    monkeypatch.setenv("DATABASE_URL", "postgres://me:hidden-word@127.0.0.1:1/x")
    code, _, err = run("db", "upgrade")
    assert code == 75
    assert "hidden-word" not in err


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORT", "abc", "PORT"),
        ("WEB_CONCURRENCY", "2", "need PostgreSQL"),
        ("DATABASE_URL", "mysql://x/y", "DATABASE_URL"),
        ("DYNO", "web.1", "DATABASE_URL"),
        ("MODERATOR_CONFIG", "nowhere.yaml", "nowhere.yaml"),
    ],
)
def test_an_environment_that_cannot_serve_is_refused_with_78(name, value, told, run, monkeypatch):
    monkeypatch.setenv(name, value)
    code, _, err = run("serve")
    assert code == 78
    assert told in err


def test_a_file_that_is_no_database_is_refused_without_a_traceback(run, tmp_path):
    (tmp_path / "moderator.db").write_bytes(b"this is not a database, but it is long enough" * 50)
    code, _, err = run("serve")
    assert code == 78
    assert "restore it from a backup" in err


def test_the_version_is_told(run):
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", run("--version")[1])


@pytest.fixture
def labelled(tmp_path):
    """A small labelled file of mild words, enough of each class."""
    words = {"hate": "weasels stink", "offensive": "silly goose", "neither": "lovely walk"}
    lines = [
        f"{text} number {n} {'again ' * (n % 3)},{label}"
        for n in range(40)
        for label, text in words.items()
    ]
    path = tmp_path / "labelled.csv"
    path.write_text("text,label\n" + "\n".join(lines) + "\n")
    return path


def test_a_model_is_trained_evaluated_and_named_for_the_configuration(run, labelled, tmp_path):
    model = tmp_path / "model.joblib"
    code, out, _ = run("train", labelled, "--out", model, "--folds", "0")
    assert code == 0
    assert model.is_file()
    pin = json.loads((tmp_path / "model.card.json").read_text())["sha256"]
    assert f'sha256: "{pin}"' in out

    code, out, _ = run("evaluate", labelled, "--model", model, "--report", tmp_path / "figures")
    assert code == 0
    assert "macro-F1" in out
    assert (tmp_path / "figures" / "report.html").is_file()

    model.write_bytes(model.read_bytes() + b"!")
    code, _, err = run("evaluate", labelled, "--model", model)
    assert code == 78
    assert "the file was not opened" in err


def test_training_ends_with_the_table_of_aims_and_writes_its_page(run, labelled, tmp_path):
    model, page = tmp_path / "model.joblib", tmp_path / "figures"
    code, out, _ = run("train", labelled, "--out", model, "--report", page)
    assert code == 0
    assert "|  | new | reach |  |" in out
    assert "1 of 5 held out in turn" in out
    assert "<svg" in (page / "report.html").read_text()

    code, _, err = run("train", labelled, "--out", model, "--folds", "0", "--report", page)
    assert code == 65
    assert "nothing to report where no fold is measured" in err


def test_a_labelled_file_with_an_unknown_class_is_named_with_its_row(run, tmp_path):
    path = tmp_path / "labelled.csv"
    path.write_text("text,label\nhello,neither\nhello,rude\n")
    code, _, err = run("train", path)
    assert code == 65
    assert re.search(r"labelled\.csv.*3", err), "the file and the line"
