"""What the web is handed to work with: built once in `app`, and never looked up anywhere else."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from moderator.backtest import Candidate
from moderator.domain.community import Communities
from moderator.domain.quota import Quota
from moderator.domain.score import Scorer
from moderator.domain.timing import Timing
from moderator.domain.trigger import Trigger
from moderator.intake import Intake
from moderator.sources.base import Source
from moderator.storage.engine import Connection, Engine
from moderator.web.metrics import Metrics
from moderator.web.quotas import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class AkismetRules:
    """What Akismet's routes are set to: the source whose comments they are asked about, and the
    probability of toxic from which on a comment is spam, None where the label says so.
    """

    source: str
    threshold: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """What the configuration in force gives the web.

    `sources` are the boards by name, `public` the names of routes that need no key ("predict"),
    `channels` the names of the ways out, `timings` when and how fast each of them tells. `digest`
    is the configuration's, as alerts keep it, `loaded_at` when this process took it up. `problems`
    say why a newer file was not taken. `triggers` are those in force, and `read_candidate` reads
    others that somebody wants tried out; it raises ConfigError. `communities` are
    the sites that ask by the Perspective API's routes.
    `quotas` are the keys' by their names or ids; `default` is for all others.
    `akismet` is None where Akismet's routes are off. `watched` has every source that may send, and
    whether its silence is told.
    """

    sources: Mapping[str, Source]
    public: frozenset[str]
    public_url: str | None
    channels: tuple[str, ...]
    digest: str
    loaded_at: datetime
    triggers: tuple[Trigger, ...]
    read_candidate: Callable[[object], Candidate]
    problems: tuple[str, ...] = ()
    communities: Communities = field(default_factory=Communities)
    quotas: Mapping[str, Quota] = field(default_factory=dict)
    akismet: AkismetRules | None = None
    watched: Mapping[str, bool] = field(default_factory=dict)
    timings: Mapping[str, Timing] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True, eq=False)
class Runtime:
    """One process's parts as the web sees them.

    Only `in_force` ever changes: it is replaced as a whole when the configuration was reloaded.
    `schema_problem` says in words why the database cannot be used, None where it can. `jitter`
    gives numbers in 0..1. `trusted_hops` is how many proxies stand before us that append to
    `X-Forwarded-For` (Heroku: 1): what they append is believed, everything else is not.
    `base_rate_of` tells a source's share of toxic comments, None where the model's own counts.
    """

    engine: Engine
    scorer: Scorer
    intake: Intake
    clock: Callable[[], datetime]
    in_force: InForce
    schema_problem: Callable[[], str | None]
    metrics: Metrics = field(default_factory=Metrics)
    usage: Usage = field(default_factory=Usage)
    jitter: Callable[[], float] = random.random
    trusted_hops: int = 0
    base_rate_of: Callable[[str], float | None] = field(default=lambda _source: None)


async def runtime_of(request: Request) -> Runtime:
    """The parts that the application of this request was built on."""
    runtime: Runtime = request.app.state.runtime
    return runtime


RuntimeOf = Annotated[Runtime, Depends(runtime_of)]

__all__ = ["Connection", "Engine", "InForce", "Runtime", "RuntimeOf"]
