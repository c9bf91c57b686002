"""Labelled text, read from CSV files.

Two formats are read. Davidson's has the columns `class` (0 hate, 1 offensive, 2 neither) and
`tweet`, and may have the annotators' votes (`hate_speech`, `offensive_language`, `neither`).
The plain one has `text` and `label`, where a label is one of the three names.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moderator.classifier.weights import LABELS
from moderator.domain.errors import DataError

VOTE_COLUMNS = ("hate_speech", "offensive_language", "neither")
SMALLEST_CLASS = 10  # rows; fewer cannot be split into folds and calibrated
LONGEST_FIELD = 1_000_000  # characters; csv's own 131,072 is less than some boards allow


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledRows:
    """Texts with one class each.

    `labels` holds indices into `LABELS`, shape (n,). `votes` holds what share of the annotators
    chose each class, shape (n, 3), or None where the file does not say. `digest` is the file's
    SHA-256 in hex, `name` its name without folders.
    """

    name: str
    digest: str
    texts: tuple[str, ...]
    labels: NDArray[np.int64]
    votes: NDArray[np.float64] | None

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: Sequence[int] | NDArray[np.int64]) -> LabelledRows:
        """The same file's rows at these positions, in this order."""
        index = np.asarray(rows, dtype=np.int64)
        return LabelledRows(
            name=self.name,
            digest=self.digest,
            texts=tuple(self.texts[i] for i in index),
            labels=self.labels[index],
            votes=None if self.votes is None else self.votes[index],
        )


def read_labelled(path: Path, *, smallest_class: int = SMALLEST_CLASS) -> LabelledRows:
    """Read a labelled CSV file whole.

    Raises DataError naming the file, the line and the column when it is missing, not UTF-8,
    lacks a column, holds an unknown class or an empty text, or has fewer than `smallest_class`
    rows of a class. No message quotes a text.
    """
    raw = _read_bytes(path)
    table = _Table(path, raw)
    texts, labels, votes = table.rows()
    _require_enough(path, labels, smallest_class)
    return LabelledRows(
        name=path.name,
        digest=hashlib.sha256(raw).hexdigest(),
        texts=tuple(texts),
        labels=np.asarray(labels, dtype=np.int64),
        votes=np.asarray(votes, dtype=np.float64) if table.has_votes else None,
    )


def read_columns(path: Path, columns: Sequence[str]) -> tuple[list[dict[str, str]], str]:
    """The rows of a CSV file that has these columns, and the file's SHA-256 in hex."""
    raw = _read_bytes(path)
    reader = _open_csv(path, raw)
    present = reader.fieldnames or []
    missing = [name for name in columns if name not in present]
    if missing:
        raise DataError(f"{path}: line 1: no column {', '.join(missing)}")
    return [row for _, row in _each_row(path, reader)], hashlib.sha256(raw).hexdigest()


class _Table:
    """One CSV text in either of the two formats."""

    def __init__(self, path: Path, raw: bytes) -> None:
        self.path = path
        self.reader = _open_csv(path, raw)
        names = set(self.reader.fieldnames or ())
        if {"class", "tweet"} <= names:
            self.text_column, self.label_column = "tweet", "class"
            self.label_names = {str(i): i for i in range(len(LABELS))}
        elif {"text", "label"} <= names:
            self.text_column, self.label_column = "text", "label"
            self.label_names = {label.value: i for i, label in enumerate(LABELS)}
        else:
            raise DataError(f"{path}: line 1: needs the columns class and tweet, or text and label")
        self.has_votes = self.label_column == "class" and set(VOTE_COLUMNS) <= names

    def rows(self) -> tuple[list[str], list[int], list[list[float]]]:
        texts: list[str] = []
        labels: list[int] = []
        votes: list[list[float]] = []
        for line, row in _each_row(self.path, self.reader):
            texts.append(self._text(line, row))
            labels.append(self._label(line, row))
            if self.has_votes:
                votes.append(self._votes(line, row))
        return texts, labels, votes

    def _text(self, line: int, row: dict[str, str]) -> str:
        text = row[self.text_column]
        if not text.strip():
            raise DataError(f"{self.path}: line {line}: column {self.text_column} is empty")
        return text

    def _label(self, line: int, row: dict[str, str]) -> int:
        label = self.label_names.get(row[self.label_column].strip().lower())
        if label is None:
            raise DataError(
                f"{self.path}: line {line}: column {self.label_column} is none of "
                f"{', '.join(self.label_names)}"
            )
        return label

    def _votes(self, line: int, row: dict[str, str]) -> list[float]:
        counts = [_count(row[name]) for name in VOTE_COLUMNS]
        if None in counts or not any(counts):
            raise DataError(
                f"{self.path}: line {line}: columns {', '.join(VOTE_COLUMNS)} are not counts "
                "of votes"
            )
        known = [count or 0 for count in counts]
        return [count / sum(known) for count in known]


def _count(cell: str) -> int | None:
    cell = cell.strip()
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 7 else None


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise DataError(f"{path}: cannot be read: {exc.strerror or type(exc).__name__}") from exc


def _open_csv(path: Path, raw: bytes) -> csv.DictReader[str]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = raw.count(b"\n", 0, exc.start) + 1
        raise DataError(f"{path}: line {line}: not UTF-8 at byte {exc.start}") from exc
    if not text.strip():
        raise DataError(f"{path}: is empty")
    return csv.DictReader(io.StringIO(text, newline=""), strict=True)


def _each_row(path: Path, reader: csv.DictReader[str]) -> list[tuple[int, dict[str, str]]]:
    """Every row with the number of the line it begins on; refuses rows of another length."""
    rows: list[tuple[int, dict[str, str]]] = []
    previous_limit = csv.field_size_limit(LONGEST_FIELD)
    try:
        for row in reader:
            line = reader.line_num - sum(_line_breaks(cell) for cell in row.values())
            if None in row or None in row.values():
                raise DataError(f"{path}: line {line}: has not as many fields as line 1")
            rows.append((line, row))
    except csv.Error as exc:
        line = 1 + (rows[-1][0] + sum(map(_line_breaks, rows[-1][1].values())) if rows else 1)
        raise DataError(f"{path}: line {line}: {exc}") from exc
    finally:
        csv.field_size_limit(previous_limit)
    return rows


def _line_breaks(cell: object) -> int:
    return str(cell).count("\n")


def _require_enough(path: Path, labels: list[int], smallest_class: int) -> None:
    for index, label in enumerate(LABELS):
        found = labels.count(index)
        if found < smallest_class:
            raise DataError(
                f"{path}: class {label.value} has {found} rows, at least {smallest_class} "
                "are needed"
            )
