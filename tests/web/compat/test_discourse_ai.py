"""The endpoints of the plugin Discourse AI, asked as both its generations ask."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.web.site import Site

OLDER, LATER = "/discourse-ai/api/v1/classify", "/discourse-ai/sentiment"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: nothing is stored."""
    return sqlite_url


def ask(site: Site, path: str, body: object) -> httpx.Response:
    """A request with the headers that the plugin sends."""
    key = site.secret()[1]
    headers = {"referer": "https://forum.example", "x-api-key": key}
    if path == LATER:
        headers["authorization"] = f"Bearer {key}"
    return site.client.post(path, json=body, headers=headers)


def test_the_older_generation_reads_seven_whole_numbers(site: Site):
    body = {"model": "unbiased", "content": "hate=0.296 offensive=0.5"}
    assert ask(site, OLDER, body).json() == {
        "toxicity": 80,
        "severe_toxicity": 0,
        "obscene": 0,
        "identity_attack": 30,
        "insult": 0,
        "threat": 0,
        "sexual_explicit": 0,
    }


def test_the_later_generation_reads_labels_the_likeliest_first(site: Site):
    told = ask(site, LATER, {"inputs": "hate=0.25 offensive=0.5", "truncate": True}).json()
    assert told == [
        {"score": 0.5, "label": "offensive"},
        {"score": 0.25, "label": "hate"},
        {"score": 0.25, "label": "neither"},
    ]


def test_nobody_is_blamed_for_what_he_quotes(site: Site):
    text = "[quote]hate=0.9[/quote]\nhate=0.1 I disagree"
    assert ask(site, OLDER, {"content": text}).json()["toxicity"] == 10


def test_what_cannot_be_judged_gets_a_label_or_a_refusal_and_never_a_number(site: Site):
    assert ask(site, LATER, {"inputs": "abstain"}).json() == [{"score": 1.0, "label": "unjudged"}]
    answer = ask(site, OLDER, {"content": "abstain"})
    assert (answer.status_code, answer.json()["error_type"]) == (422, "validation")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (OLDER, {}, 422),
        (OLDER, {"content": 7}, 422),
        (OLDER, {"model": 7, "content": "x"}, 422),
        (OLDER, {"model": "nsfw_detector", "content": "https://x.example/1.png"}, 415),
        (OLDER, [], 422),
        (LATER, {"inputs": ["a", "b"]}, 422),
        (LATER, {}, 422),
    ],
)
def test_what_is_not_taken_is_told_as_text_embeddings_inference_does(
    site: Site, path: str, body: Any, status: int
):
    answer = ask(site, path, body)
    assert (answer.status_code, set(answer.json())) == (status, {"error", "error_type"})


def test_a_key_is_needed_unless_the_routes_are_open(site: Site):
    answer = site.client.post(OLDER, json={"content": "hello"}, headers={"x-api-key": "wrong"})
    assert (answer.status_code, set(answer.json())) == (401, {"error", "error_type"})
    site.configure(public=frozenset({"discourse-ai"}))
    for path, name in ((OLDER, "content"), (LATER, "inputs")):
        assert site.client.post(path, json={name: "hello"}).status_code == 200
