"""The webhook: what boards are told of what they sent."""

from __future__ import annotations

import json

import pytest

from moderator.domain.errors import Overloaded, Unavailable
from moderator.storage import lookups
from moderator.storage.engine import read
from tests.web.site import SECRET, first_result


def stored(site, comment_id="42"):
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
    def status(event, **data):
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


GOOD = b'{"type":"comment.created","data":{"id":"1","text":"silly goose"}}'
FIVE_THOUSAND_DIGITS = b"9" * 5_000


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"webhook-signature": None}, 401),
        ({"webhook-signature": ""}, 401),
        ({"webhook-signature": "garbage"}, 401),
        ({"webhook-signature": "v1,a"}, 401),
        ({"webhook-signature": "v1,a,b"}, 401),
        ({"webhook-signature": " ".join(["v1,aaaa"] * 1_000)}, 401),
        ({"webhook-timestamp": "nan"}, 401),
        ({"webhook-timestamp": "1"}, 401),
        ({"webhook-id": "a.b"}, 401),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-type": "multipart/form-data; boundary=x"}, 415),
        ({"content-encoding": "gzip"}, 415),
        ({"content-encoding": "br"}, 415),
        ({"content-length": "1048577"}, 413),
        ({"content-length": "-1"}, 413),
        ({"x-pad": "x" * 40_000}, 431),
    ],
)
def test_a_head_that_is_wrong_is_refused(site, headers, status):
    answer = site.post(GOOD, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert "goose" not in answer.text
    assert stored(site, "1") is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"not json",
        b'{"type":',
        GOOD + b"{}",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"\xef\xbb\xbf" + GOOD,
        GOOD.decode().encode("utf-16"),
        b"[" * 100_000,
        b'{"type":"comment.created","data":{"id":' + FIVE_THOUSAND_DIGITS + b',"text":"x"}}',
        b'{"type":"comment.created","data":{"id":NaN,"text":"x"}}',
        b'{"type":"comment.created","data":{"id":"1","id":"2","text":"x"}}',
        b'{"type":"comment.created","data":{"id":1.5,"text":"x"}}',
        b'{"type":"comment.created","data":{"id":true,"text":"x"}}',
        b'{"type":"comment.created","data":{"text":"x"}}',
        b'{"type":"comment.created","data":{"id":"1"}}',
        b'{"type":"comment.created","data":{"id":"1","text":null}}',
        b'{"type":"comment.created","data":[]}',
        b'{"type":"comment.created","data":{"id":"1","text":"x","created_at":"yesterday"}}',
    ],
    ids=range(21),
)
def test_what_is_signed_and_malformed_is_unprocessable(site, body):
    answer = site.post(body)
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:moderator:problem:bad-payload"


def test_a_malformed_member_is_named(site):
    answer = site.tell("comment.created", {"id": "1", "text": "x", "created_at": "yesterday"})
    assert answer.json()["field"] == "data.created_at"


def test_a_bad_signature_is_told_before_bad_json(site):
    """Nothing is parsed before the signature holds."""
    answer = site.post(b"not json", headers={"webhook-signature": "v1,AAAA"})
    assert answer.status_code == 401


def test_every_unsigned_request_gets_the_same_answer(site):
    bodies = {
        site.post(GOOD, headers=headers).content
        for headers in (
            {"webhook-signature": None},
            {"webhook-signature": "v1,AAAA"},
            {"webhook-timestamp": "1674087231"},
            {"webhook-id": "b!"},
        )
    }
    assert len(bodies) == 1


def test_a_header_that_stands_twice_is_refused(site):
    headers = [*site.signed(GOOD).items(), ("webhook-id", "msg_other")]
    answer = site.client.post("/webhooks/forum", content=GOOD, headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["nowhere", "forum%00", "..;", "%2e%2e"])
def test_an_unknown_source_is_not_found(site, name):
    answer = site.client.post(f"/webhooks/{name}", content=GOOD, headers=site.signed(GOOD))
    assert answer.status_code == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_refused_by_name(site, method):
    answer = site.client.request(method, "/webhooks/forum")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("failure", "kind"),
    [(Unavailable("the database is away"), "unavailable"), (Overloaded("too much"), "overloaded")],
)
def test_what_cannot_be_accepted_is_asked_for_again_later(site, failure, kind):
    site.failure = failure
    answer = site.post(GOOD)
    assert answer.status_code == 503
    assert answer.json()["type"] == f"urn:moderator:problem:{kind}"
    assert 2 <= int(answer.headers["retry-after"]) <= 30
    assert stored(site, "1") is None


def test_an_unexpected_failure_tells_the_request_and_nothing_else(site):
    site.failure = RuntimeError("silly goose")
    answer = site.post(GOOD)
    assert answer.status_code == 500
    assert answer.json() == {
        "type": "urn:moderator:problem:unexpected",
        "title": "Something went wrong on our side",
        "status": 500,
        "request_id": answer.headers["x-request-id"],
    }


def test_a_body_of_exactly_one_mebibyte_is_taken_and_one_more_byte_is_not(site):
    start, end = b'{"type":"comment.created","data":{"id":"1","text":"x"},"pad":"', b'"}'
    largest = start + b"x" * (2**20 - len(start) - len(end)) + end
    assert len(largest) == 2**20
    assert site.post(largest).status_code == 200
    assert site.post(largest + b" ").status_code == 413


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


def test_no_secret_of_the_source_is_told(site):
    assert SECRET not in site.post(GOOD, headers={"webhook-signature": "v1,AAAA"}).text
