"""The plot that line and scatter charts share: a grid with ticks, labels and a legend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from moderator.charts.axis import Axis, Scale, scaled
from moderator.charts.svg import FONT, LETTER, WIDTH, Markup, drawing, element, line, words

LEFT = 50.0
RIGHT = WIDTH - 20.0
TOP = 30.0
ROW = 18.0  # of the legend, and between the plot and what stands below

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Two scales, and the grid under what is drawn."""

    x: Scale
    y: Scale

    def place(self, point: Point) -> Point:
        """Where a point is drawn."""
        return self.x.place(point[0]), self.y.place(point[1])

    def grid(self) -> Markup:
        """Gridlines with the words of their ticks, and both axes' labels."""
        across = [
            line(LEFT, place, RIGHT, place, class_="grid", stroke_opacity="0.25")
            + words(said, LEFT - 6, place + FONT / 3, "end")
            for place, said in self.y.ticks()
        ]
        down = [
            line(place, self.y.end, place, self.y.start, class_="grid", stroke_opacity="0.25")
            + words(said, place, self.y.start + ROW - 2, _anchor(place, said))
            for place, said in self.x.ticks()
        ]
        labels = [
            words(self.y.axis.label, 2, FONT + 2, class_="label"),
            words(self.x.axis.label, RIGHT, self.y.start + 2 * ROW, "end", "label"),
        ]
        return Markup("".join([*across, *down, *labels]))


def _anchor(place: float, said: str) -> str:
    """Words in the middle of their tick, unless they would reach beyond the edge."""
    return "end" if place + LETTER * len(said) / 2 > WIDTH else "middle"


def plot_over(x: Axis, y: Axis, points: Iterable[Point], height: float) -> Plot:
    """Both axes laid out for the points; `height` is that of the plot alone."""
    held = list(points)
    return Plot(
        x=scaled(x, [point[0] for point in held], LEFT, RIGHT),
        y=scaled(y, [point[1] for point in held], TOP + height, TOP),
    )


def framed(
    title: str, description: str, plot: Plot, drawn: Sequence[str], legend: Sequence[Markup]
) -> Markup:
    """The finished chart: grid, what is drawn on it, and the legend's samples below."""
    bottom = plot.y.start + 2 * ROW
    rows = [
        element("g", sample, transform=f"translate(0 {bottom + ROW * (index + 1):g})")
        for index, sample in enumerate(legend)
    ]
    height = bottom + ROW * len(legend) + FONT
    return drawing(title, description, height, plot.grid(), *drawn, *rows)
