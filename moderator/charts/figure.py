"""A chart and its numbers together, and the colours of both."""

from __future__ import annotations

from collections.abc import Sequence

from moderator.charts.svg import Markup, element

STYLE = Markup("""\
.chart { display: block; width: 100%; max-width: 34rem; height: auto; color: inherit; }
.chart .label { fill-opacity: .75; }
.chart .name { font-weight: 600; }
.chart .guide { stroke-opacity: .8; }
.chart .s0 { --series: #1f5fae; }
.chart .s1 { --series: #a8480a; }
.chart .s2 { --series: #187a4a; }
.chart .s3 { --series: #8038b8; }
.chart .line { stroke: var(--series); }
.chart .mark, .chart .bar { fill: var(--series); }
@media (prefers-color-scheme: dark) {
  .chart .s0 { --series: #79b4ff; }
  .chart .s1 { --series: #ffa764; }
  .chart .s2 { --series: #62d39c; }
  .chart .s3 { --series: #cda0ff; }
}
.scroll { overflow-x: auto; }
""")


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    """An HTML table: a caption, a head for each column, the first cell of a row its head.

    Where it is wider than its place it is scrolled there, by the keyboard, too. Raises ValueError
    for a row with another number of cells.
    """
    if any(len(row) != len(heads) for row in rows):
        raise ValueError(f"{caption}: each row needs {len(heads)} cells")
    head = element("tr", *(element("th", text, scope="col") for text in heads))
    body = [
        element("tr", element("th", row[0], scope="row"), *(element("td", t) for t in row[1:]))
        for row in rows
    ]
    drawn = element(
        "table", element("caption", caption), element("thead", head), element("tbody", *body)
    )
    return element("div", drawn, class_="scroll", role="region", tabindex="0", aria_label=caption)


def folded(summary: str, *inside: Markup) -> Markup:
    """What is unfolded by those who want it; no script is needed for that."""
    return element("details", element("summary", summary), *inside)


def figure(
    title: str, chart: Markup, caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]
) -> Markup:
    """A chart between its title and its caption, and its numbers to be unfolded below."""
    return element(
        "figure",
        element("p", title, class_="title"),
        chart,
        element("figcaption", caption),
        folded("The numbers", table(caption, heads, rows)),
    )
