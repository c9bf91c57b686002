"""The ways out, by the word that names each in the configuration.

A new one is a module with a settings class and a channel class, and a line in `KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moderator.channels.base import Channel
from moderator.channels.console import ConsoleChannel, ConsoleSettings
from moderator.channels.discord import DiscordChannel, DiscordSettings
from moderator.channels.email import EmailChannel, EmailSettings
from moderator.channels.matrix import MatrixChannel, MatrixSettings
from moderator.channels.ntfy import NtfyChannel, NtfySettings
from moderator.channels.pagerduty import PagerDutyChannel, PagerDutySettings
from moderator.channels.settings import ChannelSettings
from moderator.channels.slack import SlackChannel, SlackSettings
from moderator.channels.teams import TeamsChannel, TeamsSettings
from moderator.channels.telegram import TelegramChannel, TelegramSettings
from moderator.channels.webhook import WebhookChannel, WebhookSettings

__all__ = ["KINDS", "Channel", "ChannelKind", "ChannelSettings", "build"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """One kind of channel. `channel` takes the name from the configuration and the settings."""

    settings: type[ChannelSettings]
    channel: Callable[[str, Any], Channel]


KINDS: dict[str, ChannelKind] = {
    "slack": ChannelKind(settings=SlackSettings, channel=SlackChannel),
    "email": ChannelKind(settings=EmailSettings, channel=EmailChannel),
    "discord": ChannelKind(settings=DiscordSettings, channel=DiscordChannel),
    "teams": ChannelKind(settings=TeamsSettings, channel=TeamsChannel),
    "telegram": ChannelKind(settings=TelegramSettings, channel=TelegramChannel),
    "matrix": ChannelKind(settings=MatrixSettings, channel=MatrixChannel),
    "ntfy": ChannelKind(settings=NtfySettings, channel=NtfyChannel),
    "pagerduty": ChannelKind(settings=PagerDutySettings, channel=PagerDutyChannel),
    "webhook": ChannelKind(settings=WebhookSettings, channel=WebhookChannel),
    "console": ChannelKind(settings=ConsoleSettings, channel=ConsoleChannel),
}


def build(name: str, settings: ChannelSettings) -> Channel:
    """The channel that `settings`, an instance of its kind's class, describes. Connects nowhere."""
    return KINDS[settings.kind].channel(name, settings)
