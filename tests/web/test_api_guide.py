"""docs/api.md says what is so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from moderator.ingest import Status
from moderator.web import body, gate
from moderator.web.errors import TABLE

GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


@pytest.fixture
def database_url(sqlite_url):
    """SQLite alone."""
    return sqlite_url


def test_every_route_stands_in_the_table_and_no_other(site):
    table = GUIDE.partition("## Routes")[2].partition("###")[0]
    told = set(re.findall(r"`(GET|POST|DELETE) ([^`]+)`", table))
    routes = {
        (method, route.path_format)
        for route in site.app.router.routes
        for method in route.methods - {"HEAD"}
    }
    assert told == routes


def test_every_metric_stands_in_the_table_and_no_other(site):
    site.send("hate=0.9")
    scraped = site.client.get("/metrics", headers=site.key()).text
    kinds = re.findall(r"^# TYPE (moderator_\w+) (\w+)$", scraped, flags=re.M)
    names = {name for name, kind in kinds if not name.endswith("_created") or kind != "gauge"}
    assert set(re.findall(r"^\| `(moderator_\w+)`", GUIDE, flags=re.M)) == names


def test_every_status_of_an_error_stands_in_the_table():
    told = {int(status) for status in re.findall(r"^\| (\d{3}) \|", GUIDE, flags=re.M)}
    assert told == {status for status, _, _ in TABLE.values()} | {405, 500}


@pytest.mark.parametrize("status", Status)
def test_every_status_of_a_comment_is_explained(status):
    assert re.search(rf"^\| `{status}` \|", GUIDE, flags=re.M)


def test_every_example_in_json_is_json():
    examples = re.findall(r"```json\n(.*?)```", GUIDE, flags=re.S)
    assert len(examples) >= 5
    for example in examples:
        json.loads(example)


def test_the_limits_are_those_that_hold():
    limits = {share.name: share.limit for share in gate.SHARES}
    assert limits == {"comments": 1_024, "health": 16, "look-ups": 128}
    assert (body.LARGEST, body.MOST_HELD) == (2**20, 32 * 2**20)
    assert (gate.MOST_HEADERS, gate.LONGEST_HEAD, gate.LONGEST_TARGET) == (100, 32_768, 8_192)
