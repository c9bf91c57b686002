"""The webhook: what is refused, and how. The database has no part in it: SQLite alone."""

from __future__ import annotations

import pytest

from moderator.domain.errors import Overloaded, Unavailable
from moderator.storage import lookups
from moderator.storage.engine import read
from tests.web.site import SECRET


@pytest.fixture
def database_url(sqlite_url):
    """SQLite alone."""
    return sqlite_url


def is_stored(site, comment_id="1") -> bool:
    """Whether anything of a comment was stored."""
    with read(site.engine) as tx:
        return lookups.newest_score(tx, "forum", comment_id) is not None


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
    assert not is_stored(site)


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
    assert not is_stored(site)


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


def test_no_secret_of_the_source_is_told(site):
    assert SECRET not in site.post(GOOD, headers={"webhook-signature": "v1,AAAA"}).text
