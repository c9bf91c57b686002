"""Canaries: nothing that people wrote, and no secret, in logs, errors or numbers."""

from __future__ import annotations

import io
import json
import logging

import pytest

from moderator.storage.keys import KeyScope
from moderator.web.logs import configure
from tests.web.site import SECRET
from tests.web.test_logs import restored

TEXT = "canary-text-0aa1"
AUTHOR = "canary-author-0bb2"


@pytest.fixture
def log():
    """Everything that is logged during the test."""
    with restored():
        stream = io.StringIO()
        configure("DEBUG", stream)
        yield stream


@pytest.mark.parametrize("fails", [None, RuntimeError(TEXT), ValueError(SECRET), KeyError(AUTHOR)])
def test_no_canary_comes_out_where_it_must_not(site, log, fails):
    key_id, secret = site.secret(KeyScope.MODERATE)
    key = {"authorization": f"Bearer {secret}"}
    link = site.login_link()
    said = [
        site.send(f"hate=0.9 {TEXT}", id="1"),
        site.send(f"abstain {TEXT}", id="2"),
        site.post(json.dumps({"type": f"an event {TEXT}", "data": {TEXT: 1}}).encode()),
        site.post(f'{{"type":"comment.created","data":{{"id":"{TEXT}"'.encode()),
        site.post(TEXT.encode(), headers={"webhook-signature": TEXT}),
        site.client.post("/predict", content=f'{{"text": 1, "{TEXT}": 1}}'),
        site.client.get("/v1/scores", params={TEXT: secret, "limit": TEXT}, headers=key),
        site.client.get(f"/v1/scores/forum/{TEXT}", headers=key),
        site.client.get(f"/{TEXT}?key={secret}", headers=key | {"cookie": f"moderator={TEXT}"}),
        site.client.get("/v1/scores", headers={"authorization": f"Bearer {TEXT}"}),
        site.client.post("/v1/moderations", json={"input": f"abstain {TEXT}"}, headers=key),
        site.client.post("/discourse-ai/sentiment", json={TEXT: TEXT}, headers=key),
        site.client.post("/1.1/comment-check", data={"api_key": secret, "blog": TEXT}),
        site.client.post("/phases/coral/forum", content=TEXT, headers={"x-coral-signature": TEXT}),
        site.client.post(
            "/v1alpha1/comments:analyze",
            params={"key": secret, "fields": TEXT},
            json={"comment": {"text": TEXT}, "requestedAttributes": {TEXT + " ": {}}},
        ),
        site.client.post("/v1alpha1/comments:suggestscore", params={"key": TEXT}, content=TEXT),
        site.client.get(link),
        site.client.post(link, data={"token": TEXT, "key": secret}),
    ]
    site.failure = fails
    said.append(site.send(f"hate=0.9 {TEXT}", id="3", author={"id": AUTHOR, "name": AUTHOR}))
    said.append(site.client.get("/metrics", headers=key))
    said.append(site.client.get("/readyz"))

    names_only = {"unknown parameter": said[6]}  # it names what was sent as a parameter's name
    answers = "".join(answer.text for answer in said if answer not in names_only.values())
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    # The client of these tests logs its own requests; the service has no such client.
    told = json.dumps([line for line in lines if not line["logger"].startswith("http")])
    for canary in (
        TEXT,
        AUTHOR,
        SECRET,
        secret,
        secret[len("mod_12345678_") :],
        link.split("/")[-1],
    ):
        assert canary not in told
        assert canary not in answers
    assert "moderator.access" in told
    assert logging.getLogger().level == logging.DEBUG
    assert key_id not in told
