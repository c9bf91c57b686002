"""`moderator config`: is the file right, and what may stand in it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from moderator.cli.options import AsJson, ConfigPath
from moderator.config import configuration_path, json_schema, load_settings

app = typer.Typer(help="Check the configuration.", no_args_is_help=True)


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
    found = {
        "path": None if settings.path is None else str(settings.path),
        "sources": sorted(settings.sources),
        "triggers": [trigger.name for trigger in settings.triggers],
        "channels": sorted(settings.channels),
        "warnings": list(settings.warnings),
    }
    if as_json:
        typer.echo(json.dumps(found))
        return
    for warning in settings.warnings:
        typer.echo(f"warning: {warning}", err=True)
    typer.echo(
        f"{found['path'] or 'built-in defaults'}: "
        f"{len(settings.sources)} sources, {len(settings.triggers)} triggers, "
        f"{len(settings.channels)} channels; no mistakes found"
    )


@app.command()
def schema() -> None:
    """Print the JSON Schema of the configuration, for editors that complete YAML.

    Example: moderator config schema > moderator.schema.json
    """
    typer.echo(json.dumps(json_schema(), indent=2))
