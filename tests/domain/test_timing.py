"""When a channel tells what it owes, on a simulated clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from moderator.domain.timing import AT_ONCE, Digest, Quiet, Timing

BERLIN = ZoneInfo("Europe/Berlin")
# Days before those on which their clocks move; any day where they never do.
MOVING = {
    "Europe/Berlin": ((3, 28), (10, 24)),
    "America/New_York": ((3, 7), (10, 31)),
    "Australia/Lord_Howe": ((4, 4), (10, 3)),
    "Asia/Kolkata": ((6, 1),),
    "UTC": ((6, 1),),
}
NIGHT = Quiet(since=time(22), until=time(7))
PLANS = {
    "hourly": Timing(digest=Digest()),
    "daily": Timing(digest=Digest(at=time(8))),
    "in the gap": Timing(digest=Digest(at=time(2, 30))),
    "quiet": Timing(quiet=NIGHT),
    "quiet until the gap": Timing(quiet=Quiet(since=time(22), until=time(2, 30))),
    "quiet at noon": Timing(quiet=Quiet(since=time(12), until=time(13, 30))),
    "hourly and quiet": Timing(digest=Digest(), quiet=NIGHT),
    "daily when quiet": Timing(digest=Digest(at=time(23)), quiet=NIGHT),
}


def berlin(month: int, day: int, hour: int = 0, minute: int = 0, *, fold: int = 0) -> datetime:
    """A moment by Berlin's clock."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN, fold=fold).astimezone(UTC)


def in_zone(timing: Timing, zone: str) -> Timing:
    """The same by another clock."""
    return Timing(digest=timing.digest, quiet=timing.quiet, zone=ZoneInfo(zone))


def test_without_a_plan_everything_is_told_at_once():
    now = berlin(6, 1, 12, 0)
    assert Timing().open_until(now) == AT_ONCE
    assert Timing().due_at(now) == now


@pytest.mark.parametrize(
    ("digest", "now", "until"),
    [
        (Digest(), berlin(6, 1, 12, 59), berlin(6, 1, 12, 0)),
        (Digest(), berlin(6, 1, 13, 0), berlin(6, 1, 13, 0)),
        (Digest(at=time(8)), berlin(6, 1, 7, 59), berlin(5, 31, 8, 0)),
        (Digest(at=time(8)), berlin(6, 1, 8, 0), berlin(6, 1, 8, 0)),
        # 29 March has 23 hours: half past two does not exist and is taken as half past three.
        (Digest(at=time(2, 30)), berlin(3, 29, 3, 29), berlin(3, 28, 2, 30)),
        (Digest(at=time(2, 30)), berlin(3, 29, 3, 30), berlin(3, 29, 3, 30)),
        (Digest(at=time(8)), berlin(3, 29, 8, 0), berlin(3, 29, 8, 0)),
        # 25 October has 25: half past two comes twice, and the first counts.
        (Digest(at=time(2, 30)), berlin(10, 25, 2, 30), berlin(10, 25, 2, 30)),
        (Digest(at=time(2, 30)), berlin(10, 25, 2, 30, fold=1), berlin(10, 25, 2, 30)),
        (Digest(at=time(8)), berlin(10, 25, 8, 0), berlin(10, 25, 8, 0)),
    ],
)
def test_a_digest_tells_what_was_raised_up_to_its_time(digest, now, until):
    assert Timing(digest=digest, zone=BERLIN).open_until(now) == until


@pytest.mark.parametrize(
    ("here", "is_quiet"),
    [((21, 59), False), ((22, 0), True), ((0, 0), True), ((6, 59), True), ((7, 0), False)],
)
def test_quiet_hours_go_over_midnight_by_the_zones_clock(here, is_quiet):
    for day in ((6, 1), (12, 1)):
        timing = Timing(quiet=NIGHT, zone=BERLIN)
        assert (timing.open_until(berlin(*day, *here)) is None) is is_quiet


def test_a_day_of_23_and_one_of_25_hours_have_as_many_hourly_digests():
    timing = Timing(digest=Digest(), zone=BERLIN)
    for day, hours in ((berlin(3, 29), 23), (berlin(10, 25), 25)):
        ends = day + timedelta(hours=hours)
        moments = [day + timedelta(minutes=n) for n in range(hours * 60)]
        assert ends.astimezone(BERLIN).time() == time(0)
        assert len({timing.open_until(moment) for moment in moments}) == hours


@pytest.mark.parametrize("zone", MOVING)
@pytest.mark.parametrize("plan", PLANS)
def test_minute_by_minute_nothing_is_told_early_twice_or_never(plan, zone):
    """Three days around each move of a clock. What was raised in a minute is told in the one that
    `due_at` names: `open_until` never goes back, reaches it then, and not before.
    """
    timing = in_zone(PLANS[plan], zone)
    minute = timedelta(minutes=1)
    for start in (datetime(2026, *day, tzinfo=UTC) for day in MOVING[zone]):
        moments = [start + n * minute for n in range(3 * 24 * 60)]
        opened = [timing.open_until(moment) for moment in moments]
        known = [until for until in opened if until is not None]
        assert known == sorted(known)
        first_told = {}
        for raised in moments[: 24 * 60 : 7]:
            first_told[raised] = next(
                moment
                for moment, until in zip(moments, opened, strict=True)
                if moment >= raised and until is not None and until >= raised
            )
        due = {raised: timing.due_at(raised) for raised in first_told}
        late = {raised: (due[raised], first_told[raised]) for raised in due}
        assert [each for each in late.values() if each[0] < each[1]] == []
        assert max(told - raised for raised, told in first_told.items()) <= timedelta(hours=33)


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_clock_that_jumps_loses_nothing(plan, jump):
    """An hour to and fro: what was raised before, meanwhile and afterwards is told within days."""
    timing = in_zone(PLANS[plan], "Europe/Berlin")
    waiting, told = [], []
    for n in range(4 * 24 * 6):
        now = berlin(6, 1) + timedelta(minutes=10 * n)
        if 100 <= n < 130:
            now += jump
        if n < 24 * 6:
            waiting.append(now)
        until = timing.open_until(now)
        ready = [] if until is None else [raised for raised in waiting if raised <= until]
        told += ready
        waiting = [raised for raised in waiting if raised not in ready]
    assert len(told) == 24 * 6
    assert waiting == []
