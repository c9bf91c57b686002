"""Lines and steps over two axes, several series at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moderator.charts.axis import Axis
from moderator.charts.marks import DASHES, SERIES, mark, series_class
from moderator.charts.plot import LEFT, Plot, Point, framed, plot_over
from moderator.charts.svg import FONT, Markup, element, line, words

HEIGHT = 200.0
MARKS = 6  # a line, that it be told from the others
SAMPLE = 34.0  # the legend's piece of line


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line: its name for the legend, and its points in the order they are joined.

    With `step` a value holds until the next point. Beyond four, dashes and marks repeat.
    """

    name: str
    points: Sequence[Point]
    step: bool = False


def line_chart(
    title: str,
    description: str,
    x: Axis,
    y: Axis,
    series: Sequence[Series],
    *,
    at: Sequence[tuple[float, str]] = (),
) -> Markup:
    """Lines over a grid, with a legend; `at` draws upright lines with a word at their head.

    Series without a point are named in the legend and nowhere drawn. Raises ValueError for a
    value that is no finite number.
    """
    plot = plot_over(x, y, [point for one in series for point in one.points], HEIGHT)
    guides = [_guide(plot, value, said) for value, said in at]
    drawn = [_line(plot, index, one) for index, one in enumerate(series)]
    legend = [_sample(index, one.name) for index, one in enumerate(series)]
    return framed(title, description, plot, [*guides, *drawn], legend)


def _guide(plot: Plot, value: float, said: str) -> Markup:
    place = plot.x.place(value)
    upright = line(place, plot.y.end, place, plot.y.start, class_="guide", stroke_dasharray="1 3")
    return Markup(upright + words(said, place + 3, plot.y.end + FONT - 2))


def _line(plot: Plot, index: int, series: Series) -> Markup:
    places = [plot.place(point) for point in series.points]
    if not places:
        return Markup()
    path = _path(places, series.step)
    stroke = element("path", d=path, **_stroke(index))
    every = max(1, len(places) // MARKS)
    # Each series starts elsewhere, so that marks of lines that run together do not hide each other.
    shown = places[(index * every) // SERIES :: every] or places[-1:]
    return Markup(stroke + "".join(mark(index, i, j) for i, j in shown))


def _path(places: Sequence[Point], step: bool) -> str:
    (x, y), *rest = places
    parts = [f"M{x:.1f} {y:.1f}"]
    for i, j in rest:
        parts.append(f"H{i:.1f}V{j:.1f}" if step else f"L{i:.1f} {j:.1f}")
    return "".join(parts)


def _stroke(index: int) -> dict[str, object]:
    return {
        "class_": f"line {series_class(index)}",
        "fill": "none",
        "stroke": "currentColor",
        "stroke_width": 2,
        "stroke_dasharray": DASHES[index % SERIES],
    }


def _sample(index: int, name: str) -> Markup:
    piece = element("path", d=f"M{LEFT:g} 0h{SAMPLE:g}", **_stroke(index))
    middle = mark(index, LEFT + SAMPLE / 2, 0.0)
    return Markup(piece + middle + words(name, LEFT + SAMPLE + 8, FONT / 3))
