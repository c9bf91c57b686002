"""`moderator backtest` and `moderator suggest`: what a threshold would have done to the past."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from moderator import backtest as backtests
from moderator.app import open_database
from moderator.backtest import Backtest, Effect, Past, Suggestion, find_past
from moderator.backtest.page import write_page
from moderator.backtest.suggestion import STRIDE
from moderator.cli import text_plot
from moderator.cli.options import AsJson, ConfigPath
from moderator.config import Settings, load_settings, server_settings
from moderator.config.candidates import load_triggers, read_length
from moderator.config.problems import hint
from moderator.domain.errors import ConfigError
from moderator.domain.precision import told_in_all
from moderator.domain.trigger import Mode, Trigger
from moderator.domain.trigger.budget import STEPS
from moderator.storage import thresholds
from moderator.storage.engine import Engine, closing_pool, read

MOST_NAMED = 12  # comments named in words
ALL = " (all with --json or --report)"

Since = Annotated[
    str, typer.Option("--since", help="How much of the past, back from the newest comment.")
]


def backtest(
    triggers: Annotated[
        Path | None, typer.Option("--triggers", help="A YAML file with the triggers to try out.")
    ] = None,
    since: Since = "30d",
    report: Annotated[
        Path | None, typer.Option("--report", help="Write backtest.html into this folder.")
    ] = None,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Show what other triggers would have done to the stored past. Nobody is told anything.

    Without --triggers: the configuration's own, against what was raised.

    Example: moderator backtest --triggers new.yaml --since 30d
    """
    length = _length(since)
    settings = load_settings(config, os.environ)
    candidate = None if triggers is None else load_triggers(triggers, settings, os.environ)
    with closing_pool(open_database(server_settings(os.environ))) as engine:
        past = find_past(engine, (*settings.triggers, *(candidate or ())), length)
        with _bar(past) as progress:
            found = backtests.run(
                engine, past, present=settings.triggers, candidate=candidate, progress=progress
            )
    if report is not None:
        page = write_page(found, report, was_raised=candidate is None)
        typer.echo(f"written: {page}", err=True)
    if as_json:
        typer.echo(json.dumps(found.as_json()))
    else:
        typer.echo("\n".join(_told(found, was_raised=candidate is None)))


