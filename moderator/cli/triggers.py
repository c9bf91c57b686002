"""`moderator triggers`: what each one raises, and how one is tried out and switched on."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from moderator.app import open_database
from moderator.cli.options import AsJson, ConfigPath
from moderator.config import Settings, configuration_path, load_settings, server_settings
from moderator.config.editing import with_mode, with_trigger
from moderator.config.names import checked_name
from moderator.config.problems import Problem, hint, shown
from moderator.config.rewriting import Rewrite, rewrite
from moderator.domain.errors import ConfigError
from moderator.domain.trial import Trial, rate_in_words, told
from moderator.domain.trigger import Mode, Scope
from moderator.storage.engine import closing_pool, read
from moderator.storage.trials import trials

TAKEN_UP = "A service that runs on this file takes it up within seconds."
NO_FILE = (
    "there is no configuration file to change: write config.yaml (config.example.yaml shows what"
    " may stand in it), or name one with --config"
)
Chosen = Annotated[str, typer.Argument(metavar="NAME", help="The trigger's name in the file.")]

_STATES = {Mode.LIVE: "live now", Mode.SHADOW: "in shadow now: nobody is told", Mode.OFF: "off now"}

app = typer.Typer(help="What you are told of: see, add, try out, switch on.")


@app.callback(invoke_without_command=True)
def list_triggers(
    context: typer.Context, config: ConfigPath = None, as_json: AsJson = False
) -> None:
    """List the triggers, and how many alerts a day each has raised since it is as it is.

    Example: moderator triggers --json
    """
    if context.invoked_subcommand is not None:
        if config is not None or as_json:  # it would be lost, and another file changed
            raise typer.BadParameter(f"write options behind {context.invoked_subcommand}")
        return
    settings = load_settings(config, os.environ)
    with closing_pool(open_database(server_settings(os.environ))) as engine, read(engine) as tx:
        found = trials(tx, settings.triggers, datetime.now(UTC))
    if as_json:
        typer.echo(json.dumps([_as_json(trial) for trial in found]))
    else:
        typer.echo("\n".join(_table(found)) if found else "there are no triggers")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What its alerts are called.")],
    when: Annotated[
        list[str], typer.Option("--when", help="LABEL=LEAST, such as toxic=0.8; again for more.")
    ],
    scope: Annotated[Scope, typer.Option("--scope", help="What is watched.")] = Scope.COMMENT,
    count: Annotated[int | None, typer.Option("--count", help="How many have to count.")] = None,
    within: Annotated[str | None, typer.Option("--within", help="In which time: 10m.")] = None,
    notify: Annotated[
        list[str] | None, typer.Option("--notify", help="A channel to tell; again for more.")
    ] = None,
    mode: Annotated[Mode, typer.Option("--mode", help="shadow tells nobody.")] = Mode.SHADOW,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Write a new trigger into the configuration, in shadow: recorded, and nobody is told.

    Example: moderator triggers add heated --when toxic=0.6 --scope thread --count 3 --within 10m
    """
    try:
        checked_name(name)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    path = _file(config)
    channels = notify or _only_channel(load_settings(path, os.environ))
    lines = _block(name, when, scope, count, within, channels, mode)
    _report(rewrite(path, os.environ, lambda text: with_trigger(text, name, lines)), name, as_json)


