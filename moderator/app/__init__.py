"""The composition root: everything is built once, here, and passed down.

settings ─▶ sources, channels, rules          reloaded as a whole when the file changes
base rates ─▶ ingest                          how toxic each board is, looked at once a day
intake (one thread) ─▶ ingest                 comments in
dispatcher (one thread a channel)             messages out
scheduler (APScheduler)                       sweeps, reloads, forgets, keeps watch
"""

from __future__ import annotations

import logging
import os
import random
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from apscheduler.schedulers.background import BackgroundScheduler
from fastapi import FastAPI
from sqlalchemy import Engine

from moderator import channels, sources, web
from moderator.alerting import Rules
from moderator.app.base_rates import BaseRates
from moderator.app.budgets import Budgets
from moderator.app.corals import join_announced
from moderator.app.history import remember
from moderator.app.quotas import without_key
from moderator.classifier.artefact import load
from moderator.classifier.bundled import load_bundled
from moderator.config import (
    Change,
    ConfigWatch,
    ServerSettings,
    Settings,
    configuration_of,
)
from moderator.config.candidates import read_candidate
from moderator.dispatch import ChannelWorker, Dispatcher, start_workers
from moderator.domain.comment import Delivery
from moderator.domain.community import Communities
from moderator.domain.configuration import Cause, Configuration
from moderator.domain.errors import ConfigError, Unavailable
from moderator.domain.score import Scorer
from moderator.domain.timing import Timing
from moderator.escalation import escalate_overdue
from moderator.ingest import Answer, Result, ingest
from moderator.intake import MAX_BATCH, Intake
from moderator.storage import messages, migrations, retention, verdict_joining
from moderator.storage.engine import connect, database_now, read, write
from moderator.storage.ownership import SqliteOwnership
from moderator.watch import lookout
from moderator.web.runtime import AkismetRules, InForce, Runtime

SWEEP_EVERY = timedelta(seconds=5)  # retries that fell due, and what another process left
RELOAD_EVERY = timedelta(seconds=5)
RETENTION_EVERY = timedelta(hours=1)
ESCALATE_EVERY = timedelta(minutes=1)
JOIN_EVERY = timedelta(seconds=5)
USAGE_EVERY = timedelta(seconds=10)  # what a crash can lose of the counts by key
FOLLOW_BUDGETS_EVERY = timedelta(seconds=30)  # what another process solved counts here, too
LOOK_FOR_A_NEW_DAY_EVERY = timedelta(minutes=10)
NO_BASE_RATE = "the model does not say which base rate it was made for: base_rate has no effect"
ANOTHER_MODEL = "these scales were fitted to another model: run `moderator migrate` again"

logger = logging.getLogger(__name__)


def utc_now() -> datetime:
    """This machine's clock."""
    return datetime.now(UTC)


def load_scorer(settings: Settings) -> Scorer:
    """The model the configuration pins, else the bundled one. Raises ModelError."""
    if settings.model is None:
        return load_bundled()
    return load(settings.model.path, settings.model.sha256)


def open_database(server: ServerSettings) -> Engine:
    """An engine on a database whose schema is at head.

    A SQLite file belongs to one process and is brought up to date here; PostgreSQL is migrated
    by `moderator db upgrade` alone. Raises ConfigError, Unavailable.
    """
    engine = connect(server.database_url)
    if server.database_url.startswith("sqlite"):
        migrations.upgrade(engine)
    problem = migrations.schema_problem(engine)
    if problem is not None:
        raise ConfigError(f"config: DATABASE_URL: {problem}")
    return engine


