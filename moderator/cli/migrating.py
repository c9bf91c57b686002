"""`moderator migrate`: what a site needs that used another scorer before."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from tqdm import tqdm

from moderator.app import load_scorer
from moderator.charts import percent
from moderator.cli.options import AsJson, ConfigPath
from moderator.config import Settings, load_settings
from moderator.config.names import checked_name
from moderator.config.perspective import PerspectiveBlock
from moderator.config.problems import hint
from moderator.domain.attribute import known
from moderator.domain.errors import ConfigError
from moderator.domain.score import Score, Scorer

if TYPE_CHECKING:
    from moderator.migration import Attribute, Migration

BATCH = 256
SEED = 20_261_231  # the same export, the same scales
MOST_DAYS = 100_000

app = typer.Typer(no_args_is_help=True, help="Move a site over that used another scorer.")


@app.command("perspective")
def perspective(
    export: Annotated[
        Path, typer.Argument(help="A CSV file: id, text, a column for each old attribute.")
    ],
    thresholds: Annotated[
        list[str],
        typer.Option("--threshold", help="An old threshold, as TOXICITY=0.8; as many as you had."),
    ] = [],  # noqa: B006 - typer makes a new list of it
    community: Annotated[
        str | None, typer.Option("--community", help="The community the scales are for.")
    ] = None,
    days: Annotated[
        float | None,
        typer.Option("--days", help="How many days the comments took; else by created_at."),
    ] = None,
    report: Annotated[
        Path, typer.Option("--report", help="The folder for report.html and perspective.yaml.")
    ] = Path("perspective-migration"),
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Lay our scores on your old scale, so that old thresholds keep their alert rate.

    The report holds comments: keep it to yourself. The block that is printed goes into the
    configuration, and `comments:analyze` answers on the old scale from then on.

    Example: moderator migrate perspective export.csv --threshold TOXICITY=0.8
    """
    import numpy as np  # with scikit-learn a second's import, which other commands do without

    from moderator.migration import migrate, read_export
    from moderator.migration.block import as_yaml
    from moderator.migration.export import told_bad
    from moderator.migration.records import as_json as told_as_json
    from moderator.migration.records import write_files

    asked = _thresholds(thresholds)
    try:
        community = None if community is None else checked_name(community)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--community") from None
    if days is not None and not 0 < days < MOST_DAYS:
        raise typer.BadParameter("must be above 0", param_hint="--days")
    settings = load_settings(config, os.environ)
    scorer = load_scorer(settings)
    base_rate = _base_rate(settings, community)
    read = read_export(export)
    for line in told_bad(export, read.bad):
        typer.echo(line, err=True)
    found = migrate(
        read,
        _scored(scorer, read.texts, base_rate),
        model=scorer.model,
        thresholds=asked,
        days=days,
        chance=np.random.default_rng(SEED),
    )
    block = as_yaml(found, community=community, today=datetime.now(UTC).date())
    for path in write_files(found, read.texts, block, report):
        typer.echo(f"written: {path}", err=True)
    typer.echo(json.dumps(told_as_json(found)) if as_json else "\n".join(_told(found, block)))


def _thresholds(given: Sequence[str]) -> dict[str, list[float]]:
    asked: dict[str, list[float]] = {}
    for text in given:
        name, _, number = text.partition("=")
        if name not in known():
            raise typer.BadParameter(
                f"{name!r} is no attribute of Perspective's{hint(name, sorted(known()))}",
                param_hint="--threshold",
            )
        try:
            at = float(number)
        except ValueError:
            at = -1.0
        if not 0.0 < at <= 1.0:
            raise typer.BadParameter(
                f"{text!r}: a threshold lies above 0 and is 1 at most, as TOXICITY=0.8",
                param_hint="--threshold",
            )
        asked.setdefault(name, []).append(at)
    return asked


def _base_rate(settings: Settings, community: str | None) -> float | None:
    """The one at which `comments:analyze` judges the site's comments; None: the model's own."""
    block = settings.perspective or PerspectiveBlock()
    name = community or block.source
    rate = settings.sources[name].base_rate if name in settings.sources else None
    if rate == "estimate":
        raise ConfigError(
            f"config: sources.{name}.base_rate: is estimated anew each day, and a scale would move"
            " with it; write a number there (`moderator base-rate` tells one), then fit the scale"
        )
    return rate


def _scored(scorer: Scorer, texts: Sequence[str], base_rate: float | None) -> list[Score]:
    scores: list[Score] = []
    with tqdm(
        total=len(texts), unit=" comments", file=sys.stderr, disable=None, leave=False
    ) as bar:
        for first in range(0, len(texts), BATCH):
            batch = texts[first : first + BATCH]
            scores += scorer.score_many(batch, [base_rate] * len(batch))
            bar.update(len(batch))
    return scores


def _told(found: Migration, block: str) -> Iterator[str]:
    yield f"{found.comments:,} comments, {found.judged:,} judged by {found.model}"
    if found.bad:
        yield f"{len(found.bad):,} rows could not be used"
    if found.ignored:
        yield f"columns that mean nothing here: {', '.join(found.ignored)}"
    for one in found.attributes:
        yield from ("", *_attribute(found, one))
    if found.scales:
        yield from ("", "To paste into the configuration:", "", block.rstrip())
    else:
        yield from ("", "No scale is offered, so there is nothing to paste.")


def _attribute(found: Migration, one: Attribute) -> Iterable[str]:
    from moderator.migration.page import held_out, per_day, unit

    yield f"{one.name}: {one.rows:,} comments"
    if one.refused is not None:
        yield f"  no scale: {one.refused}"
    elif one.doubt is not None:
        yield f"  doubtful: {one.doubt}; alert rates are kept, but partly by other comments"
    if one.line is None or one.rank_correlation is None:
        return
    yield f"  from P({one.measure}) by {one.line.method}"
    yield f"  rank correlation {one.rank_correlation:.2f}"
    yield f"  {held_out(one)}"
    yield f"  {unit(found)} at old thresholds:"
    yield "  threshold    before   as it is   after   within              old alerts kept"
    for at in one.thresholds:
        before, raw, after, low, high = (
            f"{per_day(found, share):.4g}" for share in (at.before, at.raw, at.after, *at.band)
        )
        yield (
            f"  {at.threshold:<9g} {before:>9} {raw:>10} {after:>7}   {f'{low} to {high}':<18}"
            f"  {percent(at.kept)}"
        )
