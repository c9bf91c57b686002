"""Which base rate is in force for a board: configured, estimated, or the model's own."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from moderator.app.base_rates import BaseRates, estimated_base_rate, start_of_day
from moderator.domain.errors import Unavailable
from moderator.sources.generic import GenericSettings
from moderator.storage.engine import database_now, read
from tests.app.boards import DECLARED, fill
from tests.builders import NOON, MarkedScorer

SECRET = "q8Zr1Lk0VxTn4Yb7Wd2Hs6Jm9Pc3Ga5F"
MIDNIGHT = NOON.replace(hour=0)
DAY = timedelta(days=1)


class Silent(MarkedScorer):
    """A model that does not say for which base rate it was made."""

    base_rate = None


def configured(**base_rates):
    """The sources of a configuration, by their base rates."""
    blocks = {
        name: GenericSettings.model_validate(
            {"kind": "generic", "secrets": [SECRET + name], "base_rate": rate}
        )
        for name, rate in base_rates.items()
    }
    return lambda: blocks


@pytest.fixture
def rates(engine):
    """Those of a process on this database on the day that begins at MIDNIGHT, or later."""

    def rates(days=0, scorer=None):
        return BaseRates(
            engine, scorer or MarkedScorer(), today=lambda _engine: MIDNIGHT + days * DAY
        )

    return rates


def test_each_source_gets_what_the_configuration_says(engine, rates):
    """A number as it is; an estimate from its own comments; nothing: the model's own."""
    fill(engine, before=MIDNIGHT, share=0.15)
    each = rates()
    each.update(configured(forum="estimate", club=0.03, other=None))

    share = each.in_force["forum"]
    assert share == pytest.approx(0.15, abs=0.03)
    assert each.in_force == {"forum": share, "club": 0.03, "other": None}
    assert each.told() == {"forum": share, "club": 0.03, "other": DECLARED}


def test_what_was_judged_for_another_base_rate_is_brought_back_first(engine):
    """The estimate does not feed on itself: the same comments, the same share."""
    mixed = (None, DECLARED, 0.3, 0.001)
    fill(engine, before=MIDNIGHT, share=0.05)
    fill(engine, before=MIDNIGHT, share=0.05, source="mixed", judged_at=mixed)
    plain, found = (
        estimated_base_rate(engine, MarkedScorer(), source, MIDNIGHT)
        for source in ("forum", "mixed")
    )
    assert found.comments == plain.comments == 1_500
    assert found.low < 0.05 < found.high
    assert found.share == pytest.approx(0.05, abs=0.02)
    assert plain.share == pytest.approx(0.05, abs=0.02)


def test_the_same_scores_stored_for_any_base_rate_give_the_same_estimate(engine):
    """To nine digits."""
    for source, rate in (("forum", None), ("low", 0.004), ("high", 0.6)):
        fill(engine, before=MIDNIGHT, share=0.05, source=source, judged_at=[rate])
    shares = [
        estimated_base_rate(engine, MarkedScorer(), source, MIDNIGHT).share
        for source in ("forum", "low", "high")
    ]
    assert shares == pytest.approx([shares[0]] * 3, rel=1e-9)


@pytest.mark.parametrize(
    "board",
    [
        {"count": 999},
        {"model": "another@000000000000"},
        {"source": "other"},
        {"before": MIDNIGHT + DAY},  # today's own comments
        {"before": MIDNIGHT - 31 * DAY},
    ],
    ids=["too few", "another model", "another source", "today", "long ago"],
)
def test_without_enough_comments_the_models_own_counts(engine, rates, board):
    fill(engine, **({"before": MIDNIGHT, "share": 0.15} | board))
    each = rates()
    each.update(configured(forum="estimate"))
    assert each.in_force == {"forum": None}
    assert each.told() == {"forum": DECLARED}


