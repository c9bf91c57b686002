"""Coral's phase, asked over HTTP as Coral asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from moderator.domain.errors import Unavailable
from moderator.domain.trigger import Act, Mode
from moderator.ingest import Result, Status
from moderator.sources.coral import CoralSettings, CoralSource
from moderator.web.compat.coral import act_on, answer
from tests.builders import a_score
from tests.sources.signed_requests import (
    PLAIN_SECRET,
    coral_body,
    coral_headers,
    coral_question,
)
from tests.web.site import TRIGGERS, Site

FLAG = [{"actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC"}]
SLUR, TRIED_OUT = TRIGGERS


@pytest.fixture
def site(site: Site) -> Site:
    """A site with a Coral beside its other boards."""
    coral = CoralSource("news", CoralSettings(kind="coral", secrets=[PLAIN_SECRET]))
    site.configure(sources={**site.runtime.in_force.sources, "news": coral})
    return site


def ask(site: Site, text: str, **changes: Any) -> httpx.Response:
    """A signed question about a comment."""
    body = coral_body(coral_question(text, **changes))
    return site.client.post("/phases/coral/news", content=body, headers=coral_headers(body))


def acting(site: Site, act: Act, **changes: Any) -> None:
    """Let the trigger `slur` (hate from 0.8) ask for this."""
    site.configure(triggers=(replace(SLUR, act=act, **changes), TRIED_OUT))


@pytest.mark.parametrize("text", ["hate=0.79", "offensive=0.9", "abstain", ""])
def test_there_is_nothing_to_say_of_most_comments(site: Site, text: str):
    """Below the threshold; found by a shadow trigger alone; not judged; without words."""
    told = ask(site, text)
    assert (told.status_code, told.content) == (204, b"")


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (Act.NONE, None),
        (Act.FLAG, {"actions": FLAG}),
        (Act.PREMOD, {"actions": FLAG, "status": "PREMOD"}),
        (
            Act.REJECT,
            {
                "actions": FLAG,
                "status": "REJECTED",
                "moderationAction": {
                    "status": "REJECTED",
                    "rejectionReason": {"code": "HATE_SPEECH"},
                },
            },
        ),
    ],
)
def test_a_trigger_says_what_is_done(site: Site, act: Act, told: object):
    acting(site, act)
    answered = ask(site, "hate=0.8")
    assert (answered.json() if answered.status_code == 200 else None) == told


@pytest.mark.parametrize(
    ("hate", "offensive", "code"),
    [(0.6, 0.3, "HATE_SPEECH"), (0.3, 0.6, "OFFENSIVE"), (0.2, 0.1, "HATE_SPEECH")],
)
def test_a_rejection_gives_its_reason(hate: float, offensive: float, code: str):
    """Also where the label is neither: a trigger may ask for little."""
    told = answer(Act.REJECT, a_score(hate, offensive))
    assert told["moderationAction"] == {"status": "REJECTED", "rejectionReason": {"code": code}}


def test_the_hardest_of_several_triggers_counts_and_shadows_never_act():
    triggers = [replace(SLUR, name=act.value, act=act) for act in Act]
    found = [("al", act.value, Mode.LIVE.value) for act in (Act.FLAG, Act.PREMOD, Act.NONE)]
    others = [("al", "reject", Mode.SHADOW.value), ("al", "gone", Mode.LIVE.value)]
    result = Result(comment_id="42", status=Status.SCORED, alerts=(*found, *others))
    assert act_on(triggers, [result]) is Act.PREMOD
    assert act_on(triggers, [replace(result, alerts=tuple(others))]) is Act.NONE


def test_what_a_board_was_told_is_counted(site: Site):
    ask(site, "hate=0.9")
    ask(site, "hello there")
    told = site.client.get("/metrics", headers=site.key()).text
    for act in ("flag", "none"):
        assert f'moderator_acts_total{{act="{act}",source="news"}} 1.0' in told


def test_a_comment_is_stored_scored_and_alerted_of_before_coral_is_answered(site: Site):
    ask(site, "<b>hate=0.9</b>", author={"id": "9", "role": "MEMBER"})
    (stored,) = site.client.get("/v1/scores?source=news", headers=site.key()).json()["items"]
    assert (stored["author_id"], stored["scores"]["hate"]) == ("9", 0.9)
    assert stored["thread_id"] == "245b3856-b0a0-4d2f-a6bb-58c71f18d6a6"
    assert [alert["trigger"] for alert in stored["alerts"]] == ["slur"]
    (alert,) = site.client.get("/v1/alerts?source=news", headers=site.key()).json()["items"]
    assert alert["comment_id"] == stored["comment_id"]


def test_what_is_sent_again_changes_nothing_and_is_answered_the_same(site: Site):
    first = ask(site, "hate=0.9")
    again = [ask(site, "hate=0.9", action=action) for action in ("NEW", "EDIT", "NEW")]
    assert {(a.status_code, a.content) for a in again} == {(200, first.content)}
    for listed in ("/v1/scores", "/v1/alerts"):
        assert len(site.client.get(listed, headers=site.key()).json()["items"]) == 1


def test_a_copy_is_answered_like_the_comment_whose_alert_it_belongs_to():
    copy = Result(
        comment_id="42", status=Status.SCORED, folded_into=(("al_1", "slur", Mode.LIVE.value),)
    )
    assert act_on([SLUR], [copy]) is Act.FLAG


class TestRefusals:
    """Coral skips the phase on each of these."""

    BODY = coral_body(coral_question("hate=0.9"))

    def post(self, site: Site, path: str = "news", **changes: Any) -> int:
        body = changes.pop("body", self.BODY)
        headers = coral_headers(body, *changes.pop("secrets", ()), **changes)
        return site.client.post(f"/phases/coral/{path}", content=body, headers=headers).status_code

    def test_forged_oversized_and_misdirected_questions_are_refused(self, site: Site):
        found = [
            self.post(site, secrets=["empsec_0f9a4b7c2d8e61350f9a4b7c2d8e6135"]),
            self.post(site, x_coral_signature=None),
            self.post(site, content_type="text/plain"),
            self.post(site, body=b"[]"),
            self.post(site, body=coral_body(coral_question("x" * (1 << 20)))),
            self.post(site, path="nowhere"),
            self.post(site, path="forum"),  # a board of another kind
        ]
        assert found == [401, 401, 415, 422, 413, 404, 404]
        assert site.client.get("/v1/scores", headers=site.key()).json()["items"] == []

    def test_what_cannot_be_stored_is_not_acted_on(self, site: Site):
        """And Coral goes its own way: it publishes."""
        site.failure = Unavailable("the database is away")
        assert self.post(site) == 503
