"""The drawings of a report, each with its numbers below. None where there is nothing to draw."""

from __future__ import annotations

from collections.abc import Sequence

from moderator import charts
from moderator.charts import Axis, Cloud, Group, Markup, Series
from moderator.classifier.figures import (
    HISTOGRAM_BINS,
    CurvePoint,
    Findings,
    HeldOutFigures,
    ModelFigures,
    Reliability,
)
from moderator.classifier.report import sources, trials
from moderator.classifier.report.numbers import NOT_MEASURED, count, decimal, share
from moderator.classifier.weights import LABEL_NAMES

FEWEST_ALARMS = 0.1  # a thousand; what a few thousand comments can tell at all
SHOWN_THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
SHOWN_RECALLS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
SHOWN_TERMS = 12
THRESHOLD = Axis(label="threshold on P(toxic)", low=0.0, high=1.0)


def alarms(findings: Findings) -> Markup | None:
    """Alerts per 1,000 ordinary comments against the threshold, a line a model."""
    held = [
        (column.name, column.exam.everyday.alarms_per_1000)
        for column in findings.columns
        if column.exam.everyday is not None
    ]
    if not held:
        return None
    lines = [
        Series(name=name, points=[(i / (len(found) - 1), n) for i, n in enumerate(found)])
        for name, found in held
    ]
    title = "Alerts per 1,000 ordinary comments, by threshold"
    chart = charts.line_chart(
        title,
        "; ".join(f"{name}: {found[50]:.1f} at 0.5, {found[80]:.1f} at 0.8" for name, found in held)
        + ". Each line falls as the threshold rises.",
        THRESHOLD,
        Axis(label="alerts per 1,000 comments", low=FEWEST_ALARMS, high=1000.0, log=True),
        lines,
        at=((0.5, "0.5"), (0.8, "0.8")),
    )
    rows = [
        (f"{at:g}", *(f"{found[round(100 * at)]:.1f}" for _, found in held))
        for at in SHOWN_THRESHOLDS
    ]
    heads = ("threshold", *(name for name, _ in held))
    return charts.figure(title, chart, sources.everyday(findings), heads, rows)


def precision_recall(findings: Findings, of: str) -> Markup:
    """Precision against recall of `toxic` or `hate`, a line a model."""
    curve = _toxic_curve if of == "toxic" else _hate_curve
    lines = [
        Series(name=c.name, points=[(p.recall, p.precision) for p in curve(c)])
        for c in findings.columns
    ]
    title = f"Precision and recall: {of}"
    chart = charts.line_chart(
        title,
        f"How many of the comments called {of} are so, against how many of those that are so are "
        "found; each line falls as more is found. The numbers are below.",
        Axis(label=f"share of what is {of} that is found", low=0.0, high=1.0, written=_short),
        Axis(label=f"share of what is found that is {of}", high=1.0, written=_short),
        lines,
    )
    rows = [
        (share(at), *(_precision_at(curve(column), at) for column in findings.columns))
        for at in SHOWN_RECALLS
    ]
    heads = ("found", *(f"{column.name}: right" for column in findings.columns))
    return charts.figure(title, chart, sources.labelled(findings), heads, rows)


def _toxic_curve(column: ModelFigures) -> Sequence[CurvePoint]:
    return column.held_out.toxic_curve


def _hate_curve(column: ModelFigures) -> Sequence[CurvePoint]:
    return column.held_out.hate_curve


def _short(value: float) -> str:
    return f"{100 * value:.3g} %"


def _precision_at(curve: Sequence[CurvePoint], recall: float) -> str:
    """Of the strictest threshold that finds so much."""
    reaching = [point for point in curve if point.recall >= recall]
    return share(min(reaching, key=lambda p: p.recall).precision) if reaching else NOT_MEASURED


def reliability(findings: Findings) -> Markup:
    """Claims against what happened on the labelled file, brought to that file's base rate."""
    last = findings.columns[-1].held_out
    return _reliability(
        "Claimed and true shares of toxic comments: the labelled file",
        [(c.name, c.held_out.reliability) for c in findings.columns],
        f"{sources.labelled(findings)} {share(last.reliability.toxic_share)} of them are toxic; "
        "claims were brought to that base rate where the model declares another.",
    )


def board(findings: Findings) -> Markup | None:
    """Claims against what happened on a mixture like a board's."""
    held = [(c.name, c.exam.board) for c in findings.columns if c.exam.board is not None]
    if not held:
        return None
    toxic = share(held[-1][1].toxic_share)
    return _reliability(
        f"Claimed and true shares of toxic comments: {toxic} toxic, like a board",
        held,
        f"Rows of {findings.data} and ordinary Reddit comments, weighted so that {toxic} are "
        f"toxic. {sources.unseen(findings)}",
    )


