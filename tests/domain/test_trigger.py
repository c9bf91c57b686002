"""When a trigger is due: tables of comments passing by one window."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.score import Probabilities
from moderator.domain.trigger import (
    HISTORY,
    MAX_HITS,
    PAST,
    Mode,
    Outcome,
    Scope,
    Selection,
    Sighting,
    Trigger,
    Window,
    concerns,
    is_hit,
    observe,
    scope_key,
    window_from_json,
    window_to_json,
)
from tests.builders import at

MINUTES_10 = timedelta(minutes=10)


def seen(minute=0.0, hate=0.0, offensive=0.0, comment_id=None, **changes):
    """A comment of thread 7 written so many minutes after noon."""
    return Sighting(
        source="forum",
        comment_id=comment_id or f"c{minute}",
        version="0-0",
        at=at(minute),
        probabilities=Probabilities(
            hate=hate, offensive=offensive, neither=max(0.0, 1 - hate - offensive)
        ),
        **(
            {"thread_id": "7", "board": "general", "author_id": "9", "author_name": "ann"} | changes
        ),
    )


def heated(**changes):
    """Three toxic comments of a thread within ten minutes."""
    settings: dict[str, Any] = {
        "name": "heated",
        "scope": Scope.THREAD,
        "when": {"toxic": 0.6},
        "count": 3,
        "within": MINUTES_10,
        "cooldown": timedelta(hours=1),
    }
    return Trigger(**(settings | changes))


def outcomes(trigger, sightings):
    """What each comment means, one after the other, for one window."""
    window, found = Window(), []
    for number, sighting in enumerate(sightings):
        finding = observe(trigger, window, sighting, f"a{number}")
        window = window_from_json(json.loads(json.dumps(window_to_json(finding.window))))
        found.append(finding)
    return found


@pytest.mark.parametrize(
    ("when", "hate", "offensive", "expected"),
    [
        ({"hate": 0.8}, 0.79, 0.21, False),  # just below
        ({"hate": 0.8}, 0.8, 0.1, True),  # equality counts
        ({"toxic": 0.5}, 0.25, 0.25, True),  # toxic = hate + offensive
        ({"toxic": 0.5, "hate": 0.3}, 0.25, 0.5, False),  # all thresholds of `when` must hold
        ({"neither": 0.75}, 0.125, 0.125, True),
    ],
)
def test_a_comment_is_a_hit_when_it_reaches_every_threshold(when, hate, offensive, expected):
    trigger = Trigger(name="t", when=when)
    assert is_hit(trigger, seen(hate=hate, offensive=offensive)) is expected


def test_the_count_must_be_reached_within_the_window():
    minutes = [0, 6, 11, 12, 13]  # at 11 only 6 and 11 lie within ten minutes
    found = outcomes(heated(), [seen(m, offensive=0.7) for m in minutes])
    expected = [Outcome.NOTHING] * 3 + [Outcome.FIRED, Outcome.FOLDED]
    assert [f.outcome for f in found] == expected
    assert found[3].count == 3


def test_hits_exactly_a_window_apart_count_together():
    found = outcomes(heated(count=2), [seen(0, offensive=0.7), seen(10, offensive=0.7)])
    assert found[-1].outcome is Outcome.FIRED


def test_civil_comments_neither_count_nor_fold():
    found = outcomes(heated(count=2), [seen(m, offensive=0.1) for m in range(5)])
    assert {f.outcome for f in found} == {Outcome.NOTHING}


def test_one_comment_edited_thrice_is_one_hit():
    edits = [seen(m, offensive=0.7, comment_id="same") for m in range(3)]
    assert {f.outcome for f in outcomes(heated(), edits)} == {Outcome.NOTHING}


def test_after_the_cooldown_it_may_fire_again():
    minutes = [0, 1, 2, 30, 63, 64, 65]
    found = outcomes(heated(), [seen(m, offensive=0.7) for m in minutes])
    fired = [m for m, f in zip(minutes, found, strict=True) if f.outcome is Outcome.FIRED]
    assert fired == [2, 65]
    assert found[-1].window.alerts == 2


def test_a_late_comment_completes_the_window_that_it_belongs_to():
    minutes = [0, 8, 4]
    found = outcomes(heated(), [seen(m, offensive=0.7) for m in minutes])
    assert [f.outcome for f in found][-1] is Outcome.FIRED


@given(st.permutations([0.0, 2.0, 4.0, 16.0, 19.0]))
def test_whether_a_window_fires_does_not_depend_on_the_order_of_arrival(minutes):
    # Nothing here is older than two window lengths: that far it remembers.
    found = outcomes(heated(cooldown=timedelta(hours=9)), [seen(m, offensive=0.7) for m in minutes])
    assert [f.outcome for f in found].count(Outcome.FIRED) == 1


def test_a_flood_is_remembered_up_to_a_bound():
    found = outcomes(heated(), [seen(n / 100, offensive=0.7) for n in range(2 * MAX_HITS)])
    assert len(found[-1].window.hits) == MAX_HITS
    assert [f.outcome for f in found].count(Outcome.FIRED) == 1
    assert [f.outcome for f in found].count(Outcome.FOLDED) == 2 * MAX_HITS - 3


def test_a_mean_fires_when_the_window_as_a_whole_is_bad():
    sour = Trigger(name="sour", scope=Scope.BOARD, mean={"toxic": 0.4}, count=3, within=MINUTES_10)
    values = [0.5, 0.2, 0.3, 0.7]  # means 0.5, 0.35, 0.333, 0.425
    found = outcomes(sour, [seen(m, offensive=v) for m, v in enumerate(values)])
    assert [f.outcome for f in found] == [Outcome.NOTHING] * 3 + [Outcome.FIRED]
    assert found[-1].means == {"toxic": pytest.approx(0.425)}


def test_a_mean_forgets_what_left_the_window():
    sour = Trigger(name="sour", scope=Scope.BOARD, mean={"toxic": 0.6}, within=MINUTES_10)
    found = outcomes(sour, [seen(0, offensive=0.1), seen(11, offensive=0.6)])
    assert found[-1].outcome is Outcome.FIRED


def test_a_comment_too_late_to_be_remembered_raises_nothing():
    """Nor does it break anything: its window is gone."""
    sour = Trigger(name="sour", scope=Scope.BOARD, mean={"toxic": 0.4}, within=MINUTES_10)
    found = outcomes(sour, [seen(600, offensive=0.1), seen(0, offensive=0.9)])
    assert [f.outcome for f in found] == [Outcome.NOTHING] * 2


@pytest.mark.parametrize(
    "changes",
    [{"within": timedelta(days=1)}, {"within": timedelta(minutes=1)}, {"mean": {"hate": 0.4}},
     {"mean": {"hate": 0.1, "toxic": 0.4}}],
)  # fmt: skip
def test_a_window_whose_trigger_was_changed_is_measured_anew(changes):
    """Tallies of another span or of other labels would be read as what they are not."""
    sour: dict[str, Any] = {
        "name": "sour",
        "scope": Scope.BOARD,
        "mean": {"toxic": 0.4},
        "within": MINUTES_10,
    }
    window = observe(Trigger(**sour), Window(), seen(0, hate=0.1), "a0").window
    found = observe(Trigger(**sour | changes), window, seen(1, hate=0.5), "a1")
    assert found.outcome is Outcome.FIRED
    assert found.means["hate" if "hate" in found.means else "toxic"] == 0.5


def test_a_window_of_an_earlier_version_is_read_and_measured_anew():
    sour = Trigger(name="sour", scope=Scope.BOARD, mean={"toxic": 0.4}, within=MINUTES_10)
    stored: dict[str, object] = {
        "hits": [[0, "c"]],
        "slices": {"7": [1.0, 0.25]},
        "fired_at": None,
        "alerts": 3,
        "alert_id": "a9",
    }
    window = window_from_json(stored)
    finding = observe(sour, window, seen(0, offensive=0.5), "a1")
    assert (finding.window.alerts, finding.means) == (4, {"toxic": 0.5})


def sour_thread(**changes):
    """A third of a thread's comments within ten minutes, and two at least."""
    settings = {"name": "sour", "share": 0.5, "count": 2, "cooldown": timedelta(days=1)}
    return heated(**(settings | changes))


