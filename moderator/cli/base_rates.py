"""`moderator base-rate`: how toxic each board is, so that its probabilities mean what they say."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import typer

from moderator.app import load_scorer, open_database
from moderator.app.base_rates import Configured, chosen, estimated_base_rate, start_of_day
from moderator.channels.phrases import percent
from moderator.classifier.prior import FEWEST, BaseRate
from moderator.cli.options import AsJson, ConfigPath
from moderator.config import Settings, load_settings, server_settings
from moderator.config.problems import hint
from moderator.domain.errors import ConfigError
from moderator.storage.engine import closing_pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is configured for a source, what its model declares, what its comments look like."""

    source: str
    configured: Configured
    declared: float | None
    estimate: BaseRate | None

    @property
    def in_force(self) -> float | None:
        """The share that probabilities hold for, None where the model does not say."""
        return self.declared and (chosen(self.configured, self.estimate) or self.declared)

    @property
    def rests_on_enough(self) -> bool:
        """Whether there were so many comments that the estimate is worth a look."""
        return self.estimate is not None and self.estimate.comments >= FEWEST

    @property
    def line(self) -> str | None:
        """What to write in the configuration, None where nothing reliable was found."""
        found = self.estimate
        return f"base_rate: {found.share:.2g}" if found is not None and found.is_usable else None


def base_rate(
    source: Annotated[str | None, typer.Option("--source", help="One source; else all.")] = None,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Estimate how many of each board's comments are toxic, from the last 30 days of scores.

    Example: moderator base-rate --source forum
    """
    settings = load_settings(config, os.environ)
    names = _names(settings, source)
    scorer = load_scorer(settings)
    with closing_pool(open_database(server_settings(os.environ))) as engine:
        before = start_of_day(engine)
        findings = [
            Finding(
                source=name,
                configured=settings.sources[name].base_rate,
                declared=scorer.base_rate,
                estimate=estimated_base_rate(engine, scorer, name, before),
            )
            for name in names
        ]
    if as_json:
        typer.echo(json.dumps([_as_json(finding) for finding in findings]))
        return
    if not findings:
        typer.echo("the configuration names no source", err=True)
    for finding in findings:
        typer.echo("\n".join(_in_words(finding, before)))


def _names(settings: Settings, source: str | None) -> list[str]:
    if source is None:
        return list(settings.sources)
    if source not in settings.sources:
        known = hint(source, settings.sources, {})
        raise ConfigError(f"config: sources: there is no source {source!r}{known}")
    return [source]


def _as_json(finding: Finding) -> dict[str, Any]:
    found = finding.estimate if finding.rests_on_enough else None
    return {
        "source": finding.source,
        "configured": finding.configured,
        "declared": finding.declared,
        "in_force": finding.in_force,
        "estimate": found and found.share,
        "low": found and found.low,
        "high": found and found.high,
        "comments": finding.estimate and finding.estimate.comments,
        "line": finding.line,
    }


def _in_words(finding: Finding, before: datetime) -> list[str]:
    configured = finding.configured
    shown = percent(configured, 2) if isinstance(configured, float) else configured
    rows = [
        ("configured", shown or "nothing, so the model's own counts"),
        ("estimate", _estimate(finding, before)),
        ("in force", "unknown" if finding.in_force is None else percent(finding.in_force, 2)),
        ("to write", finding.line or "nothing"),
    ]
    return [f"sources.{finding.source}:", *(f"  {name:<11} {said}" for name, said in rows)]


def _estimate(finding: Finding, before: datetime) -> str:
    found = finding.estimate
    if found is None:
        return "none: the model does not say for which base rate its probabilities hold"
    rests_on = f"from {found.comments:,} comments before {before:%Y-%m-%d}"
    if not finding.rests_on_enough:
        return f"none: {rests_on}, and {FEWEST:,} are needed"
    interval = f"95% interval {percent(found.low, 2)} to {percent(found.high, 2)}"
    doubt = "" if found.is_usable else "; too vague to be used"
    return f"{percent(found.share, 2)}, {interval}, {rests_on}{doubt}"
