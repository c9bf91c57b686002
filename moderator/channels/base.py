"""What a channel is: one way out, with one verb."""

from __future__ import annotations

from typing import Protocol

from moderator.domain.message import Message


class Channel(Protocol):
    """One configured way to tell moderators. Knows nothing of the database or of retries.

    Safe to call from several threads at once.
    """

    @property
    def kind(self) -> str:
        """The word that names this kind in the configuration: `slack`, `email`, `console`."""

    @property
    def recipients(self) -> tuple[str, ...]:
        """One delivery is made to each. `("",)` where the channel has one far end."""

    def send(self, message: Message, recipient: str) -> str:
        """Hand the message to the far end and return what it answered, at most 200 characters.

        Returns only when the far end took the message. Raises ChannelError otherwise, within 60
        seconds. Neither holds the comment's text, a secret or the channel's address.
        """
