"""What is wrong with the service: to programs, in the metrics and on the page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from moderator.domain.notice import Notice
from moderator.domain.trigger import Severity
from moderator.storage import notices
from moderator.storage.engine import write
from tests.builders import NOON, at
from tests.watch.boards import World, everything


@pytest.fixture
def get(site):
    """The JSON of a look-up by a reader's key."""
    headers = site.key()

    def get(path, status=200, **params):
        answer = site.client.get(path, params=params, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return get


def put(site, number: int, kind="source-silent", subject="forum", **facts) -> None:
    """A notice, raised so many minutes after noon."""
    told = Notice(
        id=f"no_{number}",
        kind=kind,
        subject=subject,
        title=f"{subject} has sent <b>nothing</b> for {number} hours",
        lines=("Look at its webhook.",),
        severity=Severity.WARNING,
        raised_at=at(number),
        **facts,
    )
    with write(site.engine) as tx:
        notices.add_notice(tx, told)


def test_notices_are_told_newest_first_and_page_by_page(site, get):
    for number in range(5):
        put(site, number)
    page = get("/v1/notices", limit=2)
    ids = [one["id"] for one in page["items"]]
    while page["next"]:
        page = get("/v1/notices", limit=2, cursor=page["next"])
        ids += [one["id"] for one in page["items"]]
    assert ids == ["no_4", "no_3", "no_2", "no_1", "no_0"]
    assert page["items"][0] == {
        "id": "no_0",
        "kind": "source-silent",
        "subject": "forum",
        "severity": "warning",
        "title": "forum has sent <b>nothing</b> for 0 hours",
        "lines": ["Look at its webhook."],
        "raised_at": "2026-11-22T12:00:00Z",
        "ended_at": None,
        "ends": None,
    }


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({"lasting": "true"}, ["no_2"]),
        ({"lasting": "false"}, ["no_3", "no_1"]),
        ({"subject": "forum"}, ["no_3", "no_1"]),
        ({"kind": "channel-failing"}, ["no_2"]),
        ({"kind": "channel-failing", "subject": "forum"}, []),
    ],
)
def test_notices_are_found_by_what_they_are_about(site, get, asked, ids):
    put(site, 1, ended_at=at(3))
    put(site, 2, "channel-failing", "mods")
    put(site, 3, ends="no_1", ended_at=at(3))
    assert [one["id"] for one in get("/v1/notices", **asked)["items"]] == ids


def test_a_wrong_question_is_refused(get):
    get("/v1/notices", 422, lasting="maybe")
    get("/v1/notices", 400, cursor="x")


def test_what_lasts_is_in_the_metrics(site):
    put(site, 1, ended_at=at(3))
    put(site, 2, "channel-failing", "mods")
    told = site.client.get("/metrics", headers=site.key()).text
    lines = [line for line in told.splitlines() if line.startswith("moderator_notices_lasting{")]
    assert lines == ['moderator_notices_lasting{kind="channel-failing",subject="mods"} 1.0']


def test_what_is_known_of_each_source_is_told(site, get):
    world = World(site.engine, scope=everything(sources=()), now=NOON)
    world.has_written(4, timedelta(minutes=10))
    world.has_written(1, timedelta(hours=1), source="young")
    world.has_written(8, timedelta(weeks=1), source="rare")
    world.passes(timedelta(minutes=2))
    of_sources = dict.fromkeys(("forum", "new", "rare", "young"), True) | {"left-out": False}
    site.configure(watched=of_sources)

    told = {one["source"]: one for one in get("/v1/watch")["sources"]}
    assert {name: one["state"] for name, one in told.items()} == {
        "forum": "watched",
        "new": "sent_nothing",
        "rare": "too_rare",
        "young": "too_young",
        "left-out": "not_watched",
    }
    assert told["forum"]["last_comment_at"] == "2026-11-22T11:50:00Z"
    assert told["forum"]["silence_told_at"].startswith("2026-11-22T1")
    assert (told["young"]["days"], told["young"]["comments"]) == (6, 167)
    assert told["rare"]["comments"] == 7
