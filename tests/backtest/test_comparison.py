"""Two sets of triggers on one past."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.backtest import find_past, run
from moderator.domain.comment import EventKind
from moderator.domain.errors import DataError
from moderator.domain.precision import Precision
from moderator.domain.trigger import Mode, Scope, Trigger
from moderator.domain.verdict import Origin, Word, judgement
from moderator.storage import verdicts
from moderator.storage.engine import write
from tests.backtest.board import take_in
from tests.builders import an_event, at

DAY = 24 * 60  # minutes
SLUR = Trigger(name="slur", when={"hate": 0.5})


@pytest.fixture
def filled(engine):
    """Ten days of a comment each: 0 on the first, 0.9 on the last. Those from 0.5 were told."""
    take_in(
        engine,
        [SLUR],
        [
            (
                at(day * DAY),
                an_event(f"hate=0.{day}", comment_id=f"c{day}", created_at=at(day * DAY)),
            )
            for day in range(10)
        ],
    )
    return engine


def backtest(engine, candidate, length=None):
    """The candidate against SLUR."""
    past = find_past(engine, [SLUR, *(candidate or ())], length)
    return run(engine, past, present=[SLUR], candidate=candidate)


def test_it_tells_both_sides_and_which_comments_change(filled):
    found = backtest(filled, [replace(SLUR, when={"hate": 0.7})])
    assert found.as_json() == {
        "days": 9.0,
        "comments": 10,
        "without_likeness": 0,
        "triggers": {
            "slur": {
                "before": {"alerts": 5, "alerts_per_day": 0.56},
                "after": {"alerts": 3, "alerts_per_day": 0.33},
                "added": [],
                "removed": ["c5", "c6"],
                "verdicts": {
                    "before": not_judged(5),
                    "after": not_judged(3),
                    "added": not_judged(0),
                    "removed": not_judged(2),
                },
            }
        },
    }


def not_judged(comments):
    """What is told of comments that nobody judged."""
    told = {"judged": 0, "right": 0, "precision": None, "interval": None}
    return told | {"not_judged": comments}


def test_a_trigger_of_one_side_alone_raises_nothing_on_the_other(filled):
    """Renaming one is taking one away and adding another."""
    found = backtest(filled, [replace(SLUR, name="worse", when={"hate": 0.9})])
    told = {name: (len(e.before), len(e.after)) for name, e in found.effects.items()}
    assert told == {"slur": (5, 0), "worse": (0, 1)}
    assert found.effects["worse"].added == (("forum", "c9"),)


def test_a_trigger_that_is_off_raises_nothing(filled):
    found = backtest(filled, [replace(SLUR, mode=Mode.OFF)])
    assert found.as_json()["triggers"]["slur"]["after"] == {"alerts": 0, "alerts_per_day": 0.0}


def test_without_a_candidate_the_past_is_held_against_what_was_raised(filled):
    """Under the very triggers of then nothing changes; what others raised is in it, too."""
    found = backtest(filled, None)
    (effect,) = found.effects.values()
    assert effect.before == effect.after
    assert len(effect.before) == 5

    past = find_past(filled, [], None)
    other = run(filled, past, present=[], candidate=None)
    assert [len(other.effects["slur"].before), len(other.effects["slur"].after)] == [5, 0]


@pytest.mark.parametrize(
    ("length", "comments", "days", "raised"),
    [
        (timedelta(days=3), 4, 3.0, 4),  # counted back from the newest comment, both ends in it
        (timedelta(hours=1), 1, 1.0, 1),  # less than a day is counted as one
        (None, 10, 9.0, 5),
    ],
)
def test_only_the_last_days_count(filled, length, comments, days, raised):
    found = backtest(filled, [SLUR], length)
    assert (found.past.comments, found.past.days) == (comments, days)
    assert len(found.effects["slur"].after) == raised


def test_windows_that_were_open_at_the_start_are_as_they_were(engine):
    """A third hit within ten days counts, though the first two came before the stretch."""
    heated = Trigger(
        name="heated",
        scope=Scope.THREAD,
        when={"hate": 0.5},
        count=3,
        within=timedelta(days=10),
    )
    days = (0, 1, 2, 9)
    take_in(
        engine,
        [heated],
        [
            (at(d * DAY), an_event("hate=0.9", comment_id=str(d), created_at=at(d * DAY)))
            for d in days
        ],
    )
    past = find_past(engine, [heated], timedelta(days=7.5))
    found = run(engine, past, present=[heated], candidate=None)
    assert [alert.comment_id for alert in found.effects["heated"].after] == ["2", "9"]
    assert found.effects["heated"].before == found.effects["heated"].after
    assert (past.comments, past.replayed) == (2, 4)


def test_every_day_is_told_also_those_without_an_alert(filled):
    found = backtest(filled, None)
    by_day = found.by_day(found.effects["slur"].before)
    assert [alerts for _, alerts in by_day] == [0] * 5 + [1] * 5


def test_where_nobody_judged_anything_it_does_not_pretend(filled):
    found = backtest(filled, [SLUR])
    assert found.precision == Precision(right=0, judged=0, unjudged=5)
    assert found.precision.interval is None


def test_what_people_judged_is_counted_on_both_sides_and_in_what_changes(filled):
    """Of c5 to c9, which were raised, c5 was not right; c2 would come, and was judged for once."""
    judge(filled, c5=Word.FINE, c7=Word.HATE, c8=Word.TOXIC, c2=Word.FINE)
    found = backtest(filled, [replace(SLUR, when={"hate": 0.7})])
    told = found.precisions(found.effects["slur"])
    assert told["before"] == Precision(right=2, judged=3, unjudged=2)
    assert told["after"] == Precision(right=2, judged=2, unjudged=1)
    assert told["removed"] == Precision(right=0, judged=1, unjudged=1)
    assert found.precision == Precision(right=2, judged=3, unjudged=2)

    lower = backtest(filled, [replace(SLUR, when={"hate": 0.1})])
    added = lower.precisions(lower.effects["slur"])["added"]
    assert added == Precision(right=0, judged=1, unjudged=3)


def test_a_verdict_on_another_version_of_the_comment_does_not_count(filled):
    judge(filled, c9=Word.FINE)
    edited = an_event("hate=0.95", kind=EventKind.EDITED, comment_id="c9", edited_at=at(10 * DAY))
    take_in(filled, [], [(at(10 * DAY), edited)])
    found = backtest(filled, [SLUR])
    assert found.precision == Precision(right=0, judged=1, unjudged=5)


def judge(engine, **words):
    """Say what comments are."""
    for comment_id, word in words.items():
        said = judgement(
            word,
            source="forum",
            comment_id=comment_id,
            who="page:ann",
            origin=Origin.PAGE,
            said_at=at(11 * DAY),
        )
        with write(engine) as tx:
            verdicts.add(tx, [said])


def test_an_empty_past_is_said_to_be_empty(engine):
    with pytest.raises(DataError, match="no judged comment is stored yet"):
        find_past(engine, [SLUR], None)
