"""The console: what a moderator reads on a terminal."""

from __future__ import annotations

import errno
import io
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from moderator.channels.console import WIDTH, ConsoleChannel, ConsoleSettings
from moderator.domain.errors import ChannelError, Fault
from tests.channels.alerts import HOSTILE, a_heated_thread, a_message, an_alert

USUAL = """
┏━ slur: hate 86% by ann in general
┃
┃  ann wrote:
┃    “You are a silly goose, and so is everybody who agrees with you.
┃    Go back to your pond!”
┃
┃  By          ann (id 9)
┃  Where       general, thread 7, comment 42 (forum)
┃  Written     22 Nov 2026, 10:00 UTC
┃  Judged      hate (hate 86%, offensive 12%, neither 1%)
┃  Reached     hate 86% (threshold 80%)
┃  Because of  “silly”, “goose”
┃  Trigger     slur, one comment
┃
┃  Open the comment: https://forum.example.org/t/ponds/7/42
┃  Open the alert: https://mod.example.org/alerts/01JD9Q
┗━ Alert 01JD9Q · key 01JD9Q.mods

"""


def written(message=None, **settings):
    """What the channel writes."""
    stream = io.StringIO()
    channel = ConsoleChannel("terminal", ConsoleSettings(**settings), stream=stream)
    assert channel.send(message or a_message(), "") == "written"
    return stream.getvalue()


def test_a_usual_alert_as_it_stands_on_the_terminal():
    """Line by line."""
    assert written() == USUAL


def test_standard_output_is_where_it_goes(capsys):
    """Unless it is told otherwise."""
    ConsoleChannel("terminal", ConsoleSettings()).send(a_message(), "")

    assert capsys.readouterr().out == USUAL


def test_long_lines_are_wrapped():
    """No line is wider than the terminal, but a link that cannot be broken."""
    alert = a_heated_thread(excerpt="honk " * 150, folded=3, since_edited=True, board="b" * 80)
    lines = written(a_message(alert, is_test=True)).splitlines()

    assert all(len(line) <= WIDTH for line in lines if "http" not in line)
    assert lines[1].startswith("┏━ TEST: heated-thread: 5 hits within 10 minutes")
    assert "┃  ! This is a test. Nothing happened and nobody needs to act." in lines


@pytest.mark.parametrize("text", HOSTILE)
def test_no_stranger_steers_the_terminal(text):
    """No escape, no carriage return, no line outside of the frame."""
    output = written(a_message(an_alert(excerpt=text, author_name=text, board=text)))

    assert not {"\x1b", "\r", "\x07", "\x00", "\u202e"} & {*output}
    assert all(line[:1] in ("", "┏", "┃", "┗") for line in output.split("\n"))


def test_the_excerpt_is_a_setting():
    """A terminal that is a log elsewhere need not hold the text."""
    assert "goose" not in written(excerpt=0)


def test_a_stream_of_another_alphabet_gets_names_of_letters():
    """Python on a server without a locale writes ASCII."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")

    ConsoleChannel("terminal", ConsoleSettings(), stream=stream).send(a_message(), "")

    assert b"\\u250f\\u2501 slur: hate 86% by ann in general\n" in raw.getvalue()


def test_a_closed_stream_is_a_broken_channel():
    """And no other exception."""
    stream = io.StringIO()
    stream.close()

    with pytest.raises(ChannelError, match="the console is closed") as error:
        ConsoleChannel("terminal", ConsoleSettings(), stream=stream).send(a_message(), "")

    assert error.value.fault is Fault.BROKEN


def test_a_pipe_nobody_reads_is_a_broken_channel():
    """`moderator serve | head`."""
    reader, writer = os.pipe()
    os.close(reader)
    stream = os.fdopen(writer, "w", encoding="utf-8")

    with pytest.raises(ChannelError) as error:
        ConsoleChannel("terminal", ConsoleSettings(), stream=stream).send(a_message(), "")

    assert error.value.fault is Fault.BROKEN
    with pytest.raises(BrokenPipeError):
        stream.close()


class FullDisk(io.StringIO):
    """A stream into a file on a full disk."""

    def flush(self):
        """Say so."""
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_passes():
    """Somebody will make room."""
    with pytest.raises(ChannelError) as error:
        ConsoleChannel("terminal", ConsoleSettings(), stream=FullDisk()).send(a_message(), "")

    assert error.value.fault is Fault.PASSING
    assert str(error.value) == "the console takes no output: No space left on device"


def test_alerts_of_several_threads_do_not_mix():
    """Each in one piece."""
    stream = io.StringIO()
    channel = ConsoleChannel("terminal", ConsoleSettings(), stream=stream)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: channel.send(a_message(), ""), range(50)))

    assert stream.getvalue() == USUAL * 50
