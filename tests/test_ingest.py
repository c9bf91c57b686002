"""The path of a comment, on both databases."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.event import listen

from moderator.alerting import Rules
from moderator.domain.comment import EventKind
from moderator.domain.errors import DeliveryConflict
from moderator.domain.trigger import Mode, Scope, Selection, Severity, Trigger
from moderator.ingest import Result, Status, ingest
from moderator.storage import alerts, lookups, outbox, windows
from moderator.storage.engine import read, write
from moderator.storage.tables import comments, versions
from tests.builders import MarkedScorer, a_delivery, an_event, at

SLUR = Trigger(name="slur", when={"hate": 0.8}, notify=("mods",))
HEATED = Trigger(
    name="heated",
    scope=Scope.THREAD,
    when={"toxic": 0.6},
    count=3,
    within=timedelta(minutes=10),
    cooldown=timedelta(hours=1),
    notify=("mods", "mail"),
)
RULES = Rules(
    triggers=(SLUR, HEATED), recipients={"mods": ("",), "mail": ("a@x.example", "b@x.example")}
)


@pytest.fixture
def take(engine):
    """Ingest deliveries as one batch and return their results."""
    numbers = itertools.count(1)

    def take(*deliveries, rules=RULES, **more):
        return ingest(
            engine,
            MarkedScorer(),
            rules,
            deliveries,
            now=at(60),
            new_id=lambda: f"a{next(numbers)}",
            **more,
        )

    return take


def one(answers) -> Result:
    """The only result of the only delivery."""
    ((result,),) = answers
    assert isinstance(result, Result)
    return result


def test_a_comment_is_stored_scored_and_looked_up_again(engine, take):
    result = one(take(a_delivery(an_event("hate=0.1 offensive=0.2"))))

    assert result.status is Status.SCORED
    with read(engine) as tx:
        stored = lookups.newest_score(tx, "forum", "42")
    assert stored.score.probabilities.hate == 0.1
    assert stored.score.probabilities.offensive == 0.2
    assert (stored.thread_id, stored.author_name, stored.board) == ("7", "ann", "general")
    assert stored.text == "hate=0.1 offensive=0.2"
    assert stored.created_at == at(0)


def test_each_text_is_judged_for_the_base_rate_of_its_own_board(engine, take):
    """Texts, deleted comments and boards without one in the same batch do not get mixed up."""
    take(
        a_delivery(an_event("one"), source="other"),
        a_delivery(an_event(None, kind=EventKind.DELETED, occurred_at=at(1)), source="gone"),
        a_delivery(an_event("two"), an_event("three", comment_id="43"), source="forum"),
        a_delivery(an_event("four"), source="club"),
        base_rates={"forum": 0.03, "club": 0.2, "gone": 0.4, "other": None},
    )
    with read(engine) as tx:
        found = {
            (source, id): lookups.newest_score(tx, source, id).score.base_rate
            for source, id in (("forum", "42"), ("forum", "43"), ("club", "42"), ("other", "42"))
        }
    assert found == {
        ("forum", "42"): 0.03,
        ("forum", "43"): 0.03,
        ("club", "42"): 0.2,
        ("other", "42"): MarkedScorer.base_rate,
    }


def test_an_alert_and_one_message_a_recipient_are_owed_in_the_same_transaction(engine, take):
    result = one(take(a_delivery(an_event("hate=0.8"))))

    ((alert_id, trigger, mode),) = result.alerts
    assert (trigger, mode) == ("slur", "live")
    with read(engine) as tx:
        (owed,) = outbox.owed_for(tx, [alert_id])[alert_id]
        alert = alerts.alert(tx, alert_id)
    assert (owed.channel, owed.recipient, owed.state) == ("mods", "", "pending")
    assert alert.excerpt == "hate=0.8"
    assert alert.thresholds == {"hate": 0.8}


def test_a_score_just_below_the_threshold_raises_nothing(take):
    assert one(take(a_delivery(an_event("hate=0.7999999")))).alerts == ()


def test_the_same_delivery_again_changes_nothing_and_gets_the_first_answer(engine, take):
    delivery = a_delivery(an_event("hate=0.9"))
    first = one(take(delivery))
    second = one(take(delivery))

    assert second.status is Status.DUPLICATE
    assert second.alerts == first.alerts
    assert second.score == first.score
    with read(engine) as tx:
        assert len(lookups.history(tx, "forum", "42")) == 1
        assert len(outbox.owed_for(tx, [first.alerts[0][0]])[first.alerts[0][0]]) == 1


def test_one_delivery_id_with_two_bodies_is_a_conflict_within_and_across_batches(engine, take):
    first = a_delivery(an_event("hello"), id="m1")
    other = a_delivery(an_event("good bye", comment_id="43"), id="m1")

    answers = take(first, other)
    assert answers[0][0].status is Status.SCORED
    assert isinstance(answers[1], DeliveryConflict)
    assert isinstance(take(other)[0], DeliveryConflict)
    with read(engine) as tx:
        assert lookups.newest_score(tx, "forum", "43") is None


def test_another_delivery_of_the_same_version_is_a_duplicate(take):
    take(a_delivery(an_event("hate=0.9")))
    assert one(take(a_delivery(an_event("hate=0.9")))).status is Status.DUPLICATE


def test_an_edit_is_judged_again(take):
    take(a_delivery(an_event("hate=0.9")))
    edit = an_event("hate=0.95", kind=EventKind.EDITED, edited_at=at(5))

    result = one(take(a_delivery(edit)))

    assert result.status is Status.SCORED
    assert [trigger for _, trigger, _ in result.alerts] == ["slur"]


def test_a_late_older_version_never_replaces_a_newer_one_and_still_alerts(engine, take):
    take(a_delivery(an_event("all is well", kind=EventKind.EDITED, edited_at=at(5))))
    result = one(take(a_delivery(an_event("hate=0.9"))))

    assert result.status is Status.STALE
    with read(engine) as tx:
        assert lookups.newest_score(tx, "forum", "42").text == "all is well"
        assert alerts.alert(tx, result.alerts[0][0]).since_edited


def test_a_deletion_takes_the_text_and_a_late_version_does_not_bring_it_back(engine, take):
    take(a_delivery(an_event("hello")))
    gone = an_event(None, kind=EventKind.DELETED, occurred_at=at(3))
    assert one(take(a_delivery(gone))).status is Status.DELETED
    late = an_event("hate=0.9", kind=EventKind.EDITED, edited_at=at(2))
    result = one(take(a_delivery(late)))

    assert (result.status, result.alerts) == (Status.DELETED, ())
    with read(engine) as tx:
        kept = lookups.history(tx, "forum", "42")
    assert [version.text for version in kept] == [None, None]
    assert all(version.is_deleted for version in kept)


def test_a_restore_brings_the_newest_text_back(engine, take):
    take(a_delivery(an_event("hello")))
    take(a_delivery(an_event(None, kind=EventKind.DELETED, occurred_at=at(3))))
    take(a_delivery(an_event("hello", kind=EventKind.RESTORED, occurred_at=at(4))))

    with read(engine) as tx:
        stored = lookups.newest_score(tx, "forum", "42")
    assert (stored.text, stored.is_deleted) == ("hello", False)


def test_a_restore_without_an_edit_time_is_the_newest_version_again(engine, take):
    take(a_delivery(an_event("hello")))
    take(a_delivery(an_event("hate=0.9", kind=EventKind.EDITED, edited_at=at(1))))
    take(a_delivery(an_event(None, kind=EventKind.DELETED, occurred_at=at(3))))
    again = an_event("hate=0.9", kind=EventKind.RESTORED, occurred_at=at(4))
    result = one(take(a_delivery(again)))

    assert result.status is Status.DUPLICATE
    with read(engine) as tx:
        assert len(alerts.newest_alerts(tx, limit=10)) == 1


def test_the_state_is_the_same_whatever_the_order_of_events(engine, take):
    events = (
        an_event("hello", board="general"),
        an_event("hello!", kind=EventKind.EDITED, edited_at=at(2), board=None, author_name="anne"),
        an_event("hello?", kind=EventKind.EDITED, edited_at=at(2), board="lounge"),
        an_event(None, kind=EventKind.DELETED, occurred_at=at(3), thread_id=None),
        an_event("hello?", kind=EventKind.RESTORED, occurred_at=at(4), edited_at=at(2), board=None),
    )
    seen = set()
    for number, order in enumerate(itertools.permutations(events)):
        for event in order:
            take(a_delivery(event, source=f"s{number}"))
        seen.add(_state(engine, f"s{number}"))

    assert len(seen) == 1


def _state(engine, source):
    with read(engine) as tx:
        record = tx.execute(select(comments).where(comments.c.source == source)).one()._asdict()
        texts = tx.execute(
            select(versions.c.version, versions.c.text).where(versions.c.source == source)
        ).all()
    record.pop("source"), record.pop("changes")
    record["facts"] = "".join(sorted(record["facts"]))
    return repr((record, sorted(texts)))


def test_a_heated_thread_fires_once_and_folds_what_follows(engine, take):
    posts = [
        a_delivery(an_event("offensive=0.7", comment_id=str(n), created_at=at(n), author_id=str(n)))
        for n in range(6)
    ]
    results = [one(take(post)) for post in posts]

    fired = [n for n, result in enumerate(results) if result.alerts]
    assert fired == [2]
    ((alert_id, _, _),) = results[2].alerts
    with read(engine) as tx:
        alert = alerts.alert(tx, alert_id)
        owed = outbox.owed_for(tx, [alert_id])[alert_id]
    assert (alert.count, alert.folded, alert.within_s) == (3, 3, 600)
    assert [(o.channel, o.recipient) for o in owed] == [
        ("mods", ""),
        ("mail", "a@x.example"),
        ("mail", "b@x.example"),
    ]


def test_a_window_filled_by_one_batch_fires_once(take):
    posts = [
        a_delivery(an_event("offensive=0.7", comment_id=str(n), created_at=at(n))) for n in range(6)
    ]
    answers = take(*posts)
    assert [len(results[0].alerts) for results in answers] == [0, 0, 1, 0, 0, 0]


def test_shadow_alerts_are_recorded_and_owe_nothing(engine, take):
    shadow = Trigger(name="quiet", when={"hate": 0.5}, mode=Mode.SHADOW, notify=("mods",))
    result = one(take(a_delivery(an_event("hate=0.9")), rules=Rules(triggers=(shadow,))))

    ((alert_id, _, mode),) = result.alerts
    assert mode == "shadow"
    with read(engine) as tx:
        assert outbox.owed_for(tx, [alert_id]) == {}


def test_a_disguised_word_counts_where_evasion_is_asked_for(take):
    """And what the triggers saw of it is kept, for replaying it when the words are forgotten."""
    hidden = Trigger(name="hidden", when={"hate": 0.3}, evasion=True, mode=Mode.SHADOW)
    rules = Rules(triggers=(hidden,))
    openly = one(take(a_delivery(an_event("goose hate=0.9")), rules=rules))
    disguised = a_delivery(an_event("go0se hate=0.9", comment_id="43"))

    assert openly.alerts == ()
    assert [name for _, name, _ in one(take(disguised, rules=rules)).alerts] == ["hidden"]


NEWCOMER = Trigger(
    name="newcomer",
    when={"hate": 0.5},
    new_author_within=timedelta(minutes=10),
    mode=Mode.SHADOW,
)


ASKING_ALL = Rules(
    triggers=(
        SLUR,
        NEWCOMER,
        Trigger(
            name="sour",
            scope=Scope.BOARD,
            when={"hate": 0.5},
            mean={"hate": 0.5},
            share=0.5,
            within=timedelta(hours=1),
            notify=("mods",),
        ),
    ),
    recipients=RULES.recipients,
)


def by(author, minute, comment_id, text="hate=0.9", source="forum"):
    """A comment of an author's, so many minutes after noon."""
    event = an_event(
        text, comment_id=comment_id, created_at=at(minute), author_id=author, author_name=None
    )
    return a_delivery(event, source=source)


