"""A service whose configuration changes: what is in force, and what is remembered of it."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from moderator.app import Service
from moderator.config import load_settings, server_settings
from moderator.domain.configuration import Cause
from moderator.storage import alerts, configurations
from moderator.storage.engine import Connection, connect, read, write
from tests.builders import MarkedScorer, a_delivery, an_event

CONFIG = """\
sources:
  forum: {kind: generic, secrets: ["${FORUM_SECRET}"]}
triggers:
  slur: {when: {hate: %s}, fold_copies: 0s, notify: [terminal]}
channels:
  terminal: {kind: console}
"""
OFTEN = timedelta(seconds=0.1)
SECRET = "the-forums-own-secret-for-tests"


class Folder:
    """A configuration's file, and the services that read it."""

    def __init__(self, path: Path, database_url: str) -> None:
        self.file = path / "config.yaml"
        self.environ = {
            "FORUM_SECRET": SECRET,
            "DATABASE_URL": database_url,
            "MODERATOR_CONFIG": str(self.file),
        }
        self.engine = connect(database_url)
        self._changes = 0

    def write(self, threshold: object) -> None:
        """Another version of the file."""
        self._changes += 1
        self.file.write_text(CONFIG % threshold)
        os.utime(self.file, ns=(self._changes, self._changes))

    @contextmanager
    def service(self, scorer: MarkedScorer | None = None) -> Iterator[Service]:
        """A process of the service, running."""
        settings = load_settings(self.file, self.environ)
        server = server_settings(self.environ)
        service = Service(
            settings, server, self.environ, scorer or MarkedScorer(), reload_every=OFTEN
        )
        service.start()
        try:
            yield service
        finally:
            service.stop()

    def history(self) -> list[tuple[Cause, str]]:
        """Cause and threshold of each period, oldest first."""
        with read(self.engine) as tx:
            found = configurations.newest_periods(tx, limit=100)
            return [(one.cause, threshold(tx, one.digest)) for one in reversed(found)]


def threshold(tx: Connection, digest: str) -> str:
    """What a configuration asked for."""
    said = configurations.configuration(tx, digest)
    assert said is not None
    return said.settings["triggers.slur.when.hate"]


@pytest.fixture
def folder(tmp_path, database_url) -> Iterator[Folder]:
    """A folder with a threshold of 0.8 in it, and a database of its own."""
    folder = Folder(tmp_path, database_url)
    folder.write(0.8)
    yield folder
    folder.engine.dispose()


def awaited(true, within_s=30.0) -> None:
    """Wait until something is so: the file is looked at every few seconds."""
    give_up = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < give_up, "it did not happen"
        time.sleep(0.05)


def take(service: Service, comment_id: str, said: str) -> None:
    """One comment by the intake that webhooks use."""
    delivery = a_delivery(an_event(said, comment_id=comment_id))
    asyncio.run(service.runtime.intake.submit(delivery))


def test_a_start_a_reload_and_the_way_back_are_remembered_and_a_restart_is_not(folder):
    with folder.service() as service:
        first = service.runtime.in_force.digest
        folder.write(0.9)
        awaited(lambda: service.runtime.in_force.digest != first)
        folder.write(0.8)
        awaited(lambda: service.runtime.in_force.digest == first)
    with folder.service():
        pass
    assert folder.history() == [
        (Cause.START, "0.8"), (Cause.RELOAD, "0.9"), (Cause.RELOAD, "0.8"),
    ]  # fmt: skip


def test_every_alert_names_the_configuration_that_raised_it(folder):
    with folder.service() as service:
        first = service.runtime.in_force.digest
        take(service, "1", "hate=0.85")
        folder.write(0.84)
        awaited(lambda: service.runtime.in_force.digest != first)
        second = service.runtime.in_force.digest
        take(service, "2", "hate=0.85")
    with read(folder.engine) as tx:
        raised = {one.comment_id: one.configuration for one in alerts.newest_alerts(tx, limit=9)}
    assert raised == {"1": first, "2": second}


def test_a_refused_file_leaves_no_trace_in_the_history(folder):
    with folder.service() as service:
        folder.write(80)
        awaited(lambda: service.runtime.in_force.problems)
    assert folder.history() == [(Cause.START, "0.8")]


def test_a_new_model_is_remembered_at_its_first_start(folder):
    newer = MarkedScorer()
    newer.model = "marked@111111111111"
    with folder.service():
        pass
    with folder.service(newer):
        pass
    with read(folder.engine) as tx:
        newest = configurations.newest_periods(tx, limit=1)[0]
    assert [(one.key, one.after) for one in newest.differences] == [("model", newer.model)]


def test_while_the_database_is_away_a_new_configuration_waits_for_it(tmp_path, postgres_url):
    """C14: nothing is raised under a configuration that is not remembered."""
    folder = Folder(tmp_path, postgres_url)
    folder.write(0.8)
    with folder.service() as service, folder.engine.connect() as blocker:
        first = service.runtime.in_force.digest
        blocker.execute(text("LOCK TABLE configurations IN ACCESS EXCLUSIVE MODE"))
        folder.write(0.9)
        time.sleep(6)  # longer than one waits for a lock
        assert service.runtime.in_force.digest == first
        blocker.rollback()
        awaited(lambda: service.runtime.in_force.digest != first)
        take(service, "1", "hate=0.85")
    assert folder.history() == [(Cause.START, "0.8"), (Cause.RELOAD, "0.9")]
    with read(folder.engine) as tx:
        assert alerts.newest_alerts(tx, limit=9) == []
    folder.engine.dispose()


def test_two_services_on_one_database_that_reload_the_same_file_write_it_once(
    tmp_path, postgres_url
):
    folder = Folder(tmp_path, postgres_url)
    folder.write(0.8)
    with folder.service() as one, folder.service() as other:
        folder.write(0.9)
        awaited(lambda: len({one.runtime.in_force.digest, other.runtime.in_force.digest}) == 1)
        awaited(lambda: len(folder.history()) == 2)
    assert folder.history() == [(Cause.START, "0.8"), (Cause.RELOAD, "0.9")]
    folder.engine.dispose()


def test_no_secret_is_in_what_is_remembered(folder):
    with folder.service():
        pass
    with write(folder.engine) as tx:
        kept = [tuple(row) for row in tx.execute(text("SELECT * FROM configurations"))]
    assert SECRET not in json.dumps(kept)
    assert "(secret)" in json.dumps(kept)
