"""What a moderator wants to know first, in whole sentences."""

from __future__ import annotations

from moderator.classifier.figures import Findings, ModelFigures
from moderator.classifier.report.numbers import share
from moderator.classifier.report.plots import found_at

WORD = (
    "It tells people where to look. Nothing should be done to a person on its word alone: no ban, "
    "no deletion, no report."
)


def headline(findings: Findings) -> tuple[str, ...]:
    """The few sentences that matter, of the model that the report is about."""
    subject = _honest(findings)
    told = [_alarms(subject), _found(findings, subject), _strict(subject), _before(findings)]
    return (*(sentence for sentence in told if sentence), WORD)


def outcome(findings: Findings) -> str:
    """How many aims were reached, and which were missed, with how far it came."""
    aims = [line for line in findings.reach if line.reach]
    if not aims:
        return ""
    missed = [f"{aim.figure} ({aim.cells[-1]})" for aim in aims if aim.reached is False]
    reached, untold = (sum(aim.reached is said for aim in aims) for said in (True, None))
    told = f"Of {len(aims)} aims {reached} were reached, {len(missed)} were missed"
    told += f", {untold} cannot be told." if untold else "."
    return f"{told} Missed: {'; '.join(missed)}." if missed else told


def _honest(findings: Findings) -> ModelFigures:
    """The last column; if that flatters, the last one before it that was held out from its rows."""
    held_out = [column for column in findings.columns if column.held_out.folds]
    return held_out[-1] if findings.trained_on and held_out else findings.columns[-1]


def _flatters(findings: Findings, column: ModelFigures) -> bool:
    return findings.trained_on and not column.held_out.folds


def _alarms(column: ModelFigures) -> str:
    found = column.exam.everyday
    if found is None:
        return ""
    return (
        f"Of 1,000 ordinary comments it calls {_thousand(found.flagged_half)} toxic at a "
        f"threshold of 0.5, and {_thousand(found.flagged_high)} at 0.8: false alarms, all of them."
    )


def _thousand(part: float) -> str:
    """Out of a thousand; a fraction where it would otherwise be almost none."""
    found = 1000 * part
    if found < 0.05:
        return "none"
    return f"{found:.0f}" if found >= 10 else f"{found:.1f}"


def _found(findings: Findings, column: ModelFigures) -> str:
    exam = column.exam.disguises  # its figures are at the base rate that a board gets
    half = found_at(column.held_out, 0.5) if exam is None else exam.found_half
    known = " (which it was trained on)" if _flatters(findings, column) else ""
    return (
        f"At 0.5 it finds {share(half)} of what people called hateful or offensive in "
        f"{findings.data}{known}. Those are tweets chosen for their rude words; what a board finds "
        "hurtful may look otherwise."
    )


def _strict(column: ModelFigures) -> str:
    everyday, disguises = column.exam.everyday, column.exam.disguises
    if everyday is None or disguises is None:
        return ""
    return (
        f"At {everyday.strict_threshold:.2f}, where it troubles moderators with "
        f"{_thousand(everyday.strict_share)} of 1,000 ordinary comments, it finds "
        f"{share(disguises.recall)}."
    )


def _before(findings: Findings) -> str:
    first = findings.columns[0]
    if len(findings.columns) < 2 or first.exam.everyday is None:
        return ""
    found = first.exam.everyday
    return (
        f"The first column, {first.name}, calls {_thousand(found.flagged_half)} of 1,000 ordinary "
        f"comments toxic at 0.5, and {_thousand(found.flagged_high)} at 0.8."
    )
