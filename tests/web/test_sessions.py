"""Logging in and out: one-time links, keys, cookies, and forms that are ours."""

from __future__ import annotations

import re
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest

from moderator.storage import keys
from moderator.storage.engine import write
from moderator.storage.keys import KeyScope

COOKIE = "moderator"


@pytest.fixture
def database_url(sqlite_url):
    """SQLite alone."""
    return sqlite_url


def token_in(page) -> str:
    """The token of a page's form."""
    found = re.search(r'name="token" value="([0-9a-f]{64})"', page.text)
    assert found is not None, page.text
    return found[1]


def log_in(site, browser, secret, **fields) -> Any:
    """Send the login form as a browser does."""
    page = browser.get("/login")
    form = {"token": token_in(page), "key": secret} | fields
    return browser.post("/login", data=form, headers={"sec-fetch-site": "same-origin"})


def open_link(site, browser, link=None) -> Any:
    """Open a one-time link and push its button."""
    link = link or site.login_link()
    return browser.post(link, data={"token": token_in(browser.get(link))})


@pytest.mark.parametrize("path", ["/", "/alerts/al_1", "/docs"])
def test_a_page_without_a_session_leads_to_the_login(site, path):
    answer = site.client.get(path)
    assert answer.status_code == 303
    after = "" if path == "/" else f"?next={path}"
    assert answer.headers["location"] == f"/login{after}"


def test_a_key_opens_a_session(site):
    answer = log_in(site, site.client, site.secret()[1])
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert site.client.get("/").status_code == 200


@pytest.mark.parametrize("key", ["", "mod_wrong", "mod_abcdefgh_" + "x" * 43, "ä", "x" * 100_000])
def test_a_wrong_key_is_told_and_opens_nothing(site, key):
    answer = log_in(site, site.client, key)
    assert answer.status_code == 401
    assert "not known" in answer.text
    assert COOKIE not in site.client.cookies
    assert "xxx" not in answer.text


def test_one_who_guesses_at_the_login_is_told_to_wait(site):
    form = {"token": token_in(site.client.get("/login")), "key": "mod_wrong"}
    answers = [site.client.post("/login", data=form).status_code for _ in range(102)]
    assert answers == [401] * 100 + [429] * 2


class TestLinks:
    """One-time links."""

    def test_looking_at_a_link_does_not_use_it_up(self, site):
        """Mail scanners open whatever they find."""
        link = site.login_link()
        for _ in range(3):
            assert site.client.get(link).status_code == 200
        assert site.client.head(link).status_code == 200
        assert open_link(site, site.client, link).status_code == 303
        assert site.client.get("/").status_code == 200

    def test_its_button_works_once(self, site):
        link = site.login_link()
        assert open_link(site, site.client, link).status_code == 303
        with site.browser() as other:
            answer = open_link(site, other, link)
            assert answer.status_code == 401
            assert "has been used" in answer.text
            assert other.get("/").status_code == 303

    def test_it_ends_after_its_time(self, site):
        link = site.login_link()
        site.now += timedelta(minutes=15)
        assert open_link(site, site.client, link).status_code == 401

    @pytest.mark.parametrize("token", ["x", "x" * 43, "%00", "..;", "x" * 4_000])
    def test_one_that_was_never_handed_out_opens_nothing(self, site, token):
        assert open_link(site, site.client, f"/login/{token}").status_code in (401, 404)
        assert site.client.get("/").status_code == 303


class TestCookies:
    """What a browser keeps."""

    def session_cookie(self, answer) -> Any:
        """The session's cookie in an answer."""
        jar: SimpleCookie = SimpleCookie()
        for line in answer.headers.get_list("set-cookie"):
            jar.load(line)
        return next(jar[name] for name in jar if name.endswith(COOKIE))

    def test_over_https_it_is_held_to_this_host_and_to_https(self, site):
        with site.browser("https://board.test") as browser:
            cookie = self.session_cookie(open_link(site, browser))
        assert cookie.key == "__Host-moderator"
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "lax")
        assert (cookie["path"], cookie["domain"], cookie["max-age"]) == ("/", "", "43200")

    def test_over_http_it_is_still_hidden_from_scripts(self, site):
        cookie = self.session_cookie(open_link(site, site.client))
        assert cookie.key == COOKIE
        assert (cookie["secure"], cookie["httponly"]) == ("", True)

    def test_a_public_https_address_makes_it_secure_whatever_the_proxy_says(self, site):
        site.configure(public_url="https://mod.example.org")
        with site.browser("https://mod.example.org") as browser:
            cookie = self.session_cookie(open_link(site, browser))
        assert cookie.key == "__Host-moderator"

    def test_the_session_is_a_new_one_whatever_the_browser_came_with(self, site):
        planted = "-." + "x" * 43
        site.client.cookies.set(COOKIE, planted)
        cookie = self.session_cookie(open_link(site, site.client))
        assert cookie.value != planted

    @pytest.mark.parametrize("value", ["-." + "x" * 43, "x", "", "a" * 10_000, "-.\u00e9"])
    def test_a_made_up_one_opens_nothing(self, site, value):
        headers = {"cookie": f"{COOKIE}={value}".encode()}
        assert site.client.get("/", headers=headers).status_code == 303

    def test_it_ends_after_twelve_hours_whatever_the_browser_keeps(self, site):
        open_link(site, site.client)
        site.now += timedelta(hours=12) - timedelta(seconds=1)
        assert site.client.get("/").status_code == 200
        site.now += timedelta(seconds=1)
        assert site.client.get("/").status_code == 303

    def test_it_ends_with_the_key_that_opened_it(self, site):
        key_id, secret = site.secret()
        log_in(site, site.client, secret)
        assert site.client.get("/").status_code == 200
        with write(site.engine) as tx:
            keys.revoke_key(tx, key_id, site.now)
        assert site.client.get("/").status_code == 303

    def test_it_is_no_key(self, site):
        open_link(site, site.client)
        secret = site.client.cookies[COOKIE]
        headers = {"authorization": f"Bearer {secret}"}
        assert site.client.get("/v1/scores", headers=headers).status_code == 401
        assert site.client.get("/v1/scores").status_code == 401


