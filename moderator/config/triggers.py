"""The `triggers` of a configuration: what a block may hold."""

from __future__ import annotations

import math
import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from moderator.config.budgets import PerDay
from moderator.config.dates import End
from moderator.config.durations import DURATION_SCHEMA, DURATION_TEXT, bounded
from moderator.config.problems import shown
from moderator.domain.trigger import (
    MAX_HITS,
    NO_TIME,
    Act,
    Budget,
    Escalation,
    Mode,
    Scope,
    Selection,
    Severity,
    Trigger,
    budget_key,
)

EXEMPT = "exempt"
MAX_MORE = 100_000  # hits added to an alert
FOLD_COPIES = timedelta(minutes=10)  # unless the trigger says something else


def threshold(value: object) -> float:
    """A number from 0 to 1. Raises ValueError, which says what was probably meant."""
    if isinstance(value, str):
        raise ValueError(f"{shown(value)} is text; write {_as_number(value)}")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{shown(value)} is not a number; thresholds lie between 0 and 1")
    if math.isnan(value):
        raise ValueError("not-a-number is no threshold; thresholds lie between 0 and 1")
    if value > 1:
        raise ValueError(f"{value} is above 1; thresholds lie between 0 and 1{_per_cent(value)}")
    if value < 0:
        raise ValueError(f"{value} is below 0; thresholds lie between 0 and 1")
    return float(value)


def _per_cent(value: float) -> str:
    return f" (did you mean {value / 100:g}?)" if 2 <= value <= 100 else ""


def _as_number(text: str) -> str:
    try:
        number = float(text.strip().rstrip("%").replace(",", "."))
    except ValueError:
        return "a number from 0 to 1"
    fraction = number / 100 if 2 <= number <= 100 else number
    if not 0 <= fraction <= 1:
        return "a number from 0 to 1"
    return f"it without quotes (did you mean {fraction:g}?)"


def part(value: object) -> float:
    """A number above 0, up to 1. Raises ValueError."""
    number = threshold(value)
    if not number:
        raise ValueError("0 is reached by every window; write a part above 0, or leave share out")
    return number


def times(value: object) -> float:
    """How many times something is: above 1, up to 1000. Raises ValueError."""
    if isinstance(value, str):
        meant = re.fullmatch(r"\s*([0-9]{1,3}(?:\.[0-9]+)?)\s*(x|times)?\s*", value)
        mend = f" (did you mean {meant[1]}?)" if meant else ": 3 is three times the usual"
        raise ValueError(f"{shown(value)} is text; write a number without quotes{mend}")
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise ValueError(f"{shown(value)} is not a number; write 3 for three times the usual")
    if not 1 < value <= 1000:
        raise ValueError(
            f"{value} does not lie above 1 and up to 1000; write 3 for three times the usual"
        )
    return float(value)


ThresholdName = Literal["hate", "offensive", "neither", "toxic"]
Threshold = Annotated[
    float,
    PlainValidator(threshold),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1}),
]
Share = Annotated[
    float,
    PlainValidator(part),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 1}),
]
Times = Annotated[
    float,
    PlainValidator(times),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 1, "maximum": 1000}),
]
Within = Annotated[timedelta, bounded("1s", "90d"), DURATION_TEXT, DURATION_SCHEMA]
Newness = Annotated[timedelta, bounded("1m", "1y"), DURATION_TEXT, DURATION_SCHEMA]
Cooldown = Annotated[timedelta, bounded("0s", "90d"), DURATION_TEXT, DURATION_SCHEMA]
Folding = Annotated[timedelta, bounded("0s", "24h"), DURATION_TEXT, DURATION_SCHEMA]
Patience = Annotated[timedelta, bounded("1m", "30d"), DURATION_TEXT, DURATION_SCHEMA]
Thresholds = dict[ThresholdName, Threshold]
Word = Annotated[str, Field(min_length=1)]
Words = Annotated[tuple[Word, ...], Field(min_length=1)]


class SelectionBlock(BaseModel):
    """A choice of comments: each key that stands there has to match."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sources: Words | None = Field(None, description="Names under `sources`.")
    boards: Words | None = Field(None, description="Boards (categories), as the board names them.")
    roles: Words | None = Field(None, description="Roles of the author, as the board names them.")
    authors: Words | None = Field(None, description="Ids or names of authors.")

    def selection(self) -> Selection:
        """The domain's value."""
        return Selection(
            sources=frozenset(self.sources or ()),
            boards=frozenset(self.boards or ()),
            roles=frozenset(self.roles or ()),
            authors=frozenset(self.authors or ()),
        )


class EscalationBlock(BaseModel):
    """When an alert is told to more people, and to whom; at least one of the first two is set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    after: int | None = Field(
        None,
        ge=1,
        le=MAX_MORE,
        examples=[10],
        description="When so many more hits were added to the alert.",
    )
    unacknowledged: Patience | None = Field(
        None, description="When nobody has acknowledged it for this long; `1m` to `30d`."
    )
    notify: Words = Field(
        description="Names under `channels`, other than those that the trigger tells at once."
    )

    def escalation(self) -> Escalation:
        """The domain's value."""
        return Escalation(after=self.after, unacknowledged=self.unacknowledged, notify=self.notify)


