"""The configuration in force and the last changes of it, ready to be printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moderator.channels.visible import one_line
from moderator.domain.configuration import Cause, Difference, Period
from moderator.web.pages.view import When, when
from moderator.web.runtime import InForce

MOST_PERIODS = 5
MOST_DIFFERENCES = 30  # told of one change
LONGEST_VALUE = 200  # characters
SHORT = 12  # characters of a digest: enough to tell it from the others

_CAUSES = {Cause.START: "at a start", Cause.RELOAD: "while it ran"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One change: when, how, and each setting as it was and as it is, empty where there is none.

    `more` counts the settings that are not shown.
    """

    when: When
    how: str
    digest: str
    differences: tuple[tuple[str, str, str], ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryView:
    """The configuration in force. `changes` are the last ones, newest first."""

    digest: str
    since: When
    changes: tuple[ChangeView, ...]


def history_view(
    in_force: InForce, periods: Sequence[Period], now: datetime, *, in_full: bool
) -> HistoryView:
    """What is in force here; what changed, too, where the reader may know it: `in_full`."""
    same = [period.since for period in periods if period.digest == in_force.digest]
    changes = [_change(period, now) for period in periods if period.replaced is not None]
    return HistoryView(
        digest=in_force.digest[:SHORT],
        since=when(same[0] if same else in_force.loaded_at, now),
        changes=tuple(changes) if in_full else (),
    )


def _change(period: Period, now: datetime) -> ChangeView:
    return ChangeView(
        when=when(period.since, now),
        how=_CAUSES[period.cause],
        digest=period.digest[:SHORT],
        differences=tuple(map(_difference, period.differences[:MOST_DIFFERENCES])),
        more=max(0, len(period.differences) - MOST_DIFFERENCES),
    )


def _difference(one: Difference) -> tuple[str, str, str]:
    before, after = (one_line(value or "", LONGEST_VALUE) for value in (one.before, one.after))
    return one_line(one.key, LONGEST_VALUE), before, after
