"""What people say of comments: by the API, by the buttons of an alert's page, in every score."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from moderator.domain.verdict import Origin, Verdict
from moderator.storage import verdicts
from moderator.storage.engine import read, write
from moderator.storage.keys import KeyScope


@pytest.fixture
def database_url(sqlite_url):
    """SQLite alone."""
    return sqlite_url


def judge(site, said, key=None, comment="42"):
    """Say something of a comment by the API."""
    return site.client.post(
        f"/v1/scores/forum/{comment}/verdict",
        json=said,
        headers=key or site.key(KeyScope.MODERATE),
    )


def score(site, comment="42"):
    """A comment's newest score."""
    return site.client.get(f"/v1/scores/forum/{comment}", headers=site.key()).json()


class TestByTheApi:
    """`POST /v1/scores/{source}/{comment_id}/verdict`."""

    @pytest.mark.parametrize(
        ("word", "toxic"), [("fine", False), ("toxic", True), ("hate", True), ("offensive", True)]
    )
    def test_a_word_is_shown_with_the_score(self, site, word, toxic):
        site.send("hello")
        key_id, secret = site.secret(KeyScope.MODERATE)
        answer = judge(site, {"verdict": word}, {"authorization": f"Bearer {secret}"})
        assert answer.status_code == 200, answer.text

        said = {
            "attribute": "judgement",
            "value": float(toxic),
            "word": word,
            "by": f"key:{key_id}",
            "origin": "api",
            "at": "2026-11-22T13:00:00Z",
            "community": None,
        }
        assert answer.json()["verdict"] == {"toxic": toxic, "decided": said, "said": [said]}
        assert score(site)["verdict"] == answer.json()["verdict"]

    def test_the_newest_word_counts(self, site):
        site.send("hello")
        key = site.key(KeyScope.MODERATE)
        for word in ("hate", "hate", "fine"):
            site.now += timedelta(minutes=1)
            judge(site, {"verdict": word}, key)
        assert score(site)["verdict"]["toxic"] is False
        assert len(score(site)["verdict"]["said"]) == 1
        with read(site.engine) as tx:
            assert len(verdicts.history(tx, "forum", "42")) == 2

    def test_an_older_version_can_be_judged_and_the_newest_stays_as_it_is(self, site):
        site.send("hello")
        old = score(site)["version"]
        site.tell("comment.edited", {"id": "42", "text": "goodbye"})
        answer = judge(site, {"verdict": "toxic", "version": old})
        assert (answer.json()["version"], answer.json()["verdict"]["toxic"]) == (old, True)
        assert score(site)["verdict"] is None

    @pytest.mark.parametrize(
        ("said", "status", "says"),
        [
            ({"verdict": "nice"}, 422, "verdict: Input should be 'fine', 'toxic', 'hate' or"),
            ({}, 422, "verdict: Field required"),
            ({"verdict": "fine", "why": "x"}, 422, "why: Extra inputs are not permitted"),
            ([], 422, "object"),
            ({"verdict": "fine", "version": "0-none"}, 404, "no such version"),
        ],
    )
    def test_what_is_no_verdict_is_refused_and_nothing_is_stored(self, site, said, status, says):
        site.send("hello")
        answer = judge(site, said)
        assert answer.status_code == status
        assert says in answer.json()["detail"]
        with read(site.engine) as tx:
            assert verdicts.history(tx, "forum", "42") == []

    def test_a_comment_nobody_sent_cannot_be_judged(self, site):
        assert judge(site, {"verdict": "fine"}).status_code == 404

    def test_a_comment_whose_id_holds_a_slash_can_be(self, site):
        site.send("hello", id="a/b")
        assert judge(site, {"verdict": "fine"}, comment="a/b").status_code == 200


def test_what_came_from_elsewhere_is_shown_and_decides_where_no_moderator_spoke(site):
    site.send("hello")
    with write(site.engine) as tx:
        suggested = Verdict(
            source="forum",
            comment_id="42",
            attribute="TOXICITY",
            value=0.9,
            who="key:abc",
            origin=Origin.PERSPECTIVE,
            said_at=site.now,
            community="Coral:https://news.example",
        )
        verdicts.add(tx, [suggested])
    assert score(site)["verdict"]["decided"]["community"] == "Coral:https://news.example"
    assert score(site)["verdict"]["toxic"] is True
    judge(site, {"verdict": "fine"})
    assert score(site)["verdict"]["toxic"] is False
    assert len(score(site)["verdict"]["said"]) == 2


def log_in(site, scope=KeyScope.MODERATE):
    """Open a session by a one-time link."""
    link = site.login_link(scope)
    site.client.post(link, data={"token": token_in(site.client.get(link).text)})


def token_in(html):
    """The token of a page's form."""
    found = re.search(r'name="token" value="([0-9a-f]{64})"', html)
    assert found is not None
    return found[1]


