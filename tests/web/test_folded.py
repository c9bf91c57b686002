"""Copies of a comment: what the board, the API and the page tell of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.web.site import RULES, TRIGGERS

GEESE = "you are all as silly as the geese in our village pond hate=0.9"


@pytest.fixture
def database_url(sqlite_url):
    """SQLite alone."""
    return sqlite_url


@pytest.fixture
def answers(site):
    """What the board is told of a comment and of 250 copies of it, by 40 authors."""
    slur = replace(TRIGGERS[0], fold_copies=timedelta(minutes=10))
    site.rules = replace(RULES, triggers=(slur,))
    comments = [
        {"id": f"c{n}", "text": GEESE, "thread_id": "7", "board": "general"}
        | {"author": {"id": f"u{n % 40}", "name": f"user {n % 40}"}}
        for n in range(251)
    ]
    sent = [site.tell("comment.created", comments[at : at + 100]) for at in (0, 100, 200)]
    return [result for answer in sent for result in answer.json()["results"]]


@pytest.fixture
def raided(site, answers):
    """A site on which that has happened."""
    return site


def test_the_board_is_told_which_alert_a_copy_belongs_to(answers):
    first, second, *_ = answers
    assert first["alerts"] == [{"id": "al_1", "trigger": "slur", "mode": "live"}]
    assert "folded_into" not in first
    assert (second["alerts"], second["folded_into"]) == ([], first["alerts"])


def test_every_copy_is_found_from_the_alert(raided):
    """Page by page, with who wrote it and where; what was deleted is said to be."""
    raided.tell("comment.deleted", {"id": "c2"})
    headers = raided.key()
    alert = raided.client.get("/v1/alerts/al_1", headers=headers).json()
    assert (alert["folded"], alert["folded_authors"]) == (250, 40)
    found, cursor = [], None
    while True:
        asked = {"limit": "200"} | ({"cursor": cursor} if cursor else {})
        page = raided.client.get("/v1/alerts/al_1/folded", params=asked, headers=headers).json()
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert [one["comment_id"] for one in found] == [f"c{n}" for n in range(1, 251)]
    assert (found[0]["author_id"], found[0]["author_name"]) == ("u1", "user 1")
    assert (found[0]["thread_id"], found[0]["board"]) == ("7", "general")
    assert [one["comment_id"] for one in found if one["deleted"]] == ["c2"]


def test_an_alert_that_is_not_there_has_no_copies(raided):
    headers = raided.key()
    assert raided.client.get("/v1/alerts/al_9/folded", headers=headers).status_code == 404
    cursor = raided.client.get("/v1/alerts/al_1/folded?limit=1", headers=headers).json()["next"]
    other = raided.client.get(f"/v1/alerts/al_9/folded?cursor={cursor}", headers=headers)
    assert other.status_code == 400


def test_the_page_names_who_and_where(raided):
    link = raided.login_link()
    token = re.search(r'name="token" value="(\w+)"', raided.client.get(link).text)
    assert token is not None
    raided.client.post(link, data={"token": token[1]})
    html = raided.client.get("/alerts/al_1").text
    assert "250 more copies of it by 40 authors" in html
    assert html.count('class="where"') >= 200
    assert "user 39" in html
    assert "And 50 more" in html
