"""Coral's three ways in, on a service of its own: phase, webhook, feedback to Perspective."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import requests

from moderator.domain.verdict import DECISION
from moderator.storage import verdicts
from moderator.storage.engine import closing_pool, connect, read
from tests.joining.site import LEFT, STORY, Coral
from tests.receivers import HttpReceiver, HttpReply
from tests.reliability.service import ServiceProcess
from tests.sources.signed_requests import PLAIN_SECRET, coral_body, coral_headers, coral_question

RUDE = "You are a stupid idiot and nobody likes you, moron."
CONFIG = """\
sources:
  news:
    kind: coral
    secrets: ["{secret}"]
    graphql: {{url: "{url}/api/graphql", token: "a-token-of-staff", allow_hosts: ["{host}"]}}
triggers:
  rude: {{when: {{toxic: 0.8}}, act: reject, notify: [terminal]}}
exempt: {{roles: [STAFF]}}
channels:
  terminal: {{kind: console}}
public: [perspective]
"""


def test_what_coral_asks_tells_and_feeds_back_is_about_one_comment(sqlite_url, tmp_path):
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    comment = {"body": f"<p>{RUDE}</p>", "author": {"id": "9"}, "parent": None, "story": STORY}
    with HttpReceiver() as api, closing_pool(connect(sqlite_url)) as engine:
        api.default = HttpReply(body=json.dumps({"data": {"comment": comment}}).encode())
        coral = Coral(engine)
        ours = coral.ask(f"<p>{RUDE}</p>", hour_ago)
        coral.tell(LEFT, "c1", hour_ago, status="REJECTED")  # while the service was away
        config = CONFIG.format(secret=PLAIN_SECRET, url=api.origin, host=api.host_port)
        with ServiceProcess(tmp_path, config, sqlite_url) as service:
            assert ask(service, f"<p>{RUDE}</p>", role="STAFF").status_code == 204
            told = ask(service, f"<p>{RUDE}</p>").json()
            assert told["status"] == "REJECTED"
            assert ask(service, f"<p>{RUDE}</p>", role="MEMBER").json() == told  # a copy
            assert told["moderationAction"]["rejectionReason"]["code"] == "OFFENSIVE"
            api.wait_for(1, 30)
            await_name(coral, "c1", ours)
            feed_back(service, "c1")
        with read(engine) as tx:
            said = {(v.who, v.attribute) for v in verdicts.history(tx, "news", ours)}
    assert said == {("coral", DECISION), ("perspective", "TOXICITY")}


def ask(service, text, role="COMMENTER") -> requests.Response:
    """A question about a comment that was rejected then, and is written again now."""
    question = coral_question(text, author={"id": role, "role": role}, story=STORY)
    body = coral_body(question)
    headers = dict(coral_headers(body))
    url = f"{service.url}/phases/coral/news"
    return requests.post(url, data=body, headers=headers, timeout=10)


def await_name(coral: Coral, board_id: str, ours: str) -> None:
    give_up = time.monotonic() + 30
    while coral.own_id(board_id) is None and time.monotonic() < give_up:
        time.sleep(0.05)
    assert coral.own_id(board_id) == ours


def feed_back(service, board_id: str) -> None:
    """`comments:suggestscore` as Coral sends it."""
    url = f"https://news.example/7?page=2&commentID={board_id}"
    context = {"url": url, "Coral_comment_id": board_id}
    body = {
        "comment": {"text": RUDE},
        "context": {"entries": [{"text": json.dumps(context)}]},
        "attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}},
        "languages": ["en"],
        "communityId": "Coral:https://coral.example",
        "clientToken": f"comment:{board_id}",
    }
    answer = requests.post(f"{service.url}/v1alpha1/comments:suggestscore", json=body, timeout=10)
    assert (answer.status_code, answer.json()["clientToken"]) == (200, f"comment:{board_id}")