def test_a_share_fires_when_enough_of_all_comments_count():
    values = [0.7, 0.1, 0.1, 0.7, 0.7]  # shares at hits: 1 of 1, 2 of 4, 3 of 5
    found = outcomes(sour_thread(share=0.6), [seen(m, offensive=v) for m, v in enumerate(values)])
    assert [f.outcome for f in found] == [Outcome.NOTHING] * 4 + [Outcome.FIRED]
    assert found[-1].share == 0.6  # equality counts
    assert found[-1].count == 3


def test_a_share_forgets_what_left_the_window():
    civil = [seen(m, offensive=0.1) for m in range(5)]
    found = outcomes(sour_thread(), [*civil, seen(15, offensive=0.7), seen(16, offensive=0.7)])
    assert found[-1].outcome is Outcome.FIRED
    assert found[-1].share == 1.0


def test_a_late_hit_completes_the_share_that_waited_for_it():
    civil = [seen(m, offensive=0.1) for m in (1, 2)]
    late = seen(0, offensive=0.7)
    found = outcomes(sour_thread(), [*civil, seen(3, offensive=0.7), late])
    assert [f.outcome for f in found] == [Outcome.NOTHING] * 3 + [Outcome.FIRED]
    assert found[-1].share == 0.5


def turning(**changes):
    """Twice as many toxic comments as usual, and two at least, within ten minutes."""
    settings = {"name": "turning", "rise": 2.0, "count": 2, "cooldown": timedelta(days=1)}
    return heated(**(settings | changes))


