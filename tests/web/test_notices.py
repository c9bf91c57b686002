"""What the first page says must be seen to: messages that lie, though nothing seems to fail."""

from __future__ import annotations

import pytest

from moderator.domain.notice import Notice
from moderator.domain.trigger import Severity
from moderator.storage.outbox import Backlog, ChannelState
from moderator.watch import Watch
from moderator.web.pages.notices import notices
from tests.builders import at

WORKS, FAILS = ChannelState(), ChannelState(failing_since=at(-5), reason="503")


def titles(channels, *backlogs) -> list[str]:
    """What is told at noon."""
    return [notice.title for notice in notices((), channels.items(), backlogs, (), 0, at(0))]


def owed(minutes: float | None, pending: int = 2, channel: str = "mods") -> Backlog:
    """A backlog whose oldest message has waited so long."""
    oldest = None if minutes is None else at(-minutes)
    return Backlog(channel=channel, owed=pending, waiting=pending, oldest=oldest)


@pytest.mark.parametrize(
    ("minutes", "pending", "told"),
    [
        (None, 0, []),
        (9.9, 2, []),
        (-60, 2, []),  # to be sent later
        (10, 2, ["Channel mods sends nothing: the oldest of 2 messages waits 10 minutes"]),
        (75, 1, ["Channel mods sends nothing: the oldest of 1 message waits 1 hour"]),
    ],
)
def test_messages_that_lie_for_ten_minutes_are_pointed_out(minutes, pending, told):
    assert titles({"mods": WORKS}, owed(minutes, pending)) == told


def test_of_a_channel_that_fails_the_failure_is_told_and_not_the_backlog_too():
    assert titles({"mods": FAILS}, owed(60)) == ["Channel mods fails, for 5 minutes now"]


@pytest.mark.parametrize("minutes", [0, 600])
def test_messages_of_a_channel_that_was_taken_out_are_pointed_out_at_once(minutes):
    """Nobody will ever send them, and nothing fails."""
    told = titles({"others": WORKS}, owed(minutes, 3))
    assert told == ["Channel mods is not configured any more, and 3 messages will not be sent"]


def test_a_channel_that_was_taken_out_and_owes_nothing_is_not_missed():
    assert titles({"others": WORKS}, owed(None, 0)) == []


def test_what_lasts_of_a_source_is_pointed_out_and_a_channels_failure_once():
    """A channel's state is looked at anew: its notice may be some seconds behind."""
    lasting = [
        Notice(
            id=f"no_{kind}",
            kind=kind,
            subject="any",
            title=f"told of {kind}",
            lines=(),
            severity=Severity.WARNING,
            raised_at=at(0),
        )
        for kind in Watch
    ]
    told = notices((), {"mods": FAILS}.items(), (), lasting, 0, at(0))
    assert [one.title for one in told] == [
        "Channel mods fails, for 5 minutes now",
        "told of source-silent",
        "told of scores-drift",
        "told of abstentions",
    ]
