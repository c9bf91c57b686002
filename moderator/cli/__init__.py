"""The command line: each command calls one function from below."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer
from sqlalchemy.exc import SQLAlchemyError

from moderator import __version__
from moderator.cli import (
    backtesting,
    base_rates,
    configuration,
    exporting,
    migrating,
    operating,
    scoring,
    serving,
    training,
    triggers,
)
from moderator.domain.errors import (
    ConfigError,
    DataError,
    ModelError,
    ModeratorError,
    Unavailable,
)

EXIT_FAILURE, EXIT_DATA, EXIT_TRY_AGAIN, EXIT_CONFIG = 1, 65, 75, 78  # sysexits.h

app = typer.Typer(
    name="moderator",
    help="Tells a message board's moderators, soon and rarely wrongly, when talk turns nasty.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("serve")(serving.serve)
app.command("demo")(serving.demo)
app.command("score")(scoring.score)
app.command("train")(training.train)
app.command("evaluate")(training.evaluate)
app.command("backtest")(backtesting.backtest)
app.command("suggest")(backtesting.suggest)
app.command("export")(exporting.export)
app.command("base-rate")(base_rates.base_rate)
app.add_typer(migrating.app, name="migrate")
app.add_typer(triggers.app, name="triggers")
app.add_typer(configuration.app, name="config")
app.add_typer(operating.database, name="db")
app.add_typer(operating.channels, name="channels")
app.add_typer(operating.keys, name="keys")


@app.callback(invoke_without_command=True)
def _top(
    version: bool = typer.Option(False, "--version", help="Print the version and end."),
    debug: bool = typer.Option(False, "--debug", help="Show a traceback where something fails."),
) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and end the process with its exit code; see docs/cli.md for the codes."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        app(args=given)
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_FAILURE)
    except (ModeratorError, SQLAlchemyError, OSError) as error:
        if "--debug" in given:
            raise
        for line in _lines(error):
            print(f"moderator: {line}", file=sys.stderr)  # noqa: T201
        sys.exit(exit_code(error))


def exit_code(error: BaseException) -> int:
    """The exit code that tells a script what kind of failure it was."""
    table: tuple[tuple[type[BaseException], int], ...] = (
        (ConfigError, EXIT_CONFIG),
        (ModelError, EXIT_CONFIG),
        (DataError, EXIT_DATA),
        (Unavailable, EXIT_TRY_AGAIN),
    )
    return next((code for kind, code in table if isinstance(error, kind)), EXIT_FAILURE)


def _lines(error: BaseException) -> Sequence[str]:
    if isinstance(error, ConfigError):
        return error.problems
    if isinstance(error, SQLAlchemyError):  # its own message may hold what was to be stored
        return (f"the database refused: {type(getattr(error, 'orig', error)).__name__}",)
    return (str(error),)