def history(judged, hits=0, hours=10):
    """So many comments, the first of them toxic, spread evenly over the hours before noon."""
    step = hours * 60 / judged
    return [
        seen(n * step - hours * 60, offensive=0.7 if n < hits else 0.1, comment_id=f"h{n}")
        for n in range(judged)
    ]


def heat(minutes, start=20):
    """A toxic and a civil comment each minute."""
    return [
        seen(start + m + part / 2, offensive=[0.7, 0.1][part]) for m in range(minutes)
        for part in (0, 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "fires"),
    [
        (history(50, hits=12), True),  # half of them now, 24 % before
        (history(50, hits=25), False),  # half of them before, too
        (history(HISTORY, hits=0), True),
        (history(HISTORY - 1, hits=0), False),  # too little to know what is usual
        ([], False),
    ],
)
def test_a_rise_is_seen_against_what_was_usual(before, fires):
    found = outcomes(turning(), [*before, *heat(5)])
    assert (Outcome.FIRED in [f.outcome for f in found]) is fires


def test_a_rise_tells_how_many_times_as_high_as_usual_it_is():
    """Equality counts: 1 of 2 against 12.5 of 50 would not, 1 of 2 against 10 of 40 is not told."""
    before = history(100, hits=25)
    found = outcomes(turning(), [*before, *heat(2)])
    fired = next(f for f in found if f.outcome is Outcome.FIRED)
    assert fired.rise == (2 * 100) / (25 * 3)  # two of three by then


def test_one_hit_among_many_civil_comments_is_not_infinitely_many_times_as_bad():
    """Where nothing ever counted, one comment is taken for usual."""
    found = outcomes(turning(count=1), [*history(60), seen(20, offensive=0.7)])
    assert found[-1].rise == 60.0


