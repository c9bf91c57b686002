"""Small charts for pages and reports: SVG to be set into HTML, on the standard library alone.

Each function takes plain sequences and returns `Markup`, which a template with autoescape sets in
as it stands: every label is escaped here. A chart is 360 units wide, so that its text is readable
on a phone at one pixel a unit; a wide page scales it up. It carries a `<title>` and a `<desc>`
for those who hear it, tells its series apart by dash, mark or place and not by colour alone, and
holds no script, no style attribute and no address, so that it may stand on a page with a strict
content security policy. `STYLE` colours all of them, by light and by dark; without it they are
drawn in the colour of the text.

The numbers belong beside a chart: `figure` sets both together. `PAGE_STYLE` is for a page that
stands alone in a file.
"""

from __future__ import annotations

from moderator.charts.axis import Axis, percent, plain
from moderator.charts.bars import Group, bar_chart
from moderator.charts.figure import STYLE, figure, folded, table
from moderator.charts.histogram import histogram
from moderator.charts.lines import Series, line_chart
from moderator.charts.page import PAGE_STYLE
from moderator.charts.scatter import Cloud, scatter_chart
from moderator.charts.svg import Markup

__all__ = [
    "Axis",
    "percent",
    "plain",
    "Markup",
    "Series",
    "line_chart",
    "Cloud",
    "scatter_chart",
    "histogram",
    "Group",
    "bar_chart",
    "figure",
    "folded",
    "table",
    "STYLE",
    "PAGE_STYLE",
]
