"""The report on moving over, as one page that stands alone. It holds comments: it stays local."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from moderator import charts
from moderator.charts import Axis, Cloud, Markup, Series
from moderator.migration.findings import AtThreshold, Attribute, Disagreement, Migration

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
LOWEST_SHOWN = 1e-4  # of our values, on a logarithmic axis
MOST_LETTERS = 300  # of a comment
SIDES = ("before", "our numbers as they are", "on the old scale")
PER = 1_000  # comments, where nobody knows how many came a day


def as_html(found: Migration, texts: Sequence[str], block: str) -> str:
    """The page's HTML; `texts` are the export's, `block` is what is to be pasted."""
    return PAGES.get_template("page.html").render(
        found=found,
        block=block,
        page_style=charts.PAGE_STYLE,
        style=charts.STYLE,
        overview=_overview(found),
        held_out=held_out,
        attributes=[
            (one, _parts(found, one, texts) if one.line else ()) for one in found.attributes
        ],
    )


def held_out(one: Attribute) -> str:
    """How far the alert rates of both ways were off on comments they had not seen."""
    assert one.line is not None
    told = [
        f"{method}: {charts.percent(off)}"
        for method, off in one.line.held_out.items()
        if off is not None
    ]
    if not told:
        return "Too few comments reach a threshold to try it on comments it has not seen."
    return f"Alert rates on comments not seen were off by, on average, {', '.join(told)}."


def per_day(found: Migration, share: float) -> float:
    """Alerts a day, or of a thousand comments where nobody knows how long they took."""
    return share * (found.judged / found.days if found.days else PER)


def unit(found: Migration) -> str:
    """What `per_day` counts."""
    return "alerts a day" if found.days else f"alerts of {PER:,} comments"


def _overview(found: Migration) -> Markup:
    rows = [
        (
            one.name,
            f"{one.rows:,}",
            "–" if one.rank_correlation is None else f"{one.rank_correlation:.2f}",
            "none" if one.scale is None else f"{len(one.scale.knots)} knots",
        )
        for one in found.attributes
    ]
    return charts.table(
        "Old attributes", ("attribute", "comments", "rank correlation", "scale"), rows
    )


def _parts(found: Migration, one: Attribute, texts: Sequence[str]) -> list[Markup]:
    return [
        _thresholds(found, one),
        _alerts(found, one),
        _line(one),
        _agreement(one),
        _calibration(one),
        _disagreements(one, texts),
    ]


def _thresholds(found: Migration, one: Attribute) -> Markup:
    heads = (
        "old threshold",
        f"{unit(found)} {SIDES[0]}",
        *SIDES[1:],
        "95 of 100 such samples lead to",
        "old alerts kept",
        "old alerts not judged",
        "told apart (AUC)",
    )
    rows = [_threshold(found, at) for at in one.thresholds]
    return charts.table("Alerts at old thresholds, of the comments that were judged", heads, rows)


def _threshold(found: Migration, at: AtThreshold) -> tuple[str, ...]:
    low, high = (per_day(found, end) for end in at.band)
    return (
        f"{at.threshold:g}",
        *(f"{per_day(found, share):.4g}" for share in (at.before, at.raw, at.after)),
        f"{low:.4g} to {high:.4g}",
        charts.percent(at.kept),
        charts.percent(at.lost),
        "too few"
        if at.auc is None or at.auc_interval is None
        else f"{at.auc:.2f} ({at.auc_interval[0]:.2f} to {at.auc_interval[1]:.2f})",
    )


def _alerts(found: Migration, one: Attribute) -> Markup:
    rates = [(at.threshold, (at.before, at.raw, at.after)) for at in one.thresholds]
    series = [
        Series(name=name, points=[(at, per_day(found, shares[side])) for at, shares in rates])
        for side, name in enumerate(SIDES)
    ]
    chart = charts.line_chart(
        f"{one.name}: {unit(found)} by old threshold",
        f"{unit(found)} at each old threshold: before, with our numbers, and on the old scale.",
        Axis(label="old threshold"),
        Axis(label=unit(found), low=0.0),
        series,
    )
    rows = [
        (f"{at:g}", *(f"{per_day(found, share):.4g}" for share in shares)) for at, shares in rates
    ]
    caption = f"{unit(found)} at old thresholds.".capitalize()
    return charts.figure("Before and after", chart, caption, ("old threshold", *SIDES), rows)


def _line(one: Attribute) -> Markup:
    assert one.line is not None
    points = [(max(ours, LOWEST_SHOWN), old) for ours, old in one.line.knots]
    chart = charts.line_chart(
        f"{one.name}: our value and the old score",
        "The line that brings our value to the old scale.",
        Axis(label=f"P({one.measure})", low=LOWEST_SHOWN, high=1.0, log=True),
        _scores("old scale"),
        [Series(name=str(one.line.method), points=points)],
    )
    rows = [(f"{ours:.6g}", f"{old:g}") for ours, old in one.line.knots]
    return charts.figure("The scale", chart, "Its knots.", ("ours", "old"), rows)


def _scores(label: str) -> Axis:
    return Axis(label=label, low=0.0, high=1.0)


def _agreement(one: Attribute) -> Markup:
    chart = charts.scatter_chart(
        f"{one.name}: the same comments, before and after",
        "Each point is comments of like numbers: on the old scale, and what they got before.",
        _scores("number after"),
        _scores("old score"),
        [Cloud(name="comments", points=one.cells)],
        diagonal="the same",
    )
    rows = [(f"{new:.3f}", f"{old:.3f}", f"{count:,}") for new, old, count in one.cells]
    caption = "How many comments got both numbers, or nearly."
    return charts.figure("Agreement", chart, caption, ("after", "old", "comments"), rows)


def _calibration(one: Attribute) -> Markup:
    chart = charts.scatter_chart(
        f"{one.name}: mean old score by number after",
        "Each point is a tenth of the scale: what comments there got before, on average.",
        _scores("number after, mean"),
        _scores("old score, mean"),
        [Cloud(name="comments", points=[(bin_.new, bin_.old, bin_.rows) for bin_ in one.bins])],
        diagonal="the same",
    )
    rows = [(f"{b.new:.3f}", f"{b.old:.3f}", f"{b.rows:,}") for b in one.bins]
    return charts.figure(
        "Calibration",
        chart,
        "Flatter than the diagonal where the scorers disagree: rates are kept, not single scores.",
        ("after", "old", "comments"),
        rows,
    )


def _disagreements(one: Attribute, texts: Sequence[str]) -> Markup:
    rows = [_disagreement(each, texts[each.row]) for each in one.disagreements]
    table = charts.table(
        "Comments that the two scorers see most differently", ("id", "old", "after", "text"), rows
    )
    return charts.folded(f"{len(rows)} disagreements to look at: comments in plain text", table)


def _disagreement(each: Disagreement, text: str) -> tuple[str, ...]:
    shown = text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"
    return each.id, f"{each.old:.2f}", f"{each.new:.2f}", shown
