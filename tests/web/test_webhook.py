"""The webhook: what boards are told of what they sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from moderator.domain.comment import MAX_TEXT
from moderator.storage import lookups
from moderator.storage.engine import read
from tests.web.site import first_result


def stored(site, comment_id="42") -> Any:
    """The stored newest score of a comment."""
    with read(site.engine) as tx:
        return lookups.newest_score(tx, "forum", comment_id)


def test_a_signed_comment_is_scored_stored_and_told_with_its_alerts(site):
    answer = site.send("hate=0.9 offensive=0.05")

    assert answer.headers["content-type"] == "application/json"
    assert first_result(answer) == {
        "comment_id": "42",
        "status": "scored",
        "scores": {"hate": 0.9, "offensive": 0.05, "neither": pytest.approx(0.05)},
        "label": "hate",
        "alerts": [{"id": "al_1", "trigger": "slur", "mode": "live"}],
    }
    assert stored(site).text == "hate=0.9 offensive=0.05"


def test_an_alert_in_shadow_mode_says_so(site):
    (alert,) = first_result(site.send("offensive=0.9"))["alerts"]
    assert alert == {"id": "al_1", "trigger": "tried-out", "mode": "shadow"}


def test_a_text_nobody_judged_has_neither_scores_nor_a_label(site):
    result = first_result(site.send("abstain"))
    assert (result["status"], result["scores"], result["label"]) == ("unscored", None, None)


def test_the_same_delivery_again_changes_nothing_and_says_duplicate(site):
    body = json.dumps({"type": "comment.created", "data": {"id": "1", "text": "hate=0.9"}}).encode()
    first = first_result(site.post(body, id="msg_same"))
    again = first_result(site.post(body, id="msg_same"))

    assert (first["status"], again["status"]) == ("scored", "duplicate")
    assert again["alerts"] == first["alerts"]


def test_another_body_under_the_same_delivery_id_is_a_conflict(site):
    site.post(b'{"type":"comment.created","data":{"id":"1","text":"one"}}', id="msg_same")
    answer = site.post(b'{"type":"comment.created","data":{"id":"1","text":"two"}}', id="msg_same")

    assert answer.status_code == 409
    assert stored(site, "1").text == "one"


def test_every_status_of_the_contract_is_told(site):
    def status(event, **data) -> Any:
        return first_result(site.tell(event, {"id": "5"} | data))["status"]

    assert status("comment.created", text="one", version=1) == "scored"
    assert status("comment.created", text="one", version=1) == "duplicate"
    assert status("comment.edited", text="three", version=3) == "scored"
    assert status("comment.edited", text="two", version=2) == "stale"
    assert status("comment.edited", text="abstain", version=4) == "unscored"
    assert status("comment.deleted") == "deleted"


def test_several_comments_in_one_delivery_are_told_in_their_order(site):
    comments = [{"id": str(n), "text": "hello"} for n in range(3)]
    results = site.tell("comment.created", comments).json()["results"]
    assert [result["comment_id"] for result in results] == ["0", "1", "2"]


def test_an_event_we_do_not_follow_is_ignored_with_a_reason(site):
    answer = site.tell("topic.moved", {"id": "1"})
    assert answer.status_code == 200
    assert answer.json() == {"results": [], "ignored": "topic.moved is not followed"}


def test_deliveries_are_counted_by_what_became_of_them(site):
    body = json.dumps({"type": "comment.created", "data": {"id": "1", "text": "hate=0.9"}}).encode()
    site.post(body, id="msg_same")
    site.post(body, id="msg_same")
    site.send("abstain")
    told = site.client.get("/metrics", headers=site.key()).text

    assert 'moderator_comments_total{source="forum",status="scored"} 1.0' in told
    assert 'moderator_comments_total{source="forum",status="duplicate"} 1.0' in told
    assert 'moderator_comments_total{source="forum",status="unscored"} 1.0' in told
    assert 'moderator_labels_total{label="hate",source="forum"} 1.0' in told
    assert 'moderator_alerts_total{mode="live",trigger="slur"} 1.0' in told


def test_a_text_that_was_cut_is_said_to_be(site):
    answer = site.send("so " * 30_000)
    assert first_result(answer)["truncated"] is True
    assert len(stored(site).text) == MAX_TEXT
