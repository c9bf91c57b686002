"""An evaluation to be read: Markdown with its tables, and the reliability curve as a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from moderator.classifier.evaluate import Bin, Evaluation
from moderator.classifier.metrics import ALARM_THRESHOLDS
from moderator.classifier.weights import LABELS

SIDE = 320  # of the drawing, in its own units
MARGIN = 40


def write_report(evaluation: Evaluation, folder: Path) -> Path:
    """Write `report.md` and `reliability.svg` into a folder, made if need be; returns the first."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "reliability.svg").write_text(reliability_svg(evaluation.reliability))
    page = folder / "report.md"
    page.write_text(as_markdown(evaluation))
    return page


def as_markdown(evaluation: Evaluation) -> str:
    """The evaluation as one Markdown page."""
    parts = [
        f"# {evaluation.model} on {evaluation.data}\n",
        _warning(evaluation),
        _figures(evaluation),
        _classes(evaluation),
        _confusion(evaluation),
        _reliability(evaluation),
    ]
    return "\n".join(part for part in parts if part)


def _warning(evaluation: Evaluation) -> str:
    if not evaluation.trained_on:
        return ""
    return (
        "**The model was trained on this file. These figures flatter it; the honest ones are in "
        "its card, from held-out folds.**\n"
    )


def _figures(evaluation: Evaluation) -> str:
    m = evaluation.metrics
    abstained = ", ".join(f"{n} {reason}" for reason, n in sorted(evaluation.abstained.items()))
    lines = [
        ("rows", f"{evaluation.rows}, of which judged {m.rows}"),
        ("not judged", abstained or "none"),
        ("accuracy", f"{m.accuracy:.3f}"),
        ("weighted F1", f"{m.weighted_f1:.3f}"),
        ("macro-F1", f"{m.macro_f1:.3f}"),
        ("AUC hate against the rest", f"{m.auc_hate:.3f}"),
        ("AUC toxic against neither", f"{m.auc_toxic:.3f}"),
        (
            "calibration error: top / hate / toxic",
            f"{m.ece_top:.3f} / {m.ece_hate:.3f} / {m.ece_toxic:.3f}",
        ),
        ("log-loss, nats", f"{m.log_loss:.3f}"),
        ("one text, ms (median)", f"{evaluation.text_s * 1e3:.3f}"),
    ]
    lines += [
        (f"clean everyday texts called toxic at {threshold}", f"{share:.1%}")
        for threshold, share in zip(ALARM_THRESHOLDS, evaluation.false_alarms, strict=False)
    ]
    return _table(("figure", "value"), lines)


def _classes(evaluation: Evaluation) -> str:
    return _table(
        ("class", "rows", "precision", "recall", "F1"),
        [
            (label, f"{c.rows}", f"{c.precision:.3f}", f"{c.recall:.3f}", f"{c.f1:.3f}")
            for label, c in evaluation.metrics.classes.items()
        ],
    )


def _confusion(evaluation: Evaluation) -> str:
    return "Rows of a class (down) by the label they were given (across):\n\n" + _table(
        ("", *LABELS),
        [(label, *map(str, row)) for label, row in zip(LABELS, evaluation.confusion, strict=True)],
    )


def _reliability(evaluation: Evaluation) -> str:
    return "How often a text was toxic, by the P(toxic) it was given (reliability.svg):\n\n" + (
        _table(
            ("rows", "mean P(toxic)", "share toxic"),
            [
                (str(n), f"{claim:.3f}", f"{share:.3f}")
                for n, claim, share in evaluation.reliability
            ],
        )
    )


def _table(heads: tuple[str, ...], lines: Sequence[tuple[str, ...]]) -> str:
    rows = [heads, ("---",) * len(heads), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def reliability_svg(bins: tuple[Bin, ...]) -> str:
    """The reliability curve: a perfect claim lies on the diagonal; a dot's area tells its rows."""
    most = max(n for n, _, _ in bins)
    whole = SIDE + 2 * MARGIN
    dots = "".join(_dot(n / most, claim, share) for n, claim, share in bins if n)
    low, high = MARGIN, MARGIN + SIDE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" '
        f'font-family="sans-serif" font-size="12">'
        f"<title>Share toxic by claimed P(toxic)</title>"
        f'<rect x="{low}" y="{low}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#888"/>'
        f'<line x1="{low}" y1="{high}" x2="{high}" y2="{low}" stroke="#bbb"/>{dots}'
        f'<text x="{whole / 2}" y="{whole - 12}" text-anchor="middle">P(toxic) claimed</text>'
        f'<text x="14" y="{whole / 2}" text-anchor="middle" '
        f'transform="rotate(-90 14 {whole / 2})">share that was toxic</text></svg>\n'
    )


def _dot(part: float, claim: float, share: float) -> str:
    x, y = MARGIN + SIDE * claim, MARGIN + SIDE * (1.0 - share)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2 + 10 * part**0.5:.1f}" fill="#3366aa"/>'
