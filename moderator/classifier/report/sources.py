"""Captions: on which data a figure was taken, and whether a choice looked at it."""

from __future__ import annotations

from moderator.classifier.figures import Findings
from moderator.classifier.report.numbers import count

FLATTERS = "The last column flatters: that model was trained on this very file."
NOT_TRAINED_ON = "The last column is of a model that was not trained on this file."
UNSEEN = "Test rows: settings were chosen on development rows, as the notes say."

SENTENCES = (
    "Mild sentences of our own, called toxic at 0.5: none should be. Written for this exam; "
    "nothing was fitted to them or chosen by them."
)
SPEED = (
    "Medians of processor time in one run on one core, the normaliser included; training as it "
    "was when the model was made. The machine was not ours alone: compare within the table."
)


def reach(findings: Findings) -> str:
    """Of the table of aims."""
    if findings.trained_on:
        return f"What stands in brackets flatters: {FLATTERS.partition(': ')[2]}"
    return f"{UNSEEN} They also say what was left out."


def labelled(findings: Findings) -> str:
    """Of the labelled rows."""
    last = findings.columns[-1].held_out
    told = f"{last.data}, {count(last.metrics.rows)} rows."
    if last.folds:
        return f"{told} {_folds(last.folds)}"
    told = f"{told} {FLATTERS if findings.trained_on else NOT_TRAINED_ON}"
    others = [column.held_out.folds for column in findings.columns[:-1]]
    return f"{told} The others are of its card. {_folds(max(others))}" if others else told


def unseen(findings: Findings) -> str:
    """Of what was made with the labelled rows."""
    return FLATTERS if findings.trained_on else UNSEEN


def _folds(folds: int) -> str:
    return (
        f"{folds} of 5 folds were held out in turn, the same for each column: no model saw the "
        "rows it is measured on, and what a recipe tunes it tunes without them."
    )


def everyday(findings: Findings) -> str:
    """Of ordinary comments."""
    found = findings.columns[-1].exam.everyday
    rows = "Ordinary" if found is None else f"{count(found.rows)} ordinary"
    return (
        f"{rows} Reddit comments without a negative emotion (GoEmotions, test part), without "
        f"near-duplicates of training rows: every alarm is a false one. {UNSEEN}"
    )


def ranking(_: Findings) -> str:
    """Of the other sources."""
    return (
        "Toxic against other rows of sources' test parts, which nothing was fitted on: AUC / share "
        f"of toxic rows called toxic at 0.5 / share of other rows called so. {UNSEEN}"
    )


def disguises(findings: Findings) -> str:
    """Of disguised rows."""
    found = findings.columns[-1].exam.disguises
    rows = "Toxic rows" if found is None else f"{count(found.disguised)} toxic rows"
    return (
        f"{rows} of {findings.data} with words disguised: the share still found at the threshold "
        "that flags at most 0.5 % of ordinary comments, and in brackets what the trick cost. "
        f"{unseen(findings)}"
    )


def templates(findings: Findings) -> str:
    """Of sentence templates."""
    found = findings.columns[-1].exam.templates
    rows = "Harmless" if found is None else f"{count(found.rows)} harmless"
    return (
        f"{rows} sentence templates that name an identity (madlibs, test part), called toxic at "
        f"0.5: none should be. {UNSEEN}"
    )
