"""What moderators are told of the service itself, by a clock of the test's own."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select

from moderator.storage import hourly, looks, outbox, retention
from moderator.storage.engine import read, write
from moderator.storage.outbox import ChannelState
from moderator.storage.tables import outbox as outbox_table
from moderator.storage.tables import versions
from moderator.watch import Watch
from moderator.watch.findings import of_channel
from tests.builders import at
from tests.watch.boards import START, World, a_version, everything

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world(engine, processes):
    """A world with a forum that sent a comment every ten minutes for four weeks."""
    world = World(engine, processes=processes)
    world.has_written(4, 10 * MINUTE)
    world.passes(2 * MINUTE)
    return world


@pytest.fixture
def small(engine):
    """The same, with one process."""
    world = World(engine)
    world.has_written(4, 10 * MINUTE)
    world.passes(2 * MINUTE)
    return world


def owed(world) -> list[tuple[str, str]]:
    """(notice, channel) of every message owed."""
    columns = (outbox_table.c.notice_id, outbox_table.c.channel)
    with read(world.engine) as tx:
        return [tuple(row) for row in tx.execute(select(*columns).order_by(outbox_table.c.id))]


def fails(world, channel: str, *, broken: bool) -> None:
    """What the dispatcher writes down when a channel fails."""
    with write(world.engine) as tx:
        outbox.note_failure(
            tx, channel, now=world.now, reason="404 no_service", broken=broken, hold_until=None
        )


def works(world, channel: str) -> None:
    """What the dispatcher writes down when a channel works."""
    with write(world.engine) as tx:
        outbox.note_success(tx, channel, world.now)


def test_a_source_that_stops_is_told_once_and_again_when_it_sends(world):
    world.passes(4 * HOUR, every=4 * MINUTE)
    (told,) = world.told()
    assert told.startswith("forum has sent nothing for ")
    assert owed(world) == [("no_1", "mods"), ("no_1", "others")]
    assert world.lasting() == [(Watch.SILENCE, "forum")]

    world.writes()
    world.passes(10 * MINUTE)
    assert world.told() == [told, "forum sends again, after 4 hours"]
    assert len(owed(world)) == 4
    assert world.lasting() == []


def test_a_source_that_sends_as_ever_is_not_told(small):
    for _ in range(36):
        small.passes(10 * MINUTE, every=5 * MINUTE)
        small.writes()
    assert small.told() == []


def test_a_source_that_is_left_out_or_new_is_not_told(small):
    small.scope = everything(sources=())
    small.writes(source="young")
    small.passes(6 * HOUR, every=4 * MINUTE)
    assert small.told() == []


def test_a_time_in_which_nobody_looked_is_no_silence(small):
    """The service was down for two days: nobody could have sent anything."""
    small.now += 2 * DAY
    small.look()
    small.writes()
    small.passes(30 * MINUTE)
    assert small.told() == []


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_a_clock_that_jumps_makes_no_silence(small, jump):
    """And a real one is told all the same, within the time that was not seen and some hours."""
    small.now += jump
    for _ in range(6):
        small.passes(10 * MINUTE, every=2 * MINUTE)
        small.writes()
    assert small.told() == []
    small.passes(abs(jump) + 4 * HOUR, every=4 * MINUTE)
    assert len(small.told()) == 1


def test_a_silence_that_was_told_is_not_learned_as_usual(small):
    small.passes(DAY / 4, every=4 * MINUTE)
    small.writes()
    small.passes(2 * MINUTE)
    with read(small.engine) as tx:
        (span,) = [one for one in looks.unseen_spans(tx, "forum") if one.until - one.since > HOUR]
    assert span.until - span.since == pytest.approx(DAY / 4, abs=15 * MINUTE)


def test_a_broken_channel_is_told_through_another_within_a_minute(world):
    fails(world, "mods", broken=True)
    world.passes(MINUTE)
    (told,) = world.told()
    assert told.startswith("Channel mods is broken: somebody must mend it")
    assert owed(world) == [("no_1", "others")]

    works(world, "mods")
    world.passes(16 * MINUTE)
    assert world.told()[1].startswith("Channel mods works again, after ")
    assert owed(world) == [("no_1", "others"), ("no_2", "others")]


def test_a_channel_that_fails_and_works_by_turns_is_told_once(small):
    for _ in range(10):
        fails(small, "mods", broken=True)
        small.passes(8 * MINUTE, every=4 * MINUTE)
        works(small, "mods")
        small.passes(8 * MINUTE, every=4 * MINUTE)
    assert len([one for one in small.told() if "Channel" in one]) == 1


def test_a_channel_that_fails_for_a_moment_is_not_told(small):
    fails(small, "mods", broken=False)
    small.passes(9 * MINUTE, every=3 * MINUTE)
    assert small.told() == []
    small.passes(3 * MINUTE, every=3 * MINUTE)
    assert small.told() == ["Channel mods fails, for 12 minutes now"]


def test_while_no_channel_works_an_error_is_logged_each_minute_and_told_when_one_does(
    small, caplog
):
    for channel in ("mods", "others"):
        fails(small, channel, broken=True)
    with caplog.at_level(logging.ERROR):
        small.passes(5 * MINUTE)
    said = [r.getMessage() for r in caplog.records if "no channel works" in r.getMessage()]
    assert len(said) == 2 * 5
    assert owed(small) == []

    works(small, "others")
    small.passes(MINUTE)
    assert owed(small) == [("no_1", "others")]


def test_where_none_of_the_chosen_channels_works_others_step_in(small):
    small.scope = everything(channels=("mods", "others", "third"), notify=("mods", "others"))
    for channel in ("mods", "others"):
        fails(small, channel, broken=True)
    small.passes(MINUTE)
    assert owed(small) == [
        ("no_1", "others"), ("no_1", "third"), ("no_2", "mods"), ("no_2", "third")
    ]  # fmt: skip


def test_nobody_is_told_where_nobody_is_to_be_told(small, caplog):
    small.scope = everything(notify=())
    fails(small, "mods", broken=True)
    with caplog.at_level(logging.ERROR):
        small.passes(2 * MINUTE)
    assert small.lasting() == [(Watch.CHANNEL, "mods")]
    assert owed(small) == []
    assert not caplog.records


def test_messages_that_lie_are_told_through_another_channel(small):
    """The notice on the silence is what lies here: nobody sends."""
    small.scope = everything(on=frozenset(Watch))
    small.passes(4 * HOUR, every=4 * MINUTE)
    about = [one for one in small.told() if "sends nothing" in one]
    assert [one.partition(":")[0] for one in about] == [
        "Channel mods sends nothing", "Channel others sends nothing"
    ]  # fmt: skip


def test_a_watch_that_is_switched_off_ends_what_it_told_without_a_word(small):
    fails(small, "mods", broken=True)
    small.scope = everything(on=frozenset(Watch))
    small.passes(4 * HOUR, every=4 * MINUTE)
    before, lasting = small.told(), small.lasting()
    on = frozenset(Watch)
    for watch in Watch:
        on -= {watch}
        small.scope = everything(on=on)
        small.passes(MINUTE)
        assert small.told() == before
        assert small.lasting() == [one for one in lasting if one[0] in on]


def test_scores_that_moved_and_what_is_not_judged_are_told_once_each(small):
    small.has_written(5, 2 * MINUTE, source="club")
    small.scope = everything(sources=("club",))
    small.passes(3 * MINUTE)
    small.now -= 3 * MINUTE
    for i in range(14):
        with write(small.engine) as tx:
            times = [small.now + j * MINUTE for j in range(60)]
            toxic = [None if i >= 12 else 0.6 for _ in times]
            tx.execute(
                versions.insert(),
                [a_version(t, "club", p) for t, p in zip(times, toxic, strict=True)],
            )
        small.passes(HOUR, every=20 * MINUTE)
    kinds = [kind for kind, _ in small.lasting()]
    assert sorted(kinds) == [Watch.ABSTENTIONS, Watch.DRIFT]
    assert any(one.startswith("Comments on club look more toxic") for one in small.told())
    assert len(small.told()) == 2


def test_each_comment_is_counted_once_however_they_are_committed(engine):
    """In small steps, with a process that commits late, by three processes."""
    world = World(engine, processes=3)
    world.has_written(1, 20 * MINUTE)
    late = engine.connect()
    slow = late.begin()
    if engine.dialect.name == "postgresql":
        late.execute(versions.insert(), [a_version(START, "forum")])
        world.has_written(1, 30 * MINUTE, source="club")
        world.look()
    slow.commit()
    late.close()
    world.passes(3 * MINUTE)
    with read(engine) as tx:
        rows = tx.execute(select(versions.c.source)).scalars().all()
        for source in ("forum", "club"):
            counted = hourly.comments_by_hour(tx, source, 0)
            assert sum(counted.values()) == rows.count(source)


def test_a_channel_that_works_has_no_finding_to_show():
    assert of_channel("mods", ChannelState(), at()).title == ""


class Meanwhile(dict[str, tuple[str, ...]]):
    """Recipients; while they are gone through for the first time, something happens."""

    def __init__(self, names, happens):
        super().__init__(dict.fromkeys(names, ("",)))
        self.happens = [happens]

    def __iter__(self):
        while self.happens:
            self.happens.pop()()
        return super().__iter__()


def test_a_look_so_slow_that_another_came_between_decides_nothing(engine):
    """What it saw may not be true any more."""
    world = World(engine, processes=2)
    slow, other = world.lookouts
    fails(world, "mods", broken=True)

    def another_looks():
        world.now += MINUTE
        assert other.look(everything(channels=()))

    scope = everything(recipients=Meanwhile(("mods", "others"), another_looks))
    assert not slow.look(scope)
    assert world.told() == []


def test_what_was_counted_more_than_half_a_year_ago_is_forgotten(engine):
    world = World(engine)
    world.has_written(30, DAY)
    world.passes(MINUTE)
    keep = retention.Retention(text=DAY, scores=timedelta(days=3650))
    for step in retention.steps(keep, world.now):
        more = 1
        while more:
            with write(engine) as tx:
                more = step(tx)
    with read(engine) as tx:
        assert len(hourly.comments_by_hour(tx, "forum", 0)) == 26 * 7