def words(html) -> str:
    """The words of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


class TestOnThePage:
    """Two buttons beneath an alert."""

    PATH = "/alerts/al_1/verdict"

    @pytest.mark.parametrize(
        ("pressed", "toxic", "told"),
        [
            ("right", True, "You said on this page: right: it is toxic just now"),
            ("false-alarm", False, "You said on this page: a false alarm just now"),
        ],
    )
    def test_a_button_stores_the_word_and_acknowledges_the_alert(self, site, pressed, toxic, told):
        site.send("hate=0.9")
        log_in(site)
        form = {"token": token_in(site.client.get("/alerts/al_1").text), "verdict": pressed}
        answer = site.client.post(self.PATH, data=form)

        assert (answer.status_code, answer.headers["location"]) == (303, "/alerts/al_1")
        assert told in words(site.client.get("/alerts/al_1").text)
        assert score(site)["verdict"]["toxic"] is toxic
        alert = site.client.get("/v1/alerts/al_1", headers=site.key()).json()
        assert alert["acknowledged_by"].startswith("page:")
        assert alert["verdict"] == score(site)["verdict"]
        people = "People say: toxic." if toxic else "People say: fine."
        assert people in words(site.client.get("/").text)

    def test_a_session_that_a_key_opened_speaks_for_the_key(self, site):
        site.send("hate=0.9")
        key_id, secret = site.secret(KeyScope.MODERATE)
        token = token_in(site.client.get("/login").text)
        site.client.post("/login", data={"token": token, "key": secret})
        token = token_in(site.client.get("/alerts/al_1").text)
        site.client.post(self.PATH, data={"token": token, "verdict": "right"})
        assert score(site)["verdict"]["decided"]["by"] == f"key:{key_id}"

    def test_the_word_is_about_the_text_that_was_alerted_of(self, site):
        site.send("hate=0.9")
        site.tell("comment.edited", {"id": "42", "text": "dear goose"})
        log_in(site)
        token = token_in(site.client.get("/alerts/al_1").text)
        site.client.post(self.PATH, data={"token": token, "verdict": "right"})
        assert score(site)["verdict"] is None

    def test_looking_never_judges(self, site):
        """Mail scanners open every link."""
        site.send("hate=0.9")
        log_in(site)
        assert site.client.get(self.PATH, params={"verdict": "right"}).status_code == 405
        assert site.client.get("/alerts/al_1", params={"verdict": "right"}).status_code == 200
        assert score(site)["verdict"] is None

    @pytest.mark.parametrize(
        ("scope", "form", "status"),
        [
            (KeyScope.MODERATE, {"token": "0" * 64, "verdict": "right"}, 403),
            (KeyScope.MODERATE, {"verdict": "right"}, 403),
            (KeyScope.READ, {"verdict": "right"}, 403),
            (None, {"verdict": "right"}, 303),
        ],
    )
    def test_without_the_forms_token_or_the_scope_nothing_is_stored(
        self, site, scope, form, status
    ):
        site.send("hate=0.9")
        if scope is not None:
            log_in(site, scope)
        if scope is KeyScope.READ:
            html = site.client.get("/alerts/al_1").text
            assert "false-alarm" not in html
            form = form | {"token": token_in(html)}
        assert site.client.post(self.PATH, data=form).status_code == status
        assert score(site)["verdict"] is None

    @pytest.mark.parametrize(
        ("path", "pressed", "status"),
        [
            (PATH, "maybe", 422),
            ("/alerts/al_9/verdict", "right", 404),
            ("/alerts/%00/verdict", "right", 404),
        ],
    )
    def test_what_is_no_button_or_no_alert_is_told_in_words(self, site, path, pressed, status):
        site.send("hate=0.9")
        log_in(site)
        token = token_in(site.client.get("/alerts/al_1").text)
        answer = site.client.post(path, data={"token": token, "verdict": pressed})
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")


def test_each_triggers_precision_is_told_with_what_was_not_judged(site):
    """Over live and shadow alike; what somebody said of a comment without an alert is no part."""
    for number in range(4):
        site.send("hate=0.9", id=f"h{number}")
    site.send("offensive=0.9", id="o")
    site.send("hello", id="fine")
    for comment, word in (("h0", "hate"), ("h1", "toxic"), ("h2", "fine"), ("fine", "fine")):
        judge(site, {"verdict": word}, comment=comment)
    told = site.client.get("/v1/triggers/precision?days=1", headers=site.key()).json()
    assert told["since"] == "2026-11-21T13:00:00Z"
    slur, tried_out = told["items"]
    assert slur == {
        "trigger": "slur",
        "alerts": 4,
        "judged": 3,
        "not_judged": 1,
        "right": 2,
        "precision": 0.6667,
        "interval": [0.2077, 0.9385],
    }
    assert (tried_out["trigger"], tried_out["judged"], tried_out["precision"]) == (
        "tried-out",
        0,
        None,
    )
    site.now += timedelta(days=2)
    later = site.client.get("/v1/triggers/precision?days=1", headers=site.key()).json()
    assert later["items"] == []
