"""`moderator export`: what people judged, to train a model from."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

from moderator.app import open_database
from moderator.cli.options import AsJson
from moderator.config import server_settings
from moderator.domain.errors import DataError
from moderator.domain.score import Label
from moderator.domain.verdict import deciding, label_said
from moderator.storage.engine import closing_pool, read
from moderator.storage.judged_texts import JudgedText, judged_texts

COLUMNS = ("text", "label", "kind", "source", "comment_id", "version", "by", "at")
SAID, GUESSED = "said", "guessed"

Row = dict[str, str]


def export(
    judged: Annotated[
        Path, typer.Option("--judged", help="The CSV file to write what people judged to.")
    ],
    as_json: AsJson = False,
) -> None:
    """Write the comments that people judged, in the form that `train` reads.

    The file holds comments' texts: it is for you alone, and no retention deletes it.

    Example: moderator export --judged judged.csv
    """
    counts: Counter[str] = Counter()
    with (
        closing_pool(open_database(server_settings(os.environ))) as engine,
        read(engine) as tx,
        _replaced(judged) as file,
    ):
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for one in judged_texts(tx):
            row, why_not = _row(one)
            if row is None:
                counts[why_not] += 1
            else:
                writer.writerow(row)
                counts[row["label"]] += 1
                counts[GUESSED] += row["kind"] == GUESSED
    told = _told(counts)
    typer.echo(json.dumps(told) if as_json else "\n".join(_in_words(judged, told)))


def _row(one: JudgedText) -> tuple[Row | None, str]:
    """A row of the file, or None and why there is none."""
    decided = deciding(one.verdicts)
    if decided is None:
        return None, "undecided"
    if one.text is None or not one.text.strip():
        return None, "without_text"
    said = label_said(one.verdicts)
    label = said or one.likelier
    if label is None:
        return None, "undecided"
    row = {
        "text": one.text,
        "label": label.value,
        "kind": GUESSED if said is None else SAID,
        "source": one.source,
        "comment_id": one.comment_id,
        "version": one.version,
        "by": decided.who,
        "at": decided.said_at.isoformat(),
    }
    return row, ""


def _told(counts: Counter[str]) -> dict[str, object]:
    labels = {label.value: counts[label.value] for label in Label}
    return {
        "rows": sum(labels.values()),
        "labels": labels,
        "guessed": counts[GUESSED],
        "without_text": counts["without_text"],
        "undecided": counts["undecided"],
    }


def _in_words(path: Path, told: dict[str, object]) -> Iterator[str]:
    labels = told["labels"]
    assert isinstance(labels, dict)
    shares = ", ".join(f"{count:,} {name}" for name, count in labels.items())
    yield f"{path}: {told['rows']:,} comments that people judged: {shares}"
    if told["guessed"]:
        yield (
            f"{told['guessed']:,} of them people called toxic without saying which: the model's"
            f" likelier label stands there, and `{GUESSED}` under `kind`"
        )
    if told["without_text"]:
        yield f"{told['without_text']:,} more are left out: their texts are not kept any more"
    if told["undecided"]:
        yield f"{told['undecided']:,} more are left out: nobody said yes or no"


@contextmanager
def _replaced(path: Path) -> Iterator[TextIO]:
    """The file at `path`, readable by its owner alone; what stood there stays until it is whole.

    Raises DataError where it cannot be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with open(descriptor, "w", encoding="utf-8", newline="") as file:
                yield file
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(f"{path}: cannot be written ({error.strerror})") from None