def _reliability(title: str, held: Sequence[tuple[str, Reliability]], caption: str) -> Markup:
    clouds = [
        Cloud(name=name, points=[(b.claimed, b.happened, b.share) for b in found.bins])
        for name, found in held
    ]
    told = "; ".join(f"{name}: calibration error {found.error:.3f}" for name, found in held)
    chart = charts.scatter_chart(
        title,
        f"{told}. A dot is a tenth of the scale of P(toxic); its area is the share of comments.",
        Axis(label="P(toxic) claimed, mean of the bin", low=0.0, high=1.0),
        Axis(label="share that was toxic", low=0.0, high=1.0),
        clouds,
        diagonal="a claim that holds",
    )
    heads = ("bin", *(f"{name}: claimed / true / of all" for name, _ in held))
    rows = [
        (f"{i / 10:g} to {(i + 1) / 10:g}", *(_bin(found, i) for _, found in held))
        for i in range(len(held[-1][1].bins))
    ]
    rows.append(("calibration error", *(decimal(found.error) for _, found in held)))
    return charts.figure(title, chart, caption, heads, rows)


def _bin(found: Reliability, index: int) -> str:
    one = found.bins[index]
    if not one.rows:
        return "no row"
    return f"{one.claimed:.3f} / {one.happened:.3f} / {share(one.share)}"


def histograms(findings: Findings) -> Markup:
    """How P(toxic) spreads over each class, and over ordinary comments."""
    last = findings.columns[-1]
    panels = list(zip(LABEL_NAMES, last.held_out.histograms, strict=True))
    if last.exam.everyday is not None:
        panels.append(("ordinary Reddit comments", last.exam.everyday.histogram))
    edges = [i / HISTOGRAM_BINS for i in range(HISTOGRAM_BINS + 1)]
    title = f"Scores by class, {last.name}"
    chart = charts.histogram(
        title,
        "; ".join(f"{name}: {share(_at_half(counts))} at 0.5 or above" for name, counts in panels),
        Axis(label="P(toxic)", low=0.0, high=1.0),
        Axis(label="share of the comments of this class", low=0.0, high=1.0, written=_short),
        edges,
        [(name, [n / max(1, sum(counts)) for n in counts]) for name, counts in panels],
    )
    rows = [
        (f"{low:.2f} to {low + 1 / HISTOGRAM_BINS:.2f}", *(count(c[i]) for _, c in panels))
        for i, low in enumerate(edges[:-1])
    ]
    heads = ("P(toxic)", *(name for name, _ in panels))
    caption = sources.labelled(findings)
    if last.exam.everyday is not None:
        caption += f" {sources.everyday(findings)}"
    return charts.figure(title, chart, caption, heads, rows)


def _at_half(counts: Sequence[int]) -> float:
    return sum(counts[len(counts) // 2 :]) / max(1, sum(counts))


def found_at(held_out: HeldOutFigures, threshold: float) -> float:
    """The share of toxic rows at or above a threshold, which is an edge of the histogram's bins."""
    hate, offensive, _ = held_out.histograms
    start = round(threshold * HISTOGRAM_BINS)
    return (sum(hate[start:]) + sum(offensive[start:])) / max(1, sum(hate) + sum(offensive))


def ranking(findings: Findings) -> Markup | None:
    """AUC on other sources, a group a source."""
    names = list(dict.fromkeys(one.source for c in findings.columns for one in c.exam.ranking))
    if not names:
        return None
    held = [{one.source: one.auc for one in c.exam.ranking} for c in findings.columns]
    groups = [
        Group(
            name=name,
            bars=[(c.name, aucs.get(name)) for c, aucs in zip(findings.columns, held, strict=True)],
        )
        for name in names
    ]
    title = "Ranking on other sources"
    chart = charts.bar_chart(
        title,
        "How surely a toxic comment scores above another one: 0.5 is a coin, 1 is always.",
        Axis(
            label="AUC, from 0.5 (chance) to 1",
            low=0.5,
            high=1.0,
            ticks=(0.5, 0.75, 1.0),
            written="{:.2f}".format,
        ),
        groups,
    )
    rows = [(name, *(decimal(aucs.get(name)) for aucs in held)) for name in names]
    heads = ("source", *(column.name for column in findings.columns))
    return charts.figure(title, chart, sources.ranking(findings), heads, rows)


def terms(findings: Findings) -> Markup | None:
    """The identity terms that raise most false alarms with the model of the report."""
    last = findings.columns[-1]
    held = () if last.exam.templates is None else last.exam.templates.terms
    shown = [one for one in held if one.flagged][:SHOWN_TERMS]
    if not shown:
        return None
    title = f"False alarms by identity term, {last.name}"
    chart = charts.bar_chart(
        title,
        f"The {len(shown)} terms most often called toxic, from {share(shown[0].flagged)} to "
        f"{share(shown[-1].flagged)}.",
        Axis(label="harmless sentences called toxic", high=_room(shown[0].flagged), written=_short),
        [Group(name="", bars=[(one.term, one.flagged)]) for one in shown],
    )
    every = trials.template_terms(findings)
    return charts.figure(
        title, chart, f"Those most often called toxic. {every.caption}", every.heads, every.rows
    )


def _room(worst: float) -> float:
    """An axis no shorter than a tenth, so that a small share looks small."""
    return max(0.1, worst)
