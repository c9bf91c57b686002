"""kill -9 while the comments pour in: nothing acknowledged is lost, nothing is doubled.

`make crash` runs the full size; the short version here is part of every test run.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections import Counter

import pytest

from moderator.storage import messages
from moderator.storage.engine import connect, database_now, read, write
from tests.receivers import SlackReceiver
from tests.reliability import audit
from tests.reliability.board import SECRET, Board, mild_posts, tweets
from tests.reliability.service import ServiceProcess

RUDE = audit.Nasty("offensive", 0.5)
HATEFUL = audit.Nasty("hate", 0.2)
KEY = re.compile(r"(?:digest-)?al_[0-9a-f]{16}\.mods")
COUNT = re.compile(r"\"([0-9,]+) alerts[:,]")


SHORT = ["sqlite-1", "postgres-3"]
FULL = ["sqlite-1", "postgres-1", "postgres-3"]


@pytest.fixture
def deployment(request):
    """A migrated database's URL and a number of worker processes."""
    kind, _, workers = request.param.partition("-")
    return request.getfixturevalue(f"{kind}_url"), int(workers)


def pour(posts, deployment, folder, *, nasty, kills, patient=False, seed=0):
    """Post everything while the service is killed `kills` times, audit, and return how many
    messages were repeated. `patient`: leases of killed senders are waited for.
    """
    database_url, workers = deployment
    randomness = random.Random(seed)
    with SlackReceiver() as slack:
        environ = {
            "BOARD_SECRET": SECRET,
            "SLACK_URL": slack.url,
            "SLACK_HOST": slack.host_port,
        }
        service = ServiceProcess(
            folder, audit.configuration(nasty), database_url, workers=workers, **environ
        ).start()
        began = time.monotonic()
        board = Board(service.port, posts)
        board.start()
        for _ in range(kills):
            time.sleep(randomness.uniform(0.1, 0.9))
            service.kill()
            if not patient:
                _let_leases_run_out(database_url)
            service.start()
        board.wait()
        took_s = time.monotonic() - began
        engine = connect(database_url)
        _await_sent(engine)
        assert service.stop() == 0
        with read(engine) as tx:
            audit.stored_once(tx, posts, board.acknowledged)
            assert set(board.acknowledged) == {post.id for post in posts}
            raised = audit.alerts_are_what_the_triggers_say(tx, nasty, in_order=workers == 1)
            sizes = audit.owed_once(tx)
        engine.dispose()
        texts = [request.body.decode() for request in slack.requests]
        told = Counter(KEY.findall(text)[0] for text in texts)
        counts = {KEY.findall(text)[0]: _count(text) for text in texts}
    assert counts == sizes, "an alert was not told, or one that was never raised"
    repeats = sum(told.values()) - len(told)
    print(  # noqa: T201
        f"{len(posts)} comments, {kills} kills, {raised} alerts, {repeats} repeated messages, "
        f"{len(posts) / took_s:.0f} comments/s"
    )
    return repeats


def _count(text):
    """How many alerts a message says that it tells."""
    found = COUNT.search(text)
    return int(found[1].replace(",", "")) if found else 1


def _let_leases_run_out(database_url):
    """Time passes while nothing runs."""
    engine = connect(database_url)
    with write(engine) as tx:
        messages.void_leases(tx, database_now(tx))
    engine.dispose()


def _await_sent(engine, within_s=180):
    """A killed sender's lease must run out before another takes its messages over."""
    give_up = time.monotonic() + within_s
    while time.monotonic() < give_up:
        with read(engine) as tx:
            if not audit.unsent(tx):
                return
        time.sleep(0.2)
    raise AssertionError("messages were still owed")


@pytest.mark.parametrize("deployment", SHORT, indirect=True)
@pytest.mark.timeout(300)
def test_without_kills_everything_is_stored_once_and_told_once(deployment, tmp_path):
    assert pour(mild_posts(300), deployment, tmp_path, nasty=RUDE, kills=0) == 0


@pytest.mark.parametrize("deployment", SHORT, indirect=True)
@pytest.mark.timeout(300)
def test_a_killed_service_loses_and_doubles_nothing(deployment, tmp_path):
    repeats = pour(mild_posts(1_000), deployment, tmp_path, nasty=RUDE, kills=2)
    assert repeats <= 2 * deployment[1]  # at most the message in hand of each process killed


@pytest.mark.long
@pytest.mark.parametrize("deployment", FULL, indirect=True)
@pytest.mark.timeout(3_600)
def test_the_tweets_pour_in_through_twenty_kills(deployment, tmp_path):
    kills = int(os.environ.get("KILLS", "20"))
    assert (
        pour(tweets(), deployment, tmp_path, nasty=HATEFUL, kills=kills, patient=True)
        <= kills * deployment[1]
    )


@pytest.mark.long
@pytest.mark.parametrize("deployment", FULL, indirect=True)
@pytest.mark.timeout(3_600)
def test_the_tweets_are_stored_once_and_alerted_as_the_triggers_say(deployment, tmp_path):
    assert pour(tweets(), deployment, tmp_path, nasty=HATEFUL, kills=0) == 0
