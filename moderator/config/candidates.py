"""Triggers that are only tried out: from a file, or from whoever asks over HTTP."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from moderator.backtest import Candidate
from moderator.config.blocks import ConfigFile
from moderator.config.durations import parse_duration
from moderator.config.perspective import source_names
from moderator.config.problems import Problem
from moderator.config.review import Review
from moderator.config.settings import Settings
from moderator.config.triggers import EXEMPT, SelectionBlock
from moderator.config.yaml_source import Document, Unreadable, parse, read_bytes
from moderator.domain.errors import ConfigError
from moderator.domain.trigger import Trigger

ASKED = "the request"
USUAL_LENGTH = "30d"
LONGEST_SHOWN = 64  # characters of a key that somebody made up


def load_triggers(
    path: Path, settings: Settings, environ: Mapping[str, str]
) -> tuple[Trigger, ...]:
    """The triggers in a file, which may be a whole configuration or hold nothing else.

    They may name the sources and channels of `settings` and those that the file itself has. Whom
    `settings` exempt is left out unless the file has an `exempt` of its own.
    Raises ConfigError.
    """
    try:
        document = parse(read_bytes(path))
    except Unreadable as exc:
        raise ConfigError(exc.problem.as_line(str(path))) from None
    return _triggers(
        document, settings.channels, settings.source_names, settings.exempt, environ, str(path)
    )


def read_candidate(
    data: object,
    *,
    channels: Collection[str],
    sources: Collection[str],
    exempt: SelectionBlock | None = None,
) -> Candidate:
    """What is asked in `{"triggers": {...}, "since": "30d"}`, whose triggers may name these
    channels and sources and leave out whom the configuration exempts.

    Nothing is read from the environment for a stranger. Raises ConfigError.
    """
    asked = dict(data) if isinstance(data, dict) else {}
    since = asked.pop("since", USUAL_LENGTH)
    triggers = _triggers(
        Document(data={"triggers": asked.get("triggers")}), channels, sources, exempt, {}, ASKED
    )
    unknown = sorted(set(asked) - {"triggers"})
    if unknown:
        raise _refused(unknown[0][:LONGEST_SHOWN], "is not known here; write triggers and since")
    if not isinstance(since, str):
        raise _refused("since", "is not a duration; write a whole number and a unit: 24h, 30d")
    try:
        return Candidate(triggers=triggers, length=read_length(since))
    except ValueError as exc:
        raise _refused("since", str(exc)) from None


def read_length(text: str) -> timedelta:
    """How much of the past is looked at: `30d`. Raises ValueError."""
    return parse_duration(text, least="1h", most="10y")


def _refused(key: str, message: str) -> ConfigError:
    return ConfigError(Problem(message=message, path=(key,)).as_line(ASKED))


def _triggers(
    document: Document,
    channels: Collection[str],
    sources: Collection[str],
    exempt: SelectionBlock | None,
    environ: Mapping[str, str],
    shown: str,
) -> tuple[Trigger, ...]:
    whole = document.data if isinstance(document.data, dict) else {}
    if not isinstance(whole.get("triggers"), dict):
        message = "a mapping of triggers is expected here (triggers: {slur: ...})"
        raise ConfigError(Problem(message=message, path=("triggers",)).as_line(shown))
    parts = {name: whole[name] for name in ("triggers", EXEMPT) if name in whole}
    review = Review(replace(document, data=parts), environ)
    review.triggers(
        {*channels, *_names(whole.get("channels"))},
        {*sources, *_names(whole.get("sources")), *source_names(whole)},
    )
    file = review.whole(ConfigFile)
    if review.problems or file is None:
        problems = sorted(review.problems, key=lambda problem: problem.line)
        raise ConfigError(*(problem.as_line(shown) for problem in problems))
    left_out = file.exempt if EXEMPT in parts else exempt
    return tuple(block.trigger(name, left_out) for name, block in file.triggers.items())


def _names(section: object) -> Collection[str]:
    return section if isinstance(section, dict) else ()
