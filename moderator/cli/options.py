"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ConfigPath = Annotated[
    Path | None,
    typer.Option("--config", help="The configuration; else $MODERATOR_CONFIG or ./config.yaml."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Port = Annotated[
    int | None, typer.Option("--port", min=1, max=65_535, help="Port; else $PORT or 8000.")
]
