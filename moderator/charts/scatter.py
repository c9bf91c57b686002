"""Points over two axes whose area tells how much stands behind each; a reliability diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from moderator.charts.axis import Axis
from moderator.charts.marks import mark
from moderator.charts.plot import LEFT, Plot, framed, plot_over
from moderator.charts.svg import FONT, Markup, line, words

HEIGHT = 260.0
SMALLEST = 30.0  # square units: still seen
LARGEST = 500.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """Points of one name, each `(x, y, weight)`; a weight is 0 or more, and 0 is not drawn."""

    name: str
    points: Sequence[tuple[float, float, float]]


def scatter_chart(
    title: str,
    description: str,
    x: Axis,
    y: Axis,
    clouds: Sequence[Cloud],
    *,
    diagonal: str | None = None,
) -> Markup:
    """Points with an area in proportion to their weight, the heaviest of each cloud the same.

    `diagonal` draws x = y and names it: where a perfect prediction would lie. Raises ValueError
    for a value that is no finite number, and for a negative weight.
    """
    weights = [point[2] for cloud in clouds for point in cloud.points]
    if not all(isfinite(weight) and weight >= 0 for weight in weights):
        raise ValueError(f"{title}: a weight is a finite number, 0 or more")
    plot = plot_over(x, y, [(i, j) for c in clouds for i, j, w in c.points if w], HEIGHT)
    drawn = [_diagonal(plot)] if diagonal is not None else []
    drawn += [_cloud(plot, index, cloud) for index, cloud in enumerate(clouds)]
    legend = [_sample(index, cloud.name) for index, cloud in enumerate(clouds)]
    if diagonal is not None:
        legend.append(_diagonal_sample(diagonal))
    return framed(title, description, plot, drawn, legend)


def _diagonal(plot: Plot) -> Markup:
    low, high = max(plot.x.low, plot.y.low), min(plot.x.high, plot.y.high)
    (x1, y1), (x2, y2) = plot.place((low, low)), plot.place((high, high))
    return line(x1, y1, x2, y2, class_="guide", stroke_dasharray="1 3")


def _cloud(plot: Plot, index: int, cloud: Cloud) -> Markup:
    most = max((weight for _, _, weight in cloud.points), default=0.0)
    dots = [
        mark(index, *plot.place((x, y)), max(SMALLEST, LARGEST * weight / most), fill_opacity="0.6")
        for x, y, weight in cloud.points
        if weight
    ]
    return Markup("".join(dots))


def _sample(index: int, name: str) -> Markup:
    dot = mark(index, LEFT + 17, 0.0, 80.0, fill_opacity="0.6")
    return Markup(dot + words(name, LEFT + 42, FONT / 3))


def _diagonal_sample(name: str) -> Markup:
    piece = line(LEFT, 4, LEFT + 34, -6, class_="guide", stroke_dasharray="1 3")
    return Markup(piece + words(name, LEFT + 42, FONT / 3))
