"""What every request gets around it: headers, a name, one line, one measurement."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from moderator.domain.errors import Unavailable
from moderator.web.frame import CONTENT_SECURITY_POLICY


@pytest.fixture
def database_url(sqlite_url):
    """SQLite alone."""
    return sqlite_url


@pytest.fixture
def lines(caplog):
    """The access lines told so far."""
    caplog.set_level(logging.INFO, logger="moderator.access")
    return lambda: [r for r in caplog.records if r.name == "moderator.access"]


def requests(site) -> Any:
    """One request to each route, and some that no route takes, by good and bad senders."""
    known = [
        (method, route.path_format)
        for route in site.app.router.routes
        for method in sorted(route.methods)
    ]
    return [
        *known,
        ("GET", "/nothing"),
        ("PUT", "/"),
        ("OPTIONS", "/predict"),
        ("POST", "/login/x"),
    ]


def test_every_answer_has_the_safe_headers_whatever_it_is(site):
    key = site.key()
    for method, path in requests(site):
        for headers in ({}, key, {"content-type": "application/x-www-form-urlencoded"}):
            answer = site.client.request(method, path, headers=headers)
            assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["cross-origin-opener-policy"] == "same-origin"
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-request-id"]
            assert "access-control-allow-origin" not in answer.headers
            assert "server" not in answer.headers


def test_the_policy_allows_no_inline_script_and_no_framing():
    assert "unsafe-inline" not in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY


def test_browsers_are_told_to_stay_with_https_over_https_alone(site):
    assert "strict-transport-security" not in site.client.get("/healthz").headers
    with site.browser("https://board.test") as browser:
        told = browser.get("/healthz").headers["strict-transport-security"]
    assert "max-age=31536000" in told


def test_unexpected_failures_have_the_safe_headers_too(site):
    site.failure = RuntimeError("a silly goose")
    answer = site.send("hello")
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "goose" not in answer.text


@pytest.mark.parametrize("given", ["a-name-of-theirs", "0123abcd.x_Y"])
def test_a_sane_name_for_the_request_is_kept(site, given):
    answer = site.client.get("/healthz", headers={"x-request-id": given})
    assert answer.headers["x-request-id"] == given


@pytest.mark.parametrize(
    "given", ["short", "x" * 65, "with blank", "a<script>", "{{7*7}}", "ä" * 9]
)
def test_another_name_is_replaced(site, given):
    answer = site.client.get("/healthz", headers={"x-request-id": given.encode()})
    assert len(answer.headers["x-request-id"]) == 16


def test_an_error_names_the_request_as_the_header_does(site):
    answer = site.client.get("/nothing")
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_one_line_is_told_a_request(site, lines):
    site.send("silly goose")
    (line,) = lines()
    assert (line.method, line.route, line.status) == ("POST", "/webhooks/{source}", 200)
    assert line.source == "forum"
    assert line.ms > 0


def test_no_line_tells_what_was_asked(site, lines):
    """Paths hold ids and one-time links; query strings and bodies hold worse."""
    site.client.get("/v1/scores/forum/secret-id?history=1", headers=site.key())
    site.client.get("/login/a-one-time-token")
    site.client.get("/v1/authors/forum/a-person")
    site.client.get("/no/such/path")
    told = json.dumps([vars(line) for line in lines()], default=str)
    for word in ("secret-id", "a-one-time-token", "a-person", "such/path", "history=1"):
        assert word not in told
    assert [line.route for line in lines()][-1] == "(none)"


def test_an_unknown_source_is_not_told_either(site, lines):
    site.post(b"{}", source="made-up")
    assert not hasattr(lines()[-1], "source")


def test_a_strange_method_does_not_become_a_name_of_its_own(site):
    site.client.request("BREW", "/nothing")
    site.client.request("BREW", "/healthz")
    told = site.client.get("/metrics", headers=site.key()).text
    assert "BREW" not in told
    assert 'method="-",route="(none)",status="404"' in told


def test_latencies_are_measured_by_the_routes_template(site):
    site.client.get("/v1/threads/forum/77", headers=site.key())
    told = site.client.get("/metrics", headers=site.key()).text
    route = 'route="/v1/threads/{source}/{thread_id}"'
    assert f'moderator_request_seconds_count{{method="GET",{route},status="404"}} 1.0' in told
    assert "/77" not in told


def test_a_failing_database_is_a_503_on_every_kind_of_route(site):
    key = site.key()
    site.failure = Unavailable("away")
    assert site.send("hello").status_code == 503
    site.engine.dispose()
    site.runtime.engine = Broken()
    for path in ("/v1/scores", "/v1/alerts", "/metrics"):
        answer = site.client.get(path, headers=key)
        assert answer.status_code == 503
        assert 2 <= int(answer.headers["retry-after"]) <= 30


class Broken:
    """An engine whose database is away."""

    def connect(self):
        """Nobody there."""
        raise Unavailable("the database did not answer: OperationalError")
