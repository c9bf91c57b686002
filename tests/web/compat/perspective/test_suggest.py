"""`comments:suggestscore`: what people say is kept, and joined to the comment now or later."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from moderator.domain.community import Communities, Community
from moderator.sources.coral import CoralSettings, CoralSource
from moderator.storage import verdicts
from moderator.storage.engine import read
from tests.sources.signed_requests import PLAIN_SECRET, coral_body, coral_headers, coral_question

SUGGEST = "/v1alpha1/comments:suggestscore"
CANARY = "canary-93be"


def suggested(text: str = "you silly goose", value: Any = 1, **changes: Any) -> dict[str, Any]:
    """The body of a request; a change to None leaves a member out."""
    body = {
        "comment": {"text": text},
        "attributeScores": {"TOXICITY": {"summaryScore": {"value": value}}},
    } | changes
    return {name: given for name, given in body.items() if given is not None}


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLite, unless a test asks for the other one, too."""
    url: str = request.getfixturevalue(getattr(request, "param", "sqlite_url"))
    return url


def verdict_of(client, text: str) -> Any:
    """The verdict that is shown with the score of a stored text."""
    client.analyze(text)
    (item,) = client.stored()
    return item["verdict"]


@pytest.mark.parametrize("database_url", ["sqlite_url", "postgres_url"], indirect=True)
@pytest.mark.parametrize("comes_first", [True, False], ids=["the feedback", "the comment"])
def test_feedback_is_shown_with_the_comment_whichever_comes_first(client, comes_first):
    if not comes_first:
        client.analyze("you silly goose")
    answer = client.post(SUGGEST, suggested(clientToken="t"))
    assert (answer.status_code, answer.json()) == (200, {"clientToken": "t"})
    told = verdict_of(client, "you silly goose")
    assert told["toxic"] is True
    assert verdict_of(client, "you silly goose") == told


def test_the_newest_word_of_a_key_counts(client):
    for value in (1, 0):
        client.post(SUGGEST, suggested(value=value))
    assert verdict_of(client, "you silly goose")["toxic"] is False


def test_it_is_kept_with_who_said_it_and_from_where(site, client):
    site.configure(
        communities=Communities(by_id={"Blogs": Community(source="blogs")}),
    )
    client.post(SUGGEST, suggested(communityId="Blogs", clientToken="t", languages=["en"]))
    client.analyze("you silly goose", communityId="Blogs")
    (item,) = client.stored()
    with read(site.engine) as tx:
        (kept,) = verdicts.history(tx, "blogs", item["comment_id"])
    assert (kept.who, kept.origin, kept.attribute, kept.value) == (
        f"key:{client.key_id}",
        "perspective",
        "TOXICITY",
        1.0,
    )
    assert (kept.community, kept.client_token) == ("Blogs", "t")


def test_what_coral_sends_joins_the_comment_it_asked_about(site, client):
    """Its analyze names no community, its feedback does: so the key tells whose it is."""
    site.configure(
        communities=Communities(by_key={client.key_id: Community(source="news")}),
    )
    client.analyze("you silly goose", doNotStore=False, languages=["en"])
    told = {"url": "https://news.example/7", "reply_to_id_Coral_comment_id": "3"}
    answer = client.post(
        SUGGEST,
        suggested(
            value=1,
            context={"entries": [{"text": json.dumps(told | {"Coral_comment_id": "42"})}]},
            communityId="Coral:https://news.example",
            clientToken="comment:42",
        ),
    )
    assert answer.json() == {"clientToken": "comment:42"}
    (item,) = client.stored()
    assert (item["source"], item["verdict"]["toxic"]) == ("news", True)


def test_what_coral_sends_of_a_comment_its_phase_asked_about_is_a_verdict_on_that_one(site, client):
    coral = CoralSource("news", CoralSettings(kind="coral", secrets=[PLAIN_SECRET]))
    site.configure(sources={**site.runtime.in_force.sources, "news": coral})
    question = coral_body(coral_question("<div>you silly goose</div>"))
    headers = coral_headers(question)
    site.client.post("/phases/coral/news", content=question, headers=headers)
    told = {
        "url": "http://news.example/posts/a-story-url/?commentID=c42",
        "Coral_comment_id": "c42",
    }
    client.post(
        SUGGEST,
        suggested(
            context={"entries": [{"text": json.dumps(told)}]},
            communityId="Coral:https://coral.example",
            clientToken="comment:c42",
            languages=["en"],
        ),
    )
    (item,) = client.stored()
    assert (item["source"], item["verdict"]["toxic"]) == ("news", True)
    by_corals_id = {"authorization": f"Bearer {client.key}"}
    found = site.client.get("/v1/scores/news/c42", headers=by_corals_id).json()
    assert found["comment_id"] == item["comment_id"]


