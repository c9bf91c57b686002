"""One process of the service: its threads, and the configuration in force."""

from __future__ import annotations

import logging
import os
import random
import secrets
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler
from fastapi import FastAPI

from moderator import channels, web
from moderator.alerting import Rules
from moderator.app import periodic
from moderator.app.base_rates import BaseRates
from moderator.app.budgets import Budgets
from moderator.app.corals import join_announced
from moderator.app.history import remember
from moderator.app.in_force import in_force, page_url, timings, warn
from moderator.app.opening import open_database, ownership
from moderator.config import (
    Change,
    ConfigWatch,
    ServerSettings,
    Settings,
    configuration_of,
)
from moderator.dispatch import ChannelWorker, Dispatcher, start_workers
from moderator.domain.comment import Delivery
from moderator.domain.configuration import Cause
from moderator.domain.errors import Unavailable
from moderator.domain.score import Scorer
from moderator.ingest import Answer, Result, ingest
from moderator.intake import MAX_BATCH, Intake
from moderator.storage import messages, migrations, retention
from moderator.storage.engine import database_now, write
from moderator.watch import lookout
from moderator.web.runtime import Runtime

SWEEP_EVERY = timedelta(seconds=5)  # retries that fell due, and what another process left
RELOAD_EVERY = timedelta(seconds=5)
JOIN_EVERY = timedelta(seconds=5)
USAGE_EVERY = timedelta(seconds=10)  # what a crash can lose of the counts by key
FOLLOW_BUDGETS_EVERY = timedelta(seconds=30)  # what another process solved counts here, too
LOOK_FOR_A_NEW_DAY_EVERY = timedelta(minutes=10)

logger = logging.getLogger(__name__)


def utc_now() -> datetime:
    """This machine's clock."""
    return datetime.now(UTC)


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
        self._ownership = ownership(server)
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
            in_force=in_force(settings, configuration_of(settings), utc_now()),
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
            (self._escalate, periodic.ESCALATE_EVERY),
            (self._forget, periodic.RETENTION_EVERY),
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
        warn(settings, self.runtime.scorer, self._engine, utc_now())
        built = {name: channels.build(name, block) for name, block in settings.channels.items()}
        old, stopping = self._workers, self._stopping
        self._stopping = threading.Event()
        dispatcher = Dispatcher(
            engine=self._engine,
            owner=self._owner,
            jitter=lambda: random.uniform(-1, 1),  # noqa: S311
            page_url=page_url(settings.public_url),
            stopping=self._stopping,
            timings=timings(settings),
            attempted=self.runtime.metrics.attempt,
        )
        self._workers = start_workers(built, dispatcher)
        self._budgets.follow(lambda: settings.triggers)
        self._rules = Rules(
            triggers=settings.triggers,
            recipients={name: channel.recipients for name, channel in built.items()},
            digest=configuration.digest,
        )
        taken_up = in_force(settings, configuration, utc_now())
        self.runtime.in_force = replace(taken_up, problems=self._watch.problems)
        stopping.set()  # the workers before finish the message in hand and end
        for worker in old.values():
            worker.wake()
        self._follow_base_rates()

    def _follow_base_rates(self) -> None:
        self._base_rates.update(lambda: self._watch.settings.sources)
        self.runtime.metrics.base_rates(self._base_rates.told())

    def _escalate(self) -> None:
        if periodic.escalate(self._engine, self._rules, self._stopping):
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
            timings=timings(settings),
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
        periodic.forget(self._engine, keep, self._stopping)


def create_app(service: Service) -> FastAPI:
    """The web application of a service."""
    return web.build(service.runtime, lifespan=service.lifespan)


def _scheduler() -> BackgroundScheduler:
    """One tick at a time, none caught up in bulk; who owns a run is decided in the database."""
    defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    return BackgroundScheduler(timezone=UTC, job_defaults=defaults)


def _new_alert_id() -> str:
    return f"al_{secrets.token_hex(8)}"


def _new_notice_id() -> str:
    return f"no_{secrets.token_hex(8)}"


def _results(answer: Answer) -> Sequence[Result]:
    return answer if isinstance(answer, tuple) else ()
