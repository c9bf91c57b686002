"""`moderator export --judged`: what people judged, in the form that `moderator train` reads."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path

import pytest

from moderator.alerting import Rules
from moderator.classifier.dataset import read_labelled
from moderator.cli import main
from moderator.domain.comment import EventKind
from moderator.domain.verdict import SPAM, Origin, Verdict, Word, judgement
from moderator.ingest import ingest
from moderator.storage import tables, verdicts
from moderator.storage.engine import connect, write
from tests.builders import NOON, MarkedScorer, a_delivery, an_event, at


@pytest.fixture
def engine(sqlite_url):
    """An engine on the database that the command works on."""
    engine = connect(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def run(capsys, monkeypatch, tmp_path, sqlite_url):
    """Run a command; returns its exit code, standard output and standard error."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([*arguments])
        told = capsys.readouterr()
        return ended.value.code or 0, told.out, told.err

    return run


def take(engine, *events):
    """Ingest events."""
    batch = [a_delivery(event) for event in events]
    ingest(engine, MarkedScorer(), Rules(), batch, now=NOON, new_id=lambda: "a")


def say(engine, comment_id, *said):
    """Words of ann's, and (attribute, value) pairs by a key."""
    for one in said:
        if isinstance(one, Word):
            verdict = judgement(
                one,
                source="forum",
                comment_id=comment_id,
                who="page:ann",
                origin=Origin.PAGE,
                said_at=at(1),
            )
        else:
            verdict = Verdict(
                source="forum",
                comment_id=comment_id,
                attribute=one[0],
                value=one[1],
                who="key:1",
                origin=Origin.PERSPECTIVE,
                said_at=at(1),
            )
        with write(engine) as tx:
            verdicts.add(tx, [verdict])


def rows(path="judged.csv"):
    """What was written, without its columns of names."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["label"], row["kind"]) for row in csv.DictReader(file)]


SPOKEN = [
    (Word.FINE, "neither", "said"),
    (Word.HATE, "hate", "said"),
    (Word.OFFENSIVE, "offensive", "said"),
    (Word.TOXIC, "hate", "guessed"),  # the model holds hate for the likelier one
    (("TOXICITY", 0.0), "neither", "said"),
    (("TOXICITY", 1.0), "hate", "guessed"),
    (("INSULT", 0.9), "offensive", "said"),
    (("IDENTITY_ATTACK_EXPERIMENTAL", 0.5), "hate", "said"),
]


def test_what_people_said_becomes_the_models_labels(run, engine):
    for number, (said, _, _) in enumerate(SPOKEN):
        take(engine, an_event(f"hate=0.5 offensive=0.4 no {number}", comment_id=str(number)))
        say(engine, str(number), said)
    code, out, err = run("export", "--judged", "judged.csv")

    assert (code, err) == (0, "")
    expected = [
        (f"hate=0.5 offensive=0.4 no {number}", label, kind)
        for number, (_, label, kind) in enumerate(SPOKEN)
    ]
    assert rows() == expected
    assert "judged.csv: 8 comments that people judged: 4 hate, 2 offensive, 2 neither" in out
    assert "2 of them people called toxic without saying which" in out
    assert stat.S_IMODE(Path("judged.csv").stat().st_mode) == 0o600


def test_training_reads_the_file(run, engine):
    """Whatever stands in a text: commas, quotes, lines, other scripts."""
    text = 'a "quoted", text\r\nof two lines: café 🦆'
    take(engine, an_event(text))
    say(engine, "42", Word.FINE)
    run("export", "--judged", "judged.csv")
    read = read_labelled(Path("judged.csv"), smallest_class=0)
    assert (read.texts, list(read.labels)) == ((text,), [2])


def test_what_is_not_kept_deleted_or_undecided_is_left_out_and_counted(run, engine):
    for comment_id in ("gone", "deleted", "spam", "unscored", "kept"):
        text = "abstain" if comment_id == "unscored" else f"hate=0.9 {comment_id}"
        take(engine, an_event(text, comment_id=comment_id))
        say(engine, comment_id, (SPAM, 1.0) if comment_id == "spam" else Word.TOXIC)
    take(engine, an_event(None, comment_id="deleted", kind=EventKind.DELETED, occurred_at=at(2)))
    with write(engine) as tx:
        gone = tables.versions.c.comment_id == "gone"
        tx.execute(tables.versions.update().where(gone).values(text=None))
    _, out, _ = run("export", "--judged", "judged.csv", "--json")

    assert json.loads(out) == {
        "rows": 1,
        "labels": {"hate": 1, "offensive": 0, "neither": 0},
        "guessed": 1,
        "without_text": 2,
        "undecided": 2,
    }
    assert rows() == [("hate=0.9 kept", "hate", "guessed")]


def test_the_newest_word_about_each_version_is_written(run, engine):
    take(engine, an_event("hate=0.1 first"))
    say(engine, "42", Word.HATE, Word.FINE)
    take(
        engine, an_event("hate=0.9 second", kind=EventKind.EDITED, edited_at=at(3))
    )  # judged by nobody
    run("export", "--judged", "judged.csv")
    assert rows() == [("hate=0.1 first", "neither", "said")]


def test_a_file_that_cannot_be_written_is_named_and_the_old_one_stays(run, engine):
    code, _, err = run("export", "--judged", "no/such/folder/judged.csv")
    assert (code, "cannot be written" in err) == (65, True)
    Path("judged.csv").write_text("old")
    Path("judged.csv.part").mkdir()
    assert run("export", "--judged", "judged.csv")[0] == 65
    assert Path("judged.csv").read_text() == "old"
