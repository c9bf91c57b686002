"""`moderator config`: is the file right, what may stand in it, and what was in force when."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from moderator.app import open_database
from moderator.cli.options import AsJson, ConfigPath
from moderator.config import configuration_path, json_schema, load_settings, server_settings
from moderator.domain.configuration import Difference, Period
from moderator.storage import configurations
from moderator.storage.engine import closing_pool, read

app = typer.Typer(help="Check the configuration; see what was in force.", no_args_is_help=True)


@app.command()
def check(
    path: Annotated[Path | None, typer.Argument(help="The file, instead of --config.")] = None,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Read the configuration and say what it holds, or every mistake in it (exit code 78).

    Example: moderator config check config.yaml
    """
    chosen = configuration_path(path or config, os.environ)
    settings = load_settings(chosen, os.environ)
    warnings = settings.warnings_at(datetime.now(UTC))
    found = {
        "path": None if settings.path is None else str(settings.path),
        "sources": sorted(settings.source_names),
        "triggers": [trigger.name for trigger in settings.triggers],
        "channels": sorted(settings.channels),
        "warnings": list(warnings),
    }
    if as_json:
        typer.echo(json.dumps(found))
        return
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    typer.echo(
        f"{found['path'] or 'built-in defaults'}: "
        f"{len(settings.source_names)} sources, {len(settings.triggers)} triggers, "
        f"{len(settings.channels)} channels; no mistakes found"
    )


@app.command()
def schema() -> None:
    """Print the JSON Schema of the configuration, for editors that complete YAML.

    Example: moderator config schema > moderator.schema.json
    """
    typer.echo(json.dumps(json_schema(), indent=2))


@app.command()
def history(
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10_000, help="How many, the newest first.")
    ] = 20,
    as_json: AsJson = False,
) -> None:
    """Show which configuration was in force since when, and what changed each time.

    Example: DATABASE_URL=postgres://… moderator config history --limit 5
    """
    with closing_pool(open_database(server_settings(os.environ))) as engine, read(engine) as tx:
        found = configurations.newest_periods(tx, limit=limit)
    if as_json:
        typer.echo(json.dumps([_as_json(period) for period in found]))
        return
    if not found:
        typer.echo("no service has run on this database yet", err=True)
    for period in found:
        typer.echo("\n".join(_in_words(period)))


def _as_json(period: Period) -> dict[str, Any]:
    return {
        "digest": period.digest,
        "since": period.since.isoformat(),
        "until": None if period.until is None else period.until.isoformat(),
        "cause": period.cause.value,
        "model": period.model,
        "replaced": period.replaced,
        "differences": [
            {"key": one.key, "before": one.before, "after": one.after} for one in period.differences
        ],
    }


def _in_words(period: Period) -> Iterator[str]:
    until = "now" if period.until is None else f"{period.until:%Y-%m-%d %H:%M:%S}"
    yield (
        f"{period.since:%Y-%m-%d %H:%M:%S} to {until} UTC  {period.digest[:12]}"
        f"  {period.cause.value}  {period.model}"
    )
    for one in period.differences:
        yield from _change(one)


def _change(one: Difference) -> Iterator[str]:
    """As in a diff: what was, then what is."""
    if one.before is not None:
        yield f"  - {one.key}: {one.before}"
    if one.after is not None:
        yield f"  + {one.key}: {one.after}"
