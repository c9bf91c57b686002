"""When a far end wants to be asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.channels.retry_after import http_date, retry_after, told_wait

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = 86_400.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30.0),
        (" 30\t", 30.0),
        ("0", 0.0),
        ("00120", 120.0),
        ("120.5", 120.5),
        ("Sun, 22 Nov 2026 12:01:30 GMT", 90.0),  # RFC 1123
        ("Sunday, 22-Nov-26 12:01:30 GMT", 90.0),  # RFC 850
        ("Sun Nov 22 12:01:30 2026", 90.0),  # asctime
        ("Sun, 22 Nov 2026 14:01:30 +0200", 90.0),
        ("Sun, 22 Nov 2026 12:00:00 GMT", 60.0),  # now
        ("Sun, 22 Nov 2026 11:59:00 GMT", 60.0),  # past
        ("Sun, 06 Nov 1994 08:49:37 GMT", 60.0),
        ("Mon, 22 Nov 2027 12:00:00 GMT", DAY),
        ("Fri, 31 Dec 9999 23:59:59 GMT", DAY),
        ("86400", DAY),
        ("86401", DAY),
        ("1000000000", DAY),
        ("9" * 5_000, DAY),
        ("-1", 60.0),
        ("+30", 60.0),
        ("1e9", 60.0),
        ("nan", 60.0),
        ("inf", 60.0),
        ("0x1e", 60.0),
        ("3_0", 60.0),
        ("٣٠", 60.0),  # Arabic digits
        ("abc", 60.0),
        ("", 60.0),
        (None, 60.0),
        ("30, 90", 90.0),  # two headers
        ("90, 30", 90.0),
        ("30, abc", 60.0),
        ("120, abc", 120.0),
        ("30 seconds", 60.0),
        ("Sun, 99 Nov 2026 99:99:99 GMT", 60.0),
        ("Sun, 22 Nov 99999 12:00:00 GMT", 60.0),
    ],
)
def test_every_form_of_the_header_has_a_meaning(value, seconds):
    """A floor is obeyed, at most a day; what cannot be read means a minute."""
    assert retry_after(value, NOW) == seconds


@given(st.none() | st.text(max_size=60) | st.text("0123456789,.:- SunNovGMT+", max_size=60))
def test_nothing_a_far_end_sends_breaks_the_reading(value):
    """Any text gives seconds between none and a day."""
    assert 0 <= retry_after(value, NOW) <= DAY


@given(st.integers(1, 86_400))
def test_a_date_and_its_seconds_mean_the_same(seconds):
    """Round trip through the date's text."""
    date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)

    assert retry_after(date, NOW) == retry_after(str(seconds), NOW) == seconds


def test_the_far_ends_own_clock_counts():
    """A `Date` in the reply stands for now; without one, our clock does."""
    assert http_date("Sun, 22 Nov 2026 11:58:00 GMT", NOW) == NOW - timedelta(minutes=2)
    assert http_date(None, NOW) == NOW
    assert http_date("yesterday", NOW) == NOW


@pytest.mark.parametrize(
    ("number", "unit_s", "seconds"),
    [
        (30, 1.0, 30.0),
        (0, 1.0, 0.0),
        (1.5, 1.0, 1.5),
        (1_500, 0.001, 1.5),
        (10**9, 1.0, DAY),
        (10**12, 0.001, DAY),
        (10**400, 1.0, DAY),
        (float("inf"), 1.0, DAY),
        (float("nan"), 1.0, 60.0),
        (-1, 1.0, 60.0),
        (True, 1.0, 60.0),
        ("30", 1.0, 60.0),
        ([], 1.0, 60.0),
        (None, 1.0, None),
    ],
)
def test_a_wait_in_json_is_read_as_strictly(
    number: object, unit_s: float, seconds: float | None
) -> None:
    """At most a day; what makes no sense is a minute, and nothing said is nothing."""
    assert told_wait(number, unit_s) == (None if seconds is None else pytest.approx(seconds))
