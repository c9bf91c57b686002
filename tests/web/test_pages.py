"""The moderators' pages: what they show, and that nothing of it is ever more than words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest

from moderator.domain.configuration import Cause, Configuration
from moderator.domain.delivery import AttemptOutcome, DeliveryState
from moderator.domain.trigger import Escalation
from moderator.escalation import escalate_overdue
from moderator.storage import configurations, outbox
from moderator.storage.engine import write
from moderator.web.pages.screens import FOLDER
from tests.builders import at
from tests.web.site import RULES, TRIGGERS


@pytest.fixture
def database_url(sqlite_url):
    """SQLite alone."""
    return sqlite_url


@pytest.fixture
def page(site):
    """The text of a page, as somebody with a session sees it."""
    link = site.login_link()
    token = re.search(r'name="token" value="(\w+)"', site.client.get(link).text)
    assert token is not None
    site.client.post(link, data={"token": token[1]})

    def page(path="/") -> str:
        answer = site.client.get(path)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return str(answer.text)

    return page


def words(html) -> str:
    """The words of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_an_alert_is_told_with_what_where_who_why_when_and_its_messages(site, page):
    site.send("hate=0.9 goose")
    site.attempt(AttemptOutcome.SENT, "200 ok", DeliveryState.SENT)
    site.now += timedelta(minutes=4)
    html = page()
    told = words(html)

    assert "slur: hate 90% by ann in general" in told
    assert "By ann (id 9)" in told
    assert "Where general, thread 7, comment 42 (forum)" in told
    assert "Reached hate 90% (threshold 80%)" in told
    assert "4 minutes ago" in told
    assert "mods-slack : sent" in told
    assert "mods-slack 1 owed: 1 sent, 0 waiting, 0 given up" in told
    assert "mods-email mods@example.org: waiting" in told
    assert 'href="https://board.example/7/42"' in html
    assert "Open the comment on board.example" in told


def test_scores_are_told_newest_first_with_their_parts(site, page):
    site.send("hello", id="1", author={"name": "ben"})
    site.send("offensive=0.7 hate=0.1", id="2", author={"name": "cat"})
    told = words(page())

    assert told.index("cat") < told.index("ben")
    assert re.search(r"hate 10% offensive 70% neither \d+%", told)


def test_a_score_is_told_with_the_base_rate_it_holds_for(site, page):
    site.send("hate=0.1")
    assert re.search(r"neither \d+% base rate 5\.0%", words(page()))
    site.scorer.base_rate = None
    site.send("hate=0.2", id="2")
    assert len(re.findall("base rate", page())) == 1


def test_an_empty_page_says_what_will_be_there(page):
    told = words(page())
    assert "No alerts." in told
    assert "No comments yet." in told


def test_what_was_written_is_veiled_until_asked_for(site, page):
    """Closed `details` hide it; the blurred veil over it is made of blocks, not of its letters."""
    site.send("hate=0.9 goose")
    html = page()
    outside = re.sub(r"<details.*?</details>", "", html, flags=re.S)
    veils = re.findall(r'<span class="blurred"[^>]*>(.*?)</span>', html)

    assert "goose" in html
    assert "goose" not in outside
    assert "<details open" not in html
    assert veils
    assert all(set(veil) <= {"█", " "} for veil in veils)


def test_words_that_weighed_are_veiled_like_the_comment(site, page):
    site.send("hate=0.9 goose")
    html = page("/alerts/al_1")
    assert "“hate=0.9”" in html
    assert "“hate=0.9”" not in re.sub(r"<details.*?</details>", "", html, flags=re.S)


def test_an_alerts_own_page_tells_each_attempt_and_what_the_far_end_said(site, page):
    site.send("hate=0.9")
    site.attempt(AttemptOutcome.PASSING, "503 try later", DeliveryState.PENDING)
    site.now += timedelta(minutes=3)
    site.attempt(AttemptOutcome.REFUSED, "404 no_service", DeliveryState.DEAD)
    told = words(page("/alerts/al_1"))

    assert "given up after 2 attempts" in told
    assert "failed, to be tried again 3 minutes ago 503 try later" in told
    assert "refused just now 404 no_service" in told


def test_an_alert_that_is_tried_again_says_when(site, page):
    site.send("hate=0.9")
    site.attempt(AttemptOutcome.PASSING, "503", DeliveryState.PENDING)
    assert "waiting, next in 2 minutes" in words(page())


def test_an_alert_that_nobody_takes_care_of_says_when_it_is_escalated_and_then_why(site, page):
    rule = Escalation(unacknowledged=timedelta(minutes=30), notify=("mods-email",))
    slur = replace(TRIGGERS[0], notify=("mods-slack",), escalate=rule)
    site.rules = replace(RULES, triggers=(slur,))
    site.send("hate=0.9")
    site.now += timedelta(minutes=10)
    assert "in 20 minutes, to more people" in words(page("/alerts/al_1"))
    site.now += timedelta(minutes=20)
    with write(site.engine) as tx:
        escalate_overdue(tx, site.rules.triggers, site.rules.recipients, site.now)
    for path in ("/", "/alerts/al_1"):
        assert "Escalated: nobody has taken care of it for 30 minutes." in words(page(path))
        assert "mods-email" in words(page(path))
    assert "in 20 minutes" not in words(page("/alerts/al_1"))


