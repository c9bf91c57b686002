"""Quotas of keys: how many requests get in, on one process and on several, and what is counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from moderator.domain.errors import Unavailable
from moderator.domain.quota import Per, Quota
from moderator.storage.engine import connect, read
from moderator.storage.keys import ApiKey, KeyScope
from moderator.storage.usage import Used, by_day
from moderator.web.errors import QuotaExceeded
from moderator.web.quotas import Usage, quota_of
from tests.builders import NOON, at

SIXTY = Quota(limit=60, per=Per.MINUTE)


def let_in(engine, usage, quota, tries, now=NOON, key="abc"):
    """How many of so many requests one process lets in."""
    admitted = 0
    for _ in range(tries):
        try:
            usage.request(engine, key, quota, now)
            admitted += 1
        except QuotaExceeded:
            pass
    return admitted


class TestCounting:
    """How many get in."""

    @pytest.mark.parametrize("limit", [1, 7, 19, 20, 21, 60, 601])
    def test_one_process_lets_in_exactly_the_quota(self, engine, limit):
        quota = Quota(limit=limit, per=Per.MINUTE)
        assert let_in(engine, Usage(), quota, limit + 5) == limit

    def test_several_processes_together_never_let_in_more(self, engine):
        """By turns, so that each holds a part of its own while the others ask."""
        processes = [Usage() for _ in range(3)]
        admitted = sum(let_in(engine, one, SIXTY, 1) for _ in range(40) for one in processes)
        assert admitted == 60

    def test_what_lies_unused_elsewhere_is_less_than_a_part_for_each_process(self, engine):
        idle = [Usage(), Usage()]
        for one in idle:
            let_in(engine, one, SIXTY, 1)  # takes a part of 3 and uses 1
        assert let_in(engine, Usage(), SIXTY, 100) == 60 - 2 * SIXTY.part
        assert [let_in(engine, one, SIXTY, 5) for one in idle] == [2, 2]

    def test_the_database_is_written_to_once_a_part(self, engine):
        usage, written = Usage(), []
        event.listen(engine, "commit", lambda _connection: written.append(1))
        let_in(engine, usage, SIXTY, 160)
        assert len(written) == 20 + 1  # twenty parts, and one that was empty

    def test_the_next_minute_begins_anew(self, engine):
        usage = Usage()
        assert let_in(engine, usage, SIXTY, 61, at(0)) == 60
        assert let_in(engine, usage, SIXTY, 1, at(0.99)) == 0
        assert let_in(engine, usage, SIXTY, 61, at(1)) == 60

    def test_a_clock_that_lags_does_not_open_the_minute_before_again(self, engine):
        ahead, behind = Usage(), Usage()
        assert let_in(engine, ahead, SIXTY, 60, at(1)) == 60
        assert let_in(engine, behind, SIXTY, 60, at(0.9)) == 0

    def test_keys_do_not_share(self, engine):
        usage = Usage()
        assert let_in(engine, usage, SIXTY, 61, key="abc") == 60
        assert let_in(engine, usage, SIXTY, 61, key="def") == 60

    def test_a_quota_that_is_raised_counts_from_the_next_request_on(self, engine):
        usage = Usage()
        assert let_in(engine, usage, SIXTY, 61) == 60
        in_vain = SIXTY.part  # what was asked for when nothing was left is not given back
        raised = Quota(limit=100, per=Per.MINUTE)
        assert let_in(engine, usage, raised, 200) == 100 - 60 - in_vain

    def test_without_a_quota_nothing_is_refused_and_nothing_written(self, engine):
        assert let_in(engine, Usage(), None, 1_000) == 1_000


@pytest.mark.parametrize(
    ("per", "now", "left_s"),
    [
        (Per.MINUTE, NOON, 60),
        (Per.MINUTE, NOON + timedelta(seconds=59, microseconds=1), 1),
        (Per.HOUR, NOON + timedelta(minutes=59), 60),
        (Per.DAY, NOON, 12 * 3_600),
    ],
)
def test_who_is_refused_is_told_when_it_begins_anew(per, now, left_s):
    assert Quota(limit=1, per=per).left_s(now) == left_s


def test_a_key_has_its_own_quota_by_name_or_id_else_the_default():
    own, other, rest = (Quota(limit=n, per=Per.MINUTE) for n in (1, 2, 3))
    quotas = {"dashboard": own, "mlgy5dw4": other, "default": rest}

    def key(name, id="aaaaaaaa"):
        return ApiKey(id=id, scope=KeyScope.READ, name=name, created_at=NOON)

    assert quota_of(key("dashboard"), quotas) == own
    assert quota_of(key("x", "mlgy5dw4"), quotas) == other
    assert quota_of(key("x"), quotas) == rest
    assert quota_of(key("default"), quotas) == rest
    assert quota_of(key("x"), {}) is None


class TestUsage:
    """What is counted by day."""

    def test_what_is_counted_is_added_up_over_processes_and_days(self, engine):
        first, second = Usage(), Usage()
        let_in(engine, first, Quota(limit=2, per=Per.DAY), 3)
        first.scored("abc", NOON, 2)
        let_in(engine, second, None, 5)
        let_in(engine, second, None, 1, NOON + timedelta(days=1))
        for usage in (first, second, first):
            usage.flush(engine)
        with read(engine) as tx:
            told = [(one.day.isoformat(), one.used) for one in by_day(tx, since=NOON.date())]
        assert told == [
            ("2026-11-23", Used(requests=1)),
            ("2026-11-22", Used(requests=8, refused=1, scored=2)),
        ]

    def test_what_could_not_be_written_is_kept_for_the_next_time(self, engine, tmp_path):
        usage, away = Usage(), connect(f"sqlite:///{tmp_path}/no/such/folder/x.db")
        let_in(engine, usage, None, 3)
        with pytest.raises(Unavailable):
            usage.flush(away)
        away.dispose()
        let_in(engine, usage, None, 1)
        usage.flush(engine)
        with read(engine) as tx:
            assert [one.used.requests for one in by_day(tx, since=NOON.date())] == [4]


class TestOverHttp:
    """What callers see."""

    @pytest.fixture
    def database_url(self, sqlite_url):
        """SQLite alone."""
        return sqlite_url

    def ask(self, site, header, times=1, path="/v1/scores"):
        """The last of so many answers."""
        for _ in range(times):
            answer = site.client.get(path, headers=header)
        return answer

    def test_one_too_many_gets_429_with_the_time_to_wait(self, site):
        site.configure(quotas={"default": Quota(limit=3, per=Per.MINUTE)})
        key_id, secret = site.secret()
        header = {"authorization": f"Bearer {secret}"}
        assert self.ask(site, header, 3).status_code == 200
        answer = self.ask(site, header)

        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "60"
        assert answer.headers["content-type"] == "application/problem+json"
        told = answer.json()
        told.pop("request_id")
        assert told == {
            "type": "urn:moderator:problem:quota-exceeded",
            "title": "The quota of this key is used up",
            "status": 429,
            "detail": "it may make 3 requests a minute",
            "key": key_id,
            "limit": 3,
            "per": "min",
        }
        site.now += timedelta(seconds=60)
        assert self.ask(site, header).status_code == 200

    def test_the_perspective_routes_tell_it_as_google_does(self, site):
        site.configure(quotas={"default": Quota(limit=1, per=Per.MINUTE)})
        key_id, secret = site.secret()
        body = {"comment": {"text": "hello"}, "requestedAttributes": {"TOXICITY": {}}}
        for _ in range(2):
            answer = site.client.post(
                "/v1alpha1/comments:analyze", params={"key": secret}, json=body
            )
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "60"
        error = answer.json()["error"]
        metric = "Analysis requests (AnalyzeComment)"
        assert (error["code"], error["status"], error["message"]) == (
            429,
            "RESOURCE_EXHAUSTED",
            f"Quota exceeded for quota metric '{metric}' and limit '{metric} per minute' of service"
            f" 'commentanalyzer.googleapis.com' for consumer 'project_number:{key_id}'.",
        )
        info, help_ = error["details"]
        assert info == {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "RATE_LIMIT_EXCEEDED",
            "domain": "googleapis.com",
            "metadata": {
                "service": "commentanalyzer.googleapis.com",
                "consumer": f"projects/{key_id}",
                "quota_metric": "CommentAnalyzerService/analyze_requests",
                "quota_limit": "AnalyzeRequestsPerMinutePerProject",
                "quota_limit_value": "1",
                "quota_location": "global",
            },
        }
        assert help_["@type"] == "type.googleapis.com/google.rpc.Help"
        assert set(help_["links"][0]) == {"description", "url"}

    def test_a_key_sees_its_own_usage_and_an_admin_everybodys(self, site):
        site.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        site.configure(public=frozenset(), quotas={"site": Quota(limit=2, per=Per.MINUTE)})
        key_id, secret = site.secret(name="site")
        own = {"authorization": f"Bearer {secret}"}
        for _ in range(3):
            site.client.post("/predict", json={"text": "hello"}, headers=own)
        site.runtime.usage.flush(site.engine)
        site.now += timedelta(minutes=1)

        mine = {
            "key": key_id,
            "name": "site",
            "quota": "2/min",
            "days": [{"day": "2026-11-22", "requests": 3, "refused": 1, "scored": 2}],
        }
        assert self.ask(site, own, path="/v1/usage").json() == {"items": [mine]}
        admin = site.key(KeyScope.ADMIN, name="admin")
        everybody = self.ask(site, admin, path="/v1/usage").json()["items"]
        assert mine in everybody
        assert [one["name"] for one in everybody] == ["site", "admin"]
        assert self.ask(site, site.key(name="x"), path="/v1/usage").json()["items"][0]["days"] == []

    def test_metrics_count_by_the_keys_public_id(self, site):
        site.configure(quotas={"default": Quota(limit=2, per=Per.MINUTE)})
        key_id, secret = site.secret()
        self.ask(site, {"authorization": f"Bearer {secret}"}, 3)
        text = self.ask(site, site.key(), path="/metrics").text
        assert f'moderator_key_requests_total{{key="{key_id}",outcome="admitted"}} 2.0' in text
        assert f'moderator_key_requests_total{{key="{key_id}",outcome="refused"}} 1.0' in text
        assert secret not in text
