"""The past as the triggers saw it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

from sqlalchemy import text

from moderator.alerting import Rules
from moderator.domain.comment import EventKind
from moderator.domain.trigger import Sighting
from moderator.ingest import ingest
from moderator.storage import migrations, past_comments
from moderator.storage.engine import read, write
from tests.builders import NOON, MarkedScorer, a_delivery, an_event, at


def taken_in(engine, *events):
    """Each event in a delivery of its own."""
    for number, event in enumerate(events):
        ingest(
            engine, MarkedScorer(), Rules(), [a_delivery(event)], now=at(number), new_id=lambda: "x"
        )


def seen_since(engine, since=NOON - timedelta(days=1)):
    """All sightings, as storage gives them back."""
    with read(engine) as tx:
        page = past_comments.sightings(tx, since=since, after=0, limit=100)
    return [seen for _, seen in page]


def test_an_edit_does_not_change_what_was_seen_before_it(engine):
    """A comment that moved to another thread counted in the first one when it came."""
    taken_in(
        engine,
        an_event("hate=0.5", thread_id="7"),
        an_event("hate=0.1", thread_id="8", kind=EventKind.EDITED, edited_at=at(5)),
    )
    first, second = seen_since(engine)
    assert (first.thread_id, first.at, first.probabilities.hate) == ("7", NOON, 0.5)
    assert (second.thread_id, second.at, second.probabilities.hate) == ("8", at(5), 0.1)
    assert (first.board, first.author_id, first.author_name, first.author_role) == (
        ("general", "9", "ann", "member")
    )


def test_what_no_trigger_looked_at_is_no_part_of_the_past(engine):
    """Neither what nobody could judge, nor what was deleted before its text came."""
    deleted = an_event(None, kind=EventKind.DELETED, comment_id="2", occurred_at=at(9))
    taken_in(engine, an_event("abstain", comment_id="1"), deleted, an_event("x", comment_id="2"))
    taken_in(engine, an_event("y", comment_id="3"))
    assert [seen.comment_id for seen in seen_since(engine)] == ["3"]


def test_an_author_of_no_time_at_all_is_not_one_of_whom_nothing_is_known(engine):
    """A first comment: 0 seconds, which is neither None nor False."""
    taken_in(
        engine,
        an_event("hate=0.5", comment_id="1"),
        an_event("x", author_id=None, author_name=None),
    )
    first, nameless = seen_since(engine)
    assert (first.author_known_s, nameless.author_known_s) == (0, None)


def test_every_field_of_a_sighting_comes_back_as_it_was():
    """A field that is added to Sighting later is stored without further ado."""
    known = past_comments.COLUMNS | set(past_comments.BESIDE)
    assert known == {field.name for field in fields(Sighting)}


def test_an_older_database_is_replayed_with_what_is_known_of_its_comments(engine):
    """The upgrade fills in the present facts, since those of then were not kept."""
    taken_in(engine, an_event("hate=0.5"), an_event("abstain", comment_id="43"))
    before = seen_since(engine)
    migrations.downgrade(engine, "0003")
    migrations.upgrade(engine)
    known = [replace(seen, author_known_s=None, likeness=None) for seen in before]
    assert seen_since(engine) == known
    with write(engine) as tx:
        unseen = tx.execute(text("SELECT count(*) FROM versions WHERE seen IS NULL")).scalar()
    assert unseen == 1