class Service:
    """One process of the service: its threads, and the configuration in force.

    Raises ConfigError and Unavailable where it cannot serve.
    """

    def __init__(
        self,
        settings: Settings,
        server: ServerSettings,
        environ: Mapping[str, str],
        scorer: Scorer,
        *,
        max_batch: int = MAX_BATCH,
        reload_every: timedelta = RELOAD_EVERY,
    ) -> None:
        self._ownership = _ownership(server)
        if self._ownership is not None:
            self._ownership.take()
        self._engine = open_database(server)
        self._watch = ConfigWatch(settings, environ)
        self._owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._rules = Rules()
        self._base_rates = BaseRates(self._engine, scorer)
        self._budgets = Budgets(self._engine, clock=database_now)
        self._lookout = lookout.Lookout(self._engine, scorer.model, _new_notice_id)
        self._workers: dict[str, ChannelWorker] = {}
        self._stopping = threading.Event()
        self._reload_every = reload_every
        self._is_behind = False  # a good configuration was read and is not in force yet
        self._scheduler = _scheduler()
        intake = Intake(partial(self._ingest, scorer), max_batch=max_batch)
        self.runtime = Runtime(
            engine=self._engine,
            scorer=scorer,
            intake=intake,
            clock=utc_now,
            in_force=_in_force(settings, configuration_of(settings)),
            schema_problem=lambda: migrations.schema_problem(self._engine),
            base_rate_of=lambda source: self._base_rates.in_force.get(source),
            trusted_hops=1 if server.is_heroku else 0,  # Heroku's router appends the caller's
        )

    @asynccontextmanager
    async def lifespan(self, _app: FastAPI) -> AsyncIterator[None]:
        """Runs the threads while the application serves."""
        self.start()
        try:
            yield
        finally:
            self.stop()

    def start(self) -> None:
        """Start taking in, sending and sweeping."""
        if self._ownership is not None:  # nobody else can hold a lease on this file
            with write(self._engine) as tx:
                messages.void_leases(tx, database_now(tx))
        self._apply(Cause.START)
        for job, every in (
            (self._sweep, SWEEP_EVERY),
            (self._reload, self._reload_every),
            (self._escalate, ESCALATE_EVERY),
            (self._forget, RETENTION_EVERY),
            (self._count_usage, USAGE_EVERY),
            (self._join, JOIN_EVERY),
            (self._follow_base_rates, LOOK_FOR_A_NEW_DAY_EVERY),
            (self._follow_budgets, FOLLOW_BUDGETS_EVERY),
            (self._look_out, lookout.EVERY),
        ):
            # At once, too: a process that never lives for an hour must forget all the same.
            self._scheduler.add_job(
                job, "interval", seconds=every.total_seconds(), next_run_time=utc_now()
            )
        self._scheduler.start()

    def stop(self) -> None:
        """Finish what was taken in, give back what was not sent, and let go of everything."""
        self._stopping.set()
        self._scheduler.shutdown()  # waits: a reload under way may start workers anew
        self.runtime.intake.stop()
        self._stopping.set()
        for worker in self._workers.values():
            worker.join()
        self._count_usage()
        self._engine.dispose()
        if self._ownership is not None:
            self._ownership.release()

    def _ingest(self, scorer: Scorer, batch: Sequence[Delivery]) -> list[Answer]:
        answers = ingest(
            self._engine,
            scorer,
            replace(self._rules, bars=self._budgets.in_force),
            batch,
            now=utc_now(),
            new_id=_new_alert_id,
            base_rates=self._base_rates.in_force,
        )
        if any(result.alerts for answer in answers for result in _results(answer)):
            self._sweep()
        return answers

    def _sweep(self) -> None:
        for worker in self._workers.values():
            worker.wake()

    def _reload(self) -> None:
        change = self._watch.look()
        self._is_behind = self._is_behind or change is Change.RELOADED
        if self._is_behind:
            self._catch_up()
        if change is Change.REFUSED:
            problems = self._watch.problems
            self.runtime.in_force = replace(self.runtime.in_force, problems=problems)
            logger.error("configuration refused; the one before stays in force")
            for problem in problems:
                logger.error(problem)

    def _catch_up(self) -> None:
        """Put what was read in force. While the database is away it waits, as the comments do:
        nothing must be raised under a configuration that the history does not know.
        """
        try:
            self._apply(Cause.RELOAD)
        except Unavailable as error:
            logger.warning("the configuration waits for the database", extra={"reason": str(error)})
            return
        self._is_behind = False
        logger.info("configuration reloaded", extra={"digest": self.runtime.in_force.digest})

    def _apply(self, cause: Cause) -> None:
        """Put the configuration that was read in force, whole. Raises Unavailable."""
        settings = self._watch.settings
        configuration = configuration_of(settings)
        remember(self._engine, configuration, cause, self.runtime.scorer.model)
        for warning in settings.warnings_at(utc_now()):
            logger.warning(warning)
        asked = [name for name, block in settings.sources.items() if block.base_rate is not None]
        if asked and self.runtime.scorer.base_rate is None:
            logger.warning(NO_BASE_RATE, extra={"sources": asked})
        misfits = (
            settings.perspective.misfits(self.runtime.scorer.model) if settings.perspective else []
        )
        if misfits:
            logger.warning(ANOTHER_MODEL, extra={"scales": misfits})
        if nameless := without_key(self._engine, settings.quotas):
            logger.warning("quotas: no key has these names or ids", extra={"keys": nameless})
        built = {name: channels.build(name, block) for name, block in settings.channels.items()}
        old, stopping = self._workers, self._stopping
        self._stopping = threading.Event()
        dispatcher = Dispatcher(
            engine=self._engine,
            owner=self._owner,
            jitter=lambda: random.uniform(-1, 1),  # noqa: S311
            page_url=_page_url(settings.public_url),
            stopping=self._stopping,
            timings=_timings(settings),
            attempted=self.runtime.metrics.attempt,
        )
        self._workers = start_workers(built, dispatcher)
        self._budgets.follow(lambda: settings.triggers)
        self._rules = Rules(
            triggers=settings.triggers,
            recipients={name: channel.recipients for name, channel in built.items()},
            digest=configuration.digest,
        )
        in_force = _in_force(settings, configuration)
        self.runtime.in_force = replace(in_force, problems=self._watch.problems)
        stopping.set()  # the workers before finish the message in hand and end
        for worker in old.values():
            worker.wake()
        self._follow_base_rates()

    def _follow_base_rates(self) -> None:
        self._base_rates.update(lambda: self._watch.settings.sources)
        self.runtime.metrics.base_rates(self._base_rates.told())

    def _escalate(self) -> None:
        """Tell more people of what nobody takes care of. One process does it in each minute."""
        with write(self._engine) as tx:
            if not retention.claim_run(
                tx, "escalation", every=ESCALATE_EVERY, now=database_now(tx)
            ):
                return
        rules = self._rules
        while not self._stopping.is_set():
            with write(self._engine) as tx:
                if not escalate_overdue(tx, rules.triggers, rules.recipients, database_now(tx)):
                    break
        self._sweep()

    def _join(self) -> None:
        join_announced(self._engine, self._watch.settings.sources, utc_now(), self._stopping)

    def _count_usage(self) -> None:
        try:
            self.runtime.usage.flush(self._engine)
        except Unavailable as error:
            logger.warning("the counts by key wait", extra={"reason": str(error)})

    def _look_out(self) -> None:
        """Tell people when this service, or what feeds it, goes quiet or strange."""
        settings, recipients = self._watch.settings, self._rules.recipients
        chosen = settings.watch.notify
        scope = lookout.Scope(
            on=settings.watch.on(),
            sources=settings.source_names - settings.watch.without(),
            notify=recipients if chosen is None else chosen,
            recipients=recipients,
            timings=_timings(settings),
        )
        try:
            if self._lookout.look(scope):
                self._sweep()
        except Unavailable as error:
            logger.warning("the watch could not look", extra={"reason": str(error)})

    def _follow_budgets(self) -> None:
        self._budgets.update(lambda: self._watch.settings.triggers)

    def _forget(self) -> None:
        kept = self._watch.settings.retention
        keep = retention.Retention(text=kept.text, scores=kept.scores)
        with write(self._engine) as tx:
            now = database_now(tx)
            if not retention.claim_run(tx, "retention", every=RETENTION_EVERY, now=now):
                return
        for step in retention.steps(keep, now):
            while not self._stopping.is_set():
                with write(self._engine) as tx:
                    if not step(tx):
                        break
        with read(self._engine) as tx:
            missed = verdict_joining.missed(tx, since=now - 2 * RETENTION_EVERY)
        if missed:
            with write(self._engine) as tx:
                verdict_joining.join(tx, missed)


