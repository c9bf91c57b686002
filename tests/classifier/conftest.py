"""Mild stand-ins for the training data, and small models made from them."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from moderator.classifier.artefact import pack
from moderator.classifier.dataset import LabelledRows, read_labelled
from moderator.classifier.pool import POOL, PoolRows, is_test_row, read_pool
from moderator.classifier.recipe import Fitted
from moderator.classifier.robust import Default
from moderator.classifier.scorer import CompiledScorer
from moderator.classifier.tutorial import Tutorial

SUBJECTS = ["the goose", "my neighbour", "this duck", "our postman", "the old swan", "a boat"]
ENDS = ["today", "again", ", I say", "by the pond!", "on Monday", "as ever", "... really?"]
SAYINGS = {
    "0": ["must leave our pond for ever", "is vermin, like all geese", "does not belong here"],
    "1": ["is a silly fool", "is a daft twit", "is such a stupid clown"],
    "2": ["is calm and lovely", "likes fresh bread", "swims to the shore"],
}


def mild_rows(count: int, seed: int = 7) -> list[tuple[str, str]]:
    """(class, text) pairs, reproducible: mild sentences that a model can tell apart, mostly."""
    chance = random.Random(seed)
    rows = []
    for i in range(count):
        label = "0122"[i % 4]
        said = label if chance.random() > 0.1 else chance.choice("012")
        saying = chance.choice(SAYINGS[said])
        rows.append((label, f"{chance.choice(SUBJECTS)} {saying} {chance.choice(ENDS)}"))
    return rows


def write_davidson(path: Path, rows: list[tuple[str, str]]) -> Path:
    """A file in Davidson's format, with three votes a row."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(
            ["", "count", "hate_speech", "offensive_language", "neither", "class", "tweet"]
        )
        for number, (label, text) in enumerate(rows):
            votes = [3 if label == str(k) else 0 for k in range(3)]
            writer.writerow([number, 3, *votes, label, text])
    return path


def write_pool(folder: Path) -> Path:
    """Every file of the pool with a few mild rows of each label, and the test files.

    Each file has a word of its own between all others, so that no row says what another says. The
    files without a test part have test rows of their own, with another such word.
    """
    folder.mkdir()
    for number, source in enumerate(POOL):
        rows = [
            (f"{number}-{i}", f" {source.file[:4]} ".join(text.split()), label)
            for label in source.beliefs
            for i, (_, text) in enumerate(mild_rows(6, seed=number))
        ]
        _write_plain(folder / source.file, [*rows, ("x", "a label nobody knows", "unheard of")])
    everyday = [("x", text, "clean") for text in _mild("everyday", "2", 30)]
    _write_plain(folder / "goemotions_test.csv", [*everyday, ("y", "what a stupid clown", "neg")])
    for name in ("edos", "hatemoji", "misogyny"):
        _write_plain(folder / f"{name}_test.csv", _toxic_and_not(name, 12))
    for file in ("fox.csv", "madlibs_templates.csv"):
        held_out = [row for row in _toxic_and_not("heldout", 80) if is_test_row(row[1])]
        _write_plain(folder / file, held_out, "a")
    return folder


def _mild(word: str, label: str, count: int) -> list[str]:
    """Sentences of one class that say it in a wording of their own."""
    chance = random.Random(word + label)
    return [
        f" {word} ".join(
            f"the deaf swan {chance.choice(SAYINGS[label])} {number} times {label}".split()
        )
        for number in range(count)
    ]


def _toxic_and_not(word: str, count: int) -> list[tuple[str, str, str]]:
    return [
        (f"{label}-{i}", text, label)
        for label, said in (("1", "1"), ("0", "2"))
        for i, text in enumerate(_mild(word, said, count))
    ]


def _write_plain(path: Path, rows: list[tuple[str, str, str]], mode: str = "w") -> None:
    head = [("id", "text", "label")] if mode == "w" else []
    with path.open(mode, encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([*head, *rows])


@pytest.fixture(scope="session")
def mild_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """200 mild rows in Davidson's format."""
    return write_davidson(tmp_path_factory.mktemp("data") / "mild.csv", mild_rows(200))


@pytest.fixture(scope="session")
def mild(mild_csv: Path) -> LabelledRows:
    """The rows of `mild_csv`."""
    return read_labelled(mild_csv)


@pytest.fixture(scope="session")
def pool_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small pool."""
    return write_pool(tmp_path_factory.mktemp("pool") / "pool")


@pytest.fixture(scope="session")
def default_model(mild: LabelledRows) -> Fitted:
    """The default recipe on mild rows."""
    return Default().fit(mild)


@pytest.fixture(scope="session")
def tutorial_model(mild: LabelledRows) -> Fitted:
    """The tutorial's recipe on mild rows."""
    return Tutorial().fit(mild)


@pytest.fixture(scope="session", params=["default", "tutorial"])
def model(request: pytest.FixtureRequest) -> Fitted:
    """A model of each recipe."""
    fitted: Fitted = request.getfixturevalue(f"{request.param}_model")
    return fitted


@pytest.fixture(scope="session")
def scorer(model: Fitted) -> CompiledScorer:
    """That model, compiled."""
    return CompiledScorer(model.weights, name="mild", digest="0" * 64)


@pytest.fixture(scope="session")
def model_bytes(default_model: Fitted) -> bytes:
    """A model file's content."""
    return pack(default_model, name="mild")


@pytest.fixture(scope="session")
def pool(pool_folder: Path) -> PoolRows:
    """The small pool's training rows."""
    return read_pool(pool_folder)
