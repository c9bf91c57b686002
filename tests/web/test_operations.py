"""Health, readiness and metrics."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from moderator.domain.delivery import AttemptOutcome, DeliveryState
from moderator.domain.errors import Unavailable
from moderator.web import build
from moderator.web.metrics import Metrics
from tests.web.site import LoopTransport


@pytest.fixture
def ready(site):
    """What /readyz says, freshly looked for."""

    def ready():
        site.app = build(site.runtime)
        with httpx.Client(transport=LoopTransport(site.app), base_url="http://x") as client:
            answer = client.get("/readyz")
        return answer.status_code, answer.json()

    return ready


def raising(error) -> Any:
    """A look at the schema that fails."""

    def look():
        raise error

    return look


def test_a_process_that_runs_is_healthy_whatever_else_is_wrong(site):
    site.runtime.schema_problem = raising(Unavailable("away"))
    answer = site.client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_it_is_ready_with_database_schema_and_model(ready):
    status, told = ready()
    assert (status, told["status"]) == (200, "ready")
    assert {name: check["ok"] for name, check in told["checks"].items()} == {
        "database": True,
        "schema": True,
        "model": True,
        "configuration": True,
    }
    assert told["checks"]["model"]["detail"] == "marked@000000000000"


def test_it_is_not_ready_while_the_database_is_away(site, ready):
    site.runtime.schema_problem = raising(Unavailable("the database did not answer: Closed"))
    status, told = ready()
    assert (status, told["status"]) == (503, "not ready")
    assert told["checks"]["database"] == {
        "ok": False,
        "detail": "the database did not answer: Closed",
    }


def test_it_is_not_ready_on_an_old_schema(site, ready):
    site.runtime.schema_problem = lambda: "the schema is older: run `moderator db upgrade`"
    status, told = ready()
    assert status == 503
    assert told["checks"]["schema"]["detail"] == "the schema is older: run `moderator db upgrade`"
    assert told["checks"]["database"]["ok"]


def test_an_unexpected_failure_is_told_by_its_class(site, ready):
    site.runtime.schema_problem = raising(ValueError("postgresql://user:word@host"))
    status, told = ready()
    assert status == 503
    assert told["checks"]["database"]["detail"] == "it could not be looked at: ValueError"


def test_a_configuration_that_was_refused_is_told_and_keeps_it_ready(site, ready):
    site.configure(problems=("config.yaml:12: triggers.slur.when.hate: 1.5 is above 1",))
    status, told = ready()
    assert status == 200
    assert told["checks"]["configuration"]["ok"] is False
    assert told["checks"]["configuration"]["problems"] == [
        "config.yaml:12: triggers.slur.when.hate: 1.5 is above 1"
    ]


def test_what_was_found_is_believed_for_a_moment(site):
    """A probe every second must not cost a look at the schema's history every second."""
    looks = []
    site.runtime.schema_problem = lambda: looks.append(1)
    for _ in range(5):
        site.client.get("/readyz")
    assert len(looks) == 1


class TestMetrics:
    """`/metrics`."""

    def test_it_needs_a_key(self, site):
        assert site.client.get("/metrics").status_code == 401
        answer = site.client.get("/metrics", headers=site.key())
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"

    def test_what_is_owed_given_up_and_since_when_comes_from_the_database(self, site):
        site.send("hate=0.9", id="1")
        site.now += timedelta(seconds=90)
        site.send("hate=0.9", id="2")
        site.attempt(AttemptOutcome.SENT, "200 ok", DeliveryState.SENT, "mods-slack")
        site.send("hate=0.9", id="3")
        site.now += timedelta(seconds=1)  # nobody is told twice within a second
        site.attempt(AttemptOutcome.REFUSED, "404 no_service", DeliveryState.DEAD, "mods-slack")
        told = site.client.get("/metrics", headers=site.key()).text

        assert 'moderator_messages_pending{channel="mods-email"} 3.0' in told
        assert 'moderator_oldest_undelivered_seconds{channel="mods-email"} 91.0' in told
        assert 'moderator_messages_pending{channel="mods-slack"} 0.0' in told
        assert 'moderator_messages_dead{channel="mods-slack"} 1.0' in told
        assert 'moderator_messages_owed{channel="mods-slack"} 3.0' in told
        assert 'moderator_messages_sent{channel="mods-slack"} 2.0' in told
        assert 'moderator_oldest_undelivered_seconds{channel="mods-slack"} 0.0' in told

    def test_a_channel_that_owes_nothing_is_told_as_owing_nothing(self, site):
        told = site.client.get("/metrics", headers=site.key()).text
        for channel in ("mods-slack", "mods-email"):
            assert f'moderator_messages_pending{{channel="{channel}"}} 0.0' in told

    def test_a_channel_that_is_gone_is_not_told_any_more(self, site):
        key = site.key()
        assert "mods-email" in site.client.get("/metrics", headers=key).text
        site.configure(channels=("mods-slack",))
        assert "mods-email" not in site.client.get("/metrics", headers=key).text

    def test_the_base_rates_in_force_are_told_and_no_others(self, site):
        key = site.key()
        for in_force in ({"forum": 0.03, "gone": 0.2}, {"forum": 0.025, "club": 0.6}):
            site.runtime.metrics.base_rates(in_force)
        told = site.client.get("/metrics", headers=key).text
        assert re.findall(r"^moderator_base_rate\{.*", told, flags=re.M) == [
            'moderator_base_rate{source="forum"} 0.025',
            'moderator_base_rate{source="club"} 0.6',
        ]

    def test_two_applications_count_for_themselves(self, site):
        site.client.get("/healthz")
        other = Metrics().render(
            backlogs=(), notices=(), channels=(), waiting=0, pid=1, now=site.now
        )
        assert b"/healthz" not in other
