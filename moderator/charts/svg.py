"""SVG as text: elements whose every attribute and word is escaped."""

from __future__ import annotations

from html import escape

WIDTH = 360.0
FONT = 12.0
LETTER = 7.6  # what a letter of that size takes at most, on average


class Markup(str):
    """Markup that is already escaped. Jinja2 and MarkupSafe ask for `__html__`."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def element(tag: str, *inside: str, **attributes: object) -> Markup:
    """`<tag …>inside</tag>`. What is inside is escaped unless it is `Markup`.

    An attribute's `_` stands for `-`, and `class_` for `class`; one that is None is left out,
    a float is rounded to a tenth of a unit.
    """
    told = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_shown(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    content = "".join(part if isinstance(part, Markup) else escape(part) for part in inside)
    return Markup(f"<{tag}{told}>{content}</{tag}>")  # in HTML, `<td/>` would not end


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return escape(str(value))


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> Markup:
    """A straight line, in the colour of the text unless a style says otherwise."""
    ends = {"x1": float(x1), "y1": float(y1), "x2": float(x2), "y2": float(y2)}
    return element("line", **ends, stroke="currentColor", **attributes)


def words(
    text: str, x: float, y: float, anchor: str = "start", class_: str | None = None
) -> Markup:
    """One line of text with its baseline at y."""
    return element("text", text, x=float(x), y=float(y), text_anchor=anchor, class_=class_)


def drawing(title: str, description: str, height: float, *inside: str) -> Markup:
    """The whole picture, with its name and description for those who do not see it."""
    return element(
        "svg",
        element("title", title),
        element("desc", description),
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:g} {height:g}",
        role="img",
        class_="chart",
        font_family="system-ui, sans-serif",
        font_size=FONT,
        fill="currentColor",
    )
