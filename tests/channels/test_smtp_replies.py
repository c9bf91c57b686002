"""What a mail server's answers mean, by stage."""

from __future__ import annotations

import pytest

from moderator.channels.smtp_replies import Stage, TooBig, refusal, said
from moderator.domain.errors import Fault

P, R, B = Fault.PASSING, Fault.REFUSED, Fault.BROKEN

# One row a code; its columns are the stages in the order of the conversation.
STAGES = tuple(Stage)
TABLE = {
    #     connect EHLO TLS AUTH MAIL RCPT DATA end
    421: (P, P, P, P, P, P, P, P),
    432: (P, P, B, P, P, P, P, P),
    450: (P, P, B, P, P, P, P, P),
    451: (P, P, B, P, P, P, P, P),
    452: (P, P, B, P, P, P, P, P),
    454: (P, P, B, P, P, P, P, P),
    455: (P, P, B, P, P, P, P, P),
    500: (B, B, B, B, R, R, R, R),
    501: (B, B, B, B, R, R, R, R),
    502: (B, B, B, B, R, R, R, R),
    503: (B, B, B, B, R, R, R, R),
    521: (B, B, B, B, R, R, R, R),
    530: (B, B, B, B, B, B, B, B),
    534: (B, B, B, B, B, B, B, B),
    535: (B, B, B, B, B, B, B, B),
    538: (B, B, B, B, B, B, B, B),
    550: (B, B, B, B, B, R, R, R),
    551: (B, B, B, B, B, R, R, R),
    552: (B, B, B, B, R, R, R, R),
    553: (B, B, B, B, B, R, R, R),
    554: (B, B, B, B, R, R, R, R),
    555: (B, B, B, B, R, R, R, R),
    -1: (P, P, P, P, P, P, P, P),
    220: (P, P, P, P, P, P, P, P),
    250: (P, P, P, P, P, P, P, P),
    354: (P, P, P, P, P, P, P, P),
}


@pytest.mark.parametrize("code", TABLE)
def test_every_code_means_something_at_every_stage(code):
    """4yz pass, 5yz speak of the message or of us, and the rest is not SMTP."""
    errors = [refusal(stage, code, b"canary") for stage in STAGES]

    assert tuple(error.fault for error in errors) == TABLE[code]
    assert not any("canary" in str(error) or error.maybe_sent for error in errors)


@pytest.mark.parametrize("stage", STAGES)
def test_421_keeps_the_whole_channel_back(stage):
    """E1: the server takes nothing from anybody just now."""
    error = refusal(stage, 421, b"too busy")

    assert (error.retry_after_s, error.hold_channel) == (30.0, True)


@pytest.mark.parametrize(
    ("stage", "code", "text", "floor"),
    [
        (Stage.RECIPIENT, 450, b"4.2.0 come back", 300.0),
        (Stage.RECIPIENT, 451, b"", 300.0),
        (Stage.DATA, 451, b"4.7.1 Greylisted", 300.0),
        (Stage.SENDER, 450, b"graylist", 300.0),
        (Stage.CONNECT, 450, b"Grey-listing in action", 300.0),
        (Stage.DATA, 451, b"4.3.0 trouble", None),
        (Stage.END, 452, b"disk full", None),
    ],
)
def test_greylisting_takes_five_minutes(stage, code, text, floor):
    """E2: earlier attempts only start its clock anew; this message alone waits."""
    error = refusal(stage, code, text)

    assert (error.retry_after_s, error.hold_channel) == (floor, False)


@pytest.mark.parametrize("stage", STAGES)
def test_552_asks_for_less_where_it_speaks_of_the_message(stage):
    """E6: at RCPT it says that a mailbox is full."""
    is_about_size = stage in (Stage.SENDER, Stage.DATA, Stage.END)

    assert isinstance(refusal(stage, 552, b"too big"), TooBig) is is_about_size


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        (250, b"2.0.0 Ok: queued as 4D1F6A0", "250 2.0.0 queued as 4D1F6A0"),
        (250, b"ok", "250"),
        (550, b"5.1.1 <mods@example.org>: no such user", "550 5.1.1"),
        (550, b"<mods@example.org> said: you silly goose", "550"),
        (250, b"queued as <script>", "250"),
        (250, b"queued as " + b"A" * 5_000, "250"),
        (250, b"2.0.0\n2.6.0 \xff\x00", "250 2.0.0"),
        (250, b"9.9.9 x", "250"),
        (-1, b"", "-1"),
    ],
)
def test_an_answer_is_told_by_its_codes(code, text, words):
    """Free text may hold the address, the comment, anything."""
    assert said(code, text) == words
