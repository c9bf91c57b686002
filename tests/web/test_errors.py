"""What errors mean on the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest

from moderator.domain import errors as domain
from moderator.domain.quota import Per, Quota
from moderator.web import errors
from moderator.web.compat.perspective.errors import Refusal
from moderator.web.errors import TABLE, problem_of


@pytest.fixture
def database_url(sqlite_url):
    """SQLite alone."""
    return sqlite_url


def subclasses(kind) -> Any:
    """All kinds of an error."""
    return {kind, *(deeper for sub in kind.__subclasses__() for deeper in subclasses(sub))}


def made(kind) -> Any:
    """An error of a kind."""
    facts: dict[Any, dict[str, Any]] = {
        errors.TooManyWrongKeys: {"retry_after_s": 7},
        errors.NotJudged: {"reason": "language"},
        errors.QuotaExceeded: {"quota": Quota(limit=60, per=Per.MINUTE), "retry_after_s": 7},
    }
    return kind("a word", **facts.get(kind, {}))


REFUSALS = subclasses(domain.DeliveryRefused) | subclasses(domain.Unavailable)
ANSWERED_WHERE_RAISED = {Refusal}  # in the Perspective API's own words
ALL: set[Any] = (REFUSALS | subclasses(errors.WebError)) - {
    errors.WebError,
    domain.DeliveryRefused,
    *ANSWERED_WHERE_RAISED,
}


@pytest.mark.parametrize("kind", sorted(ALL, key=str))
def test_every_error_a_request_can_meet_has_a_status_of_its_own(kind):
    problem = problem_of(made(kind))
    assert 400 <= problem.status < 600
    assert problem.status != 500
    told = json.loads(problem.body("a-name"))
    assert told["status"] == problem.status
    assert told["type"].startswith("urn:moderator:problem:")
    assert told["title"]


def test_no_two_rows_of_the_table_have_the_same_type():
    types = [type_ for _, type_, _ in TABLE.values()]
    assert len(types) == len(set(types))


@pytest.mark.parametrize("kind", [domain.ConfigError, domain.ModelError, domain.DataError])
def test_an_error_that_no_request_should_meet_is_unexpected_and_tells_nothing(kind):
    problem = problem_of(kind("config.yaml: a secret word"))
    assert problem.status == 500
    assert "secret" not in problem.body("a-name").decode()


def test_a_401_is_the_same_for_every_request():
    problem = problem_of(domain.BadSignature("not signed"))
    assert problem.body("one-name") == problem.body("another")


@pytest.mark.parametrize(
    ("asked_s", "jitter", "told_s"),
    [(5, 0.0, 5), (5, 0.5, 10), (5, 1.0, 15), (1, 0.0, 2), (20, 1.0, 30), (600, 0.0, 30)],
)
def test_the_wait_is_spread_and_stays_within_2_to_30_seconds(asked_s, jitter, told_s):
    problem = problem_of(domain.Unavailable("away", retry_after_s=asked_s), jitter)
    assert problem.headers["retry-after"] == str(told_s)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "/healthz", "GET, HEAD"),
        ("DELETE", "/login", "GET, HEAD, POST"),
        ("PUT", "/v1/alerts/al_1/ack", "POST"),
        ("DELETE", "/v1/scores", "GET"),
        ("GET", "/v1/scores:lookup", "POST"),
        ("OPTIONS", "/", "GET, HEAD"),
    ],
)
def test_another_method_is_refused_with_every_method_that_is_not(site, method, path, allow):
    answer = site.client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allow
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/v2/scores", "//", "/v1//scores", "/healthz/", "/webhooks", "/webhooks/a/b", "/.env"]
)
def test_an_unknown_path_is_not_found_and_never_redirected(site, path):
    answer = site.client.request("GET", f"http://board.test{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
