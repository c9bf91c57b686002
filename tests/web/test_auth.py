"""Keys: who is let in, who is not, and that both look alike from outside."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from moderator.storage import keys
from moderator.storage.engine import read, write
from moderator.storage.keys import KeyScope
from moderator.web.auth import WrongKeys, new_key
from moderator.web.errors import TooManyWrongKeys
from tests.builders import at


@pytest.fixture
def database_url(sqlite_url):
    """SQLite alone."""
    return sqlite_url


def look_up(site, **headers) -> Any:
    """The answer to a look-up with these headers."""
    return site.client.get("/v1/scores", headers=headers)


def test_a_good_key_is_let_in(site):
    assert look_up(site, **site.key()).status_code == 200


def test_the_word_bearer_may_be_spelled_either_way(site):
    key = site.key()["authorization"].replace("Bearer", "bearer")
    assert look_up(site, authorization=key).status_code == 200


def wrong_headers(site) -> Any:
    """Headers that must not let anybody in, by what is wrong with them."""
    key_id, good = site.secret()
    revoked_id, revoked = site.secret()
    with write(site.engine) as tx:
        keys.revoke_key(tx, revoked_id, site.now)
    return {
        "none": {},
        "empty": {"authorization": ""},
        "only the word": {"authorization": "Bearer"},
        "unknown": {"authorization": f"Bearer {new_key()[1]}"},
        "revoked": {"authorization": f"Bearer {revoked}"},
        "upper case": {"authorization": f"Bearer {good.upper()}"},
        "cut": {"authorization": f"Bearer {good[:-1]}"},
        "longer": {"authorization": f"Bearer {good}x"},
        "a blank inside": {"authorization": f"Bearer {good[:9]} {good[9:]}"},
        "its id alone": {"authorization": f"Bearer mod_{key_id}_"},
        "another scheme": {"authorization": f"Basic {good}"},
        "no scheme": {"authorization": good},
        "very long": {"authorization": "Bearer " + "x" * 30_000},
        "not ASCII": {"authorization": "Bearer mod_é".encode()},
        "NUL": {"authorization": b"Bearer mod_\0"},
        "in another header": {"x-api-key": good},
    }


def test_whatever_is_wrong_with_a_key_the_answer_is_the_same(site):
    answers = {name: look_up(site, **headers) for name, headers in wrong_headers(site).items()}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        answers, 401
    )
    assert len({answer.content for answer in answers.values()}) == 1
    assert {answer.headers["www-authenticate"] for answer in answers.values()} == {
        'Bearer realm="moderator"'
    }


def test_two_authorization_headers_are_none(site):
    good = site.key()["authorization"]
    headers = [("authorization", good), ("authorization", good)]
    assert site.client.get("/v1/scores", headers=headers).status_code == 401


@pytest.mark.parametrize("name", ["key", "api_key", "access_token", "authorization"])
def test_a_key_in_the_query_string_is_never_accepted(site, name):
    _, good = site.secret()
    assert site.client.get("/v1/threads/forum/7", params={name: good}).status_code == 401


def test_a_revoked_key_is_refused_from_the_next_request_on(site):
    key_id, good = site.secret()
    headers = {"authorization": f"Bearer {good}"}
    assert look_up(site, **headers).status_code == 200
    with write(site.engine) as tx:
        keys.revoke_key(tx, key_id, site.now)
    assert look_up(site, **headers).status_code == 401


def test_a_scope_that_is_too_small_is_forbidden(site):
    site.send("hate=0.9")
    answer = site.client.post("/v1/alerts/al_1/ack", headers=site.key(KeyScope.READ))
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:moderator:problem:scope-too-small"


@pytest.mark.parametrize("scope", [KeyScope.MODERATE, KeyScope.ADMIN])
def test_a_greater_scope_includes_the_smaller_ones(site, scope):
    assert look_up(site, **site.key(scope)).status_code == 200


def test_a_copy_of_the_database_holds_no_key_that_opens_anything(site, database_url):
    _, secret = site.secret()
    link = site.login_link().removeprefix("/login/")
    path = Path(database_url.removeprefix("sqlite:///"))
    dump = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert keys.digest_of(secret).encode() in dump
    assert secret.encode() not in dump
    assert secret[len("mod_12345678_") :].encode() not in dump
    assert link.encode() not in dump


def test_a_key_has_256_random_bits_and_names_its_id():
    key_id, secret = new_key()
    assert secret.startswith(f"mod_{key_id}_")
    assert len(secret) == len("mod__") + 8 + 43
    assert len({new_key()[1] for _ in range(100)}) == 100


class TestGuessing:
    """Wrong keys from one address."""

    def test_many_wrong_keys_are_told_to_wait_and_good_ones_are_not(self, site):
        wrong = {"authorization": f"Bearer {new_key()[1]}"}
        good = site.key()
        answers = [look_up(site, **wrong) for _ in range(105)]

        assert [answer.status_code for answer in answers] == [401] * 100 + [429] * 5
        assert int(answers[-1].headers["retry-after"]) == 61
        assert look_up(site, **good).status_code == 200
        assert look_up(site).status_code == 401

    def test_it_is_forgotten_after_a_minute(self):
        wrong_keys = WrongKeys(most=2)
        for _ in range(2):
            wrong_keys.count("192.0.2.1", at(0))
        with pytest.raises(TooManyWrongKeys):
            wrong_keys.count("192.0.2.1", at(0.5))
        wrong_keys.count("192.0.2.1", at(1))

    def test_another_address_is_not_punished(self):
        wrong_keys = WrongKeys(most=1)
        wrong_keys.count("192.0.2.1", at(0))
        wrong_keys.count("192.0.2.2", at(0))
        with pytest.raises(TooManyWrongKeys) as caught:
            wrong_keys.count("192.0.2.1", at(0.25))
        assert caught.value.retry_after_s == 46

    def test_the_book_does_not_grow_for_ever(self):
        wrong_keys = WrongKeys()
        for number in range(20_000):
            wrong_keys.count(f"address {number}", at(0) + timedelta(milliseconds=number))
        assert len(wrong_keys) == 10_000


def test_a_link_is_no_session(site):
    """Whoever sees the link must not get in by putting it into the cookie."""
    secret = site.login_link().removeprefix("/login/")
    with read(site.engine) as tx:
        assert keys.session(tx, secret, site.now) is None
