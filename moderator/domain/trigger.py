"""Triggers: what the moderator wants to be told, and when it is due. Pure functions of values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from moderator.domain.comment import from_micros, micros
from moderator.domain.score import Probabilities

SLICES = 60  # a mean's window moves on in steps of one sixtieth of its length
MAX_HITS = 256  # hits remembered a window; a count above it is said as "at least"
NO_TIME = timedelta(0)

THRESHOLD_NAMES = ("hate", "offensive", "neither", "toxic")


class Scope(StrEnum):
    """What a trigger watches: each of them has windows of its own."""

    COMMENT = "comment"
    THREAD = "thread"
    AUTHOR = "author"
    BOARD = "board"


class Mode(StrEnum):
    """Whether anyone is told."""

    LIVE = "live"
    SHADOW = "shadow"  # recorded, never sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A choice of comments. A field that is empty says nothing; the others must all hold."""

    sources: frozenset[str] = frozenset()
    boards: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    authors: frozenset[str] = frozenset()

    def fields_of(self, seen: Sighting) -> list[bool]:
        """For each field that says something, whether `seen` is in it."""
        pairs = (
            (self.sources, {seen.source}),
            (self.boards, {seen.board}),
            (self.roles, {seen.author_role}),
            (self.authors, {seen.author_id, seen.author_name}),
        )
        return [bool(wanted & actual) for wanted, actual in pairs if wanted]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One rule of the moderator's.

    `when` and `mean` map names of `THRESHOLD_NAMES` to the least value that counts (`>=`); all
    of a mapping's thresholds must be reached. A comment that reaches `when` is a hit. The
    trigger fires when `count` hits of one scope key lie within `within`, and the means of all
    judged comments of that key over `within` reach `mean`. After it fired, hits of the same key
    fold into that alert until `cooldown` is over.
    """

    name: str
    scope: Scope = Scope.COMMENT
    when: dict[str, float] = field(default_factory=dict)
    mean: dict[str, float] = field(default_factory=dict)
    count: int = 1
    within: timedelta = NO_TIME
    cooldown: timedelta = NO_TIME
    mode: Mode = Mode.LIVE
    only: Selection | None = None
    excluded: Selection | None = None
    notify: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What the triggers see of one judged comment version. `at` is when it was written."""

    source: str
    comment_id: str
    version: str
    at: datetime
    probabilities: Probabilities
    thread_id: str | None = None
    board: str | None = None
    author_id: str | None = None
    author_name: str | None = None
    author_role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What a trigger remembers of one scope key. Plain values, so that it can be stored as JSON.

    `hits` holds (microseconds since 1970, comment id), oldest first, one a comment. `slices`
    maps a slice's number to [judged comments, sum of each mean threshold's probability ...].
    `fired_at` is the time of the last alert's last comment, `alerts` how many there have been,
    `alert_id` the last one's id.
    """

    hits: tuple[tuple[int, str], ...] = ()
    slices: dict[int, list[float]] = field(default_factory=dict)
    fired_at: datetime | None = None
    alerts: int = 0
    alert_id: str | None = None


class Outcome(StrEnum):
    """What a comment means for a window."""

    NOTHING = "nothing"
    FIRED = "fired"
    FOLDED = "folded"  # belongs to the alert that is open already


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The verdict of `observe`: the outcome, the window as it is now, and the hits in it."""

    outcome: Outcome
    window: Window
    count: int
    means: dict[str, float] = field(default_factory=dict)


def concerns(trigger: Trigger, seen: Sighting) -> bool:
    """Whether the trigger looks at this comment at all: `only` and `except`.

    `only` wants every field it names to match; `except` leaves a comment out when any does.
    """
    if trigger.only is not None and not all(trigger.only.fields_of(seen)):
        return False
    return trigger.excluded is None or not any(trigger.excluded.fields_of(seen))


def scope_key(trigger: Trigger, seen: Sighting) -> str | None:
    """The window a comment belongs to, None where the board does not say enough to tell."""
    within_source = {
        Scope.COMMENT: seen.comment_id,
        Scope.THREAD: seen.thread_id,
        Scope.AUTHOR: seen.author_id or seen.author_name,
        Scope.BOARD: seen.board or "",
    }[trigger.scope]
    return None if within_source is None else f"{seen.source}/{within_source}"


def is_hit(trigger: Trigger, seen: Sighting) -> bool:
    """Whether the comment reaches every threshold of `when`. Equality counts."""
    return all(seen.probabilities.of(name) >= least for name, least in trigger.when.items())


