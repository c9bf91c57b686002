"""The same thing, many times over: one alert, from which every copy is found."""

from __future__ import annotations

import itertools
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from moderator.alerting import Rules
from moderator.channels.wording import word
from moderator.domain.message import Message
from moderator.domain.trigger import MAX_OPEN, Budget, Mode, Scope, Trigger
from moderator.ingest import ingest
from moderator.storage import alerts, folded, outbox
from moderator.storage.engine import read, write
from tests.backtest.board import raised_in_replay, raised_live
from tests.builders import MarkedScorer, a_delivery, an_event, at

SLUR = Trigger(
    name="slur",
    when={"hate": 0.8},
    fold_copies=timedelta(minutes=10),
    notify=("mods",),
)
GEESE = "you are all as silly as the geese in our village pond hate=0.9"
BOOKS = "nobody in this whole thread has ever read one single good book hate=0.9"
COPIES, AUTHORS = 600, 37


def post(number, text=GEESE, minute=0.0, **changes):
    """A comment of its own, written so many minutes after noon."""
    told = {"comment_id": f"c{number}", "created_at": at(minute), "thread_id": str(number % 7)}
    return an_event(text, **(told | changes))


def changed(text, number):
    """A copy with something put into it."""
    chance = random.Random(number)
    words = text.split()
    words.insert(chance.randrange(len(words)), chance.choice(("LOL", "@ann", "http://x.y", "so")))
    return " ".join(words)


def taken(engine, events, trigger=SLUR, ids=None, together=1):
    """Let each, or so many of them, be a batch; returns the results."""
    ids = ids or (f"a{number}" for number in itertools.count())
    rules = Rules(triggers=(trigger,), recipients={"mods": ("",)})
    answers = [
        ingest(
            engine,
            MarkedScorer(),
            rules,
            [a_delivery(*events[start : start + together])],
            now=events[start].created_at,
            new_id=lambda: next(ids),
        )
        for start in range(0, len(events), together)
    ]
    return [result for (results,) in answers for result in results]


def stored(engine):
    """All alerts, newest first."""
    with read(engine) as tx:
        return alerts.newest_alerts(tx, limit=1_000)


def test_a_raid_is_one_alert_from_which_each_copy_is_found(engines):
    """From one process or three at once: every hit is the alert or part of it, none twice."""
    processes = len(engines)
    events = [
        post(n, changed(GEESE, n), n / COPIES, author_id=f"u{n % AUTHORS}") for n in range(COPIES)
    ]

    def one_process(number):
        ids = (f"a{number}-{n}" for n in itertools.count())
        return taken(engines[number], events[number::processes], ids=ids, together=20)

    with ThreadPoolExecutor(processes) as pool:
        results = [one for part in pool.map(one_process, range(processes)) for one in part]

    (alert,) = stored(engines[0])
    assert (alert.folded, alert.folded_authors) == (COPIES - 1, AUTHORS)
    raised = [result for result in results if result.alerts]
    into = [result.folded_into for result in results if not result.alerts]
    assert [len(raised), len(into)] == [1, COPIES - 1]
    assert set(into) == {((alert.id, "slur", "live"),)}
    with read(engines[0]) as tx:
        found = folded.comments_of(tx, alert.id, limit=COPIES)
        owed = outbox.owed_for(tx, [alert.id])
    assert {one.comment_id for one in found} | {alert.comment_id} == {e.comment_id for e in events}
    assert len(found) == COPIES - 1
    assert len(owed[alert.id]) == 1
    since = {f.name: f.text for f in word(Message(key="k", about=alert), 0).facts}["Since then"]
    assert since == f"{COPIES - 1} more copies of it by {AUTHORS} authors, part of this alert"


def test_what_says_something_else_is_an_alert_of_its_own(engine):
    results = taken(engine, [post(1), post(2, BOOKS), post(3), post(4, BOOKS)])
    assert [len(result.alerts) for result in results] == [1, 1, 0, 0]
    assert [alert.folded for alert in stored(engine)] == [1, 1]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ([0, 9.99], [1, 0]),
        ([0, 10], [1, 1]),  # over, exactly
        ([0, 6, 12, 18, 24], [1, 0, 1, 0, 1]),  # copies do not make it any longer
        ([12, 3], [1, 0]),  # a late one belongs to it, too
        ([20, 3, 21, 4], [1, 1, 0, 0]),
    ],
)
def test_an_alert_takes_copies_for_its_time_and_no_longer(engine, minutes, expected):
    events = [post(n, minute=minute) for n, minute in enumerate(minutes)]
    assert [len(result.alerts) for result in taken(engine, events)] == expected


