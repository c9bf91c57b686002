"""What tells series apart without colour: a shape and a dash of its own for each."""

from __future__ import annotations

from math import pi, sqrt

from moderator.charts.svg import Markup, element

DASHES = (None, "7 4", "2 3", "9 3 2 3")
SERIES = 4  # shapes and dashes; the style sheet has as many colours


def series_class(index: int) -> str:
    """The class that colours a series."""
    return f"s{index % SERIES}"


def mark(index: int, x: float, y: float, area: float = 36.0, **attributes: object) -> Markup:
    """A series' shape around a place: a disc, a square, a triangle, a diamond of equal area."""
    attributes = {"class_": f"mark {series_class(index)}", **attributes}
    if index % SERIES == 0:
        return element("circle", cx=x, cy=y, r=sqrt(area / pi), **attributes)
    side = sqrt(area)
    if index % SERIES == 1:
        corner = {"x": x - side / 2, "y": y - side / 2}
        return element("rect", **corner, width=side, height=side, **attributes)
    corners = _triangle(side) if index % SERIES == 2 else _diamond(side)
    return element(
        "polygon", points=" ".join(f"{x + i:.1f},{y + j:.1f}" for i, j in corners), **attributes
    )


def _triangle(side: float) -> list[tuple[float, float]]:
    half = side * 0.76  # half of the base of an equilateral triangle of the square's area
    return [(0.0, -1.155 * half), (half, 0.577 * half), (-half, 0.577 * half)]


def _diamond(side: float) -> list[tuple[float, float]]:
    reach = side / sqrt(2.0)
    return [(0.0, -reach), (reach, 0.0), (0.0, reach), (-reach, 0.0)]
