"""When a far end that makes no sense stops being a passing trouble."""

from __future__ import annotations

import threading

from moderator.domain.errors import ChannelError, Fault

STRIKES = 3


class Patience:
    """Counts senseless answers in a row: a page of a hotel's Wi-Fi, a certificate of another.

    The first two may pass by themselves; with the third a person has to look.
    """

    def __init__(self) -> None:
        self._strikes = 0
        self._lock = threading.Lock()

    def tried(self, error: ChannelError) -> ChannelError:
        """`error`, with the fault that it means by now."""
        with self._lock:
            self._strikes += 1
            error.fault = Fault.BROKEN if self._strikes >= STRIKES else Fault.PASSING
        return error

    def restored(self) -> None:
        """The far end made sense again."""
        with self._lock:
            self._strikes = 0
