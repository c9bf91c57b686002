"""What budgets have made of thresholds, as the API tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.domain.threshold import Threshold
from moderator.domain.trigger import Budget
from moderator.storage import thresholds
from moderator.storage.engine import write
from tests.web.site import TRIGGERS


@pytest.fixture
def get(site):
    """The moves of a budget of five that is in force, and of one of ten that was."""
    slur = replace(TRIGGERS[0], budget=Budget(per_day=5, key="five"))
    site.configure(triggers=(slur, TRIGGERS[1]))
    first = Threshold(
        key="ten", trigger="slur", label="hate", value=0.8, since=site.now, per_day=10,
        always_above=0.95, alerts_per_day=3.5,
    )  # fmt: skip
    with write(site.engine) as tx:
        for number, key in enumerate(("ten", "five", "five", "five")):
            since = site.now + number * timedelta(hours=1)
            value = round(0.8 + number / 100, 2)
            thresholds.add(tx, replace(first, key=key, value=value, since=since))
    headers = site.key()
    return lambda **asked: site.client.get(
        "/v1/triggers/thresholds", params=asked, headers=headers
    ).json()


def test_each_move_is_told_newest_first_and_which_is_in_force(get):
    found = get()
    assert [one["threshold"] for one in found["items"]] == [0.83, 0.82, 0.81, 0.8]
    assert [one["in_force"] for one in found["items"]] == [True, False, False, False]
    assert found["items"][0] | {"since": ""} == {
        "trigger": "slur", "label": "hate", "threshold": 0.83, "since": "", "in_force": True,
        "per_day": 10.0, "always_above": 0.95, "alerts_per_day": 3.5,
    }  # fmt: skip
    assert get(trigger="other") == {"items": [], "next": None}


def test_it_goes_on_page_by_page(get):
    first = get(limit=3)
    rest = get(limit=3, cursor=first["next"])
    assert [one["threshold"] for one in (*first["items"], *rest["items"])] == [
        0.83, 0.82, 0.81, 0.8,
    ]  # fmt: skip
    assert rest["next"] is None
