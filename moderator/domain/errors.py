"""Every error this package raises on purpose.

ModeratorError
├── ConfigError            the configuration cannot be used: nothing starts
├── ModelError             the model file cannot be trusted or read: nothing starts
├── DataError              a file of data handed to a command is malformed
├── DeliveryRefused        what a board sent is not taken; nothing was stored
│   ├── BadSignature       not signed, or not by the secret of this source
│   ├── UnsupportedMedia   a content type or encoding that this source never sends
│   ├── AmbiguousRequest   a header that must stand once stands twice
│   ├── BadPayload         rightly signed, and malformed
│   └── DeliveryConflict   the same delivery id as before, with another body
├── Unavailable            nothing was promised; try again later
│   └── Overloaded         more work is waiting than can be done in time
└── ChannelError           a message did not reach a channel's far end

An error carries facts, never HTTP codes: what they mean on the wire is decided in `web`.
Messages never hold comment text, secrets or channel addresses.
"""

from __future__ import annotations

from enum import StrEnum


class ModeratorError(Exception):
    """Base of all errors raised on purpose; its message is fit to be shown to an operator."""


class ConfigError(ModeratorError):
    """The configuration cannot be used. One problem a line in `problems`."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class ModelError(ModeratorError):
    """The model file is missing, is not the one that was pinned, or does not hold what it must."""


class DataError(ModeratorError):
    """A data file handed to a command is malformed; the message names the file and the line."""


class DeliveryRefused(ModeratorError):
    """What a board sent is not taken; nothing was stored."""


class BadSignature(DeliveryRefused):
    """The request is not signed by a secret of this source. Never says which part was wrong."""


class UnsupportedMedia(DeliveryRefused):
    """A content type or content encoding that this source never sends."""


class AmbiguousRequest(DeliveryRefused):
    """A header that must stand once stands twice, so that two readers could differ on it."""


class BadPayload(DeliveryRefused):
    """The request is rightly signed and malformed.

    `field` is the path of the offending member ("data.text"), None where the body is not even
    JSON text.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class DeliveryConflict(DeliveryRefused):
    """A delivery id that was taken before came again with another body."""


class Unavailable(ModeratorError):
    """Nothing was stored and nothing was promised; the same request may be sent again."""

    def __init__(self, message: str, *, retry_after_s: int = 5) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Overloaded(Unavailable):
    """More work is waiting than can be done in time."""


class Fault(StrEnum):
    """What a failed attempt to deliver says about the next one."""

    PASSING = "passing"  # the far end may take it later: try again
    REFUSED = "refused"  # this message will never be taken; others may be
    BROKEN = "broken"  # no message will be taken until a person mends the channel


class ChannelError(ModeratorError):
    """A message did not reach a channel's far end.

    `retry_after_s` is the far end's own floor for the next attempt; when `hold_channel` is true
    it holds for every message of the channel. `maybe_sent` is true when the far end may have
    taken the message before the connection was lost: a repeat then carries the same key.
    """

    def __init__(
        self,
        message: str,
        *,
        fault: Fault = Fault.PASSING,
        retry_after_s: float | None = None,
        hold_channel: bool = False,
        maybe_sent: bool = False,
    ) -> None:
        super().__init__(message)
        self.fault = fault
        self.retry_after_s = retry_after_s
        self.hold_channel = hold_channel
        self.maybe_sent = maybe_sent