def test_every_process_of_a_day_gets_the_same_number_whenever_it_starts(engine, rates):
    """What arrives during the day counts from the next one on."""
    fill(engine, before=MIDNIGHT, share=0.05)
    first = rates()
    first.update(configured(forum="estimate"))
    fill(engine, before=MIDNIGHT + DAY, share=0.3, seed=2)
    first.update(configured(forum="estimate"))
    second, tomorrow = rates(), rates(days=1)
    second.update(configured(forum="estimate"))
    tomorrow.update(configured(forum="estimate"))

    assert second.in_force == first.in_force
    assert tomorrow.in_force["forum"] > 2 * first.in_force["forum"]


def test_a_process_that_lives_on_estimates_anew_each_day(engine):
    days = iter([MIDNIGHT, MIDNIGHT, MIDNIGHT + DAY])
    each = BaseRates(engine, MarkedScorer(), today=lambda _engine: next(days))
    fill(engine, before=MIDNIGHT, share=0.05)
    seen = []
    for _ in range(3):
        each.update(configured(forum="estimate"))
        seen.append(each.in_force["forum"])
        fill(engine, before=MIDNIGHT + DAY, share=0.3, seed=2)  # stored once
    assert seen[0] == seen[1] != seen[2]


def test_a_new_configuration_counts_at_once(engine, rates):
    fill(engine, before=MIDNIGHT, share=0.15)
    each = rates()
    for asked, expected in ((0.03, 0.03), (None, None), (0.02, 0.02)):
        each.update(configured(forum=asked))
        assert each.in_force == {"forum": expected}
    each.update(configured(forum="estimate"))
    assert each.in_force["forum"] == pytest.approx(0.15, abs=0.03)
    each.update(configured(club=None))
    assert each.in_force == {"club": None}


def test_a_database_that_is_away_leaves_yesterdays_number_and_what_is_configured(engine, caplog):
    """And it is said; the service goes on."""
    caplog.set_level(logging.WARNING)

    answers = iter([MIDNIGHT])

    def today(_engine):
        for answer in answers:
            return answer
        raise Unavailable("the database did not answer: Closed")

    fill(engine, before=MIDNIGHT, share=0.15)
    each = BaseRates(engine, MarkedScorer(), today=today)
    each.update(configured(forum="estimate"))
    before = each.in_force["forum"]
    each.update(configured(forum="estimate", club=0.03, new="estimate"))

    assert before is not None
    assert each.in_force == {"forum": before, "club": 0.03, "new": None}
    assert [record.message for record in caplog.records] == ["base rates were not estimated"]


def test_a_model_without_a_base_rate_has_none_to_change(engine, rates):
    """The scorer ignores what is configured; no metric may say otherwise."""
    fill(engine, before=MIDNIGHT, share=0.15)
    each = rates(scorer=Silent())
    each.update(configured(forum="estimate", club=0.03))
    assert each.in_force["forum"] is None
    assert each.told() == {}
    assert estimated_base_rate(engine, Silent(), "forum", MIDNIGHT) is None


def test_an_estimate_is_logged_with_its_interval_and_without_a_word(engine, rates, caplog):
    """Once a day."""
    caplog.set_level(logging.INFO)
    fill(engine, before=MIDNIGHT, share=0.15)
    each = rates()
    for _ in range(2):
        each.update(configured(forum="estimate"))
    (record,) = caplog.records
    told = vars(record)
    assert (told["source"], told["comments"], told["is_used"]) == ("forum", 1_500, True)
    assert told["low"] < told["share"] < told["high"]
    assert "canary" not in repr(told)


def test_a_day_begins_at_midnight_utc_by_the_databases_clock(engine):
    with read(engine) as tx:
        now = database_now(tx)
    day = start_of_day(engine)
    assert (day.hour, day.minute, day.second, day.microsecond) == (0, 0, 0, 0)
    assert timedelta(0) <= now - day <= DAY + timedelta(minutes=1)
    assert day.utcoffset() == timedelta(0)