def suggest(
    alerts_per_day: Annotated[
        float, typer.Option("--alerts-per-day", min=0.01, help="How many you can bear.")
    ],
    trigger: Annotated[
        str | None, typer.Option("--trigger", help="Its name; else the first in the file.")
    ] = None,
    since: Since = "30d",
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Find the threshold that would have kept a trigger to so many alerts a day.

    Example: moderator suggest --alerts-per-day 5 --trigger slur
    """
    length = _length(since)
    asked = _chosen(load_settings(config, os.environ), trigger)
    with closing_pool(open_database(server_settings(os.environ))) as engine:
        found = _suggestion(engine, asked, alerts_per_day, length)
        moved = _by_budget(engine, asked)
    if as_json:
        typer.echo(json.dumps(_suggestion_json(found)))
    else:
        typer.echo("\n".join((*_suggestion_told(found, asked, alerts_per_day), *moved)))


def _by_budget(engine: Engine, trigger: Trigger) -> list[str]:
    """What the trigger's own budget has made of its threshold so far."""
    if trigger.budget is None:
        return []
    asks = f"It has a budget of {trigger.budget.per_day:g} a day"
    with read(engine) as tx:
        found = thresholds.in_force(tx, [trigger.budget.key]).get(trigger.budget.key)
    if found is None:
        return ["", f"{asks}, which has not moved its threshold yet."]
    since = f"{found.since:%Y-%m-%d %H:%M} (UTC)"
    return ["", f"{asks}: since {since} that holds it at {found.label} {found.value:g}."]


def _suggestion(
    engine: Engine, trigger: Trigger, alerts_per_day: float, length: timedelta
) -> Suggestion:
    past = find_past(engine, [trigger], length)
    with _bar(past) as progress:
        return backtests.suggest(engine, past, trigger, alerts_per_day, progress)


def _length(since: str) -> timedelta:
    try:
        return read_length(since)
    except ValueError as error:
        raise typer.BadParameter(f"--since: {error}") from None


def _chosen(settings: Settings, name: str | None) -> Trigger:
    known = {trigger.name: trigger for trigger in settings.triggers}
    if not known:
        raise ConfigError("config: triggers: there are none, so there is no threshold to suggest")
    if name is None:
        return next((t for t in settings.triggers if t.when), settings.triggers[0])
    if name not in known:
        raise ConfigError(f"config: triggers: there is no trigger {name!r}{hint(name, known, {})}")
    return known[name]


@contextmanager
def _bar(past: Past) -> Iterator[Callable[[int], object]]:
    with tqdm(
        total=past.replayed, unit=" comments", file=sys.stderr, disable=None, leave=False
    ) as bar:
        yield bar.update


def _told(found: Backtest, *, was_raised: bool) -> Iterator[str]:
    yield _past(found.past)
    for name, effect in found.effects.items():
        yield from ("", *_effect(found, name, effect, was_raised=was_raised))
    yield ""
    yield told_in_all(found.precision)
    if found.without_likeness:
        yield (
            f"{found.without_likeness:,} of the comments were stored before copies of a text were "
            "known: each of them counts by itself."
        )


def _past(past: Past) -> str:
    return (
        f"{past.comments:,} comments over {past.days:g} days, {past.start:%Y-%m-%d} to "
        f"{past.end:%Y-%m-%d} (UTC)"
    )


def _effect(found: Backtest, name: str, effect: Effect, *, was_raised: bool) -> Iterator[str]:
    old, new = ("was raised", "would be raised") if was_raised else ("present", "new")
    yield f"{name}:"
    for side, alerts in ((old, effect.before), (new, effect.after)):
        per_day = found.past.per_day(len(alerts))
        yield f"  {side:<16} {len(alerts):>8,} alerts  {per_day:>8,g} a day"
    if bars := found.bars.get(name):
        yield (
            f"  {'its budget':<16} would have moved the threshold {len(bars)} times, between"
            f" {min(bars):g} and {max(bars):g}; last to {bars[-1]:g}"
        )
    yield f"  {'comes':<16} {_comments(effect.added, ALL)}"
    yield f"  {'goes':<16} {_comments(effect.removed, ALL)}"
    if found.precision.judged:
        parts = {"before": old, "after": new, "added": "what comes", "removed": "what goes"}
        for part, precision in found.precisions(effect).items():
            if precision.judged + precision.unjudged:
                yield f"  {'of ' + parts[part]:<19} {precision}"
    if effect.before or effect.after:
        plot = text_plot.changes(found.by_day(effect.before), found.by_day(effect.after))
        yield from (f"  {line}" for line in plot)


def _comments(changed: Sequence[tuple[str, str]], where: str = "") -> str:
    if not changed:
        return "no comment"
    named = ", ".join("/".join(comment) for comment in changed[:MOST_NAMED])
    more = len(changed) - MOST_NAMED
    return f"{len(changed):,}: {named}" + (f" and {more:,} more{where}" if more > 0 else "")


def _suggestion_json(found: Suggestion) -> dict[str, object]:
    told: dict[str, object] = {
        "trigger": found.chosen.name,
        "threshold": found.threshold,
        "alerts_per_day": found.alerts_per_day,
    }
    return told if len(found.chosen.when) == 1 else told | {"when": found.chosen.when}


def _suggestion_told(found: Suggestion, now: Trigger, asked: float) -> Iterator[str]:
    past, name = found.backtest.past, now.name
    label = next(iter(now.when))
    before = past.per_day(len(found.effect.before))
    yield _past(past)
    yield ""
    yield (
        f"{name}: {label} {found.threshold:g} would have raised {found.alerts_per_day:g} alerts a "
        f"day; you asked for {asked:g}."
    )
    state = " (it is off)" if now.mode is Mode.OFF else ""
    by_budget = ", moved by its budget" if now.budget is not None else ""
    yield f"As it is, {label} {now.when[label]:g}{by_budget}, it raises {before:g} a day{state}."
    if len(now.when) > 1:
        yield f"All its thresholds move by as much: {', '.join(now.when)}."
    yield ""
    yield f"Alerts a day by threshold of {label}:"
    yield from (f"  {line}" for line in text_plot.bars(_curve(found, now, before)))
    yield ""
    yield f"{'What comes':<12} {_comments(found.effect.added)}"
    yield f"{'What goes':<12} {_comments(found.effect.removed)}"
    yield told_in_all(found.backtest.precision)
    yield ""
    yield f"To write at triggers.{name}:"
    when = ", ".join(f"{key}: {least:g}" for key, least in found.chosen.when.items())
    yield f"  when: {{{when}}}"


def _curve(found: Suggestion, now: Trigger, before: float) -> list[tuple[str, float, str]]:
    """The thresholds in even steps, the one that is suggested, and the one in force."""
    present = next(iter(now.when.values()))
    even = {at: rate for at, rate in found.curve if round(at * STEPS) % STRIDE == 0}
    # Of the thresholds that nothing reaches, the lowest will do.
    silent = [at for at, rate in even.items() if not rate]
    even = {at: rate for at, rate in even.items() if rate or at == min(silent)}
    shown = even | {found.threshold: found.alerts_per_day, present: before}
    marks = {present: "now"} | {found.threshold: "suggested"}
    return [
        (f"{at:g}", rate, f"{rate:g}" + (f"  ← {marks[at]}" if at in marks else ""))
        for at, rate in sorted(shown.items(), reverse=True)
    ]
