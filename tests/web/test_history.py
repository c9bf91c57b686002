"""What was in force when: to programs, and on the pages."""

from __future__ import annotations

import re

import pytest

from moderator.domain.configuration import Cause, Configuration
from moderator.storage import configurations
from moderator.storage.engine import write
from moderator.storage.keys import KeyScope
from tests.builders import at
from tests.web.site import DIGEST

A = Configuration(settings={"triggers.slur.when.hate": "0.8", "retention.text": "30d"})
B = Configuration(settings={"triggers.slur.when.hate": "0.9", "triggers.new.<b>": "<i>x</i>"})


@pytest.fixture
def put(site):
    """Puts a configuration in force so many minutes after noon."""

    def put(configuration, minutes, model="m@1"):
        with write(site.engine) as tx:
            configurations.put_in_force(
                tx, configuration, cause=Cause.RELOAD, model=model, now=at(minutes)
            )

    return put


@pytest.fixture
def get(site):
    """The JSON of a look-up by a moderator's key."""
    headers = site.key(KeyScope.MODERATE)

    def get(path, status=200, **params):
        answer = site.client.get(path, params=params, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return get


@pytest.fixture
def page(site):
    """The text of the first page, as somebody with a session of some scope sees it."""

    def page(scope=KeyScope.MODERATE, path="/"):
        browser = site.browser()
        link = site.login_link(scope)
        token = re.search(r'name="token" value="(\w+)"', browser.get(link).text)
        assert token is not None
        browser.post(link, data={"token": token[1]})
        found = browser.get(path).text
        browser.close()
        return found

    return page


def words(html) -> str:
    """The words of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_the_history_is_told_newest_first_with_what_changed(put, get):
    put(A, 0)
    put(B, 30)
    told = get("/v1/configurations")
    assert told["next"] is None
    newest, first = told["items"]
    assert newest == {
        "digest": B.digest,
        "since": "2026-11-22T12:30:00Z",
        "until": None,
        "cause": "reload",
        "model": "m@1",
        "replaced": A.digest,
        "differences": [
            {"key": "retention.text", "before": "30d", "after": None},
            {"key": "triggers.new.<b>", "before": None, "after": "<i>x</i>"},
            {"key": "triggers.slur.when.hate", "before": "0.8", "after": "0.9"},
        ],
    }
    assert (first["until"], first["replaced"]) == ("2026-11-22T12:30:00Z", None)
    assert first["differences"] == []


def test_pages_hold_every_entry_once_whatever_is_added_meanwhile(put, get):
    for n in range(5):
        put((A, B)[n % 2], n)
    page = get("/v1/configurations", limit=2)
    put(B, 9)
    found = [one["since"][14:16] for one in page["items"]]
    while page["next"] is not None:
        page = get("/v1/configurations", limit=2, cursor=page["next"])
        found += [one["since"][14:16] for one in page["items"]]
    assert found == ["04", "03", "02", "01", "00"]


def test_a_cursor_of_another_list_is_refused(site, put, get):
    for n in range(3):
        put((A, B)[n % 2], n)
    cursor = get("/v1/configurations", limit=1)["next"]
    for n in range(2):
        site.send("hate=0.9", id=str(n))
    other = get("/v1/alerts", limit=1)["next"]
    get("/v1/configurations", 400, cursor=other)
    get("/v1/alerts", 400, cursor=cursor)
    get("/v1/configurations", 400, cursor=cursor[:-1])


def test_one_configuration_is_told_in_full_with_every_time_it_was_in_force(put, get):
    for minutes, one in enumerate((A, B, A)):
        put(one, minutes)
    told = get(f"/v1/configurations/{A.digest}")
    assert (told["digest"], told["settings"]) == (A.digest, A.settings)
    assert [one["since"][14:16] for one in told["periods"]] == ["02", "00"]


@pytest.mark.parametrize("digest", ["0" * 64, "x", A.digest[:12], "%2e%2e"])
def test_a_digest_that_is_not_known_is_not_found(put, get, digest):
    put(A, 0)
    get(f"/v1/configurations/{digest}", 404)


@pytest.mark.parametrize("path", ["/v1/configurations", f"/v1/configurations/{A.digest}"])
def test_whoever_may_only_read_is_not_told_what_is_configured(site, put, path):
    put(A, 0)
    assert site.client.get(path, headers=site.key(KeyScope.READ)).status_code == 403
    assert site.client.get(path).status_code == 401


def test_an_alert_tells_what_it_was_raised_under(site, get, page):
    site.send("hate=0.9")
    assert get("/v1/alerts/al_1")["configuration"] == DIGEST
    assert get("/v1/alerts")["items"][0]["configuration"] == DIGEST
    told = words(page(path="/alerts/al_1"))
    assert f"Raised under configuration {DIGEST[:12]} " in told


def test_the_page_tells_what_is_in_force_since_when_and_what_changed(site, put, page):
    put(A, 0)
    put(B, 30)
    site.configure(digest=B.digest)
    told = words(page())
    assert f"{B.digest[:12]} since 22 Nov 2026, 12:30:00 UTC, 30 minutes ago" in told
    assert f"Changed 30 minutes ago while it ran, to {B.digest[:12]}" in told
    assert "triggers.slur.when.hate 0.8 0.9" in told
    assert told.count("Changed") == 1, "the first one changed nothing"


def test_what_stands_in_a_configuration_is_never_markup(site, put, page):
    put(A, 0)
    put(B, 30)
    assert "<i>x</i>" not in page()
    assert "&lt;i&gt;x&lt;/i&gt;" in page()


def test_a_session_that_may_only_read_sees_that_it_changed_and_not_how(site, put, page):
    put(A, 0)
    put(B, 30)
    site.configure(digest=B.digest)
    told = words(page(KeyScope.READ))
    assert B.digest[:12] in told
    assert "triggers.slur" not in told


def test_a_change_of_everything_is_told_in_part(site, put, page):
    put(A, 0)
    put(Configuration(settings={f"triggers.t{n:03}.mode": "live" for n in range(100)}), 1)
    told = words(page())
    assert "triggers.t000.mode live" in told
    assert "triggers.t099.mode" not in told
    assert "and 72 more" in told


def test_the_page_points_out_messages_whose_channel_was_taken_out(site, page):
    """A reload that forgets a channel fails nowhere else."""
    site.send("hate=0.9")
    assert "not configured any more" not in page()
    site.configure(channels=("mods-email",))
    told = words(page())
    assert "Channel mods-slack is not configured any more, and 1 message will not be sent" in told
