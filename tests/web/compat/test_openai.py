"""OpenAI's moderation endpoint."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from moderator.storage import usage
from moderator.storage.engine import read
from moderator.web.compat.openai import CATEGORIES
from tests.web.site import Site

KNOWN = {"hate", "harassment"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: nothing is stored."""
    return sqlite_url


def ask(site: Site, value: object, **changes: Any) -> httpx.Response:
    """One request with a good key."""
    return site.client.post("/v1/moderations", json={"input": value} | changes, headers=site.key())


def test_a_text_gets_every_category_and_two_of_them_mean_something(site: Site):
    (told,) = ask(site, "hate=0.7 offensive=0.2").json()["results"]
    assert (told["flagged"], list(told["categories"])) == (True, list(CATEGORIES))
    assert {name for name, value in told["categories"].items() if value} == {"hate"}
    assert {name: value for name, value in told["category_scores"].items() if value} == {
        "hate": 0.7,
        "harassment": 0.2,
    }
    assert {name for name, types in told["category_applied_input_types"].items() if types} == KNOWN


@pytest.mark.parametrize(
    ("text", "flagged", "category"),
    [("offensive=0.6", True, "harassment"), ("hello there", False, None)],
)
def test_what_is_flagged_is_the_models_own_label(
    site: Site, text: str, flagged: bool, category: str | None
):
    (told,) = ask(site, text).json()["results"]
    found = [name for name, value in told["categories"].items() if value]
    assert (told["flagged"], found) == (flagged, [category] if category else [])


def test_each_text_of_a_list_gets_a_result_and_parts_of_one_get_one(site: Site):
    told = ask(site, ["hello", "hate=0.9", "offensive=0.9"]).json()
    assert [each["flagged"] for each in told["results"]] == [False, True, True]
    assert told["id"].startswith("modr-")
    assert told["model"] == site.scorer.model
    parts = [{"type": "text", "text": "hello"}, {"type": "text", "text": "hate=0.9"}]
    (together,) = ask(site, parts, model="omni-moderation-latest").json()["results"]
    assert together["flagged"]


@pytest.mark.parametrize(
    ("value", "status", "param", "code"),
    [
        (None, 422, "input", "bad_payload"),
        ([], 422, "input", "bad_payload"),
        (7, 422, "input", "bad_payload"),
        ([1, 2], 422, "input[0]", "bad_payload"),
        (["x"] * 101, 422, "input", "bad_payload"),
        ([{"type": "text"}], 422, "input[0].text", "bad_payload"),
        ([{"type": "image_url", "image_url": {}}], 422, "input[0].type", "bad_payload"),
        ("x" * 65_537, 413, None, "body_too_large"),
        ("abstain", 422, None, "not_judged"),
        (["hello", "abstain"], 422, None, "not_judged"),
    ],
)
def test_what_is_not_taken_is_told_in_openais_shape(
    site: Site, value: object, status: int, param: str | None, code: str
):
    answer = ask(site, value)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", param, code)
    assert answer.headers["content-type"] == "application/json"


def test_other_refusals_have_that_shape_too(site: Site):
    def error(answer: httpx.Response) -> tuple[int, str, str]:
        told = answer.json()["error"]
        assert set(told) == {"message", "type", "param", "code"}
        return answer.status_code, told["type"], told["code"]

    path, body = "/v1/moderations", {"input": "hello"}
    wrong = {"authorization": "Bearer sk-of-another-house"}
    assert error(site.client.post(path, json=body)) == (
        401,
        "authentication_error",
        "invalid_api_key",
    )
    assert error(site.client.post(path, json=body, headers=wrong))[0] == 401
    assert error(site.client.get(path))[:2] == (405, "invalid_request_error")

    site.app.state.scoring.stop()
    assert error(ask(site, "hello")) == (503, "server_error", "server_is_overloaded")


def test_it_can_be_opened_to_everybody_and_stores_nothing(site: Site):
    site.configure(public=frozenset({"openai"}))
    answer = site.client.post("/v1/moderations", json={"input": "hate=0.9"})
    assert answer.status_code == 200
    assert site.client.get("/v1/scores", headers=site.key()).json()["items"] == []


def test_texts_are_counted_for_the_key(site: Site):
    key_id, secret = site.secret()
    headers = {"authorization": f"Bearer {secret}"}
    site.client.post("/v1/moderations", json={"input": ["hello", "there"]}, headers=headers)
    site.runtime.usage.flush(site.engine)
    with read(site.engine) as tx:
        (day,) = usage.by_day(tx, since=site.now.date(), key_id=key_id)
    assert (day.used.requests, day.used.scored) == (1, 2)