@app.command()
def promote(name: Chosen, config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Make a trigger live: from now on people are told. Nothing else in the file changes.

    Example: moderator triggers promote heated
    """
    _change_mode(name, Mode.LIVE, config, as_json=as_json)


@app.command()
def mute(name: Chosen, config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Put a trigger in shadow: its alerts are recorded, and nobody is told.

    Example: moderator triggers mute heated
    """
    _change_mode(name, Mode.SHADOW, config, as_json=as_json)


def _change_mode(name: str, mode: Mode, config: Path | None, *, as_json: bool) -> None:
    path = _file(config)
    before = {trigger.name: trigger for trigger in load_settings(path, os.environ).triggers}
    if name not in before:
        message = f"there is no trigger {shown(name)}{hint(name, before, {})}"
        raise ConfigError(Problem(message=message, path=("triggers",)).as_line(str(path)))
    if before[name].mode is mode:
        place = Problem(message=f"is {mode.value} already", path=("triggers", name))
        raise ConfigError(place.as_line(str(path)))
    _report(rewrite(path, os.environ, lambda text: with_mode(text, name, mode)), name, as_json)


def _file(config: Path | None) -> Path:
    path = configuration_path(config, os.environ)
    if path is None:
        raise ConfigError(f"config: {NO_FILE}")
    return path


def _only_channel(settings: Settings) -> Sequence[str]:
    """The channel to tell where there is no choice."""
    if len(settings.channels) > 1:
        known = ", ".join(sorted(settings.channels))
        raise typer.BadParameter(f"--notify: name the channels to tell (there are: {known})")
    return list(settings.channels)


def _block(
    name: str,
    when: Sequence[str],
    scope: Scope,
    count: int | None,
    within: str | None,
    channels: Sequence[str],
    mode: Mode,
) -> list[str]:
    """The trigger as somebody would write it, a key a line."""
    lines = [] if scope is Scope.COMMENT else [f"scope: {scope.value}"]
    lines.append(f"when: {{{', '.join(map(_threshold, when))}}}")
    lines += [] if count is None else [f"count: {count}"]
    lines += [] if within is None else [f"within: {_written(within)}"]
    lines += [
        f"# shadow: recorded, nobody is told. `moderator triggers promote {name}` makes it live.",
        f"mode: {mode.value}",
    ]
    return lines + ([f"notify: [{', '.join(map(_written, channels))}]"] if channels else [])


def _threshold(text: str) -> str:
    label, equals, least = text.partition("=")
    if not (label and equals and least):
        raise typer.BadParameter(f"--when: {shown(text)} is no label and number: toxic=0.8")
    return f"{_written(label)}: {_written(least)}"


def _written(text: str) -> str:
    """As YAML: plain where that is sure to be one word or number."""
    return text if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.%-]*", text) else json.dumps(text)


def _report(done: Rewrite, name: str, as_json: bool) -> None:
    mode = next(trigger.mode for trigger in done.after.triggers if trigger.name == name)
    if as_json:
        found = {"path": str(done.path), "trigger": name, "mode": mode, "lines": done.lines}
        typer.echo(json.dumps(found))
        return
    typer.echo(f"{done.path}: {name} is {_STATES[mode]}")
    for line in done.lines:
        typer.echo(f"  {line}")
    typer.echo(TAKEN_UP)


def _as_json(found: Trial) -> dict[str, object]:
    return {
        "name": found.trigger,
        "mode": found.mode.value,
        "since": found.since.isoformat(),
        "days": round(found.days, 3),
        "alerts": {"live": found.live, "shadow": found.shadow},
        "alerts_per_day": {
            "live": found.per_day(found.live),
            "shadow": found.per_day(found.shadow),
        },
        "would_tell": dict(found.would_tell),
        "by_day": {day.isoformat(): dict(told) for day, told in sorted(found.by_day.items())},
    }


def _table(found: Sequence[Trial]) -> Iterator[str]:
    """A line a trigger, and under one in shadow what it would have done."""
    rows = [("trigger", "mode", "live", "shadow", "since")] + [
        (
            each.trigger,
            each.mode.value,
            _rate(each, each.live),
            _rate(each, each.shadow),
            f"{each.since:%Y-%m-%d %H:%M} UTC",
        )
        for each in found
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row, each in zip(rows, [None, *found], strict=True):
        cells = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[-1]])
        if each is not None and each.mode is Mode.SHADOW:
            yield f"  {told(each)}"


def _rate(found: Trial, alerts: int) -> str:
    """How many alerts, and how many that is a day."""
    rate = found.per_day(alerts)
    if not alerts or rate is None:
        return str(alerts)
    return f"{alerts} ({rate_in_words(rate)} a day)"