@pytest.mark.parametrize("at_once", [True, False], ids=["in one batch", "one by one"])
def test_an_author_is_new_until_so_long_after_their_first_comment(take, at_once):
    """However harmless that was. Authors of the same name on two boards are two."""
    posts = [
        by("ann", 0, "1", "all is well"),
        by("ann", 10, "2"),
        by("ann", 11, "3"),
        by("ben", 40, "4"),
        by("ann", 40, "5", source="club"),
        by(None, 40, "6"),  # somebody
    ]
    rules = Rules(triggers=(NEWCOMER,))
    results = take(*posts, rules=rules) if at_once else [take(p, rules=rules)[0] for p in posts]

    fired = [result.comment_id for (result,) in results if result.alerts]
    assert fired == ["2", "4", "5"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_an_old_comment_that_comes_late_makes_its_author_old(take, order):
    """In whatever order they came before."""
    posts = [by("ann", 0, "0", "hello"), by("ann", 20, "1", "hello"), by("ann", 30, "2", "hello")]
    rules = Rules(triggers=(NEWCOMER,))
    for number in order:
        take(posts[number], rules=rules)

    assert one(take(by("ann", 12, "3"), rules=rules)).alerts == ()
    assert len(one(take(by("ann", 9, "4"), rules=rules)).alerts) == 1


def test_an_author_whose_board_tells_no_time_is_of_unknown_age(take):
    event = an_event("hate=0.9", created_at=None)
    assert one(take(a_delivery(event), rules=Rules(triggers=(NEWCOMER,)))).alerts == ()


def test_as_many_statements_for_a_batch_of_comments_as_for_one(engine, take):
    """The look-ups of a batch are done together, whatever the triggers ask."""
    statements: list[str] = []
    listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    take(by("ann", 1, "one"), rules=ASKING_ALL)
    for_one = len(statements)
    take(*(by("ann", n, str(n)) for n in range(40)), rules=ASKING_ALL)
    assert len(statements) == 2 * for_one


def test_a_trigger_that_is_off_records_nothing(engine, take):
    off = Trigger(name="later", when={"hate": 0.5}, mode=Mode.OFF)
    result = one(take(a_delivery(an_event("hate=0.9")), rules=Rules(triggers=(off,))))

    assert result.alerts == ()


def test_an_alert_keeps_its_severity_and_the_share_that_was_reached(engine, take):
    """Two of three comments of the thread count; the civil one weighs against them."""
    sour = Trigger(
        name="sour",
        scope=Scope.THREAD,
        when={"toxic": 0.6},
        share=0.6,
        count=2,
        within=timedelta(minutes=10),
        severity=Severity.CRITICAL,
        mode=Mode.SHADOW,
    )
    texts = ["offensive=0.1", "offensive=0.7", "offensive=0.7"]
    posts = [a_delivery(an_event(text, comment_id=str(n))) for n, text in enumerate(texts)]
    results = [one(take(post, rules=Rules(triggers=(sour,)))) for post in posts]

    assert [len(result.alerts) for result in results] == [0, 0, 1]
    with read(engine) as tx:
        alert = alerts.alert(tx, results[2].alerts[0][0])
    assert (alert.severity, alert.share_threshold, alert.share) == ("critical", 0.6, 2 / 3)


TURNING = Trigger(
    name="turning",
    scope=Scope.BOARD,
    when={"toxic": 0.6},
    rise=3,
    count=2,
    within=timedelta(minutes=10),
    cooldown=timedelta(days=1),
    mode=Mode.SHADOW,
)


def test_a_board_that_turns_is_told_with_how_many_times_as_bad_it_is(engine, take):
    """Six of 60 before, and two of two now: ten times the usual."""
    rules = Rules(triggers=(TURNING,))
    usual = [by("ann", n - 90, f"u{n}", f"offensive={0.7 if n < 6 else 0.1}") for n in range(60)]
    take(*usual, rules=rules)
    first, second = (take(by("ann", n, str(n), "offensive=0.7"), rules=rules) for n in (0, 1))

    assert one(first).alerts == ()
    with read(engine) as tx:
        alert = alerts.alert(tx, one(second).alerts[0][0])
    assert (alert.count, alert.rise_threshold, alert.rise) == (2, 3, 10.0)


def test_writers_at_once_see_each_others_comments_in_what_they_measure(engine):
    """Half of forty comments count, from four writers: one alert, and nothing counted twice."""
    sour = replace(HEATED, when={"toxic": 0.6}, share=0.5, rise=None, count=20, mode=Mode.SHADOW)
    sour = replace(sour, within=timedelta(hours=1), cooldown=timedelta(days=1))

    def write_some(writer):
        for n in range(10):
            text = "offensive=0.7" if n % 2 else "offensive=0.1"
            post = an_event(text, comment_id=f"{writer}-{n}", created_at=at(n))
            ingest(
                engine,
                MarkedScorer(),
                Rules(triggers=(sour,)),
                [a_delivery(post)],
                now=at(60),
                new_id=lambda: f"a{writer}",
            )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write_some, range(4)))
    with write(engine) as tx:
        window = windows.lock_windows(tx, [(sour.name, "forum/7")], at(60))[sour.name, "forum/7"]
        raised = alerts.newest_alerts(tx, limit=10)
    totals = [sum(column) for column in zip(*window.slices.values(), strict=True)]
    assert (totals, len(window.hits)) == ([40, 20], 20)
    assert [(alert.count, alert.share) for alert in raised] == [(20, 0.5)]


