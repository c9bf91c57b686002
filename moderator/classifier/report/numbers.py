"""Numbers as a reader wants them: shares in per cent, times and sizes in the unit that fits."""

from __future__ import annotations

NOT_MEASURED = "not measured"


def share(value: float | None) -> str:
    """A share in per cent, with a digit more where it is small: 46 %, 1.2 %, 0.07 %."""
    if value is None:
        return NOT_MEASURED
    hundredths = 100 * value
    digits = 0 if hundredths >= 10 or hundredths == 0 else 1 if hundredths >= 1 else 2
    return f"{hundredths:.{digits}f} %"


def decimal(value: float | None) -> str:
    """A figure between 0 and 1 with three digits, as metrics are compared by."""
    return NOT_MEASURED if value is None else f"{value:.3f}"


def points(value: float) -> str:
    """A difference of shares in percentage points."""
    return f"{100 * value:.1f} points"


def seconds(value: float | None) -> str:
    """A time, given in seconds: 52 s, 1.25 ms, 48 µs."""
    if value is None:
        return NOT_MEASURED
    if value >= 1:
        return f"{value:,.0f} s"
    return f"{value * 1e3:.2f} ms" if value >= 1e-4 else f"{value * 1e6:.0f} µs"


def rate(value: float | None) -> str:
    """Comments a second."""
    return NOT_MEASURED if value is None else f"{value:,.0f} a second"


def size(value: int | None) -> str:
    """Bytes as megabytes of a million."""
    return NOT_MEASURED if value is None else f"{value / 1e6:.2f} MB"


def count(value: int) -> str:
    """How many, with commas."""
    return f"{value:,}"
