"""What a configuration means to the parts of the service, and what is odd about it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from moderator import sources
from moderator.app.quotas import without_key
from moderator.config import Settings
from moderator.config.candidates import read_candidate
from moderator.domain.community import Communities
from moderator.domain.configuration import Configuration
from moderator.domain.score import Scorer
from moderator.domain.timing import Timing
from moderator.storage.engine import Engine
from moderator.web.runtime import AkismetRules, InForce

NO_BASE_RATE = "the model does not say which base rate it was made for: base_rate has no effect"
ANOTHER_MODEL = "these scales were fitted to another model: run `moderator migrate` again"

logger = logging.getLogger(__name__)


def in_force(settings: Settings, configuration: Configuration, now: datetime) -> InForce:
    """The settings as the web asks of them. Raises ConfigError."""
    return InForce(
        sources={name: sources.build(name, block) for name, block in settings.sources.items()},
        public=frozenset(settings.public),
        public_url=settings.public_url,
        channels=tuple(settings.channels),
        timings=timings(settings),
        digest=configuration.digest,
        loaded_at=now,
        triggers=settings.triggers,
        communities=_communities(settings),
        quotas=settings.quotas,
        akismet=_akismet(settings),
        read_candidate=partial(
            read_candidate,
            channels=settings.channels,
            sources=settings.source_names,
            exempt=settings.exempt,
        ),
        watched={
            name: settings.watch.silence and name not in settings.watch.without()
            for name in settings.source_names
        },
    )


def _communities(settings: Settings) -> Communities:
    return Communities() if settings.perspective is None else settings.perspective.in_force()


def _akismet(settings: Settings) -> AkismetRules | None:
    block = settings.akismet
    if block is None:
        return None
    return AkismetRules(source=block.source, threshold=block.threshold)


def timings(settings: Settings) -> dict[str, Timing]:
    """When each channel tells what it owes."""
    return {name: block.timing() for name, block in settings.channels.items()}


def page_url(public_url: str | None) -> Callable[[str | None], str | None]:
    """The address of an alert's page, None where nobody said where people reach us."""
    if public_url is None:
        return lambda _: None
    base = public_url.rstrip("/")
    return lambda alert_id: f"{base}/alerts/{alert_id}" if alert_id else f"{base}/"


def warn(settings: Settings, scorer: Scorer, engine: Engine, now: datetime) -> None:
    """Log what is allowed and most likely not meant. Raises Unavailable."""
    for warning in settings.warnings_at(now):
        logger.warning(warning)
    asked = [name for name, block in settings.sources.items() if block.base_rate is not None]
    if asked and scorer.base_rate is None:
        logger.warning(NO_BASE_RATE, extra={"sources": asked})
    misfits = settings.perspective.misfits(scorer.model) if settings.perspective else []
    if misfits:
        logger.warning(ANOTHER_MODEL, extra={"scales": misfits})
    if nameless := without_key(engine, settings.quotas):
        logger.warning("quotas: no key has these names or ids", extra={"keys": nameless})