def test_a_mild_text_is_no_cover_for_a_bad_one(engine):
    """What alerts whatever the budget says folds only into what did so, too."""
    budget = Budget(per_day=5, always_above=0.95, key="five a day")
    worse = GEESE.replace("0.9", "0.96")
    events = [post(1), post(2, worse), post(3, worse), post(4), post(5, worse)]
    results = taken(engine, events, replace(SLUR, budget=budget))
    assert [len(result.alerts) for result in results] == [1, 1, 0, 0, 0]
    assert results[2].folded_into[0][0] == results[4].folded_into[0][0] == results[1].alerts[0][0]
    assert results[3].folded_into[0][0] == results[0].alerts[0][0]


def test_nothing_is_folded_where_that_is_switched_off(engine):
    results = taken(engine, [post(n) for n in range(3)], replace(SLUR, fold_copies=timedelta(0)))
    assert [len(result.alerts) for result in results] == [1, 1, 1]
    assert [result.folded_into for result in results] == [(), (), ()]


def test_triggers_and_boards_have_alerts_of_their_own(engine):
    rules = Rules(triggers=(SLUR, replace(SLUR, name="other")), recipients={"mods": ("",)})
    ids = (f"a{number}" for number in itertools.count())

    def take(number, source):
        (answer,) = ingest(
            engine,
            MarkedScorer(),
            rules,
            [a_delivery(post(number), source=source)],
            now=at(1),
            new_id=lambda: next(ids),
        )
        return [(len(result.alerts), len(result.folded_into)) for result in answer]

    told = [take(1, "forum"), take(2, "club"), take(3, "forum")]
    assert told == [[(2, 0)], [(2, 0)], [(0, 2)]]


def test_an_edit_that_says_the_same_belongs_to_its_own_alert(engine):
    """And one that says something else is told."""
    events = [post(1), post(1, changed(GEESE, 1), edited_at=at(1)), post(1, BOOKS, edited_at=at(2))]
    assert [len(result.alerts) for result in taken(engine, events)] == [1, 0, 1]


def test_a_repeated_delivery_is_answered_with_the_alert_it_belongs_to(engine):
    first, second, again = taken(engine, [post(1), post(2), post(2)])
    ((alert_id, _, _),) = first.alerts
    assert second.folded_into == again.folded_into == ((alert_id, "slur", "live"),)


def test_a_flood_of_different_texts_does_not_grow_what_is_remembered(engine):
    """The oldest are closed early: their copies are told anew, and never swallowed."""
    names = ("ox", "ape", "cow", "emu", "elk", "fox", "bat", "cat", "dog", "hen", "pig")
    texts = [" ".join(names_of) for names_of in itertools.permutations(names, 2)]
    events = [
        post(n, f"{of_its_own(n)} {text} hate=0.9", minute=n / 1_000)
        for n, text in enumerate(texts)
    ]
    results = taken(engine, events)
    late = taken(
        engine,
        [replace(events[0], comment_id="old"), replace(events[-1], comment_id="new")],
        ids=iter(["b1", "b2"]),
    )
    assert len(events) > MAX_OPEN
    assert {len(result.alerts) for result in results} == {1}
    assert [len(result.alerts) for result in late] == [1, 0]


def of_its_own(number):
    """Words of letters that no other number has."""
    chance = random.Random(number)
    return " ".join("".join(chance.choices("abcdefghijklmnop", k=9)) for _ in range(6))


def test_hits_that_fold_into_a_thread_s_alert_are_found_from_it_too(engine):
    heated = Trigger(
        name="heated",
        scope=Scope.THREAD,
        when={"hate": 0.8},
        count=2,
        within=timedelta(minutes=10),
        cooldown=timedelta(hours=1),
        mode=Mode.SHADOW,
    )
    results = taken(engine, [post(n, thread_id="7") for n in range(5)], heated)
    (alert,) = stored(engine)
    with read(engine) as tx:
        found = folded.comments_of(tx, alert.id, limit=2)
        rest = folded.comments_of(tx, alert.id, limit=9, after=found[-1].number)
    assert [one.comment_id for one in (*found, *rest)] == ["c2", "c3", "c4"]
    assert [len(result.folded_into) for result in results] == [0, 0, 1, 1, 1]


def test_what_belongs_to_an_alert_that_is_gone_does_not_stop_the_rest(engine):
    """Somebody took the alert out of the database: a copy is taken in all the same."""
    taken(engine, [post(1)])
    with write(engine) as tx:
        tx.exec_driver_sql("DELETE FROM outbox")
        tx.exec_driver_sql("DELETE FROM alerts")
    (result,) = taken(engine, [post(2)])
    assert (result.status, result.alerts) == ("scored", ())


def test_a_raid_is_replayed_as_it_was(engine):
    events = [post(n, changed((GEESE, BOOKS)[n % 2], n), n / 4) for n in range(120)]
    taken(engine, events)
    assert raised_in_replay(engine, [SLUR]) == raised_live(engine)
    assert len(raised_live(engine)) == 6
