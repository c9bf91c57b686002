"""`moderator train` and `moderator evaluate`: where models come from, and how good they are.

What these two call needs scikit-learn and pandas, which cost two seconds and 125 MB: they are
imported when a command runs, so that serving does without.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from moderator.classifier import artefact, bundled
from moderator.classifier.bundled import load_bundled
from moderator.cli.options import AsJson
from moderator.domain.errors import DataError

if TYPE_CHECKING:
    from moderator.classifier.evaluate import ModelFile

DATA = Path(os.environ.get("MODERATOR_SHARED", "../shared")) / "data/davidson/labeled_data.csv"


def train(
    data: Annotated[Path, typer.Argument(help="Labelled rows: class,tweet or text,label.")],
    recipe: Annotated[str, typer.Option("--recipe", help="tutorial or default.")] = "default",
    out: Annotated[Path, typer.Option("--out", help="Where the model goes.")] = Path(
        "model.joblib"
    ),
    pool: Annotated[
        Path | None, typer.Option("--pool", help="A folder of more labelled text.")
    ] = None,
    folds: Annotated[
        int, typer.Option("--folds", help="How many of five folds are held out and measured.")
    ] = 1,
    compare: Annotated[
        bool, typer.Option("--compare", help="Measure the other recipes, too: minutes a fold.")
    ] = False,
    keep: Annotated[
        Path | None, typer.Option("--keep", help="Where fold results are kept for another run.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--report", help="A folder for the page with plots, and JSON.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fit a model, measure it on held-out folds and in the exam, write it with card and report.

    Example: moderator train labeled_data.csv --recipe tutorial --out tutorial.joblib
    """
    from moderator.classifier.report import write_report
    from moderator.classifier.train import train as fit

    if page is not None and folds == 0:
        raise DataError("there is nothing to report where no fold is measured: --folds 1 or more")
    report = fit(data, recipe=recipe, out=out, pool=pool, folds=folds, compare=compare, keep=keep)
    if page is not None and report.findings is not None:
        write_report(report.findings, page, card=artefact.read_card(report.model_path))
    if as_json:
        typer.echo(json.dumps(asdict(report), default=str))
        return
    typer.echo(report.table())
    for note in report.findings.notes if report.findings else ():
        typer.echo(note)
    typer.echo(f"model   {report.model_path} ({report.model_bytes:,} bytes)")
    typer.echo(f"card    {report.card_path}")
    typer.echo(f"report  {report.report_path if page is None else page / 'report.html'}")
    typer.echo(f'to use it: model: {{path: {report.model_path}, sha256: "{report.sha256}"}}')


def evaluate(
    data: Annotated[Path, typer.Argument(help="Labelled rows: class,tweet or text,label.")] = DATA,
    model: Annotated[
        Path | None, typer.Option("--model", help="A model with its card; else the bundled one.")
    ] = None,
    pool: Annotated[
        Path | None, typer.Option("--pool", help="A pool's folder: its test files are the exam.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="A folder for the page with plots, and JSON.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say how good a finished model is: on labelled rows, and in the exam that recipes sit.

    Example: moderator evaluate labeled_data.csv --pool pool --report figures
    """
    from moderator.classifier.comparison import reach_table
    from moderator.classifier.evaluate import evaluate as measure
    from moderator.classifier.report import write_report

    opened, card = _opened(model)
    found = measure(opened, data, pool=pool)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
    else:
        typer.echo(reach_table(found.reach, [column.name for column in found.columns]))
        typer.echo("\n".join(found.notes))
    if report is not None:
        typer.echo(f"written: {write_report(found, report, card=card)}", err=True)


def _opened(model: Path | None) -> tuple[ModelFile, dict[str, Any]]:
    """A model, pinned by the card beside it, and the card."""
    from moderator.classifier.card import findings_in
    from moderator.classifier.evaluate import ModelFile

    place = model or Path(bundled.__file__).with_name("model.joblib")
    card = artefact.read_card(place)
    return ModelFile(
        scorer=load_bundled() if model is None else artefact.load(place, card["sha256"]),
        recipe=str(card.get("recipe", "")),
        sha256=card["sha256"],
        size=place.stat().st_size,
        trained_digests=[entry["sha256"] for entry in card.get("trained_on", ())],
        findings=findings_in(card),
    ), card