def create_app(service: Service) -> FastAPI:
    """The web application of a service."""
    return web.build(service.runtime, lifespan=service.lifespan)


def _in_force(settings: Settings, configuration: Configuration) -> InForce:
    return InForce(
        sources={name: sources.build(name, block) for name, block in settings.sources.items()},
        public=frozenset(settings.public),
        public_url=settings.public_url,
        channels=tuple(settings.channels),
        timings=_timings(settings),
        digest=configuration.digest,
        loaded_at=utc_now(),
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


def _timings(settings: Settings) -> dict[str, Timing]:
    return {name: block.timing() for name, block in settings.channels.items()}


def _ownership(server: ServerSettings) -> SqliteOwnership | None:
    prefix, _, path = server.database_url.partition("///")
    return SqliteOwnership(Path(path)) if prefix == "sqlite:" else None


def _scheduler() -> BackgroundScheduler:
    """One tick at a time, none caught up in bulk; who owns a run is decided in the database."""
    defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    return BackgroundScheduler(timezone=UTC, job_defaults=defaults)


def _page_url(public_url: str | None) -> Callable[[str | None], str | None]:
    if public_url is None:
        return lambda _: None
    base = public_url.rstrip("/")
    return lambda alert_id: f"{base}/alerts/{alert_id}" if alert_id else f"{base}/"


def _new_alert_id() -> str:
    return f"al_{secrets.token_hex(8)}"


def _new_notice_id() -> str:
    return f"no_{secrets.token_hex(8)}"


def _results(answer: Answer) -> Sequence[Result]:
    return answer if isinstance(answer, tuple) else ()
