"""The ways out, by the word that names each in the configuration.

A new one is a module with a settings class and a channel class, and a line in `KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moderator.channels.base import Channel
from moderator.channels.console import ConsoleChannel, ConsoleSettings
from moderator.channels.email import EmailChannel, EmailSettings
from moderator.channels.settings import ChannelSettings
from moderator.channels.slack import SlackChannel, SlackSettings

__all__ = ["KINDS", "Channel", "ChannelKind", "ChannelSettings", "build"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """One kind of channel. `channel` takes the name from the configuration and the settings."""

    settings: type[ChannelSettings]
    channel: Callable[[str, Any], Channel]


KINDS: dict[str, ChannelKind] = {
    "slack": ChannelKind(settings=SlackSettings, channel=SlackChannel),
    "email": ChannelKind(settings=EmailSettings, channel=EmailChannel),
    "console": ChannelKind(settings=ConsoleSettings, channel=ConsoleChannel),
}


def build(name: str, settings: ChannelSettings) -> Channel:
    """The channel that `settings`, an instance of its kind's class, describes. Connects nowhere."""
    return KINDS[settings.kind].channel(name, settings)