def test_what_is_tried_out_is_shown_apart_with_whom_it_would_have_told(site, page):
    tried = replace(TRIGGERS[1], notify=("mods-slack",))
    site.rules = replace(RULES, triggers=(TRIGGERS[0], tried))
    site.configure(triggers=site.rules.triggers)
    with write(site.engine) as tx:
        told = Configuration(settings={})
        configurations.put_in_force(tx, told, cause=Cause.START, model="m", now=at(60 - 3 * 1440))
    for number in range(12):
        site.send("offensive=0.9", id=f"tried-{number}")
    site.send("hate=0.9", id="said")

    alerts, _, _ = page().partition('id="scores"')
    assert ("slur" in alerts, "tried-out" in alerts) == (True, False)
    html = page("/?mode=shadow")
    alerts = words(html.partition('id="scores"')[0])
    assert ("slur" in alerts, "only being tried out" in alerts) == (False, True)
    assert "In 3 days it would have told mods-slack 12 times (4 a day)." in alerts
    assert "<code>moderator triggers promote tried-out</code>" in html
    assert "Nobody was told of it" in words(page("/alerts/al_1"))
    assert "It would have told mods-slack." in words(page("/alerts/al_1"))


def test_a_deleted_comment_is_not_shown_any_more(site, page):
    site.send("hate=0.9 goose")
    site.tell("comment.deleted", {"id": "42"})
    assert "The comment has been deleted." in page()
    assert "The comment has been deleted since." in page("/alerts/al_1")


@pytest.mark.parametrize("alert_id", ["al_9", "%00", "..%2f", "🦆", "x" * 300])
def test_an_alert_that_is_not_there_is_told_in_words(site, page, alert_id):
    page()
    answer = site.client.get(f"/alerts/{alert_id}")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith(("text/html", "application/problem+json"))


@pytest.mark.parametrize(("path", "text"), [("/", "hate=0.9"), ("/?mode=shadow", "offensive=0.9")])
def test_older_alerts_are_a_page_away(site, page, path, text):
    for number in range(45):
        site.send(text, id=f"comment-{number}")
    seen: list[str] = []
    while True:
        html = page(path)
        alerts = html.partition('id="scores"')[0]
        seen += re.findall(r"comment (comment-\d+) \(forum\)", alerts)
        older = re.search(r'href="(/\?[^"]*cursor=[^"]+)"', html)
        if older is None:
            break
        path = unescape(older[1])
    assert len(seen) == len(set(seen)) == 45


@pytest.mark.parametrize("cursor", ["x", "AAAA", "%00", ""])
def test_a_forged_cursor_is_told_in_words(site, page, cursor):
    page()
    answer = site.client.get(f"/?cursor={cursor}")
    assert answer.status_code == 400
    assert "handed out" in answer.text


class TestNotices:
    """What a person must see to."""

    def test_nothing_is_told_where_all_is_well(self, site, page):
        site.send("hello")
        assert 'class="notice"' not in page()

    def test_a_failing_channel(self, site, page):
        with write(site.engine) as tx:
            outbox.note_failure(
                tx,
                "mods-slack",
                now=site.now - timedelta(minutes=7),
                reason="503 try later",
                broken=False,
                hold_until=None,
            )
        told = words(page())
        assert "Channel mods-slack fails, for 7 minutes now" in told
        assert "503 try later" in told

    def test_a_broken_channel(self, site, page):
        with write(site.engine) as tx:
            outbox.note_failure(
                tx,
                "mods-slack",
                now=site.now,
                reason="404 no_service",
                broken=True,
                hold_until=None,
            )
        assert "Channel mods-slack is broken: somebody must mend it" in words(page())

    def test_messages_that_were_given_up(self, site, page):
        site.send("hate=0.9")
        site.attempt(AttemptOutcome.REFUSED, "550 no such user", DeliveryState.DEAD, "mods-email")
        assert "Messages were given up mods-email: 1" in words(page())

    def test_a_configuration_that_was_not_taken(self, site, page):
        site.configure(problems=("config.yaml:12: triggers.slur: <b>unknown</b> key",))
        html = page()
        assert "The configuration was changed and not taken" in html
        assert "config.yaml:12: triggers.slur: &lt;b&gt;unknown&lt;/b&gt; key" in html

    def test_comments_that_nobody_judged(self, site, page):
        site.send("abstain", id="1")
        site.send("abstain", id="2")
        told = words(page())
        assert "2 comments were not judged: please look" in told
        assert "it does not seem to be English" in told

    def test_they_are_pointed_out_for_a_day(self, site, page):
        site.send("abstain")
        site.now += timedelta(hours=11)
        assert "was not judged" in page()


