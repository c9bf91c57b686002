"""Triggers: what the moderator wants to be told, and when it is due. Pure functions of values.

`rule` says what a trigger asks of one comment, `window` what is remembered of a scope key, and
`verdict` when the two together are an alert.
"""

from moderator.domain.trigger.budget import Budget, budget_key
from moderator.domain.trigger.copies import MAX_OPEN, OpenAlert, folds_copies
from moderator.domain.trigger.rule import (
    NO_TIME,
    THRESHOLD_NAMES,
    Act,
    Escalation,
    Mode,
    Scope,
    Selection,
    Severity,
    Sighting,
    Trigger,
    concerns,
    is_certain,
    is_hit,
    needs_every_comment,
    scope_key,
    thresholds,
)
from moderator.domain.trigger.verdict import Finding, Outcome, observe
from moderator.domain.trigger.window import (
    HISTORY,
    MAX_HITS,
    PAST,
    SLICES,
    Window,
    window_from_json,
    window_to_json,
)

__all__ = [
    "HISTORY",
    "MAX_HITS",
    "MAX_OPEN",
    "NO_TIME",
    "PAST",
    "SLICES",
    "THRESHOLD_NAMES",
    "Act",
    "Budget",
    "Escalation",
    "Finding",
    "Mode",
    "OpenAlert",
    "Outcome",
    "Scope",
    "Selection",
    "Severity",
    "Sighting",
    "Trigger",
    "Window",
    "budget_key",
    "concerns",
    "folds_copies",
    "is_certain",
    "is_hit",
    "observe",
    "scope_key",
    "needs_every_comment",
    "thresholds",
    "window_from_json",
    "window_to_json",
]
