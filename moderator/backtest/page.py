"""A backtest as one page that stands alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from moderator import charts
from moderator.backtest.comparison import Backtest, Comment, Effect
from moderator.charts import Axis, Markup, Series
from moderator.domain.errors import DataError
from moderator.domain.precision import told_in_all

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
MOST_TICKS = 4
MOST_COUNTED = 5  # alerts a day up to which every number has a line


def write_page(found: Backtest, folder: Path, *, was_raised: bool) -> Path:
    """Write `backtest.html` into a folder, made if need be; returns its path.

    `was_raised`: the side before is what was raised, not what the present triggers would have.
    No comment's text is in it. Raises DataError where the folder cannot be written.
    """
    page = folder / "backtest.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        page.write_text(as_html(found, was_raised=was_raised), encoding="utf-8")
    except OSError as exc:
        raise DataError(f"{folder}: cannot be written ({exc.strerror})") from None
    return page


def as_html(found: Backtest, *, was_raised: bool) -> str:
    """The page's HTML."""
    sides = ("was raised", "would be raised") if was_raised else ("present", "new")
    return PAGES.get_template("page.html").render(
        past=found.past,
        verdicts=told_in_all(found.precision),
        without_likeness=found.without_likeness,
        page_style=charts.PAGE_STYLE,
        style=charts.STYLE,
        overview=_overview(found, sides),
        triggers=[
            (name, _by_day(found, name, effect, sides), _changes(effect))
            for name, effect in found.effects.items()
        ],
    )


def _overview(found: Backtest, sides: tuple[str, str]) -> Markup:
    per_day = found.past.per_day
    judged = [f"right, {side}" for side in sides] if found.precision.judged else []
    rows = [
        (
            name,
            f"{len(effect.before):,} ({per_day(len(effect.before)):g} a day)",
            f"{len(effect.after):,} ({per_day(len(effect.after)):g} a day)",
            f"{len(effect.added):,}",
            f"{len(effect.removed):,}",
            *(str(precisions[side]) for side in ("before", "after") if found.precision.judged),
        )
        for name, effect in found.effects.items()
        for precisions in (found.precisions(effect),)
    ]
    heads = ("trigger", *sides, "comments that come", "comments that go", *judged)
    return charts.table("Alerts of each trigger", heads, rows)


def _by_day(found: Backtest, name: str, effect: Effect, sides: tuple[str, str]) -> Markup:
    before, after = found.by_day(effect.before), found.by_day(effect.after)
    series = [
        Series(name=side, points=_steps(days), step=True)
        for side, days in zip(sides, (before, after), strict=True)
    ]
    most = max(alerts for _, alerts in (*before, *after))
    chart = charts.line_chart(
        f"{name}: alerts a day",
        f"Alerts of {name} on each day, {sides[0]} and {sides[1]}.",
        _days([day for day, _ in before]),
        Axis(label="alerts", low=0.0, ticks=range(most + 1) if most <= MOST_COUNTED else ()),
        series,
    )
    rows = [
        (f"{day}", f"{old}", f"{new}") for (day, old), (_, new) in zip(before, after, strict=True)
    ]
    return charts.figure(
        "Alerts on each day", chart, "Days in UTC, by when comments were written.",
        ("day", *sides), rows,
    )  # fmt: skip


def _steps(days: list[tuple[date, int]]) -> list[tuple[float, float]]:
    """Each day as wide as the others, the last one, too."""
    last, alerts = days[-1]
    points = [(float(day.toordinal()), float(found)) for day, found in days]
    return [*points, (last.toordinal() + 1.0, float(alerts))]


def _days(days: list[date]) -> Axis:
    every = max(1, -(-len(days) // MOST_TICKS))
    return Axis(
        label="day (UTC)",
        low=days[0].toordinal(),
        high=days[-1].toordinal() + 1,
        ticks=[day.toordinal() for day in days[::every]],
        written=lambda value: f"{date.fromordinal(round(value)):%d %b}",
    )


def _changes(effect: Effect) -> Markup | None:
    changed = [("comes", one) for one in effect.added] + [("goes", one) for one in effect.removed]
    if not changed:
        return None
    rows = [_change(side, comment) for side, comment in changed]
    table = charts.table("Comments that change side", ("side", "source", "comment"), rows)
    return charts.folded(f"The {len(changed):,} comments that change side", table)


def _change(side: str, comment: Comment) -> tuple[str, str, str]:
    return side, *comment
