"""POST /v1/backtests: triggers tried out over HTTP."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from moderator.storage.keys import KeyScope
from moderator.web.api.backtests import Backtests
from tests.web.site import Site

CIVIL = {"triggers": {"slur": {"when": {"hate": 0.9}, "notify": ["mods-slack"]}}}


@pytest.fixture
def filled(site: Site) -> Site:
    """Ten comments with hate of 0 to 0.9; from 0.8 people were told."""
    for tenth in range(10):
        site.send(f"hate=0.{tenth} canary-text-5d0e", id=f"c{tenth}")
    return site


def ask(site: Site, body: object, scope: KeyScope = KeyScope.MODERATE):
    """The answer to a question."""
    return site.client.post("/v1/backtests", json=body, headers=site.key(scope))


def not_judged(comments: int) -> dict[str, object]:
    """What is told of comments that nobody judged."""
    return {
        "judged": 0,
        "not_judged": comments,
        "right": 0,
        "precision": None,
        "interval": None,
    }


def test_it_answers_as_the_command_does(filled):
    """With the triggers in force on the one side, and those asked for on the other."""
    answer = ask(filled, CIVIL)
    assert answer.status_code == 200
    assert answer.json() == {
        "days": 1.0,
        "comments": 10,
        "without_likeness": 0,
        "triggers": {
            "slur": {
                "before": {"alerts": 2, "alerts_per_day": 2.0},
                "after": {"alerts": 1, "alerts_per_day": 1.0},
                "added": [],
                "removed": ["c8"],
                "verdicts": {
                    "before": not_judged(2),
                    "after": not_judged(1),
                    "added": not_judged(0),
                    "removed": not_judged(1),
                },
            },
            "tried-out": {
                "before": {"alerts": 0, "alerts_per_day": 0.0},
                "after": {"alerts": 0, "alerts_per_day": 0.0},
                "added": [],
                "removed": [],
                "verdicts": dict.fromkeys(("before", "after", "added", "removed"), not_judged(0)),
            },
        },
    }


def test_nothing_is_stored_and_nobody_is_told(filled):
    before = filled.client.get("/v1/alerts", headers=filled.key()).json()
    ask(filled, {"triggers": {"all": {"when": {"hate": 0}, "notify": ["mods-slack"]}}})
    assert filled.client.get("/v1/alerts", headers=filled.key()).json() == before


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({}, "triggers: a mapping of triggers is expected here"),
        ([], "triggers: a mapping of triggers is expected here"),
        ({"triggers": {"slur": {"when": {"hate": 80}}}}, "did you mean 0.8?"),
        ({"triggers": {"slur": {"when": {"hate": 0.8}, "notify": ["mods-slak"]}}}, "mods-slack?"),
        (CIVIL | {"since": "30"}, "since: "),
        (CIVIL | {"sinse": "30d"}, "sinse: is not known here"),
    ],
)
def test_a_mistake_is_told_in_the_words_of_the_configuration(filled, body, detail):
    answer = ask(filled, body)
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:moderator:problem:bad-payload"
    assert detail in answer.json()["detail"]
    assert "config:" not in answer.json()["detail"]


def test_an_empty_past_is_said_to_be_empty(site):
    answer = ask(site, CIVIL)
    assert (answer.status_code, answer.json()["detail"]) == (
        422,
        "there is no past to look at: no judged comment is stored yet",
    )


def test_more_than_fits_in_an_answer_is_refused_with_the_way_out(filled):
    filled.app.state.backtests = Backtests(most_comments=9)
    answer = ask(filled, CIVIL)
    assert answer.status_code == 422
    assert answer.json()["detail"] == (
        "since: these are 10 comments, more than 9; ask for a shorter `since`, or use "
        "`moderator backtest`"
    )


def test_what_takes_too_long_is_given_up(filled):
    """And the next one may run again."""
    hours = itertools.count(step=3600)
    filled.app.state.backtests = Backtests(clock=lambda: float(next(hours)))
    answer = ask(filled, CIVIL)
    assert (answer.status_code, "more than 20 s" in answer.json()["detail"]) == (422, True)
    assert ask(filled, CIVIL).status_code == 422


def test_one_runs_at_a_time(filled):
    """The second is asked to come again; comments that come in need the processor, too."""
    answers: list[Any] = []

    def clock() -> float:
        if not answers:  # the first one is under way
            answers.append(None)
            answers.append(ask(filled, CIVIL))
        return 0.0

    filled.app.state.backtests = Backtests(clock=clock)
    assert ask(filled, CIVIL).status_code == 200
    assert (answers[1].status_code, "retry-after" in answers[1].headers) == (503, True)


def test_a_key_that_only_reads_may_not(filled):
    assert ask(filled, CIVIL, KeyScope.READ).status_code == 403