def test_a_mean_rises_against_its_own_usual_mean():
    mood = turning(when={}, mean={"toxic": 0.2}, count=2)
    before = history(50)  # 0.1 each
    found = outcomes(mood, [*before, seen(20, offensive=0.18), seen(21, offensive=0.2),
                            seen(22, offensive=0.3)])  # fmt: skip
    assert [f.outcome for f in found[-3:]] == [Outcome.NOTHING, Outcome.NOTHING, Outcome.FIRED]
    assert found[-1].rise == pytest.approx(0.68 / 3 / 0.1)


def test_the_usual_level_forgets_what_is_long_ago():
    """What lies further back than PAST window lengths is no part of it."""
    early = [seen(-(PAST + 3) * 10 + n / 10, comment_id=f"h{n}") for n in range(HISTORY)]
    found = outcomes(turning(count=1), [*early, seen(20, offensive=0.7)])
    assert found[-1].outcome is Outcome.NOTHING
    assert found[-1].rise is None
    assert len(found[-1].window.past) == 1


STREAMS = st.lists(
    st.tuples(st.integers(0, 19), st.sampled_from([0.1, 0.3, 0.6, 0.7, 0.9])),
    min_size=2,
    max_size=9,
).flatmap(lambda posts: st.tuples(st.just(posts), st.permutations(list(enumerate(posts)))))


def passed_by(trigger, arrivals):
    """The findings of (number, (minute, offensive)) in order of arrival."""
    return outcomes(
        trigger,
        [seen(minute, offensive=p, comment_id=f"c{n}") for n, (minute, p) in arrivals],
    )


WATCHING_ALL = [
    sour_thread(),
    heated(when={"toxic": 0.6}, mean={"toxic": 0.5}, count=2),
    heated(when={}, mean={"toxic": 0.5}, count=2),
    turning(),
    turning(mean={"toxic": 0.2}),
]


@pytest.mark.parametrize(
    "trigger", WATCHING_ALL, ids=["share", "mean of hits", "mean", "rise", "rise of mean"]
)
@given(STREAMS)
def test_what_is_remembered_does_not_depend_on_the_order_of_arrival(trigger, stream):
    """Nor, therefore, what any later comment means."""
    posts, shuffled = stream
    one, other = (
        passed_by(trigger, arrivals)[-1].window for arrivals in (enumerate(posts), shuffled)
    )
    assert (one.hits, one.slices, one.past) == (other.hits, other.slices, other.past)


@given(st.permutations(range(8)))
def test_whether_a_rise_is_told_does_not_depend_on_the_order_before_it(order):
    """What came before the last comment may have come in any order."""
    posts = [*heat(4)]
    arrivals = [posts[n] for n in order if n != 6]
    trigger = turning(cooldown=timedelta(0))
    found = outcomes(trigger, [*history(50, hits=10), *arrivals, posts[6]])
    assert (found[-1].outcome, found[-1].count) == (Outcome.FIRED, 4)


@given(STREAMS)
def test_a_window_over_its_share_is_never_missed_whatever_the_order_of_arrival(stream):
    """What is over the limit when it has all arrived was told, whichever of its hits came last."""
    posts, shuffled = stream
    trigger = sour_thread()
    fired = [f.outcome for f in passed_by(trigger, shuffled)].count(Outcome.FIRED)
    minutes = {minute for minute, p in posts if p >= 0.6}
    for end in minutes:
        inside = [p for minute, p in posts if end - 10 < minute <= end]
        hits = sum(p >= 0.6 for p in inside)
        if hits >= 2 and hits / len(inside) >= 0.5:
            assert fired == 1


def test_a_trigger_looks_at_what_was_written_before_it_expired():
    """Whenever that arrives: the outcome does not hang on the moment of arrival."""
    trigger = Trigger(name="t", when={"hate": 0.5}, expires=at(10))
    assert [concerns(trigger, seen(minute)) for minute in (9.9, 10, 11)] == [True, False, False]


