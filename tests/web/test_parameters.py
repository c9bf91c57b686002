"""Query strings and bodies of the look-ups: nothing is guessed, nothing is overlooked."""

from __future__ import annotations

import pytest


@pytest.fixture
def database_url(sqlite_url):
    """SQLite alone."""
    return sqlite_url


def test_a_parameter_that_is_wrong_is_refused_and_named(site):
    headers = site.key()
    for query in (
        "limit=-1", "limit=0", "limit=201", "limit=1000000000", "limit=abc", "limit=1e3",
        "limit=1_0", "limit=٣", "limit=", "limit=5&limit=5", "source=a&source=b", "unknown=1",
        "source=", "source=%00", "label=nasty", "label=HATE", "min_hate=1.1", "min_hate=-0.1",
        "min_hate=nan", "min_hate=inf", "min_hate=1e-1", "min_toxic=80%25", "min_toxic=0,8",
        "since=yesterday", "since=1700000000", "since=2026-11-22", "since=2026-11-22T10:00:00",
        "since=2026-11-22T10:00:00%2B99:00", "since=2026-02-30T10:00:00Z",
        "since=10000-01-01T00:00:00Z", "since=0001-01-01T00:00:00Z", "until=9999-12-31T23:59:59Z",
        "since=2026-11-22T10:00:00Z&until=2026-11-22T10:00:00Z",
        "since=2026-11-23T10:00:00Z&until=2026-11-22T10:00:00Z",
        "board=" + "x" * 257, "cursor=", "cursor=" + "x" * 600, "key=mod_x",
    ):  # fmt: skip
        answer = site.client.get(f"/v1/scores?{query}", headers=headers)
        assert answer.status_code == 422, query
        assert answer.json()["errors"], query
        assert "Value error" not in answer.text


@pytest.mark.parametrize(
    "query", ["limit=1", "limit=200", "min_hate=0", "min_hate=1", "min_toxic=0.80"]
)
def test_a_parameter_at_its_limit_is_taken(site, query):
    assert site.client.get(f"/v1/scores?{query}", headers=site.key()).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "acknowledged=yes",
        "mode=loud",
        "mode=off",
        "trigger=",
        "limit=x",
        "foo=bar",
        "mode=live&mode=live",
    ],
)
def test_alerts_are_as_strict(site, query):
    answer = site.client.get(f"/v1/alerts?{query}", headers=site.key())
    assert answer.status_code == 422
    if query == "mode=off":
        assert "Input should be 'live' or 'shadow'" in answer.text


@pytest.mark.parametrize("query", ["history=2", "history=yes", "history=1&history=1", "limit=1"])
def test_a_score_is_as_strict(site, query):
    site.send("hello")
    answer = site.client.get(f"/v1/scores/forum/42?{query}", headers=site.key())
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "cursor", ["x", "AAAA", "====", "%FF", "é", "A" * 44, "bm90IGEgY3Vyc29yIGF0IGFsbCwgbm8="]
)
def test_a_forged_cursor_is_refused(site, cursor):
    for path in ("/v1/scores", "/v1/alerts"):
        answer = site.client.get(path, params={"cursor": cursor}, headers=site.key())
        assert answer.status_code == 400
        assert answer.json()["type"] == "urn:moderator:problem:bad-cursor"


ONE = b'{"source":"forum","comment_id":"1"}'


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", None),
        (b"[]", None),
        (b"{}", "ids"),
        (b'{"ids":[]}', "ids"),
        (b'{"ids":[' + b",".join([ONE] * 101) + b"]}", "ids"),
        (b'{"ids":[{"source":"forum"}]}', "ids.0.comment_id"),
        (b'{"ids":[{"source":"forum","comment_id":1}]}', "ids.0.comment_id"),
        (b'{"ids":[{"source":"forum","comment_id":""}]}', "ids.0.comment_id"),
        (b'{"ids":[' + ONE + b'],"scores":{"hate":0}}', "scores"),
        (b'{"ids":[{"source":"forum","comment_id":"1","label":"neither"}]}', "ids.0.label"),
        (b'{"ids":[],"ids":[' + ONE + b"]}", None),
    ],
)
def test_a_look_up_of_several_is_as_strict(site, body, field):
    answer = site.client.post("/v1/scores:lookup", content=body, headers=site.key())
    assert answer.status_code == 422
    assert answer.json().get("field") == field


def test_a_hundred_ids_are_looked_up(site):
    body = b'{"ids":[' + b",".join([ONE] * 100) + b"]}"
    answer = site.client.post("/v1/scores:lookup", content=body, headers=site.key())
    assert len(answer.json()["items"]) == 100


def test_a_range_is_ignored_and_another_type_is_answered_in_json(site):
    headers = site.key() | {"range": "bytes=" + "0-," * 2_000, "accept": "text/xml"}
    answer = site.client.get("/v1/scores", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/scores?limit=x&limit=y"),
        ("GET", "/v1/alerts?a=1"),
        ("POST", "/v1/scores:lookup"),
    ],
)
def test_without_a_key_nothing_is_said_about_parameters(site, method, path):
    assert site.client.request(method, path, content=b"not json").status_code == 401
