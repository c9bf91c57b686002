"""`moderator score`: texts from the command line or from files, without a server."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer
from tqdm import tqdm

from moderator.app import load_scorer
from moderator.cli.judgement import explained, marked
from moderator.cli.options import AsJson, ConfigPath
from moderator.config import load_settings
from moderator.domain.errors import DataError
from moderator.domain.score import Score, Scorer

BATCH = 256


def score(
    text: Annotated[str | None, typer.Argument(help="A text; - reads standard input.")] = None,
    jsonl: Annotated[
        str | None, typer.Option("--jsonl", help='A file of {"id", "text"} lines; - for stdin.')
    ] = None,
    table: Annotated[Path | None, typer.Option("--csv", help="A CSV file with a header.")] = None,
    column: Annotated[str, typer.Option("--column", help="The CSV's column of texts.")] = "text",
    why: Annotated[bool, typer.Option("--why", help="Show which words weighed most.")] = False,
    base_rate: Annotated[
        float | None,
        typer.Option("--base-rate", help="Share of toxic texts among these, between 0 and 1."),
    ] = None,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Score a text, or a file of them; one JSON line each.

    With --why, a terminal shows each text with its words marked, {+for+} the label and
    [-against-] it; elsewhere that goes to standard error, beside the JSON.

    Example: moderator score "You are a silly goose" --why
    """
    if sum(given is not None for given in (text, jsonl, table)) > 1:
        raise typer.BadParameter("give a text, --jsonl or --csv, not several of them")
    if base_rate is not None and not 0.0 < base_rate < 1.0:
        raise typer.BadParameter("must be above 0 and below 1", param_hint="--base-rate")
    scorer = load_scorer(load_settings(config, os.environ))
    if base_rate is not None and scorer.base_rate is None:
        typer.echo("--base-rate is ignored: the model does not declare its own", err=True)
    if jsonl is not None:
        rows = _json_lines(jsonl)
    elif table is not None:
        rows = _csv_rows(table, column)
    else:
        given = text if text not in (None, "-") else sys.stdin.read()
        rows = iter([(None, given)])
    for_people = why and not as_json and sys.stdout.isatty()
    for id_, said, judged in _scored(scorer, rows, base_rate):
        if for_people:
            typer.echo(explained(said, judged) + "\n")
            continue
        typer.echo(json.dumps(_as_json(id_, judged, with_why=why), ensure_ascii=False))
        if why:
            typer.echo(marked(said, judged), err=True)


def _scored(
    scorer: Scorer, rows: Iterable[tuple[Any, str]], base_rate: float | None
) -> Iterator[tuple[Any, str, Score]]:
    progress = tqdm(rows, unit=" texts", disable=None, file=sys.stderr)
    for batch in _batches(progress):
        judged = scorer.score_many([text for _, text in batch], [base_rate] * len(batch))
        for (id_, text), one in zip(batch, judged, strict=True):
            yield id_, text, one


def _batches(rows: Iterable[tuple[Any, str]]) -> Iterator[list[tuple[Any, str]]]:
    iterator = iter(rows)
    while batch := list(itertools.islice(iterator, BATCH)):
        yield batch


def _json_lines(source: str) -> Iterator[tuple[Any, str]]:
    with _opened(source) as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            where = f"{source}:{number}"
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise DataError(f"{where}: not a line of JSON") from error
            if not isinstance(row, dict) or not isinstance(row.get("text"), str):
                raise DataError(f'{where}: an object with a "text" is expected')
            yield row.get("id", number), row["text"]


def _csv_rows(path: Path, column: str) -> Iterator[tuple[Any, str]]:
    with _opened(str(path)) as file:
        reader = csv.DictReader(file)
        names = reader.fieldnames or []
        if column not in names:
            known = ", ".join(names) or "none"
            raise DataError(f"{path}:1: there is no column {column!r} (there are: {known})")
        for number, row in enumerate(reader, start=1):
            if row[column] is None:
                raise DataError(f"{path}:{reader.line_num}: the row has no column {column!r}")
            yield row.get("id", number), row[column]


@contextmanager
def _opened(source: str) -> Iterator[TextIO]:
    try:
        if source == "-":
            yield io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="")
            return
        with Path(source).open(encoding="utf-8", newline="") as file:
            yield file
    except UnicodeDecodeError as error:
        raise DataError(f"{source}: not UTF-8 text") from error
    except OSError as error:
        raise DataError(f"{source}: {error.strerror}") from error


def _as_json(id_: Any, judged: Score, *, with_why: bool) -> dict[str, Any]:
    p = judged.probabilities
    return {
        "id": id_,
        "scores": None
        if p is None
        else {"hate": p.hate, "offensive": p.offensive, "neither": p.neither},
        "label": judged.label,
        "coverage": judged.coverage,
        "abstained": judged.abstained,
        "why": [asdict(term) for term in judged.why] if with_why else [],
        "residual": judged.residual,
        "base_rate": judged.base_rate,
    }
