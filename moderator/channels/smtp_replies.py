"""What a mail server's answer means, by the stage of the conversation (RFC 5321, section 4.2)."""

from __future__ import annotations

import re
from enum import StrEnum

from moderator.domain.errors import ChannelError, Fault

GREYLIST_S = 300.0  # a server that does not know us yet lets us in after five minutes
BACK_OFF_S = 30.0  # after 421: the server takes nothing from anybody just now

_LOGIN_WANTED = frozenset({530, 534, 535, 538})
_ENHANCED = re.compile(rb"[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")
_QUEUE_ID = re.compile(rb"\bqueued as ([A-Za-z0-9.-]{1,40})\b")
_GREYLIST = re.compile(rb"gr[ea]y-?list", re.IGNORECASE)


class Stage(StrEnum):
    """How far the conversation got."""

    CONNECT = "connect"
    HELLO = "EHLO"
    TLS = "STARTTLS"
    LOGIN = "AUTH"
    SENDER = "MAIL"
    RECIPIENT = "RCPT"
    DATA = "DATA"
    END = "the end of the message"


class TooBig(ChannelError):
    """The message is longer than the server takes; a shorter one may be taken."""


def refusal(stage: Stage, code: int, text: bytes) -> ChannelError:
    """The error that an unwelcome answer is. Its words hold the codes and nothing of `text`."""
    words = f"the mail server answered {said(code, text)} to {stage}"
    if not 400 <= code <= 599:
        return ChannelError(f"the mail server answered what is not SMTP to {stage}")
    if code == 421:
        return ChannelError(words, retry_after_s=BACK_OFF_S, hold_channel=True)
    if code < 500:
        return _not_now(words, stage, text)
    if code == 552 and stage in (Stage.SENDER, Stage.DATA, Stage.END):
        return TooBig(words, fault=Fault.REFUSED)
    return ChannelError(words, fault=Fault.BROKEN if _is_ours(stage, code) else Fault.REFUSED)


def _not_now(words: str, stage: Stage, text: bytes) -> ChannelError:
    if stage is Stage.TLS:  # going on in clear is what somebody in between would like
        return ChannelError(words, fault=Fault.BROKEN)
    is_greylisted = stage is Stage.RECIPIENT or _GREYLIST.search(text) is not None
    return ChannelError(words, retry_after_s=GREYLIST_S if is_greylisted else None)


def _is_ours(stage: Stage, code: int) -> bool:
    """Whether a 5yz speaks of us, so that no message at all would be taken."""
    if code in _LOGIN_WANTED:
        return True
    if stage is Stage.SENDER:  # our own address is refused; 554 may speak of the message
        return code in (550, 551, 553)
    return stage in (Stage.CONNECT, Stage.HELLO, Stage.TLS, Stage.LOGIN)


def said(code: int, text: bytes) -> str:
    """The codes of an answer and the name of the queued message; never its free text."""
    enhanced, queue_id = _ENHANCED.match(text), _QUEUE_ID.search(text)
    words = [str(code)]
    if enhanced:
        words.append(enhanced[0].decode())
    if queue_id:
        words.append(f"queued as {queue_id[1].decode()}")
    return " ".join(words)
