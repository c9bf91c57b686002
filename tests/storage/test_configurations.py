"""What was in force when: stored once by however many processes, in the order it came."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from moderator.alerting import Rules
from moderator.domain.configuration import Cause, Configuration, Difference
from moderator.domain.trigger import Mode, Trigger
from moderator.ingest import ingest
from moderator.storage import alerts, configurations, retention, tables
from moderator.storage.engine import connect, read, write
from tests.builders import NOON, MarkedScorer, a_delivery, an_event, at

A = Configuration(settings={"triggers.slur.when.hate": "0.8", "retention.text": "30d"})
B = Configuration(settings={"triggers.slur.when.hate": "0.9", "retention.scores": "1y"})
KEEP = retention.Retention(text=timedelta(days=30), scores=timedelta(days=365))


def put(engine, configuration, minutes=0.0, *, cause=Cause.RELOAD, model="m@1") -> bool:
    """Put a configuration in force so long after noon."""
    with write(engine) as tx:
        return configurations.put_in_force(
            tx, configuration, cause=cause, model=model, now=at(minutes)
        )


def history(engine):
    """Every period, newest first."""
    with read(engine) as tx:
        return configurations.newest_periods(tx, limit=100)


def kept(engine) -> int:
    """How many configurations are stored."""
    with read(engine) as tx:
        return tx.execute(select(func.count()).select_from(tables.configurations)).scalar_one()


def forget(engine, after: timedelta) -> None:
    """Run the retention so long after noon."""
    for step in retention.steps(KEEP, NOON + after):
        while True:
            with write(engine) as tx:
                if not step(tx):
                    break


def test_the_same_configuration_is_stored_once_however_often_it_is_started(engine):
    assert [put(engine, A, n, cause=Cause.START) for n in range(3)] == [True, False, False]
    (only,) = history(engine)
    assert (only.digest, only.since, only.until) == (A.digest, at(0), None)
    assert (only.cause, only.replaced, only.differences) == (Cause.START, None, ())


def test_there_and_back_again_are_three_entries_of_two_configurations(engine):
    for minutes, configuration in enumerate((A, B, A)):
        put(engine, configuration, minutes)
    found = history(engine)
    assert [one.digest for one in found] == [A.digest, B.digest, A.digest]
    assert [one.replaced for one in found] == [B.digest, A.digest, None]
    assert [(one.since, one.until) for one in found] == [
        (at(2), None), (at(1), at(2)), (at(0), at(1)),
    ]  # fmt: skip
    assert kept(engine) == 2
    with read(engine) as tx:
        assert configurations.periods_of(tx, A.digest) == [found[0], found[2]]
        assert configurations.configuration(tx, B.digest) == B
        assert configurations.configuration(tx, "0" * 64) is None


def test_an_entry_tells_what_came_what_went_and_what_is_another(engine):
    put(engine, A)
    put(engine, B)
    assert history(engine)[0].differences == (
        Difference(key="retention.scores", before=None, after="1y"),
        Difference(key="retention.text", before="30d", after=None),
        Difference(key="triggers.slur.when.hate", before="0.8", after="0.9"),
    )


def test_a_new_model_under_the_same_configuration_is_an_entry_too(engine):
    """What a threshold catches depends on it."""
    put(engine, A, model="old@1")
    put(engine, A, 1, model="new@2")
    newest, before = history(engine)
    assert (newest.model, newest.digest) == ("new@2", before.digest)
    assert newest.differences == (Difference(key="model", before="old@1", after="new@2"),)


def test_pages_follow_each_other_without_a_gap(engine):
    for n in range(5):
        put(engine, (A, B)[n % 2], n)
    with read(engine) as tx:
        first = configurations.newest_periods(tx, limit=2)
        rest = configurations.newest_periods(tx, limit=9, before=first[-1].number)
    assert first + rest == history(engine)


def test_processes_that_reload_the_same_file_at_once_write_one_entry(database_url):
    """Eight of them, three files one after the other."""
    engines = [connect(database_url) for _ in range(8)]
    put(engines[0], A)
    for round_, wanted in enumerate((B, A, B), start=1):
        together = threading.Barrier(len(engines))

        def reload(engine, wanted=wanted, together=together, round_=round_):
            together.wait()
            put(engine, wanted, round_)

        threads = [threading.Thread(target=reload, args=(engine,)) for engine in engines]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    found = history(engines[0])
    assert [one.digest for one in found] == [B.digest, A.digest, B.digest, A.digest]
    assert [one.until for one in found] == [None, at(3), at(2), at(1)]
    for engine in engines:
        engine.dispose()


def test_processes_that_start_with_different_files_at_once_are_all_told_of(database_url):
    engines = [connect(database_url) for _ in range(6)]
    each = [Configuration(settings={"public_url": f"https://{n}"}) for n in range(6)]
    threads = [threading.Thread(target=put, args=pair) for pair in zip(engines, each, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = history(engines[0])
    assert {one.digest for one in found} == {one.digest for one in each}
    assert [one.number for one in found] == [6, 5, 4, 3, 2, 1]
    assert [one.replaced for one in found] == [*(one.digest for one in found[1:]), None]
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize("mode", [Mode.LIVE, Mode.SHADOW])
def test_an_alert_keeps_the_configuration_that_it_was_raised_under(engine, mode):
    rules = Rules(
        triggers=(Trigger(name="slur", when={"hate": 0.8}, mode=mode, notify=("mods",)),),
        recipients={"mods": ("",)},
        digest=A.digest,
    )
    delivery = a_delivery(an_event("hate=0.9"))
    ingest(engine, MarkedScorer(), rules, [delivery], now=NOON, new_id=lambda: "a1")
    with read(engine) as tx:
        stored = alerts.alert(tx, "a1")
    assert stored is not None
    assert stored.configuration == A.digest


class TestRetention:
    """How long a configuration is remembered."""

    def test_a_configuration_is_kept_a_year_after_it_was_in_force(self, engine):
        put(engine, A)
        put(engine, B, 60)
        forget(engine, timedelta(days=365, minutes=59))
        assert len(history(engine)) == 2
        forget(engine, timedelta(days=365, minutes=61))
        assert [one.digest for one in history(engine)] == [B.digest]
        assert kept(engine) == 1

    def test_the_present_one_is_kept_however_old_it_is(self, engine):
        put(engine, A)
        forget(engine, timedelta(days=4_000))
        assert [one.digest for one in history(engine)] == [A.digest]
        assert put(engine, A, cause=Cause.START) is False

    def test_one_that_an_alert_refers_to_is_kept_as_long_as_the_alert(self, engine):
        put(engine, A)
        rules = Rules(
            triggers=(Trigger(name="slur", when={"hate": 0.8}, mode=Mode.SHADOW),),
            digest=A.digest,
        )
        told = [a_delivery(an_event("hate=0.9"))]
        later = NOON + timedelta(days=300)  # by a process that had not looked at the file yet
        put(engine, B, 60)
        ingest(engine, MarkedScorer(), rules, told, now=later, new_id=lambda: "a1")
        forget(engine, timedelta(days=600))
        assert len(history(engine)) == 2
        forget(engine, timedelta(days=666))
        assert [one.digest for one in history(engine)] == [B.digest]

    def test_numbers_go_on_after_what_was_forgotten(self, engine):
        for n in range(3):
            put(engine, (A, B)[n % 2], n)
        forget(engine, timedelta(days=400))
        put(engine, B, 3)
        assert [one.number for one in history(engine)] == [4, 3]
