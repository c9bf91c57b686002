"""Horizontal bars, each with its name before it and its value behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from moderator.charts.axis import Axis, Scale, scaled
from moderator.charts.marks import series_class
from moderator.charts.plot import ROW
from moderator.charts.svg import FONT, LETTER, WIDTH, Markup, drawing, element, line, words

MOST_LETTERS = 21  # of a name; what is longer is cut
VALUE = 56.0  # kept free behind the longest bar
BAR = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Bars under one heading, each `(name, value)`; None is a value that was not measured."""

    name: str
    bars: Sequence[tuple[str, float | None]]


def bar_chart(title: str, description: str, x: Axis, groups: Sequence[Group]) -> Markup:
    """Bars from the axis' low end (0 where none is given), in groups under each other.

    A heading is left out where its name is empty. Bars of the same place in their groups share a
    colour; every one bears its name. A name longer than its room is cut with an ellipsis. Raises
    ValueError for a value that is no finite number.
    """
    bars = [bar for group in groups for bar in group.bars]
    values = [value for _, value in bars if value is not None]
    if not all(map(isfinite, values)):
        raise ValueError(f"{title}: only finite numbers can be drawn")
    left = LETTER * max((len(_cut(name)) for name, _ in bars), default=0) + 8
    low = 0.0 if x.low is None and not x.log else x.low
    axis = Axis(label=x.label, low=low, high=x.high, ticks=x.ticks, written=x.written, log=x.log)
    across = scaled(axis, values, left, WIDTH - VALUE)
    drawn, bottom = _groups(groups, across)
    return drawing(title, description, bottom + 2 * ROW + FONT, _grid(across, bottom), *drawn)


def _groups(groups: Sequence[Group], across: Scale) -> tuple[list[Markup], float]:
    drawn = []
    y = 0.0
    for group in groups:
        if group.name:
            y += ROW
            drawn.append(words(group.name, 2, y, class_="name"))
        for index, (name, value) in enumerate(group.bars):
            y += ROW
            drawn.append(_bar(index, y, across, name, value))
        y += 6
    return drawn, y


def _bar(index: int, y: float, across: Scale, name: str, value: float | None) -> Markup:
    label = words(_cut(name), across.start - 6, y, "end")
    if value is None:
        return Markup(label + words("not measured", across.start + 4, y))
    end = across.place(value)
    shape = {"x": across.start, "y": y - BAR + 2, "width": max(1.0, end - across.start)}
    bar = element("rect", **shape, height=BAR, class_=f"bar {series_class(index)}")
    return Markup(label + bar + words(across.axis.written(value), end + 4, y))


def _cut(name: str) -> str:
    return name if len(name) <= MOST_LETTERS else name[: MOST_LETTERS - 1].rstrip() + "…"


def _grid(across: Scale, bottom: float) -> Markup:
    ticks = [
        line(place, 4, place, bottom, class_="grid", stroke_opacity="0.25")
        + words(said, place, bottom + ROW - 4, "middle")
        for place, said in across.ticks()
    ]
    label = words(across.axis.label, WIDTH - 4, bottom + 2 * ROW - 2, "end", "label")
    return Markup("".join([*ticks, label]))
