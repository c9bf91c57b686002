"""`/predict`: the tutorial's contract."""

from __future__ import annotations

from typing import Any

import pytest

from moderator.storage.keys import KeyScope


@pytest.fixture
def database_url(sqlite_url):
    """SQLite alone."""
    return sqlite_url


def predict(site, body, **headers) -> Any:
    """What is answered to a body."""
    return site.client.post("/predict", content=body, headers=headers)


def test_a_text_gets_three_probabilities_under_the_tutorials_names(site):
    answer = predict(site, b'{"text": "hate=0.5 offensive=0.25"}')
    assert answer.status_code == 200
    assert answer.json() == {"hate speech": 0.5, "offensive language": 0.25, "neither": 0.25}


@pytest.mark.parametrize(
    "media",
    ["application/json", "application/x-www-form-urlencoded", "text/plain", "image/png", None],
)
def test_the_body_is_json_whatever_it_is_called(site, media):
    """`curl -d` calls what it sends a form."""
    headers = {} if media is None else {"content-type": media}
    answer = predict(site, b'{"text": "a+b=c & 100% %41"}', **headers)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", None),
        (b"text=hello", None),
        (b"[]", None),
        (b'"hello"', None),
        (b"{}", "text"),
        (b'{"text": null}', "text"),
        (b'{"text": 7}', "text"),
        (b'{"text": ["hello"]}', "text"),
        (b'{"text": "a", "text": "b"}', None),
        (b'{"text": "a", "lang": "en"}', None),
        (b'{"text": NaN}', None),
        (b"[" * 100_000, None),
        (b"\xff", None),
    ],
)
def test_another_body_is_unprocessable(site, body, field):
    answer = predict(site, body)
    assert answer.status_code == 422
    assert answer.json().get("field") == field


def test_a_text_that_nobody_can_judge_is_refused_rather_than_guessed(site):
    answer = predict(site, b'{"text": "abstain"}')
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:moderator:problem:not-judged"
    assert answer.json()["reason"] == "language"


@pytest.mark.parametrize(("length", "status"), [(65_536, 200), (65_537, 413)])
def test_a_text_may_be_as_long_as_a_stored_one(site, length, status):
    assert predict(site, b'{"text": "' + b"x" * length + b'"}').status_code == status


def test_lone_surrogates_and_nul_are_scored_like_any_other_sign(site):
    assert predict(site, rb'{"text": "\ud800 \u0000 hello"}').status_code == 200


def test_a_compressed_body_is_never_inflated(site):
    answer = predict(site, b'{"text": "x"}', **{"content-encoding": "gzip"})
    assert answer.status_code == 415


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_refused_by_name(site, method):
    answer = site.client.request(method, "/predict")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("scope", KeyScope)
def test_where_it_is_not_public_any_key_will_do(site, scope):
    site.configure(public=frozenset())
    assert predict(site, b'{"text": "x"}').status_code == 401
    assert predict(site, b'{"text": "x"}', **site.key(scope)).status_code == 200


def test_without_a_key_the_body_is_not_even_looked_at(site):
    site.configure(public=frozenset())
    assert predict(site, b"not json").status_code == 401