def test_of_a_text_that_is_not_stored_nothing_is_kept_that_could_be_looked_up(client, database_url):
    text = f"{CANARY} and so on"
    client.analyze(text, doNotStore=True)
    assert client.post(SUGGEST, suggested(text)).status_code == 200
    folder = Path(database_url.removeprefix("sqlite:///")).parent
    kept = b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
    assert b"TOXICITY" in kept, "the test reads what is written"
    assert CANARY.encode() not in kept
    for known in verdict_digests(text):
        assert known.encode() not in kept
    assert client.stored() == []


def verdict_digests(text: str) -> list[str]:
    """What somebody would look for who has the text."""
    return [hashlib.new(name, text.encode()).hexdigest() for name in ("sha256", "sha1", "md5")]


SPAN = {"begin": 0, "end": 15, "score": {"value": 1}}
REFUSED: list[tuple[Any, str]] = [
    ({"comment": {"text": ""}}, "Comment must be non-empty."),
    ({"attributeScores": {}}, "attribute_scores must not be empty"),
    ({"attributeScores": None}, "attribute_scores must not be empty"),
    ({"attributeScores": {"NICE": {}}}, "Unknown requested attribute: NICE"),
    (
        {"attributeScores": {"TOXICITY": {}}},
        "Attribute TOXICITY needs a summary_score, or a span of the whole text",
    ),
    (
        {"attributeScores": {"TOXICITY": {"summaryScore": {}}}},
        "A score of TOXICITY must have a value between 0 and 1",
    ),
    (
        {"attributeScores": {"TOXICITY": {"summaryScore": {"value": 1.01}}}},
        "A score of TOXICITY must have a value between 0 and 1",
    ),
    (
        {"attributeScores": {"TOXICITY": {"summaryScore": {"value": 1, "type": "RAW"}}}},
        "Requested score type RAW is not supported by attribute TOXICITY",
    ),
    (
        {"attributeScores": {"TOXICITY": {"spanScores": [{"begin": 0, "score": {"value": 1}}]}}},
        "Span scores of TOXICITY must have begin and end",
    ),
    (
        {"attributeScores": {"TOXICITY": {"spanScores": [{"begin": 0, "end": 15}]}}},
        "Span scores of TOXICITY must have a score",
    ),
    (
        {"attributeScores": {"TOXICITY": {"spanScores": [SPAN | {"end": 16}]}}},
        "A span of TOXICITY lies outside the text",
    ),
    (
        {"attributeScores": {"TOXICITY": {"spanScores": [SPAN | {"end": 3}]}}},
        "Attribute TOXICITY needs a summary_score, or a span of the whole text",
    ),
]


@pytest.mark.parametrize(("changes", "message"), REFUSED)
def test_feedback_that_says_nothing_is_refused(client, changes, message):
    answer = client.post(SUGGEST, suggested(**changes))
    error = answer.json()["error"]
    assert (answer.status_code, error["status"], error["message"]) == (
        400,
        "INVALID_ARGUMENT",
        message,
    )


@pytest.mark.parametrize(
    "scores",
    [
        {"TOXICITY": {"summaryScore": {"value": 1, "type": "PROBABILITY"}}},
        {"TOXICITY": {"spanScores": [SPAN]}},
        {"TOXICITY": {"spanScores": [SPAN | {"begin": "0", "end": 15.0}]}},
        {"TOXICITY": {"summaryScore": {"value": 1}, "spanScores": [SPAN | {"end": 3}]}},
        {"FLIRTATION": {"summaryScore": {"value": "0.5"}}, "TOXICITY": {"spanScores": [SPAN]}},
    ],
)
def test_feedback_may_be_given_in_several_forms(client, scores):
    body = suggested(attributeScores=None, attribute_scores=scores, client_token="t")
    assert client.post(SUGGEST, body).json() == {"clientToken": "t"}
    assert verdict_of(client, "you silly goose")["toxic"] is True