def test_the_exempt_are_left_alone(take):
    gentle = Trigger(
        name="slur",
        when={"hate": 0.8},
        excluded=Selection(roles=frozenset({"moderator"})),
        notify=("mods",),
    )
    rules = Rules(triggers=(gentle,), recipients=RULES.recipients)
    by_staff = a_delivery(an_event("hate=0.9", author_role="moderator"))
    by_ann = a_delivery(an_event("hate=0.9", comment_id="43"))
    assert one(take(by_staff, rules=rules)).alerts == ()
    assert len(one(take(by_ann, rules=rules)).alerts) == 1


def test_a_text_that_cannot_be_judged_is_stored_and_said_to_be_unscored(engine, take):
    result = one(take(a_delivery(an_event("abstain, s'il vous plaît"))))

    assert (result.status, result.alerts) == (Status.UNSCORED, ())
    with read(engine) as tx:
        stored = lookups.newest_score(tx, "forum", "42")
    assert stored.score.probabilities is None
    assert stored.score.abstained == "language"


def test_when_the_transaction_fails_nothing_at_all_is_stored(engine, take):
    unknown_channel = Rules(triggers=(Trigger(name="t", when={"hate": 0.5}, notify=("nowhere",)),))
    with pytest.raises(KeyError):
        take(a_delivery(an_event("hate=0.9"), id="m1"), rules=unknown_channel)

    with read(engine) as tx:
        assert lookups.newest_score(tx, "forum", "42") is None
    assert one(take(a_delivery(an_event("hate=0.9"), id="m1"))).status is Status.SCORED
