"""What each watch says of its subject at present, in words a moderator can act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from moderator.channels.phrases import length, many, percent, span
from moderator.channels.visible import one_line
from moderator.domain.trigger import Severity
from moderator.domain.watch import Abstaining, Drift, Rhythm, Span, awaited, surprise
from moderator.domain.watch.stability import MUCH
from moderator.storage.outbox import Backlog, ChannelState

FAILING_FOR = timedelta(minutes=10)  # a channel that fails and is not broken mends itself, mostly
OLD_AFTER = timedelta(minutes=10)  # first attempts are made within seconds
YOUNG_BEFORE = timedelta(minutes=5)
LONGEST_REASON = 200


class Watch(StrEnum):
    """What is watched; the words name a notice's `kind`."""

    SILENCE = "source-silent"
    CHANNEL = "channel-failing"
    UNDELIVERED = "undelivered"
    DRIFT = "scores-drift"
    ABSTENTIONS = "abstentions"


class State(Enum):
    """What a watch says. In between it says neither, so that nothing is told twice a minute."""

    WRONG = "wrong"
    UNSURE = "unsure"
    FINE = "fine"


# How long something has to be fine to be over: longer than a broken channel waits for its next
# attempt. A source that sends is over its silence at once, and the others are looked at hourly.
CALM = {Watch.CHANNEL: timedelta(minutes=15), Watch.UNDELIVERED: timedelta(minutes=15)}
SEVERITIES = {
    Watch.SILENCE: Severity.WARNING,
    Watch.CHANNEL: Severity.CRITICAL,
    Watch.UNDELIVERED: Severity.CRITICAL,
    Watch.DRIFT: Severity.INFO,
    Watch.ABSTENTIONS: Severity.WARNING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a watch says of a subject. `since` is when it began, or, of what is fine, when it was
    seen to be. `over` is how its end is told. `title` and `lines` are empty where all is fine.
    """

    watch: Watch
    subject: str
    state: State
    since: datetime
    over: str
    title: str = ""
    lines: tuple[str, ...] = ()


def of_silence(
    source: str,
    rhythm: Rhythm,
    last: datetime,
    now: datetime,
    unseen: Sequence[Span],
    *,
    began_at: datetime | None,
) -> Finding:
    """Whether a source is silent for longer than its rhythm allows. `began_at` is when a silence
    that was told began: it is over with the next comment, and with nothing else.
    """
    over = f"{source} sends again"
    if surprise(rhythm, last, now, unseen) < rhythm.limit:
        waiting = began_at is not None and last <= began_at
        state = State.UNSURE if waiting else State.FINE
        return Finding(watch=Watch.SILENCE, subject=source, state=state, since=last, over=over)
    usual = round(awaited(rhythm, last, now, unseen))
    return Finding(
        watch=Watch.SILENCE,
        subject=source,
        state=State.WRONG,
        since=last,
        over=over,
        title=f"{source} has sent nothing for {length(now - last)}",
        lines=(
            f"Its last comment came at {last:%Y-%m-%d %H:%M} UTC. In the time since, it usually"
            f" sends about {many(usual, 'comment')}.",
            "If the board is well, look at its webhook: is it switched on, does it reach this"
            f" service at /webhooks/{source}, and is it answered 401 (another secret)?",
        ),
    )


def of_channel(name: str, state: ChannelState, now: datetime) -> Finding:
    """Whether a channel fails."""
    over = f"Channel {name} works again"
    since = state.failing_since or now
    fails_for = f", for {length(now - since)} now" if now - since >= timedelta(minutes=1) else ""
    if state.broken:
        found, what = State.WRONG, "is broken: somebody must mend it"
    elif state.failing_since is not None:
        found, what = State.WRONG if now - since >= FAILING_FOR else State.UNSURE, "fails"
    else:
        return Finding(watch=Watch.CHANNEL, subject=name, state=State.FINE, since=now, over=over)
    reason = one_line(state.reason, LONGEST_REASON)
    return Finding(
        watch=Watch.CHANNEL,
        subject=name,
        state=found,
        since=since,
        over=over,
        title=f"Channel {name} {what}{fails_for}",
        lines=(
            *((f"What came back: {reason}",) if reason else ()),
            "What it owes waits and is sent once it works again."
            f" `moderator channels test {name}` tries it.",
        ),
    )


def of_backlog(name: str, state: ChannelState, owed: Backlog | None, now: datetime) -> Finding:
    """Whether messages lie there although nothing seems to fail."""
    over = f"Channel {name} sends again"
    fails = state.broken or state.failing_since is not None
    waits = timedelta(0) if owed is None or owed.oldest is None else now - owed.oldest
    if owed is None or fails or waits < OLD_AFTER:
        fine = waits < YOUNG_BEFORE and not fails
        return Finding(
            watch=Watch.UNDELIVERED,
            subject=name,
            state=State.FINE if fine else State.UNSURE,
            since=now,
            over=over,
        )
    messages = many(owed.pending, "message")
    return Finding(
        watch=Watch.UNDELIVERED,
        subject=name,
        state=State.WRONG,
        since=now - waits,
        over=over,
        title=f"Channel {name} sends nothing: the oldest of {messages} waits {length(waits)}",
        lines=(
            "No attempt to send them failed. Look at the log of this service for errors, and start"
            " it anew: nothing that is owed is lost by that.",
        ),
    )


def of_drift(source: str, found: Drift, now: datetime) -> Finding:
    """Whether the scores of a source are not what they were."""
    more = "more" if found.worst_now > found.worst_before else "less"
    return Finding(
        watch=Watch.DRIFT,
        subject=source,
        state=_state(found),
        since=now - timedelta(hours=found.hours),
        over=f"{source} is scored as it was before",
        title=f"Comments on {source} look {more} toxic than in the weeks before",
        lines=(
            f"{percent(found.worst_now)} of its comments in the last {span(found.hours * 3600)}"
            f" score as high as {percent(found.worst_before)} did in the four weeks before."
            f" Stability index {found.index:.2f}, where {MUCH} is a lot:"
            f" {many(found.comments, 'comment')} against {many(found.comments_before, 'comment')}.",
            "Look at its newest comments: a raid, a new topic, or a board that sends texts in"
            " another form? `moderator backtest` shows what your thresholds make of it.",
        )
        if _state(found) is State.WRONG
        else (),
    )


def of_abstentions(source: str, found: Abstaining, now: datetime) -> Finding:
    """Whether fewer comments of a source are judged than before."""
    return Finding(
        watch=Watch.ABSTENTIONS,
        subject=source,
        state=_state(found),
        since=now - timedelta(hours=found.hours),
        over=f"{source} is judged as it was before",
        title=f"{percent(found.share)} of the comments on {source} are not judged",
        lines=(
            f"That is of {many(found.comments, 'comment')} in the last {span(found.hours * 3600)};"
            f" in the four weeks before it was {percent(found.usual)}. No trigger looks at them.",
            "Look at some on the first page: another language, texts that arrive empty or in"
            " another form, or many that are very short?",
        ),
    )


def _state(found: Drift | Abstaining) -> State:
    if found.is_much:
        return State.WRONG
    return State.FINE if found.is_little else State.UNSURE
