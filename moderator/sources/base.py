"""What a source is: one board's way to tell us of its comments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from moderator.domain.comment import Delivery

Headers = Sequence[tuple[str, str]]  # names in lower case, in the order they came


class Source(Protocol):
    """One configured board."""

    @property
    def name(self) -> str:
        """The source's name in the configuration and in the webhook's path."""

    @property
    def kind(self) -> str:
        """The word that names this kind in the configuration: `generic`, `discourse`, `nodebb`,
        `coral`."""

    def receive(self, headers: Headers, body: bytes, now: datetime) -> Delivery:
        """Verify the signature on the raw bytes, then parse them: nothing is parsed before.

        An event that we do not follow, or a ping, is a Delivery without events that says so in
        `ignored`. Raises UnsupportedMedia, AmbiguousRequest, BadSignature, BadPayload.
        """
