"""Whatever is asked, the answer is never our mistake."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderator.storage.keys import KeyScope
from moderator.web.runtime import AkismetRules

PARAMETERS = (
    "source", "board", "thread", "author", "label", "min_hate", "min_offensive", "min_toxic",
    "since", "until", "limit", "cursor", "history", "trigger", "mode", "acknowledged", "key",
)  # fmt: skip
LOOK_UPS = ("/v1/scores", "/v1/alerts", "/v1/scores/forum/42", "/", "/login", "/healthz")
WORDS = st.one_of(
    st.text(max_size=40),
    st.binary(max_size=20).map(lambda raw: raw.decode("latin-1")),
    st.integers().map(str),
    st.floats().map(str),
    st.datetimes().map(lambda when: f"{when.isoformat()}Z"),
    st.sampled_from(["hate", "live", "true", "1", "0.5", "\0", "%00", "..", "a" * 300]),
)

fuzzed = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def database_url(sqlite_url):
    """SQLite alone."""
    return sqlite_url


@pytest.fixture
def key(site):
    """A key that may do everything here, and something to be found."""
    site.send("hate=0.9")
    return site.key(KeyScope.MODERATE)


def encoded(text) -> str:
    """A word as it stands in an address; lone surrogates cannot."""
    return quote(text.encode("utf-8", "replace"), safe="")


@fuzzed
@given(
    path=st.sampled_from(LOOK_UPS),
    query=st.lists(st.tuples(st.sampled_from(PARAMETERS) | WORDS, WORDS), max_size=4),
)
def test_any_query_is_answered_or_refused(site, key, path, query):
    asked = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in query)
    assert site.client.get(f"{path}?{asked}", headers=key).status_code < 500


@fuzzed
@given(
    path=st.sampled_from(
        ["/v1/scores/", "/v1/threads/", "/v1/authors/", "/v1/alerts/", "/alerts/", "/login/", "/"]
    ),
    names=st.lists(WORDS, min_size=1, max_size=3),
    method=st.sampled_from(["GET", "POST", "DELETE"]),
)
def test_any_path_is_answered_or_refused(site, key, path, names, method):
    target = path + "/".join(map(encoded, names))
    assert site.client.request(method, target, headers=key).status_code < 500


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["ids", "source", "comment_id", "text", "type", "data", "id"]), inner
        )
    ),
    max_leaves=12,
)


@fuzzed
@given(path=st.sampled_from(["/v1/scores:lookup", "/predict", "/webhooks/forum"]), value=JSON)
def test_any_json_is_answered_or_refused(site, key, path, value):
    body = json.dumps(value).encode()
    assert site.client.post(path, content=body, headers=key).status_code < 500


DOORS = ("/v1/moderations", "/discourse-ai/sentiment", "/discourse-ai/api/v1/classify")


@fuzzed
@given(
    path=st.sampled_from(DOORS),
    body=st.dictionaries(st.sampled_from(["input", "inputs", "content", "model"]), JSON),
)
def test_any_message_is_answered_or_refused_at_other_services_doors(site, key, path, body):
    sent = json.dumps(body).encode()
    assert site.client.post(path, content=sent, headers=key).status_code < 500


@fuzzed
@given(body=st.dictionaries(st.sampled_from(["blog", "user_ip", "comment_content"]), WORDS))
def test_any_form_is_answered_at_akismets_door(site, body):
    site.configure(akismet=AkismetRules(source="forum"), public=frozenset({"akismet"}))
    content = "&".join(f"{name}={encoded(value)}" for name, value in body.items())
    headers = {"content-type": "application/x-www-form-urlencoded"}
    for path in ("/1.1/comment-check", "/1.1/submit-spam"):
        assert site.client.post(path, content=content, headers=headers).status_code < 500


@fuzzed
@given(
    path=st.sampled_from(["/v1/scores:lookup", "/predict", "/webhooks/forum", "/login", *DOORS]),
    body=st.binary(max_size=200),
    media=st.sampled_from(["application/json", "application/x-www-form-urlencoded", "x"]),
)
def test_any_bytes_are_answered_or_refused(site, key, path, body, media):
    headers = key | {"content-type": media}
    assert site.client.post(path, content=body, headers=headers).status_code < 500


@fuzzed
@given(
    name=st.sampled_from(["authorization", "cookie", "x-request-id", "range", "accept"]),
    data=st.data(),
)
def test_any_header_is_answered_or_refused(site, key, name, data):
    value = data.draw(st.binary(max_size=60)).replace(b"\r", b"").replace(b"\n", b"")
    answer = site.client.get("/v1/scores", headers={name: value})
    assert answer.status_code in (401, 429)
