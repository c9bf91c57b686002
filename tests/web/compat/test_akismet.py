"""Akismet's routes: words for forms."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from moderator.domain.verdict import SPAM
from moderator.storage import verdicts
from moderator.storage.engine import read
from moderator.web.runtime import AkismetRules
from tests.web.site import Site


@pytest.fixture
def site(site: Site) -> Site:
    """A site with these routes on, for the comments of `forum`."""
    site.configure(akismet=AkismetRules(source="forum"))
    return site


def ask(site: Site, path: str, text: str = "hello there", **changes: Any) -> httpx.Response:
    """A form as a client sends it; a change to None leaves a field out."""
    fields = {
        "api_key": site.secret()[1],
        "blog": "https://blog.example",
        "user_ip": "203.0.113.7",
        "comment_content": text,
    } | changes
    sent = {name: value for name, value in fields.items() if value is not None}
    return site.client.post(f"/1.1/{path}", data=sent)


def said(site: Site, comment_id: str) -> list[tuple[str, float]]:
    """What is known to have been said about a comment."""
    with read(site.engine) as tx:
        return [(v.attribute, v.value) for v in verdicts.history(tx, "forum", comment_id)]


@pytest.mark.parametrize(
    ("text", "changes", "word"),
    [
        ("hello there", {}, "false"),
        ("<p>hate=0.6</p>", {}, "true"),
        ("offensive=0.6", {}, "true"),
        ("hate=0.3 offensive=0.3", {}, "false"),  # the label is neither
        ("hate=0.9", {"user_role": "administrator"}, "false"),
        ("hello there", {"comment_author": "viagra-test-123"}, "true"),
        ("hate=0.9", {"comment_content": None}, "false"),
    ],
)
def test_a_comment_is_checked(site: Site, text: str, changes: dict[str, Any], word: str):
    answer = ask(site, "comment-check", text, **changes)
    assert (answer.status_code, answer.text) == (200, word)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(("hate", "word"), [(0.64, "false"), (0.65, "true"), (0.66, "true")])
def test_a_threshold_says_what_is_too_much(site: Site, hate: float, word: str):
    site.configure(akismet=AkismetRules(source="forum", threshold=0.65))
    assert ask(site, "comment-check", f"hate={hate}").text == word


def test_what_cannot_be_judged_is_let_through_with_the_reason(site: Site):
    answer = ask(site, "comment-check", "abstain")
    assert (answer.text, answer.headers["x-akismet-debug-help"]) == (
        "false",
        "not judged: language",
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"api_key": "abcdef012345", "key": "abcdef012345"}, "unable to verify your key"),
        ({"api_key": None, "key": None}, "unable to verify your key"),
        ({"blog": None}, 'Empty "blog" value'),
    ],
)
def test_a_wrong_form_is_invalid(site: Site, changes: dict[str, Any], reason: str):
    for path in ("comment-check", "submit-spam", "submit-ham", "verify-key"):
        answer = ask(site, path, **changes)
        assert (answer.status_code, answer.text) == (200, "invalid"), path
        assert reason in answer.headers["x-akismet-debug-help"], path


def test_a_key_is_verified(site: Site):
    assert ask(site, "verify-key", key=site.secret()[1]).text == "valid"
    site.configure(public=frozenset({"akismet"}))
    assert ask(site, "verify-key", key="anything").text == "valid"


def test_checking_stores_nothing(site: Site):
    ask(site, "comment-check", "hate=0.9")
    assert site.client.get("/v1/scores", headers=site.key()).json()["items"] == []


def test_what_people_submit_is_their_word_on_the_comment_with_that_text(site: Site):
    site.send("hate=0.9 and more", id="42")
    assert ask(site, "submit-spam", "<p>hate=0.9 and more</p>").text.startswith("Thanks for making")
    ask(site, "submit-ham", "never seen")
    assert said(site, "42") == [(SPAM, 1.0)]
    ask(site, "submit-ham", "hate=0.9 and more")
    ask(site, "submit-spam", "hate=0.9 and more", is_test="1")
    assert said(site, "42") == [(SPAM, 1.0), (SPAM, 0.0)]
    site.send("never seen", id="43")  # it comes after the word on it
    assert said(site, "43") == [(SPAM, 0.0)]


def test_where_they_are_off_there_is_nothing(site: Site):
    site.configure(akismet=None)
    answer = ask(site, "comment-check")
    assert (answer.status_code, answer.headers["content-type"]) == (
        404,
        "text/plain; charset=utf-8",
    )


def test_what_is_no_form_is_refused_in_words(site: Site):
    post = site.client.post
    assert post("/1.1/comment-check", json={}).status_code == 415
    form = {"content-type": "application/x-www-form-urlencoded"}
    many = post("/1.1/comment-check", content="a=1&" * 300, headers=form)
    assert (many.status_code, many.text) == (422, "the form has more than 200 fields")
    odd = post("/1.1/comment-check", content=b"blog=%ff%00&\xff=%", headers=form)
    assert (odd.status_code, odd.text) == (200, "invalid")
