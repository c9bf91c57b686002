"""What a person must see to: told at the top of the first page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from moderator.channels.visible import one_line
from moderator.storage.outbox import Backlog, ChannelState
from moderator.web.pages.view import LONGEST_ANSWER, length

OLD_AFTER = timedelta(minutes=10)  # first attempts are made within seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that a person must see to. `target` is where on the page it can be seen."""

    title: str
    lines: tuple[str, ...] = ()
    target: str = ""


def notices(
    problems: Sequence[str],
    channels: Iterable[tuple[str, ChannelState]],
    backlogs: Iterable[Backlog],
    unjudged: int,
    now: datetime,
) -> list[Notice]:
    """What does not work as it should, worst first. `channels` are those that are configured."""
    states, owed = dict(channels), list(backlogs)
    found = [_of_channel(name, state, now) for name, state in states.items()]
    found += [_of_owed(backlog, states.get(backlog.channel), now) for backlog in owed]
    dead = [(backlog.channel, backlog.dead) for backlog in owed if backlog.dead]
    lines = tuple(f"{channel}: {count}" for channel, count in dead)
    return [
        *(notice for notice in found if notice is not None),
        *([Notice(title="Messages were given up", lines=lines)] if dead else []),
        *_of_configuration(problems),
        *_of_unjudged(unjudged),
    ]


def _of_channel(name: str, state: ChannelState, now: datetime) -> Notice | None:
    if state.failing_since is None and not state.broken:
        return None
    what = "is broken: somebody must mend it" if state.broken else "fails"
    if state.failing_since is not None:
        what += f", for {length(now - state.failing_since)} now"
    reason = one_line(state.reason, LONGEST_ANSWER)
    lines = (f"What came back: {reason}",) if reason else ()
    return Notice(title=f"Channel {name} {what}", lines=lines)


def _of_owed(owed: Backlog, state: ChannelState | None, now: datetime) -> Notice | None:
    """Messages that lie there although nothing seems to fail. A channel that fails has its own."""
    if owed.oldest is None or not owed.pending:
        return None
    messages = "1 message" if owed.pending == 1 else f"{owed.pending} messages"
    if state is None:
        title = (
            f"Channel {owed.channel} is not configured any more, and {messages} will not be sent"
        )
        return Notice(title=title, lines=("Configured again, it sends them.",))
    is_told = state.broken or state.failing_since is not None
    if is_told or now - owed.oldest < OLD_AFTER:
        return None
    waits = length(now - owed.oldest)
    return Notice(
        title=f"Channel {owed.channel} sends nothing: the oldest of {messages} waits {waits}"
    )


def _of_configuration(problems: Sequence[str]) -> list[Notice]:
    if not problems:
        return []
    title = "The configuration was changed and not taken: the one before is in force"
    return [Notice(title=title, lines=tuple(problems))]


def _of_unjudged(unjudged: int) -> list[Notice]:
    if not unjudged:
        return []
    one = unjudged == 1
    title = f"{unjudged} {'comment was' if one else 'comments were'} not judged: please look"
    return [Notice(title=title, target="#unjudged")]
