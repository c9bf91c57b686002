"""What a site exports: its comments with the scores that another scorer gave them."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from moderator.domain.attribute import known
from moderator.domain.errors import DataError

ID, TEXT, WHEN = "id", "text", "created_at"
LONGEST_FIELD = 1_000_000  # characters; csv's own 131,072 is less than some boards allow

DAY_S = 86_400.0
MOST_TOLD = 10  # bad rows told one by one

Floats = NDArray[np.float64]


class _Reader(Protocol):
    """What `csv.reader` makes."""

    @property
    def line_num(self) -> int:
        """How many lines were read."""

    def __next__(self) -> list[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that cannot be used: its last line in the file, and why. Its text is not told."""

    line: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """The rows that can be used.

    `scores` holds, by Perspective's name, an old score 0..1 of each row, shape (n,), not a number
    where the row has none. `ignored` are columns that mean nothing here. `days` is the time from
    the first comment to the last, None where the file does not say.
    """

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    scores: Mapping[str, Floats]
    ignored: tuple[str, ...]
    bad: tuple[BadRow, ...]
    days: float | None

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Where in a row what is read stands; `scores` by Perspective's names."""

    count: int
    id: int
    text: int
    when: int | None
    scores: Mapping[str, int]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    id: str
    text: str
    when: datetime | None
    scores: tuple[float, ...]


def read_export(path: Path) -> Export:
    """Read a CSV file with a header: `id`, `text`, a column for each attribute, maybe `created_at`.

    Names of columns count without case; times without a zone are UTC. An empty score is none. A row
    that cannot be used is left out and told. Raises DataError for a file without the columns, or
    without a row to use.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            csv.field_size_limit(LONGEST_FIELD)
            reader = csv.reader(file)
            columns = _columns(path, next(reader, []))
            rows, bad = _rows(reader, columns)
    except csv.Error as error:
        raise DataError(f"{path}:1: {error}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 text") from error
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from error
    if not rows:
        raise DataError("\n".join([f"{path}: no row can be used", *told_bad(path, bad)]))
    return Export(
        ids=tuple(row.id for row in rows),
        texts=tuple(row.text for row in rows),
        scores={
            name: np.array([row.scores[i] for row in rows]) for i, name in enumerate(columns.scores)
        },
        ignored=columns.ignored,
        bad=tuple(bad),
        days=_days([row.when for row in rows if row.when is not None]),
    )


def _columns(path: Path, header: Sequence[str]) -> _Columns:
    plain = [name.strip().lower() for name in header]
    place = {name: i for i, name in enumerate(plain)}
    for name in (ID, TEXT):
        if name not in place:
            raise DataError(f"{path}:1: there is no column {name!r} (there are: {_among(header)})")
    scores = {name: place[name.lower()] for name in known() if name.lower() in place}
    if not scores:
        raise DataError(
            f"{path}:1: no column is named like an attribute of Perspective, as TOXICITY"
            f" (there are: {_among(header)})"
        )
    if twice := [name for name in place if plain.count(name) > 1]:
        raise DataError(f"{path}:1: the column {twice[0]!r} stands twice")
    used = {place[ID], place[TEXT], place.get(WHEN), *scores.values()}
    return _Columns(
        count=len(header),
        id=place[ID],
        text=place[TEXT],
        when=place.get(WHEN),
        scores=scores,
        ignored=tuple(name for i, name in enumerate(header) if i not in used),
    )


def _among(header: Sequence[str]) -> str:
    return ", ".join(header) or "none"


def _rows(reader: _Reader, columns: _Columns) -> tuple[list[_Row], list[BadRow]]:
    rows: list[_Row] = []
    bad: list[BadRow] = []
    while True:
        try:
            cells = next(reader)
            if cells:  # an empty line is none
                rows.append(_row(cells, columns))
        except StopIteration:
            return rows, bad
        except csv.Error:
            bad.append(BadRow(line=reader.line_num, why="it is no CSV"))
        except ValueError as error:
            bad.append(BadRow(line=reader.line_num, why=str(error)))


def _row(cells: Sequence[str], columns: _Columns) -> _Row:
    """Raises ValueError with what is wrong; no text of the comment is in it."""
    if len(cells) != columns.count:
        raise ValueError(f"it has {len(cells)} cells, not {columns.count}")
    if not cells[columns.text].strip():
        raise ValueError("its text is empty")
    scores = tuple(_score(name, cells[i]) for name, i in columns.scores.items())
    if all(map(math.isnan, scores)):
        raise ValueError("it has no score")
    when = None if columns.when is None else _moment(cells[columns.when])
    return _Row(id=cells[columns.id], text=cells[columns.text], when=when, scores=scores)


def _score(name: str, cell: str) -> float:
    if not cell.strip():
        return math.nan
    try:
        value = float(cell)
    except ValueError:
        raise ValueError(f"its {name} is no number") from None
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"its {name} lies outside 0..1")
    return value


def _moment(cell: str) -> datetime | None:
    if not cell.strip():
        return None
    try:
        moment = datetime.fromisoformat(cell.strip())
    except ValueError:
        raise ValueError(f"its {WHEN} is no ISO 8601 time") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _days(moments: Sequence[datetime]) -> float | None:
    """From the first to the last, None where there is no time between them."""
    if not moments:
        return None
    return (max(moments) - min(moments)).total_seconds() / DAY_S or None


def told_bad(path: Path, bad: Sequence[BadRow]) -> list[str]:
    """A line for each of the first bad rows, and how many more there are."""
    lines = [f"{path}:{row.line}: {row.why}" for row in bad[:MOST_TOLD]]
    more = len(bad) - MOST_TOLD
    return [*lines, f"{path}: {more:,} more rows cannot be used"] if more > 0 else lines