@pytest.mark.parametrize("late", [0, 1])
def test_a_late_hit_is_not_held_against_windows_in_which_no_hit_came_last(late):
    """When the civil comment after it came, nobody looked, in whatever order they arrive."""
    posts = [seen(-9, offensive=0.1), seen(-8, offensive=0.1), seen(-1, offensive=0.7)]
    last = [seen(0, offensive=0.7), seen(5, offensive=0.1)]
    found = outcomes(sour_thread(share=0.6), [*posts, *(last if late else reversed(last))])
    assert {f.outcome for f in found} == {Outcome.NOTHING}


def test_a_trigger_that_is_off_concerns_no_comment():
    assert not concerns(Trigger(name="t", when={"hate": 0.5}, mode=Mode.OFF), seen(hate=0.9))


@pytest.mark.parametrize(
    ("only", "excluded", "expected"),
    [
        (None, None, True),
        (Selection(boards=frozenset({"general"})), None, True),
        (Selection(boards=frozenset({"other"})), None, False),
        (Selection(boards=frozenset({"general"}), sources=frozenset({"blog"})), None, False),
        (None, Selection(roles=frozenset({"staff"})), False),
        (None, Selection(authors=frozenset({"9"})), False),  # by id
        (None, Selection(authors=frozenset({"ann"})), False),  # by name
        (None, Selection(authors=frozenset({"ben"}), roles=frozenset({"staff"})), False),
        (Selection(boards=frozenset({"general"})), Selection(authors=frozenset({"ben"})), True),
    ],
)
def test_only_wants_all_and_except_leaves_out_any(only, excluded, expected):
    trigger = Trigger(name="t", when={"hate": 0.5}, only=only, excluded=excluded)
    assert concerns(trigger, seen(author_role="staff")) is expected
    if only is None:
        exempting = Trigger(name="t", when={"hate": 0.5}, exempt=excluded)
        assert concerns(exempting, seen(author_role="staff")) is expected


def test_what_is_exempt_is_left_out_beside_what_is_excepted():
    staff, test = Selection(roles=frozenset({"staff"})), Selection(boards=frozenset({"test"}))
    trigger = Trigger(name="t", when={"hate": 0.5}, exempt=staff, excluded=test)
    told = [{"author_role": "staff"}, {"board": "test"}, {"author_role": "member"}]
    assert [concerns(trigger, seen(**each)) for each in told] == [False, False, True]


@pytest.mark.parametrize(
    ("known_s", "expected"),
    [(0, True), (3_600, True), (3_601, False), (None, False)],  # None: of a stranger nobody knows
)
def test_a_new_author_is_known_for_so_long_at_most(known_s, expected):
    trigger = Trigger(name="t", when={"hate": 0.5}, new_author_within=timedelta(hours=1))
    assert is_hit(trigger, seen(hate=0.9, author_known_s=known_s)) is expected
    assert not is_hit(trigger, seen(hate=0.1, author_known_s=known_s))


def test_evasion_asks_for_a_disguise_beside_the_thresholds():
    trigger = Trigger(name="t", when={"hate": 0.5}, evasion=True)
    told = [(0.9, True), (0.9, False), (0.1, True)]
    found = [is_hit(trigger, seen(hate=hate, evades=evades)) for hate, evades in told]
    assert found == [True, False, False]


@pytest.mark.parametrize(
    ("scope", "changes", "expected"),
    [
        (Scope.COMMENT, {"comment_id": "x"}, "forum/x"),
        (Scope.THREAD, {}, "forum/7"),
        (Scope.THREAD, {"thread_id": None}, None),  # the board does not say
        (Scope.AUTHOR, {}, "forum/9"),
        (Scope.AUTHOR, {"author_id": None}, "forum/ann"),
        (Scope.AUTHOR, {"author_id": None, "author_name": None}, None),
        (Scope.BOARD, {}, "forum/general"),
        (Scope.BOARD, {"board": None}, "forum/"),  # a source without boards is one board
    ],
)
def test_the_scope_says_which_window_a_comment_belongs_to(scope, changes, expected):
    assert scope_key(Trigger(name="t", scope=scope), seen(**changes)) == expected
