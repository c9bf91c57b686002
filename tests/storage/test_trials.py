"""How triggers fare, counted by day and channel: on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from moderator.alerting import Rules
from moderator.domain.configuration import Cause, Configuration
from moderator.domain.trigger import NO_TIME, Mode, Trigger
from moderator.ingest import ingest
from moderator.storage.configurations import put_in_force
from moderator.storage.engine import read, write
from moderator.storage.trials import trials
from tests.builders import MarkedScorer, a_delivery, an_event, at

DAY = 24 * 60  # minutes
TRIED = Trigger(
    name="tried",
    when={"hate": 0.5},
    mode=Mode.SHADOW,
    notify=("mail", "mods"),
    fold_copies=NO_TIME,
)
LIVE = replace(TRIED, name="live", mode=Mode.LIVE, when={"hate": 0.8})
RECIPIENTS = {"mail": ("a@x.example", "b@x.example"), "mods": ("",)}


def take(engine, minutes, triggers, text="hate=0.9"):
    """One comment that is written and arrives then."""
    number = f"{minutes}-{len(triggers)}"
    ingest(
        engine,
        MarkedScorer(),
        Rules(triggers=triggers, recipients=RECIPIENTS),
        [a_delivery(an_event(text, comment_id=number, created_at=at(minutes)))],
        now=at(minutes),
        new_id=iter(f"{number}-{each.name}" for each in triggers).__next__,
    )


def configured(engine, minutes, mode):
    """The tried one is put in this mode then."""
    with write(engine) as tx:
        told = Configuration(settings={"triggers.tried.mode": mode})
        put_in_force(tx, told, cause=Cause.RELOAD, model="m", now=at(minutes))


def test_alerts_are_counted_by_day_and_channel_since_the_trigger_is_as_it_is(engine):
    """12 noon is where the clock starts: the first alert of a day is at 23:59, the next at 0:00."""
    configured(engine, -9 * DAY, "live")
    take(engine, -5 * DAY, (LIVE, replace(TRIED, mode=Mode.LIVE)))
    configured(engine, -3 * DAY, "shadow")
    for minutes in (-3 * DAY + 719, -3 * DAY + 720, -DAY):
        take(engine, minutes, (TRIED, LIVE))
    take(engine, -DAY + 5, (replace(TRIED, notify=("mods",)), LIVE), "hate=0.6")

    with read(engine) as tx:
        tried, live = trials(tx, (TRIED, LIVE), at(0))
    assert (tried.since, tried.until) == (at(-3 * DAY), at(0))
    assert (tried.live, tried.shadow) == (0, 4)
    assert tried.would_tell == {"mail": 3, "mods": 4}
    assert tried.by_day == {
        date(2026, 11, 19): {"mail": 1, "mods": 1},
        date(2026, 11, 20): {"mail": 1, "mods": 1},
        date(2026, 11, 21): {"mail": 1, "mods": 2},
    }
    assert (live.since, live.live, live.shadow, live.would_tell) == (at(-9 * DAY), 4, 0, {})


def test_nothing_before_any_service_ran(engine):
    with read(engine) as tx:
        (tried,) = trials(tx, (TRIED,), at(0))
    assert (tried.shadow, tried.until - tried.since) == (0, timedelta(0))
