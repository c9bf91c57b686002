"""How often a value falls where: a panel a class under each other, over one axis."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from moderator.charts.axis import Axis, Scale, scaled
from moderator.charts.marks import series_class
from moderator.charts.plot import LEFT, RIGHT, ROW
from moderator.charts.svg import FONT, Markup, drawing, element, line, words

PANEL = 62.0
GAP = 24.0  # over each panel, for its name


def histogram(
    title: str,
    description: str,
    x: Axis,
    y: Axis,
    edges: Sequence[float],
    panels: Sequence[tuple[str, Sequence[float]]],
) -> Markup:
    """Bars between `edges`, which grow; each panel has a name and one height a bar, 0 or more.

    All panels share both axes, so that their heights compare. Raises ValueError for edges that do
    not grow, for a panel with another number of bars, and for a height below 0.
    """
    if len(edges) < 2 or any(low >= high for low, high in pairwise(edges)):
        raise ValueError(f"{title}: edges must grow, and be two at least")
    for name, heights in panels:
        if len(heights) != len(edges) - 1 or min(heights) < 0:
            raise ValueError(f"{title}: {name} needs {len(edges) - 1} heights, none below 0")
    across = scaled(x, edges, LEFT, RIGHT)
    every = [height for _, heights in panels for height in heights]
    drawn = [
        _panel(index, across, _upright(y, every, index), edges, name, heights)
        for index, (name, heights) in enumerate(panels)
    ]
    bottom = FONT + 4 + len(panels) * (PANEL + GAP)
    label = words(y.label, 2, FONT + 2, class_="label")
    return drawing(title, description, bottom + 2.5 * ROW, label, *drawn, _below(across, bottom))


def _upright(y: Axis, heights: Sequence[float], index: int) -> Scale:
    low = 0.0 if y.low is None and not y.log else y.low
    axis = Axis(label=y.label, low=low, high=y.high, ticks=y.ticks, written=y.written, log=y.log)
    bottom = FONT + 4 + (index + 1) * (PANEL + GAP)
    return scaled(axis, heights, bottom, bottom - PANEL)


def _panel(
    index: int,
    across: Scale,
    up: Scale,
    edges: Sequence[float],
    name: str,
    heights: Sequence[float],
) -> Markup:
    grid = [
        line(LEFT, place, RIGHT, place, class_="grid", stroke_opacity="0.25")
        + words(said, LEFT - 6, place + FONT / 3, "end")
        for place, said in (up.ticks()[0], up.ticks()[-1])
    ]
    bars = [
        _bar(index, across.place(low), across.place(high), up.place(height), up.start)
        for (low, high), height in zip(pairwise(edges), heights, strict=True)
        if up.place(height) < up.start
    ]
    return Markup("".join([*grid, *bars, words(name, LEFT, up.end - 6, class_="name")]))


def _bar(index: int, left: float, right: float, top: float, bottom: float) -> Markup:
    width = max(1.0, right - left - 1.0)  # a unit between bars
    shape = {"x": left + 0.5, "y": top, "width": width, "height": bottom - top}
    return element("rect", **shape, class_=f"bar {series_class(index)}")


def _below(across: Scale, bottom: float) -> Markup:
    ticks = [
        line(place, bottom, place, bottom + 4) + words(said, place, bottom + ROW, "middle")
        for place, said in across.ticks()
    ]
    label = words(across.axis.label, RIGHT, bottom + 2 * ROW + 2, "end", "label")
    return Markup("".join([*ticks, label]))