def test_the_page_is_what_is_stored_now(site, page):
    assert "Because" not in page()
    site.send("hate=0.9 goose")
    assert "goose" in page()


HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg onload=alert(1)>",
    "</details><h1>gone",
    "</blockquote></title><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{7*7}} {% raw %} ${7*7} #{7*7}",
    "{0.__class__} %s %(x)s %n",
    "<!-- --><![CDATA[x]]>",
    "&lt;script&gt; &#x3c;b&#x3e;",
    "\u202egnp.exe\u202c \u200b\u2066",
    "a\r\nset-cookie: x=y",
    "\ufeff\u0000\u0007",
    "z" + "\u0301" * 200,
    "' or 1=1 --",
    "<a href=//evil.example>x</a>",
    "\u2028<style>*{display:none}</style>",
]  # fmt: skip


class Markup(HTMLParser):
    """What a browser would make of a page: its elements and their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.scripts: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """One element."""
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag == "script":
            self.scripts.append(dict(attrs).get("src"))


def markup_of(html) -> Markup:
    """A page, parsed."""
    parsed = Markup()
    parsed.feed(html)
    return parsed


def test_no_words_of_strangers_ever_become_markup(site, page):
    """The same comments with harmless words must give the same elements and attributes."""
    site.send("hate=0.9 goose", id="harmless")
    site.send("abstain goose", id="unjudged")
    harmless = [markup_of(page(path)) for path in ("/", "/alerts/al_1")]
    for number, text in enumerate(HOSTILE):
        fields = {"thread_id": text, "board": text, "author": {"id": text, "name": text}}
        answer = site.send(f"hate=0.9 {text}", id=f"{number} {text}", url=text, **fields)
        assert answer.status_code == 200
        site.send(f"abstain {text}", id=f"{number}u {text}", url=f"https://x.example/{text}")
        site.attempt(AttemptOutcome.PASSING, text, DeliveryState.PENDING)
    ids = [f"al_{number}" for number in range(1, len(HOSTILE) + 2)]
    pages = [page(), *(page(f"/alerts/{id_}") for id_ in ids)]

    elements = set().union(*(markup.elements for markup in harmless)) | {"q", "ol"}
    attributes = set().union(*(markup.attributes for markup in harmless))
    for html in pages:
        parsed = markup_of(html)
        assert parsed.elements <= elements
        assert parsed.attributes <= attributes
        assert parsed.scripts == ["/assets/page.js"]
        for address in parsed.addresses:
            assert address.startswith(("/", "https://", "#")), address
            assert not address.startswith("//")
        assert "\u202e" not in html
    assert "{{7*7}}" in pages[0]


@pytest.mark.parametrize("name", ["page.css", "page.js", "icon.svg"])
def test_what_a_page_needs_is_served_to_anybody(site, name):
    answer = site.client.get(f"/assets/{name}")
    assert answer.status_code == 200
    assert answer.content == (FOLDER / name).read_bytes()
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["home.html", "screens.py", "..%2fscreens.py", "%2e%2e", "x"])
def test_nothing_else_of_the_folder_is_served(site, name):
    assert site.client.get(f"/assets/{name}").status_code == 404


def test_no_template_turns_escaping_off_or_holds_script_or_style():
    for file in FOLDER.glob("*.html"):
        source = file.read_text()
        assert "|safe" not in source.replace(" ", "")
        assert "autoescape" not in source
        assert not re.search(r"<style|style=|\son\w+=|<script(?! src=)", source), file


def test_every_class_of_the_pages_is_known_to_the_style_sheet_and_no_other():
    style = (FOLDER / "page.css").read_text()
    sources = "".join(file.read_text() for file in FOLDER.glob("*.html"))
    plain = re.sub(r"{%.*?%}|{{.*?}}", " ", sources)
    used = {name for found in re.findall(r'class="([^"]*)"', plain) for name in found.split()}
    styled = set(re.findall(r"\.([a-z][a-z-]*)", re.sub(r"\d\.\d|/\*.*?\*/", "", style)))
    told_by_state = {"sent", "dead", "hate", "offensive", "neither", "not-judged", "main"}
    told_by_state |= {"info", "critical"}

    assert ".." not in style
    assert used <= styled
    assert styled <= used | told_by_state


def test_every_page_can_be_read_by_a_screen_reader_and_on_a_phone(site, page):
    site.send("hate=0.9")
    for path in ("/", "/alerts/al_1", "/docs"):
        html = page(path)
        assert '<html lang="en">' in html
        assert 'name="viewport" content="width=device-width, initial-scale=1"' in html
        assert html.count("<h1") >= 1
        assert "<main>" in html
