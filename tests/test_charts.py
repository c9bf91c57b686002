"""Charts: what is drawn where, that every word is escaped, and that all of it can be heard."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from moderator import charts
from moderator.charts import (
    Axis,
    Cloud,
    Group,
    Markup,
    Series,
    bar_chart,
    figure,
    histogram,
    line_chart,
    percent,
    plain,
    scatter_chart,
    table,
)

NASTY = "<script>alert('goose & \"gander\"')</script>"
X = Axis(label="hour", low=0, high=1)
Y = Axis(label="comments", low=0, high=100)


def every_chart(name="name", title="title", description="description", label="label"):
    """One chart of each kind, with the same words everywhere."""
    x, y = Axis(label=label, low=0, high=1), Axis(label=label, low=0, high=1)
    said = (title, description)
    return {
        "line": line_chart(
            *said, x, y, [Series(name=name, points=[(0, 0), (1, 1)])], at=[(0.5, name)]
        ),
        "scatter": scatter_chart(
            *said, x, y, [Cloud(name=name, points=[(0.5, 0.5, 3)])], diagonal=name
        ),
        "histogram": histogram(*said, x, y, [0, 0.5, 1], [(name, [1, 0.5])]),
        "bars": bar_chart(*said, x, [Group(name=name, bars=[(name, 0.5), (name, None)])]),
    }


KINDS = sorted(every_chart())


def parsed(svg):
    """The drawing's elements by tag, without the namespace."""
    root = ElementTree.fromstring(svg)
    found: dict[str, list[ElementTree.Element]] = {}
    for element in root.iter():
        found.setdefault(element.tag.partition("}")[2], []).append(element)
    return found


def texts(svg):
    return [element.text for element in parsed(svg)["text"]]


# All kinds


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_is_escaped(kind):
    drawn = every_chart(NASTY, NASTY, NASTY, NASTY)[kind]

    assert "<script" not in drawn
    assert parsed(drawn)["title"][0].text == NASTY


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_has_a_name_and_a_description_for_who_hears_it(kind):
    found = parsed(every_chart(title="Alerts", description="Fewer, the higher it is")[kind])

    assert found["svg"][0].get("role") == "img"
    assert [found["title"][0].text, found["desc"][0].text] == ["Alerts", "Fewer, the higher it is"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_needs_no_script_no_style_attribute_and_no_other_place(kind):
    """It may so stand on a page whose content security policy allows none of them."""
    drawn = every_chart()[kind]

    assert not {"script", "style", "image", "use", "a"} & set(parsed(drawn))
    assert not re.search(r"\s(style|on\w+|href|src)=", drawn)


@pytest.mark.parametrize("kind", KINDS)
def test_axes_are_labelled_and_all_words_lie_within_the_drawing(kind):
    drawn = every_chart(label="share of comments, %")[kind]
    _, _, width, height = map(float, parsed(drawn)["svg"][0].get("viewBox").split())

    assert "share of comments, %" in texts(drawn)
    for text in parsed(drawn)["text"]:
        assert 0 <= float(text.get("x")) <= width
        assert -1 <= float(text.get("y")) <= height


def test_a_template_with_autoescape_sets_a_chart_in_as_it_is():
    drawn = every_chart()["line"]

    assert drawn.__html__() == drawn


# Axes


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([0, 1], ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        ([0, 7], ["0", "2", "4", "6", "8"]),
        ([3, 8000], ["0", "2,000", "4,000", "6,000", "8,000"]),
        ([96, 100], ["96", "97", "98", "99", "100"]),  # far from 0: not drawn from 0
        ([-2, 2], ["-2", "-1", "0", "1", "2"]),
        ([5, 5], ["5", "5.2", "5.4", "5.6", "5.8", "6"]),
        ([], ["0", "0.2", "0.4", "0.6", "0.8", "1"]),  # nothing yet
    ],
)
def test_ticks_are_round_numbers_around_the_values(values, ticks):
    y = Axis(label="comments")
    series = [Series(name="a", points=[(0.5, value) for value in values])]

    assert texts(line_chart("t", "d", X, y, series))[: len(ticks)] == ticks


