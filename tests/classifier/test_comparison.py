"""The table: what is held against what was aimed at, and what cannot be told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from moderator.classifier.comparison import reach, reach_table
from moderator.classifier.figures import ModelFigures, ReachLine, TrickFigures
from tests.classifier.sample_findings import bare, findings

COLUMNS = findings().columns


def line(figure: str, *columns: ModelFigures, trained_on: bool = False) -> ReachLine:
    """The line of this figure; of three plausible columns where none are given."""
    lines = reach(columns or COLUMNS, trained_on=trained_on)
    return {found.figure: found for found in lines}[figure]


def with_tricks(lost: float) -> ModelFigures:
    """The last column, with so much lost to leet and to a dropped letter."""
    new = COLUMNS[-1]
    assert new.exam.disguises is not None
    tricks = tuple(
        TrickFigures(trick=name, found=0.9 - lost, lost=lost, found_half=0.9)
        for name in ("leet", "dropped letter")
    )
    disguises = replace(new.exam.disguises, tricks=tricks)
    return replace(new, exam=replace(new.exam, disguises=disguises))


def test_the_last_column_is_held_against_what_was_aimed_at() -> None:
    # Macro-F1 is 0.7 + 0.95 / 15 = 0.763; ranking hate 0.82 + 0.95 / 15 = 0.883.
    assert line("macro-F1") == ReachLine(
        figure="macro-F1", cells=("0.707", "0.727", "0.763"), reach="≥ 0.765", reached=False
    )
    assert line("AUC hate against the rest").reached is True


@pytest.mark.parametrize(
    ("lost", "reached"), [(0.0, True), (0.08, True), (0.0801, False), (0.5, False)]
)
def test_a_disguise_may_cost_so_many_points(lost: float, reached: bool) -> None:
    leet = line("points of that lost to leet", with_tricks(lost))

    assert (leet.cells, leet.reach, leet.reached) == ((f"{100 * lost:.1f}",), "≤ 8.0", reached)


def test_nothing_was_aimed_at_for_dropped_letters() -> None:
    dropped = line("points of that lost to dropped letter", with_tricks(0.4))

    assert (dropped.cells, dropped.reach, dropped.reached) == (("40.0",), "", None)


def test_another_source_is_held_against_the_recipe_without_the_pool() -> None:
    # Alone it is 0.6 + 0.4 / 4 = 0.700; 0.800 is wanted either way, the last has 0.837.
    assert line("AUC edos").reach == "≥ 0.800 (0.80, or default alone + 0.10)"
    assert line("AUC edos").reached is True

    better = replace(COLUMNS[-1], name="default alone")
    assert line("AUC edos", better, COLUMNS[-1]).reach.startswith("≥ 0.93")
    assert line("AUC edos", better, COLUMNS[-1]).reached is False


def test_without_that_recipe_one_can_only_tell_that_another_source_was_missed() -> None:
    low = COLUMNS[0]

    assert line("AUC edos", COLUMNS[-1]).reached is None
    assert line("AUC edos", low).reached is False


def test_speed_is_held_against_the_tutorials_pipeline_in_the_same_run() -> None:
    # The tutorial's pipeline takes 4.1 ms, a compiled scorer 0.061 ms.
    faster = line("that, faster than the tutorial's pipeline by")

    assert (faster.cells[-1], faster.reached) == ("67.2x", False)
    assert line("batches, compiled faster by").cells == ("5.2x",) * 3


def test_without_the_tutorials_column_nothing_is_faster_than_it() -> None:
    faster = line("that, faster than the tutorial's pipeline by", COLUMNS[-1])

    assert (faster.cells, faster.reached) == (("",), None)


def test_what_was_not_measured_is_neither_reached_nor_missed() -> None:
    lines = reach(bare().columns)

    assert [found for found in lines if found.cells[-1] == "" and found.reached is not None] == []


def test_what_a_model_does_on_its_training_file_proves_nothing() -> None:
    flattered = line("macro-F1", trained_on=True)

    assert (flattered.cells, flattered.reached) == (("0.707", "0.727", "(0.763)"), None)
    assert line("AUC edos", trained_on=True).reached is True


def test_the_table_marks_what_was_missed() -> None:
    lines = [
        ReachLine(figure="a", cells=("1", "2"), reach="≥ 2", reached=True),
        ReachLine(figure="b", cells=("", "3"), reach="≤ 2", reached=False),
        ReachLine(figure="c", cells=("4", "5"), reach="", reached=None),
    ]

    assert reach_table(lines, ["tutorial", "new"]) == (
        "|  | tutorial | new | reach |  |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| a | 1 | 2 | ≥ 2 | reached |\n"
        "| b |  | 3 | ≤ 2 | **missed** |\n"
        "| c | 4 | 5 |  |  |\n"
    )
