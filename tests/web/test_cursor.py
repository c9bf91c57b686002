"""Cursors: whoever works out how one is made can make one, and still gets no further."""

from __future__ import annotations

import pytest

from moderator.web.api import cursor
from moderator.web.errors import BadCursor


def test_a_place_comes_back_as_it_was():
    made = cursor.encode([1_795_000_000_000_000, "al_1"], question="q")
    assert cursor.decode(made, int, str, question="q") == [1_795_000_000_000_000, "al_1"]


@pytest.mark.parametrize("place", [["1"], [1, 2], [], [None], [True], [-1], [2**53], [2**80]])
def test_a_well_made_one_that_holds_no_place_of_its_route_is_refused(place):
    with pytest.raises(BadCursor):
        cursor.decode(cursor.encode(place, question="q"), int, question="q")


@pytest.mark.parametrize("name", ["al\0", "al\ud800", "🦆", "al\n"])
def test_a_name_that_no_alert_has_is_refused(name):
    with pytest.raises(BadCursor):
        cursor.decode(cursor.encode([1, name], question="q"), int, str, question="q")


def test_one_of_another_question_is_refused():
    with pytest.raises(BadCursor):
        cursor.decode(cursor.encode([1], question="q"), int, question="another")


def test_any_part_of_one_is_refused():
    made = cursor.encode([123_456], question="q")
    for length in range(len(made)):
        with pytest.raises(BadCursor):
            cursor.decode(made[:length], int, question="q")


def test_any_change_to_one_is_refused():
    made = cursor.encode([123_456], question="q")
    for at in range(len(made)):
        changed = made[:at] + ("A" if made[at] != "A" else "B") + made[at + 1 :]
        with pytest.raises(BadCursor):
            cursor.decode(changed, int, question="q")
