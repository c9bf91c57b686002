"""A comment's record: the same whatever the order of its events."""

from __future__ import annotations

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.comment import EventKind, happened_at, version_of
from moderator.domain.record import Record, merge
from tests.builders import an_event, at

NOW = at(600)

EVENTS = st.lists(
    st.builds(
        an_event,
        text=st.sampled_from(["hello", "hello!", "bye"]),
        kind=st.sampled_from(list(EventKind)),
        board=st.sampled_from([None, "general", "lounge"]),
        thread_id=st.sampled_from([None, "7", "8"]),
        author_name=st.sampled_from([None, "ann", "anne"]),
        edited_at=st.sampled_from([None, at(1), at(2)]),
        occurred_at=st.sampled_from([at(1), at(2), at(3)]),
        version=st.sampled_from([None, 1, 2]),
    ),
    max_size=6,
)


def merged(events):
    """The record after these events."""
    return reduce(
        lambda record, event: merge(record, event, NOW),
        events,
        Record(source="forum", comment_id="42"),
    )


@given(EVENTS, st.randoms())
def test_the_record_is_the_same_whatever_the_order_of_events(events, random):
    shuffled = random.sample(events, len(events))
    assert merged(shuffled) == merged(events)


@given(EVENTS)
def test_the_same_event_again_changes_nothing(events):
    assert merged(events + events) == merged(events)


def test_a_revision_number_decides_before_any_time():
    older = an_event("a", version=1, edited_at=at(9))
    newer = an_event("b", version=2, edited_at=at(1))
    assert merged([newer, older]).newest == version_of(newer, NOW)


def test_what_a_newer_event_does_not_say_stays_known():
    edit = an_event("b", kind=EventKind.EDITED, edited_at=at(1), author_name=None, board="lounge")
    record = merged([an_event("a"), edit])
    assert (record.text_of("author_name"), record.text_of("board")) == ("ann", "lounge")


def test_a_deletion_holds_until_a_later_restore():
    deleted = an_event(None, kind=EventKind.DELETED, occurred_at=at(2))
    early = an_event("a", kind=EventKind.RESTORED, occurred_at=at(1))
    late = an_event("a", kind=EventKind.RESTORED, occurred_at=at(3))
    assert merged([an_event("a"), deleted, early]).is_deleted
    assert not merged([late, deleted]).is_deleted


def test_a_time_in_the_far_future_is_capped_so_that_it_freezes_nothing():
    event = an_event("a", kind=EventKind.EDITED, edited_at=at(60 * 24 * 365))
    assert (happened_at(event, NOW) - NOW).days == 1
    assert version_of(event, NOW).order == version_of(an_event("a", edited_at=at(10**6)), NOW).order


def test_an_edit_without_any_time_counts_from_when_it_came():
    event = an_event("a", kind=EventKind.EDITED)
    assert version_of(event, NOW) > version_of(an_event("a"), NOW)