class TriggerBlock(BaseModel):
    """One trigger: what to look for, over which span, and whom to tell."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scope: Scope = Field(
        Scope.COMMENT,
        description="What is watched: each single comment, or all of a thread, author or board.",
    )
    when: Thresholds = Field(
        {},
        examples=[{"toxic": 0.8}],
        description="A comment counts when its probability of each label here is at least this.",
    )
    evasion: bool = Field(
        False,
        description="true: a comment counts only when a word in it that speaks for hate or offence"
        " is disguised, by look-alike letters, digits, stars or letters apart.",
    )
    new_author_within: Newness | None = Field(
        None,
        description="A comment counts only when its author's first stored comment is at most this"
        " much older; `1m` to `1y`.",
    )
    mean: Thresholds = Field(
        {},
        examples=[{"toxic": 0.35}],
        description="The mean over all comments `within` has to be at least this, too.",
    )
    share: Share | None = Field(
        None,
        description="The part of all comments `within` that counts has to be at least this, too.",
    )
    rise: Times | None = Field(
        None,
        description="`mean`, or without it the part of the comments that counts, has to be at least"
        " this many times as high `within` as it usually is in that thread, author or board.",
    )
    count: int = Field(
        1,
        ge=1,
        le=MAX_HITS,
        examples=[5],
        description="How many comments have to count `within` that time.",
    )
    within: Within | None = Field(
        None,
        description="The time in which `count` comments have to fall; also the span of"
        " `mean` and `share`.",
    )
    cooldown: Cooldown | None = Field(
        None,
        description="After an alert, how long more of the same is added to it. Default: `within`.",
    )
    fold_copies: Folding | None = Field(
        None,
        description="After an alert for a single comment, how long near copies of its text are"
        " added to it, by whomever; `0s` to `24h`, `0s`: each is an alert. Default: `10m`.",
    )
    budget: PerDay | None = Field(
        None,
        description="How many alerts a day you can bear, `20/day`: the threshold of `when` is where"
        " it starts, and it follows the alerts of the last days from there. Default: it stays.",
    )
    always_above: Threshold | None = Field(
        None,
        description="With a budget: the threshold never rises above this, whatever is flooded in.",
    )
    expires: End | None = Field(
        None,
        description="After this day (UTC), or from this moment on, it looks at nothing any more.",
    )
    mode: Mode = Field(
        Mode.LIVE,
        description="live: people are told. shadow: recorded, nothing is sent. off: not looked at.",
    )
    severity: Severity = Field(
        Severity.WARNING, description="How much its alerts matter to you; each of them says so."
    )
    act: Act | None = Field(
        None,
        description="What a board that asks before it publishes (Coral) is told of the comment that"
        " an alert is about. Default: flag; with a scope other than comment: none.",
    )
    only: SelectionBlock | None = Field(
        None, examples=[{"boards": ["general"]}], description="Look at these comments alone."
    )
    excluded: SelectionBlock | None = Field(
        None,
        alias="except",
        examples=[{"roles": ["moderator"]}],
        description="Leave these comments out.",
    )
    notify: tuple[Word, ...] = Field(
        (), examples=[["mods-slack"]], description="Names under `channels` to tell."
    )

    escalate: EscalationBlock | None = Field(
        None,
        examples=[{"unacknowledged": "30m", "notify": ["mods-email"]}],
        description="Tell more people of an alert that goes on or is not taken care of.",
    )

    def trigger(self, name: str, exempt: SelectionBlock | None = None) -> Trigger:
        """The domain's value, with every default filled in. `exempt` holds for all triggers."""
        within = self.within or NO_TIME
        return Trigger(
            name=name,
            scope=self.scope,
            when={str(label): least for label, least in self.when.items()},
            evasion=self.evasion,
            new_author_within=self.new_author_within,
            mean={str(label): least for label, least in self.mean.items()},
            share=self.share,
            rise=self.rise,
            count=self.count,
            within=within,
            cooldown=within if self.cooldown is None else self.cooldown,
            fold_copies=self._folding(),
            budget=self._budget(name),
            expires=self.expires,
            mode=self.mode,
            severity=self.severity,
            act=self.act or (Act.FLAG if self.scope is Scope.COMMENT else Act.NONE),
            only=self.only.selection() if self.only else None,
            excluded=self.excluded.selection() if self.excluded else None,
            exempt=exempt.selection() if exempt else None,
            notify=self.notify,
            escalate=self.escalate.escalation() if self.escalate else None,
        )

    def _budget(self, name: str) -> Budget | None:
        if self.budget is None:
            return None
        asked = (self.scope, dict(self.when), self.count, self.budget, self.always_above)
        key = budget_key(name, *asked)
        return Budget(per_day=self.budget, always_above=self.always_above, key=key)

    def _folding(self) -> timedelta:
        if self.scope is not Scope.COMMENT:
            return NO_TIME
        return FOLD_COPIES if self.fold_copies is None else self.fold_copies