def test_a_log_axis_has_decades_and_says_that_its_edge_holds_what_is_below():
    y = Axis(label="alerts per 1,000", low=0.1, log=True)
    drawn = line_chart("t", "d", X, y, [Series(name="a", points=[(0, 470), (1, 0)])])

    assert texts(drawn)[:5] == ["≤ 0.1", "1", "10", "100", "1,000"]


def test_an_axis_may_bring_its_own_ticks_and_words():
    days = Axis(label="day", low=0, high=172800, ticks=[0, 86400], written=lambda s: f"day {s:.0f}")

    assert {"day 0", "day 86400"} <= set(
        texts(line_chart("t", "d", days, Y, [Series(name="a", points=[(0, 1)])]))
    )


@pytest.mark.parametrize(
    ("axis", "value", "complaint"),
    [
        (Axis(label="P"), float("nan"), "P: only finite numbers"),
        (Axis(label="P"), float("inf"), "P: only finite numbers"),
        (Axis(label="P", log=True), 1.0, "P: a log axis needs a low end above 0"),
        (Axis(label="P", log=True, low=0), 1.0, "P: a log axis needs a low end above 0"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_the_axis_name(axis, value, complaint):
    with pytest.raises(ValueError, match=complaint):
        line_chart("t", "d", X, axis, [Series(name="a", points=[(0, value)])])


@pytest.mark.parametrize(
    ("value", "written"), [(0.25, "0.25"), (3, "3"), (12345.6, "12,346"), (0.1 + 0.2, "0.3")]
)
def test_numbers_are_written_as_one_writes_them(value, written):
    assert plain(value) == written


@pytest.mark.parametrize(("value", "written"), [(0.5, "50 %"), (0.0025, "0.25 %"), (1, "100 %")])
def test_shares_are_written_as_percentages(value, written):
    assert percent(value) == written


# Lines


def paths(drawn):
    return [path.get("d") for path in parsed(drawn)["path"]]


def test_points_are_joined_in_their_order_and_up_is_more():
    drawn = line_chart("t", "d", X, Y, [Series(name="a", points=[(0, 0), (0.5, 100), (1, 50)])])

    assert paths(drawn)[0] == "M50.0 230.0L195.0 30.0L340.0 130.0"


def test_a_step_holds_its_value_until_the_next_point():
    drawn = line_chart("t", "d", X, Y, [Series(name="a", points=[(0, 0), (1, 100)], step=True)])

    assert paths(drawn)[0] == "M50.0 230.0H340.0V30.0"


def test_series_differ_by_dash_and_mark_and_the_legend_shows_both():
    points = [(0, 10), (1, 20)]
    drawn = line_chart(
        "t", "d", X, Y, [Series(name=name, points=points) for name in ("a", "b", "c", "d")]
    )
    found = parsed(drawn)
    dashes = [path.get("stroke-dasharray") for path in found["path"]]

    assert len(set(dashes[:4])) == 4
    assert dashes[4:] == dashes[:4]
    assert found["circle"]
    assert found["rect"]
    assert len({len(shape.get("points").split()) for shape in found["polygon"]}) == 2


def test_a_value_beyond_the_axis_is_drawn_at_its_edge():
    drawn = line_chart("t", "d", X, Y, [Series(name="a", points=[(0, 500), (2, -5)])])

    assert paths(drawn)[0] == "M50.0 30.0L340.0 230.0"


def test_a_series_without_points_is_named_and_not_drawn():
    drawn = line_chart("t", "d", X, Y, [Series(name="nothing yet", points=[])])

    assert "nothing yet" in texts(drawn)
    assert len(paths(drawn)) == 1  # the legend's


# Scatter


def test_a_dots_area_tells_its_weight():
    unit = Axis(label="share", low=0, high=1)
    cloud = Cloud(name="a", points=[(0.2, 0.2, 100), (0.5, 0.5, 25), (0.8, 0.8, 0)])
    dots = parsed(scatter_chart("t", "d", unit, unit, [cloud]))["circle"]
    large, small, _legend = [float(dot.get("r")) for dot in dots]

    assert large / small == pytest.approx(2, abs=0.05)  # four times the area, none for weight 0


def test_the_diagonal_runs_from_corner_to_corner():
    unit = Axis(label="share", low=0, high=1)
    drawn = scatter_chart("t", "d", unit, unit, [], diagonal="a perfect claim")
    guides = [one for one in parsed(drawn)["line"] if one.get("class") == "guide"]

    assert [guides[0].get(end) for end in ("x1", "y1", "x2", "y2")] == ["50", "290", "340", "30"]


@pytest.mark.parametrize("weight", [-1, float("nan")])
def test_a_weight_that_is_none_is_refused(weight):
    with pytest.raises(ValueError, match="a weight is a finite number"):
        scatter_chart("t", "d", X, Y, [Cloud(name="a", points=[(0, 0, weight)])])


# Histogram


def test_panels_share_both_axes_so_that_their_bars_compare():
    y = Axis(label="share", low=0)
    drawn = histogram("t", "d", X, y, [0, 0.5, 1], [("a", [0.8, 0.4]), ("b", [0.2, 0])])
    heights = [float(bar.get("height")) for bar in parsed(drawn)["rect"]]

    assert heights[0] == pytest.approx(2 * heights[1], abs=0.2)
    assert heights[0] == pytest.approx(4 * heights[2], abs=0.2)
    assert len(heights) == 3  # nothing is drawn for 0


@pytest.mark.parametrize(
    ("edges", "heights"),
    [([0, 1, 1], [1, 1]), ([1, 0], [1]), ([0], []), ([0, 1], [1, 2]), ([0, 1], [-1])],
)
def test_bars_that_do_not_fit_their_edges_are_refused(edges, heights):
    with pytest.raises(ValueError, match=r"edges must grow|heights, none below 0"):
        histogram("t", "d", X, Y, edges, [("a", heights)])


# Bars


def test_bars_bear_their_names_and_values():
    x = Axis(label="AUC", low=0, high=1, written=lambda value: f"{value:.2f}")
    drawn = bar_chart("t", "d", x, [Group(name="news", bars=[("new", 0.8), ("old", 0.4)])])
    widths = [float(bar.get("width")) for bar in parsed(drawn)["rect"]]

    assert {"news", "new", "old", "0.80", "0.40"} <= set(texts(drawn))
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)


def test_a_value_that_was_not_measured_says_so_instead_of_a_bar():
    drawn = bar_chart("t", "d", X, [Group(name="", bars=[("a", None), ("b", 0.5)])])

    assert "not measured" in texts(drawn)
    assert len(parsed(drawn)["rect"]) == 1


def test_a_long_name_is_cut_rather_than_drawn_beyond_the_edge():
    drawn = bar_chart("t", "d", X, [Group(name="", bars=[("goose " * 20, 0.5)])])
    (name,) = [text for text in texts(drawn) if "goose" in text]

    assert name.endswith("…")
    assert len(name) < 30


def test_a_bar_of_no_number_is_refused():
    with pytest.raises(ValueError, match="only finite numbers"):
        bar_chart("t", "d", X, [Group(name="", bars=[("a", float("nan"))])])


# Figure


def test_a_figure_holds_the_chart_its_caption_and_its_numbers():
    drawn = figure(
        "Alerts", every_chart()["line"], "On ordinary talk", ["threshold", "alerts"], [["1", "2"]]
    )

    assert isinstance(drawn, Markup)
    assert (
        drawn.index(">Alerts<")
        < drawn.index("<svg")
        < drawn.index("<figcaption>On ordinary")
        < drawn.index("<details>")
    )
    assert '<th scope="row">1</th><td>2</td>' in drawn


def test_a_tables_cells_are_escaped_and_closed_even_when_empty():
    assert table(NASTY, ["a", NASTY], [[NASTY, ""]]).count("<script") == 0
    assert "<td></td>" in table("c", ["a", "b"], [["1", ""]])


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="each row needs 2 cells"):
        table("c", ["a", "b"], [["1"]])


def test_every_series_has_a_colour_of_its_own_by_light_and_by_dark():
    light, dark = charts.STYLE.split("@media (prefers-color-scheme: dark)")

    for half in (light, dark):
        assert len(set(re.findall(r"--series: (#\w{6})", half))) == 4
