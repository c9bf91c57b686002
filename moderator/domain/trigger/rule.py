"""What a trigger is, and what it asks of a single comment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from moderator.domain.score import Probabilities
from moderator.domain.trigger.budget import Budget

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
    OFF = "off"  # kept in the file; looks at nothing


class Act(StrEnum):
    """What a board is told to do with a comment that it asks about before it publishes it.

    From the mildest to the hardest. Only boards that ask hear of it, and only of live triggers.
    """

    NONE = "none"
    FLAG = "flag"  # published, and flagged for the board's own moderators
    PREMOD = "premod"  # held back until a moderator of the board has seen it
    REJECT = "reject"


class Severity(StrEnum):
    """How much an alert matters, in the moderator's own judgement."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


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
class Escalation:
    """Whom to tell, too, of an alert that goes on or that nobody takes care of.

    It is due when `after` hits were folded into the alert, or when nobody acknowledged it for
    `unacknowledged`, whichever is first; None: not for that reason. `notify` names channels.
    """

    after: int | None = None
    unacknowledged: timedelta | None = None
    notify: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """One rule of the moderator's.

    `when` and `mean` map names of `THRESHOLD_NAMES` to the least value that counts (`>=`); all of a
    mapping's thresholds must be reached. A comment that reaches `when` is a hit, with `evasion`
    only where a disguise was found in it, with `new_author_within` only where its author is known
    for at most that long. The trigger fires when `count` hits of one scope key lie within `within`,
    and of all judged comments of that key over `within` the means reach `mean`, the hits are at
    least the part `share`, and the means, or without any the hits' part, are at least `rise` times
    as high as they usually are there. After it fired, hits of the same key fold into that alert
    until `cooldown` is over. With the scope of a single comment, near copies of its text fold into
    its alert for `fold_copies`, by whomever they are. With a `budget` the one threshold of `when`
    is where it starts: what a comment is held against is its sighting's bar. `act` is what a board
    that asks is told of a comment that the trigger raised an alert for. `exempt` is what is left
    out of all triggers, `excluded` what is left out of this one.
    """

    name: str
    scope: Scope = Scope.COMMENT
    when: dict[str, float] = field(default_factory=dict)
    evasion: bool = False
    new_author_within: timedelta | None = None
    mean: dict[str, float] = field(default_factory=dict)
    share: float | None = None
    rise: float | None = None
    count: int = 1
    within: timedelta = NO_TIME
    cooldown: timedelta = NO_TIME
    fold_copies: timedelta = NO_TIME
    budget: Budget | None = None
    expires: datetime | None = None
    mode: Mode = Mode.LIVE
    severity: Severity = Severity.WARNING
    act: Act = Act.FLAG
    only: Selection | None = None
    excluded: Selection | None = None
    exempt: Selection | None = None
    notify: tuple[str, ...] = ()
    escalate: Escalation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What the triggers see of one judged comment version. `at` is when it was written; `evades`
    is `score.evades` of its score. `author_known_s` is how many whole seconds before it the
    author's first stored comment was written, None where that is not known. `likeness` is the
    text's `likeness.fingerprint`, None where it was stored before there were any. `bars` are the
    thresholds in force for triggers with a budget, by its key.
    """

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
    evades: bool = False
    author_known_s: int | None = None
    likeness: str | None = None
    bars: Mapping[str, float] = field(default_factory=dict)


def concerns(trigger: Trigger, seen: Sighting) -> bool:
    """Whether the trigger looks at this comment: `mode`, `expires`, `only`, `except`, `exempt`.

    What was written before a trigger expired is still looked at when it arrives after that.

    `only` wants every field it names to match; the others leave a comment out when any does.
    """
    if trigger.mode is Mode.OFF:
        return False
    if trigger.expires is not None and seen.at >= trigger.expires:
        return False
    if trigger.only is not None and not all(trigger.only.fields_of(seen)):
        return False
    left_out = (trigger.excluded, trigger.exempt)
    return not any(any(choice.fields_of(seen)) for choice in left_out if choice is not None)


def needs_every_comment(trigger: Trigger) -> bool:
    """Whether comments that are no hits matter, too: they weigh on what a hit is held against."""
    return bool(trigger.mean) or trigger.share is not None or trigger.rise is not None


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
    """Whether the comment is what the trigger asks of each. Equality counts."""
    if trigger.evasion and not seen.evades:
        return False
    if trigger.new_author_within is not None and not _is_new(seen, trigger.new_author_within):
        return False
    held = thresholds(trigger, seen)
    return all(seen.probabilities.of(name) >= least for name, least in held.items())


def thresholds(trigger: Trigger, seen: Sighting) -> dict[str, float]:
    """What the comment is held against: `when`, or the bar that a budget had set by then."""
    if trigger.budget is None or trigger.budget.key not in seen.bars:
        return trigger.when
    return dict.fromkeys(trigger.when, seen.bars[trigger.budget.key])


def is_certain(trigger: Trigger, seen: Sighting) -> bool:
    """Whether it alerts whatever the budget says."""
    if trigger.budget is None or trigger.budget.always_above is None:
        return False
    least = trigger.budget.always_above
    return all(seen.probabilities.of(name) >= least for name in trigger.when)


def _is_new(seen: Sighting, within: timedelta) -> bool:
    """Whether the author is known for at most that long; of a stranger nobody can say."""
    return seen.author_known_s is not None and timedelta(seconds=seen.author_known_s) <= within
