"""What a person must see to: told at the top of the first page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from moderator.channels.phrases import many
from moderator.domain import notice
from moderator.storage.outbox import Backlog, ChannelState
from moderator.watch.findings import Finding, of_backlog, of_channel
from moderator.watch.lookout import OF_SOURCES


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
    lasting: Iterable[notice.Notice],
    unjudged: int,
    now: datetime,
) -> list[Notice]:
    """What does not work as it should, worst first. `channels` are those that are configured,
    `lasting` what people were told of and is not over.
    """
    states, owed = dict(channels), {backlog.channel: backlog for backlog in backlogs}
    found = [of_channel(name, state, now) for name, state in states.items()]
    found += [of_backlog(name, state, owed.get(name), now) for name, state in states.items()]
    removed = [one for name, one in owed.items() if one.pending and name not in states]
    dead = [(backlog.channel, backlog.dead) for backlog in owed.values() if backlog.dead]
    lines = tuple(f"{channel}: {count}" for channel, count in dead)
    return [
        *chain.from_iterable(map(_of_finding, found)),
        *map(_of_removed, removed),
        *([Notice(title="Messages were given up", lines=lines)] if dead else []),
        *(Notice(title=one.title, lines=one.lines) for one in lasting if one.kind in OF_SOURCES),
        *_of_configuration(problems),
        *_of_unjudged(unjudged),
    ]


def _of_finding(found: Finding) -> Iterator[Notice]:
    if found.title:
        yield Notice(title=found.title, lines=found.lines)


def _of_removed(owed: Backlog) -> Notice:
    """Messages of a channel that is not there any more: nobody will ever send them."""
    title = (
        f"Channel {owed.channel} is not configured any more, and"
        f" {many(owed.pending, 'message')} will not be sent"
    )
    return Notice(title=title, lines=("Configured again, it sends them.",))


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
