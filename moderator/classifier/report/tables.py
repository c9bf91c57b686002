"""Tables of what was aimed at, the labelled file, times and sizes, and what a model is made of.

A column of a table is a model, the one that the report is about last; a table that is about one
model is about that one. A caption says on which data, and who looked at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moderator.classifier.figures import Findings, ModelFigures
from moderator.classifier.report import sources
from moderator.classifier.report.numbers import (
    NOT_MEASURED,
    count,
    decimal,
    rate,
    seconds,
    share,
    size,
)
from moderator.classifier.report.table import Cell, Row, Table, by_column, names_of
from moderator.classifier.weights import LABEL_NAMES

# Of labeled_data.csv of Davidson et al. 2017, as published.
DAVIDSON = "fcb8bc7c68120ae4af04a5b9acd58585513ede11e1548ebf36a5c2040b6f6281"


def reach(findings: Findings) -> Table:
    """What was aimed at and what came of it, the misses in words."""
    said = {True: "reached", False: "missed", None: "cannot be told"}
    return Table(
        caption=f"What was aimed at, and what came of it. {sources.reach(findings)}",
        heads=("figure", *names_of(findings.columns), "aimed at", "outcome"),
        rows=tuple(
            (
                line.figure,
                *(cell or NOT_MEASURED for cell in line.cells),
                line.reach,
                said[line.reached] if line.reach else "",
            )
            for line in findings.reach
        ),
    )


def labelled(findings: Findings) -> Table:
    """The usual figures of a classifier, on labelled rows that were held out."""
    return Table(
        caption=sources.labelled(findings),
        heads=("figure", *names_of(findings.columns)),
        rows=by_column(findings.columns, _LABELLED),
    )


def _of_class(label: str) -> Cell:
    def cell(column: ModelFigures) -> str:
        own = column.held_out.metrics.classes[label]
        return f"{own.precision:.3f} / {own.recall:.3f} / {own.f1:.3f}"

    return cell


def _distinct(column: ModelFigures) -> str:
    found = column.held_out.distinct
    return NOT_MEASURED if found is None else decimal(found.macro_f1)


def _spread(column: ModelFigures) -> str:
    held_out = column.held_out
    return f" ({held_out.macro_f1_sd:.3f})" if held_out.folds > 1 else ""


def _errors(column: ModelFigures) -> str:
    metrics = column.held_out.metrics
    return f"{metrics.ece_top:.3f} / {metrics.ece_hate:.3f} / {metrics.ece_toxic:.3f}"


_LABELLED: tuple[tuple[str, Cell], ...] = (
    ("folds held out", lambda c: str(c.held_out.folds) if c.held_out.folds else "none"),
    ("rows", lambda c: count(c.held_out.metrics.rows)),
    ("accuracy", lambda c: decimal(c.held_out.metrics.accuracy)),
    ("weighted F1", lambda c: decimal(c.held_out.metrics.weighted_f1)),
    (
        "macro-F1 (sd over folds)",
        lambda c: decimal(c.held_out.metrics.macro_f1) + _spread(c),
    ),
    ("macro-F1 without near-duplicates of training rows", _distinct),
    *((f"{label}: precision / recall / F1", _of_class(label)) for label in LABEL_NAMES),
    ("toxic against neither: F1 at 0.5", lambda c: decimal(c.held_out.metrics.toxic_f1)),
    ("AUC, hate against the rest", lambda c: decimal(c.held_out.metrics.auc_hate)),
    ("AUC, toxic against neither", lambda c: decimal(c.held_out.metrics.auc_toxic)),
    ("calibration error: largest / hate / toxic", _errors),
    ("log-loss, nats", lambda c: decimal(c.held_out.metrics.log_loss)),
)


def confusion(findings: Findings) -> Table:
    """Which class was taken for which, for the model that the report is about."""
    cells = findings.columns[-1].held_out.confusion
    return Table(
        caption=f"Rows by what people called them (down) and what the model called them "
        f"(across), with the share of the row. {sources.labelled(findings)}",
        heads=("people", *(f"model: {name}" for name in LABEL_NAMES)),
        rows=tuple(
            (name, *(f"{count(n)} ({share(n / max(1, sum(row)))})" for n in row))
            for name, row in zip(LABEL_NAMES, cells, strict=True)
        ),
    )


def speed(findings: Findings) -> Table:
    """Times and sizes."""
    return Table(
        caption=sources.SPEED,
        heads=("figure", *names_of(findings.columns)),
        rows=by_column(findings.columns, _SPEED),
    )


_SPEED: tuple[tuple[str, Cell], ...] = (
    ("a comment of 140 characters, first met", lambda c: seconds(c.speed.unseen_s)),
    ("the same once more", lambda c: seconds(c.speed.again_s)),
    ("a comment of 2,000 characters, first met", lambda c: seconds(c.speed.long_s)),
    ("the scikit-learn pipeline, 140 characters", lambda c: seconds(c.speed.pipeline_s)),
    ("in batches", lambda c: rate(c.speed.compiled_per_s)),
    ("the pipeline in batches", lambda c: rate(c.speed.pipeline_per_s)),
    ("model file", lambda c: size(c.model_bytes)),
    ("pipeline, pickled and compressed", lambda c: size(c.pipeline_bytes)),
    ("training, on the clock", lambda c: seconds(c.fit_s)),
    ("training, of a processor", lambda c: seconds(c.fit_cpu_s)),
)


def trained_on(card: Mapping[str, Any]) -> Table:
    """What a model was trained on, with licences, from its card."""
    own: list[Row] = [
        (f"{file['file']}, {count(file['rows'])} rows", *_origin(file["sha256"]))
        for file in card["trained_on"]
    ]
    pool: list[Row] = [
        (file["file"], file["source"], file["licence"], file["sha256"][:12])
        for file in card["pool"]
    ]
    return Table(
        caption="The files that the model was fitted on. The model file holds weights and terms, "
        "no rows.",
        heads=("file", "what", "licence", "SHA-256 begins"),
        rows=tuple(own + pool),
    )


def _origin(sha256: str) -> tuple[str, str, str]:
    """Where a labelled file came from, so far as its content tells."""
    source = ("a file of one's own", "its owner's to say")
    if sha256 == DAVIDSON:
        source = ("t-davidson/hate-speech-and-offensive-language", "MIT")
    return (*source, sha256[:12])
