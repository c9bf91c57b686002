"""The look-ups, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from moderator.domain.delivery import AttemptOutcome, DeliveryState
from moderator.domain.score import Transformation
from moderator.storage.keys import KeyScope
from tests.builders import MarkedScorer


@pytest.fixture
def get(site):
    """The JSON of a look-up by a good key."""
    headers = site.key()

    def get(path, **params):
        answer = site.client.get(path, params=params, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return get


SCORE_FIELDS = {
    "source", "comment_id", "version", "thread_id", "author_id", "board", "url", "created_at",
    "scored_at", "model", "scores", "label", "coverage", "abstained", "why", "residual",
    "base_rate", "alerts", "verdict",
}  # fmt: skip


def test_a_score_looks_as_the_contract_says(site, get):
    site.send("hate=0.9 goose")
    score = get("/v1/scores/forum/42")

    assert set(score) == SCORE_FIELDS
    version = score.pop("version")
    assert version.startswith("0-")
    assert score == {
        "source": "forum",
        "comment_id": "42",
        "thread_id": "7",
        "author_id": "9",
        "board": "general",
        "url": "https://board.example/7/42",
        "created_at": "2026-11-22T12:00:00Z",
        "scored_at": "2026-11-22T13:00:00Z",
        "model": "marked@000000000000",
        "scores": {"hate": 0.9, "offensive": 0.0, "neither": pytest.approx(0.1)},
        "label": "hate",
        "coverage": 1.0,
        "abstained": None,
        "why": [
            {
                "term": "hate=0.9",
                "start": 0,
                "end": 8,
                "label": "hate",
                "weight": 1.0,
                "transformations": [],
            }
        ],
        "residual": 0.0,
        "base_rate": 0.05,
        "alerts": [{"id": "al_1", "trigger": "slur"}],
        "verdict": None,
    }


def test_a_text_nobody_judged_says_so_and_has_no_score(site, get):
    site.send("abstain")
    score = get("/v1/scores/forum/42")
    assert (score["abstained"], score["scores"], score["label"]) == ("language", None, None)
    assert (score["residual"], score["base_rate"]) == (None, None)


class SeesThrough(MarkedScorer):
    """Takes the first word for one that was disguised."""

    def score(self, text, base_rate=None):
        judged = super().score(text, base_rate)
        undone = (Transformation.LEET, Transformation.SPACED)
        why = tuple(replace(term, transformations=undone) for term in judged.why)
        return replace(judged, why=why, residual=-0.25)


def test_what_disguised_a_word_is_told_by_score_history_thread_and_alert(site, get):
    """By its names, in the order they were undone."""
    site.scorer = SeesThrough()
    site.send("hate=0.9 g00se")
    told = (
        get("/v1/scores/forum/42"),
        get("/v1/scores/forum/42", history=1)["items"][0],
        get("/v1/threads/forum/7")["worst"][0],
        get("/v1/alerts/al_1"),
    )
    for one in told:
        assert [word["transformations"] for word in one["why"]] == [["leet", "spaced"]]
    assert [one["residual"] for one in told[:3]] == [-0.25] * 3


def test_a_look_up_after_the_answer_sees_that_score(site, get):
    for number in range(5):
        site.send("hello", id=str(number))
        assert get(f"/v1/scores/forum/{number}")["comment_id"] == str(number)


def test_the_history_holds_every_version_newest_first(site, get):
    site.tell("comment.created", {"id": "1", "text": "one", "version": 1})
    site.tell("comment.edited", {"id": "1", "text": "hate=0.9", "version": 2})

    assert get("/v1/scores/forum/1")["label"] == "hate"
    versions = get("/v1/scores/forum/1", history="1")["items"]
    assert [score["label"] for score in versions] == ["hate", "neither"]


def test_an_id_may_hold_whatever_a_board_puts_there(site, get):
    ids = ["a/b", "https://board.example/7/42", "a b", "ünï", "🦆", "..%2e", "100%", "a?b#c"]
    for comment_id in (*ids, "x" * 256):
        site.send("hello", id=comment_id)
        assert get(f"/v1/scores/forum/{quote(comment_id, safe='')}")["comment_id"] == comment_id


def test_what_is_not_there_is_not_found(site):
    headers = site.key()
    for path in (
        "/v1/scores/forum/nobody",
        "/v1/scores/nowhere/42",
        "/v1/scores/forum/%F0%9F%A6%86",
        "/v1/threads/forum/nothing",
        "/v1/authors/forum/nobody",
        "/v1/alerts/al_none",
        "/v1/nothing",
    ):
        answer = site.client.get(path, headers=headers)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json", path


def test_an_id_that_no_comment_can_have_is_refused(site):
    headers = site.key()
    for path in ("scores/forum/", "threads/forum/", "authors/forum/", "alerts/"):
        for name in ("x" * 300, "%00", "a%00b"):
            answer = site.client.get(f"/v1/{path}{name}", headers=headers)
            assert answer.status_code == 422, path + name


class TestPaging:
    """`/v1/scores`, page by page."""

    def test_pages_hold_everything_once_newest_first(self, site, get):
        for number in range(7):
            site.send("hello", id=str(number))
        seen, cursor = [], None
        while True:
            page = get("/v1/scores", limit=3, **({"cursor": cursor} if cursor else {}))
            seen += [score["comment_id"] for score in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert seen == ["6", "5", "4", "3", "2", "1", "0"]

    def test_what_arrives_meanwhile_does_not_shift_the_pages(self, site, get):
        for number in range(4):
            site.send("hello", id=str(number))
        first = get("/v1/scores", limit=2)
        site.send("hello", id="new")
        second = get("/v1/scores", limit=2, cursor=first["next"])
        assert [score["comment_id"] for score in second["items"]] == ["1", "0"]

    def test_a_full_last_page_has_no_next(self, site, get):
        site.send("hello")
        assert get("/v1/scores", limit=1)["next"] is None

    def test_a_cursor_belongs_to_its_filters_and_its_route(self, site, get):
        for number in range(3):
            site.send("hate=0.9", id=str(number))
        cursor = get("/v1/scores", limit=1, source="forum")["next"]

        def status(path, **params) -> Any:
            return site.client.get(path, params=params, headers=site.key()).status_code

        assert status("/v1/scores", cursor=cursor, source="forum", limit=2) == 200
        assert status("/v1/scores", cursor=cursor) == 400
        assert status("/v1/scores", cursor=cursor, source="other") == 400
        assert status("/v1/alerts", cursor=cursor, source="forum") == 400
        assert status("/v1/scores", cursor=cursor[:-3], source="forum") == 400
        assert status("/v1/scores", cursor=cursor[1:], source="forum") == 400

    def test_alerts_have_pages_of_their_own(self, site, get):
        for number in range(5):
            site.send("hate=0.9", id=str(number))
            site.now += timedelta(seconds=number % 2)
        first = get("/v1/alerts", limit=3)
        second = get("/v1/alerts", limit=3, cursor=first["next"])
        told = [alert["comment_id"] for alert in first["items"] + second["items"]]
        assert sorted(told) == ["0", "1", "2", "3", "4"]
        assert second["next"] is None


class TestFilters:
    """`/v1/scores`: all that is given must hold."""

    def test_a_filter_keeps_what_it_says(self, site, get):
        site.send("hate=0.9", id="1", thread_id="7", board="general")
        site.now += timedelta(hours=1)
        site.send("offensive=0.7 hate=0.1", id="2", thread_id="8", author={"id": "5"})
        site.now += timedelta(hours=1)
        site.send("hello", id="3", board="help")

        for params, ids in (
            ({}, ["3", "2", "1"]),
            ({"source": "forum"}, ["3", "2", "1"]),
            ({"source": "other"}, []),
            ({"board": "general"}, ["2", "1"]),
            ({"thread": "8"}, ["2"]),
            ({"author": "9"}, ["3", "1"]),
            ({"label": "offensive"}, ["2"]),
            ({"min_hate": "0.9"}, ["1"]),
            ({"min_hate": "0.1"}, ["2", "1"]),
            ({"min_offensive": "0.7"}, ["2"]),
            ({"min_toxic": "0.75"}, ["2", "1"]),
            ({"since": "2026-11-22T14:00:00Z"}, ["3", "2"]),
            ({"until": "2026-11-22T14:00:00Z"}, ["1"]),
            ({"since": "2026-11-22T15:00:00+01:00", "until": "2026-11-22T14:30:00Z"}, ["2"]),
            ({"author": "9", "min_toxic": "0.5"}, ["1"]),
        ):
            items = get("/v1/scores", **params)["items"]
            assert [score["comment_id"] for score in items] == ids, params


def test_several_ids_are_looked_up_in_one_call(site):
    site.send("hate=0.9", id="1")
    ids = [("forum", "1"), ("forum", "nobody"), ("other", "1"), ("forum", "1")]
    body = {"ids": [{"source": source, "comment_id": id_} for source, id_ in ids]}
    answer = site.client.post("/v1/scores:lookup", json=body, headers=site.key())

    items = answer.json()["items"]
    assert [(item["source"], item["comment_id"]) for item in items] == ids
    assert [item["score"] is not None for item in items] == [True, False, False, True]
    assert set(items[0]["score"]) == SCORE_FIELDS


def test_a_thread_is_told_in_numbers(site, get):
    site.send("hate=0.9", id="1")
    site.send("hate=0.1 offensive=0.5", id="2")
    site.send("abstain", id="3")
    site.send("hello", id="4", thread_id="another")
    thread = get("/v1/threads/forum/7")

    assert thread["thread_id"] == "7"
    assert (thread["comments"], thread["unscored"], thread["deleted"]) == (3, 1, 0)
    assert thread["labels"] == {"hate": 1, "offensive": 1, "neither": 0}
    assert thread["means"] == {
        "hate": pytest.approx(0.5),
        "offensive": pytest.approx(0.25),
        "neither": pytest.approx(0.25),
    }
    assert [score["comment_id"] for score in thread["worst"]] == ["1", "2"]
    assert thread["alert_count"] == 1
    assert [alert["trigger"] for alert in thread["alerts"]] == ["slur"]


def test_an_author_is_told_in_numbers(site, get):
    site.send("hello", author={"id": "https://board.example/u/9"})
    author = get("/v1/authors/forum/" + quote("https://board.example/u/9", safe=""))
    assert author["author_id"] == "https://board.example/u/9"
    assert author["comments"] == 1


class TestAlerts:
    """`/v1/alerts`."""

    def test_an_alert_tells_its_messages_and_what_the_far_ends_said(self, site, get):
        site.send("hate=0.9")
        site.attempt(AttemptOutcome.PASSING, "503 try later", DeliveryState.PENDING)
        site.now += timedelta(minutes=3)
        site.attempt(AttemptOutcome.SENT, "200 ok", DeliveryState.SENT)
        alert = get("/v1/alerts/al_1")

        assert (alert["trigger"], alert["comment_id"]) == ("slur", "42")
        assert alert["thresholds"] == {"hate": 0.8}
        slack, email = alert["deliveries"]
        assert (slack["channel"], slack["state"]) == ("mods-slack", "sent")
        assert [(a["number"], a["outcome"], a["answer"]) for a in slack["attempts"]] == [
            (1, "passing", "503 try later"),
            (2, "sent", "200 ok"),
        ]
        assert (email["recipient"], email["state"]) == ("mods@example.org", "pending")
        assert get("/v1/alerts")["items"] == [alert]

    def test_a_filter_keeps_what_it_says(self, site, get):
        site.send("offensive=0.9", id="1")
        site.send("hate=0.9", id="2")
        site.client.post("/v1/alerts/al_2/ack", headers=site.key(KeyScope.MODERATE))
        for params, triggers in (
            ({}, ["slur", "tried-out"]),
            ({"trigger": "slur"}, ["slur"]),
            ({"mode": "shadow"}, ["tried-out"]),
            ({"source": "other"}, []),
            ({"acknowledged": "true"}, ["slur"]),
            ({"acknowledged": "false"}, ["tried-out"]),
        ):
            found = sorted(a["trigger"] for a in get("/v1/alerts", **params)["items"])
            assert found == triggers, params

    def test_whoever_acknowledges_first_stays_named(self, site):
        site.send("hate=0.9")
        ann, ben = site.key(KeyScope.MODERATE, "ann"), site.key(KeyScope.MODERATE, "ben")
        first = site.client.post("/v1/alerts/al_1/ack", headers=ann)
        site.now += timedelta(minutes=1)
        second = site.client.post("/v1/alerts/al_1/ack", headers=ben)

        assert (first.status_code, second.status_code) == (200, 200)
        assert first.json()["acknowledged_by"] == "ann"
        assert first.json()["acknowledged_at"] == "2026-11-22T13:00:00Z"
        assert second.json() == first.json()

    def test_an_alert_can_be_acknowledged_after_its_comment_was_deleted(self, site):
        """Deleting the comment is how moderators deal with most alerts."""
        site.send("hate=0.9")
        site.tell("comment.deleted", {"id": "42"})
        answer = site.client.post("/v1/alerts/al_1/ack", headers=site.key(KeyScope.MODERATE))
        assert answer.status_code == 200

    def test_an_unknown_alert_cannot_be_acknowledged(self, site):
        answer = site.client.post("/v1/alerts/al_9/ack", headers=site.key(KeyScope.MODERATE))
        assert answer.status_code == 404


def test_no_look_up_tells_a_comments_text(site, get):
    site.send("hate=0.9 and some more silly words")
    for path in (
        "/v1/scores",
        "/v1/scores/forum/42",
        "/v1/threads/forum/7",
        "/v1/authors/forum/9",
        "/v1/alerts",
        "/v1/alerts/al_1",
    ):
        assert "silly words" not in str(get(path))
