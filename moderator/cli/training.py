"""`moderator train` and `moderator evaluate`: where models come from, and how good they are.

What these two call needs scikit-learn and pandas, which cost two seconds and 125 MB: they are
imported when a command runs, so that serving does without.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from moderator.classifier import artefact, bundled
from moderator.classifier.bundled import load_bundled
from moderator.classifier.scorer import CompiledScorer
from moderator.cli.options import AsJson

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
    as_json: AsJson = False,
) -> None:
    """Fit a model, measure it on held-out folds, write it with its card and a report.

    Example: moderator train labeled_data.csv --recipe tutorial --out tutorial.joblib
    """
    from moderator.classifier.train import train as fit

    report = fit(data, recipe=recipe, out=out, pool=pool, folds=folds, compare=compare, keep=keep)
    if as_json:
        typer.echo(json.dumps(asdict(report), default=str))
        return
    typer.echo(report.table())
    typer.echo(f"model   {report.model_path} ({report.model_bytes:,} bytes)")
    typer.echo(f"card    {report.card_path}")
    typer.echo(f"report  {report.report_path}")
    typer.echo(f'to use it: model: {{path: {report.model_path}, sha256: "{report.sha256}"}}')


def evaluate(
    data: Annotated[Path, typer.Argument(help="Labelled rows: class,tweet or text,label.")] = DATA,
    model: Annotated[
        Path | None, typer.Option("--model", help="A model with its card; else the bundled one.")
    ] = None,
    everyday: Annotated[
        Path | None, typer.Option("--everyday", help="Clean texts, to count false alarms on.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="A folder for the tables and the plot.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say how good a model is on labelled rows.

    Example: moderator evaluate labeled_data.csv --model model.joblib --report figures
    """
    from moderator.classifier.evaluate import evaluate as measure
    from moderator.classifier.report import as_markdown, write_report

    scorer, trained_on = _opened(model)
    found = measure(scorer, data, trained_digests=trained_on, everyday=everyday)
    typer.echo(json.dumps(asdict(found), default=str) if as_json else as_markdown(found))
    if report is not None:
        typer.echo(f"written: {write_report(found, report)}", err=True)


def _opened(model: Path | None) -> tuple[CompiledScorer, list[str]]:
    """A model, pinned by the card beside it, and the digests of what it was trained on."""
    card = artefact.read_card(model or Path(bundled.__file__).with_name("model.joblib"))
    scorer = load_bundled() if model is None else artefact.load(model, card["sha256"])
    return scorer, [entry["sha256"] for entry in card.get("trained_on", ())]