def observe(trigger: Trigger, window: Window, seen: Sighting, alert_id: str) -> Finding:
    """Let a comment of this window's scope key pass by.

    `alert_id` is the name an alert gets if one is raised. The result does not depend on the
    order in which comments of different times arrive, as far as the window still remembers
    them: a late comment completes the window that it belongs to.
    """
    hit = is_hit(trigger, seen)
    window = _remember(trigger, window, seen, hit)
    count, means = _count_around(trigger, window, seen.at), _means_at(trigger, window, seen.at)
    outcome = Outcome.NOTHING
    if hit and all(means[name] >= least for name, least in trigger.mean.items()):
        if _is_quiet(trigger, window, seen.at):
            outcome = Outcome.FOLDED
        elif count >= trigger.count:
            outcome = Outcome.FIRED
            window = replace(window, fired_at=seen.at, alerts=window.alerts + 1, alert_id=alert_id)
    return Finding(outcome=outcome, window=window, count=count, means=means)


def _remember(trigger: Trigger, window: Window, seen: Sighting, hit: bool) -> Window:
    """The window with this comment in it, and without what can no longer matter."""
    hits = window.hits
    if hit and all(comment_id != seen.comment_id for _, comment_id in hits):
        newest = max((micros(seen.at), *(at for at, _ in hits)))
        # A late comment may complete a window that ended up to `within` ago: keep two lengths.
        oldest = newest - 2 * (trigger.within // timedelta(microseconds=1))
        kept = sorted((*hits, (micros(seen.at), seen.comment_id)))
        hits = tuple(entry for entry in kept if entry[0] >= oldest)[-MAX_HITS:]
    return replace(window, hits=hits, slices=_remember_mean(trigger, window, seen))


def _count_around(trigger: Trigger, window: Window, at: datetime) -> int:
    """The most hits that any one window of length `within` holding `at` has."""
    span = trigger.within // timedelta(microseconds=1)
    here = micros(at)
    near = [moment for moment, _ in window.hits if abs(moment - here) <= span]
    best = 0
    start = 0
    for end, moment in enumerate(near):
        while moment - near[start] > span:
            start += 1
        if near[start] <= here <= moment:
            best = max(best, end - start + 1)
    return best


def _slice_length(trigger: Trigger) -> int:
    return max(1, trigger.within // timedelta(microseconds=1) // SLICES)


def _remember_mean(trigger: Trigger, window: Window, seen: Sighting) -> dict[int, list[float]]:
    if not trigger.mean:
        return window.slices
    number = micros(seen.at) // _slice_length(trigger)
    entry = window.slices.get(number, [0.0] * (1 + len(trigger.mean)))
    added = [1.0, *(seen.probabilities.of(name) for name in sorted(trigger.mean))]
    slices = {**window.slices, number: [a + b for a, b in zip(entry, added, strict=True)]}
    newest = max(slices)
    return {n: entry for n, entry in slices.items() if n > newest - 2 * SLICES}


def _means_at(trigger: Trigger, window: Window, at: datetime) -> dict[str, float]:
    """The mean of each threshold over the window that ends at `at`, to a slice's precision."""
    if not trigger.mean:
        return {}
    last = micros(at) // _slice_length(trigger)
    inside = [entry for n, entry in window.slices.items() if last - SLICES < n <= last]
    judged = sum(entry[0] for entry in inside)
    return {
        name: sum(entry[i] for entry in inside) / judged
        for i, name in enumerate(sorted(trigger.mean), start=1)
    }


def _is_quiet(trigger: Trigger, window: Window, at: datetime) -> bool:
    return window.fired_at is not None and abs(at - window.fired_at) < trigger.cooldown


def window_to_json(window: Window) -> dict[str, object]:
    """Plain JSON values that `window_from_json` reads back."""
    return {
        "hits": [list(hit) for hit in window.hits],
        "slices": {str(number): entry for number, entry in window.slices.items()},
        "fired_at": None if window.fired_at is None else micros(window.fired_at),
        "alerts": window.alerts,
        "alert_id": window.alert_id,
    }


def window_from_json(stored: dict[str, object]) -> Window:
    """The inverse of `window_to_json`."""
    hits = stored["hits"]
    slices = stored["slices"]
    fired_at = stored["fired_at"]
    alerts = stored["alerts"]
    alert_id = stored["alert_id"]
    assert isinstance(hits, list)
    assert isinstance(slices, dict)
    assert isinstance(alerts, int)
    return Window(
        hits=tuple((int(at), str(comment_id)) for at, comment_id in hits),
        slices={int(number): [float(value) for value in entry] for number, entry in slices.items()},
        fired_at=from_micros(fired_at) if isinstance(fired_at, int) else None,
        alerts=alerts,
        alert_id=alert_id if isinstance(alert_id, str) else None,
    )