class TestLogout:
    """Ending a session."""

    def test_it_ends_the_session_for_good(self, site):
        open_link(site, site.client)
        kept = site.client.cookies[COOKIE]
        form = {"token": token_in(site.client.get("/"))}
        answer = site.client.post("/logout", data=form)

        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
        assert COOKIE not in site.client.cookies
        assert site.client.get("/", headers={"cookie": f"{COOKIE}={kept}"}).status_code == 303

    def test_nobody_else_can_do_it(self, site):
        open_link(site, site.client)
        assert site.client.post("/logout", data={"token": "0" * 64}).status_code == 403
        assert site.client.get("/").status_code == 200

    def test_it_is_nothing_that_a_link_could_do(self, site):
        assert site.client.get("/logout").status_code == 405


class TestForms:
    """Forms that were not handed out by a page of ours to this browser."""

    def forms(self, site) -> list[tuple[str, dict[str, str]]]:
        """Every form, rightly filled in."""
        link = site.login_link()
        token = token_in(site.client.get("/login"))
        return [
            ("/login", {"token": token, "key": site.secret()[1]}),
            (link, {"token": token}),
        ]

    @pytest.mark.parametrize(
        "headers",
        [
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"origin": "https://evil.example"},
            {"origin": "http://board.test.evil.example"},
            {"origin": "http://board.test:81"},
        ],
    )
    def test_one_from_another_site_is_refused(self, site, headers):
        for path, form in self.forms(site):
            answer = site.client.post(path, data=form, headers=headers)
            assert answer.status_code == 403
            assert COOKIE not in site.client.cookies

    @pytest.mark.parametrize("token", ["", "0" * 64, "x", "é"])
    def test_one_without_its_token_is_refused(self, site, token):
        for path, form in self.forms(site):
            assert site.client.post(path, data=form | {"token": token}).status_code == 403

    def test_one_that_was_handed_out_to_another_browser_is_refused(self, site):
        (path, form), *_ = self.forms(site)
        with site.browser() as other:
            assert other.post(path, data=form).status_code == 403

    @pytest.mark.parametrize(
        "headers",
        [
            {"sec-fetch-site": "same-origin", "origin": "null"},
            {"origin": "http://board.test"},
            {},
        ],
    )
    def test_our_own_is_taken(self, site, headers):
        """Our referrer policy makes browsers call our own origin `null`."""
        path, form = self.forms(site)[0]
        assert site.client.post(path, data=form, headers=headers).status_code == 303

    @pytest.mark.parametrize("media", ["application/json", "multipart/form-data; boundary=x", ""])
    def test_another_type_is_not_a_form(self, site, media):
        answer = site.client.post("/login", content=b"key=x", headers={"content-type": media})
        assert answer.status_code == 415

    def test_one_with_too_many_fields_is_refused(self, site):
        body = "&".join(f"a{n}=1" for n in range(50))
        media = {"content-type": "application/x-www-form-urlencoded"}
        assert site.client.post("/login", content=body, headers=media).status_code == 415


class TestWhereTo:
    """Where a login leads."""

    def test_it_leads_to_the_alert_that_was_asked_for(self, site):
        site.send("hate=0.9")
        page = site.client.get("/alerts/al_1", follow_redirects=True)
        form = {"token": token_in(page), "key": site.secret()[1], "next": "/alerts/al_1"}
        assert 'name="next" value="/alerts/al_1"' in page.text
        answer = site.client.post("/login", data=form, follow_redirects=True)
        assert answer.url.path == "/alerts/al_1"
        assert answer.status_code == 200

    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example", "//evil.example", "/\\evil.example", "/alerts/../login",
            "javascript:alert(1)", "/alerts/x\r\nset-cookie: a=b", "/logout", "/alerts/" + "x" * 99,
        ],
    )  # fmt: skip
    def test_it_never_leads_anywhere_else(self, site, target):
        page = site.client.get("/login", params={"next": target})
        assert 'name="next" value=""' in page.text
        answer = log_in(site, site.client, site.secret()[1], next=target)
        assert answer.headers["location"] == "/"


@pytest.mark.parametrize("scope", KeyScope)
def test_any_scope_may_look(site, scope):
    open_link(site, site.client, site.login_link(scope))
    assert site.client.get("/").status_code == 200


def test_a_forged_host_or_proxy_is_not_repeated_anywhere(site):
    headers = {
        "host": "evil.example",
        "x-forwarded-host": "evil.example",
        "x-forwarded-for": "6.6.6.6",
        "x-forwarded-proto": "https",
    }
    for path in ("/", "/login", "/docs", "/healthz", "/v1/scores/", "/login/x"):
        answer = site.client.get(path, headers=headers)
        assert "evil" not in answer.text + str(answer.headers)
        assert "__Host-" not in str(answer.headers)
