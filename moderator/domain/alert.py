"""An alert: what a moderator is told of comments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from moderator.domain.score import Label, Probabilities, Term
from moderator.domain.trigger import Mode, Scope, Severity

EXCERPT = 1_000  # code points of the comment that an alert keeps


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert as it was raised; everything needed to tell it is in here.

    `window` makes it unique with `trigger` and `scope_key`: the comment's version, or the number of
    the alert in its scope key. `count` is how many hits the window held, `within_s` the window's
    length in seconds (0: no window). `thresholds` are those in force, which a `budget` of so many
    alerts a day may have set, up to `always_above`; None: there is none. `means` are the window's
    means; `share_threshold` and `share` are the same for the part of the window's judged comments
    that were hits, `rise_threshold` and `rise` for how many times the usual it was, None where the
    trigger asks for none; `evasion`: it asks for words in disguise. `excerpt` is the start of the
    comment, at most `EXCERPT` code points, and `excerpt_cut` says whether there was more; offsets
    in `why` refer to it. `since_edited` is true when a newer version of the comment was known
    already. `folded` counts the hits that came after it and belong to it: more of the same in the
    cooldown, copies of the text of a single comment; `folded_authors` is by how many authors they
    are. `configuration` is the digest of the one that was in force, None where that was not stored.
    `escalates_at` is when it is escalated unless somebody acknowledges it before, None where it is
    not waited for; `escalated_because` says why it was, at `escalated_at`. `would_tell` are the
    channels that one in shadow would have told.
    """

    id: str
    trigger: str
    mode: Mode
    scope: Scope
    scope_key: str
    window: str
    raised_at: datetime
    count: int
    within_s: int
    thresholds: dict[str, float]
    mean_thresholds: dict[str, float]
    means: dict[str, float]
    source: str
    comment_id: str
    version: str
    written_at: datetime
    excerpt: str
    excerpt_cut: bool
    probabilities: Probabilities
    label: Label
    model: str
    severity: Severity = Severity.WARNING
    budget: float | None = None
    always_above: float | None = None
    share_threshold: float | None = None
    share: float | None = None
    rise_threshold: float | None = None
    rise: float | None = None
    evasion: bool = False
    why: tuple[Term, ...] = ()
    since_edited: bool = False
    thread_id: str | None = None
    board: str | None = None
    url: str | None = None
    author_id: str | None = None
    author_name: str | None = None
    folded: int = 0
    folded_authors: int = 0
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    configuration: str | None = None
    escalates_at: datetime | None = None
    escalated_at: datetime | None = None
    escalated_because: str | None = None
    would_tell: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A hit that belongs to an alert which was open already."""

    alert_id: str
    trigger: str
    mode: Mode
    source: str
    comment_id: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedComment:
    """A comment that was folded into an alert: who and where. What is not kept any more is None.

    `number` grows with arrival and serves paging.
    """

    number: int
    source: str
    comment_id: str
    version: str
    written_at: datetime | None
    thread_id: str | None
    board: str | None
    url: str | None
    author_id: str | None
    author_name: str | None
    is_deleted: bool
