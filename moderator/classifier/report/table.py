"""A table in words, for a page and for a document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from moderator import charts
from moderator.classifier.figures import ModelFigures
from moderator.classifier.report.numbers import NOT_MEASURED

Row = tuple[str, ...]
Cell = Callable[[ModelFigures], str]
Columns = Sequence[ModelFigures]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Cells in words; the first of a row names it."""

    caption: str
    heads: Row
    rows: tuple[Row, ...]

    @property
    def is_measured(self) -> bool:
        """Whether any cell holds a figure."""
        return any(cell != NOT_MEASURED for row in self.rows for cell in row[1:])

    def html(self) -> charts.Markup:
        """The table for a page, every cell escaped."""
        return charts.table(self.caption, self.heads, self.rows)

    def markdown(self) -> str:
        """The table for a document, under its caption."""
        lines = [self.heads, ("---",) * len(self.heads), *self.rows]
        body = "\n".join(f"| {' | '.join(map(_in_a_cell, line))} |" for line in lines)
        return f"*{self.caption}*\n\n{body}\n"


def _in_a_cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def names_of(columns: Columns) -> Row:
    """The heads of the columns, a model each."""
    return tuple(column.name for column in columns)


def by_column(columns: Columns, lines: Sequence[tuple[str, Cell]]) -> tuple[Row, ...]:
    """A row a line: its name, and what is to be said of each model."""
    return tuple((name, *map(cell, columns)) for name, cell in lines)
