"""Plots in a terminal."""

from __future__ import annotations

from datetime import date, timedelta

from moderator.cli import text_plot

FIRST = date(2026, 11, 1)


def days(*alerts: int) -> list[tuple[date, int]]:
    """Alerts on days in a row."""
    return [(FIRST + timedelta(days=place), found) for place, found in enumerate(alerts)]


def test_a_bar_is_as_long_as_its_value_and_never_vanishes():
    """The largest takes the whole width; what is not nothing can be seen."""
    full, half, little, none = text_plot.bars(
        [("0.5", 100, "100"), ("0.75", 50, "50"), ("0.9", 0.1, "0.1"), ("1", 0, "0")]
    )
    assert full == f"0.5   {'█' * 40} 100"
    assert half == f"0.75  {'█' * 20} 50"
    assert little == "0.9   █ 0.1"
    assert none == "1     0"


def test_what_stays_goes_and_comes_is_told_apart_without_colour():
    legend, stays, goes, comes, nothing = text_plot.changes(days(4, 4, 0, 0), days(4, 2, 4, 0))
    assert legend == "█ before and after  ░ before only  ▓ after only"
    assert stays == f"2026-11-01  {'█' * 40} 4 → 4"
    assert goes == f"2026-11-02  {'█' * 20}{'░' * 20} 4 → 2"
    assert comes == f"2026-11-03  {'▓' * 40} 0 → 4"
    assert nothing == "2026-11-04  0 → 0"


def test_a_year_keeps_to_a_screen():
    """Days are put together, and no alert is lost on the way."""
    legend, *rows = text_plot.changes(days(*[1] * 365), days(*[2] * 365))
    assert "each row: 9 days" in legend
    assert len(rows) == 41
    assert sum(int(row.split()[-3]) for row in rows) == 365
    assert sum(int(row.split()[-1]) for row in rows) == 730


def test_nothing_at_all_is_no_plot():
    assert text_plot.bars([]) == []
