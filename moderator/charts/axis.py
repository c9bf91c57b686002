"""Axes: from values to places, and the ticks that a reader would have chosen."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Written = Callable[[float], str]

MOST_TICKS = 6
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def plain(value: float) -> str:
    """A number as one writes it: 0.25, 3, 12,000."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def percent(value: float) -> str:
    """A share as a percentage: 0.025 is 2.5 %."""
    return f"{100 * value:.3g} %"


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What is measured along a side of a chart.

    `label` names it with its unit. `low` and `high` are found from the data where they are not
    given. `ticks` are chosen where none are given; `written` puts one into words, so that an axis
    of time may be in seconds and read in days. A `log` axis needs a positive `low`; what lies
    below is drawn on its edge, whose tick then reads "≤".
    """

    label: str
    low: float | None = None
    high: float | None = None
    ticks: Sequence[float] = ()
    written: Written = plain
    log: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An axis laid over a stretch of the drawing; `start` may lie beyond `end`, as y's does."""

    axis: Axis
    low: float
    high: float
    start: float
    end: float

    def place(self, value: float) -> float:
        """Where a value is drawn, at the edge where it lies beyond."""
        inside = min(max(value, self.low), self.high)
        part = (self._shape(inside) - self._shape(self.low)) / (
            self._shape(self.high) - self._shape(self.low)
        )
        return self.start + part * (self.end - self.start)

    def ticks(self) -> list[tuple[float, str]]:
        """Places and words of the ticks."""
        values = self.axis.ticks or (
            _decades(self.low, self.high) if self.axis.log else _even(self.low, self.high)
        )
        return [(self.place(value), self._words(value)) for value in values]

    def _words(self, value: float) -> str:
        edge = self.axis.log and value == self.low
        return f"≤ {self.axis.written(value)}" if edge else self.axis.written(value)

    def _shape(self, value: float) -> float:
        return math.log10(value) if self.axis.log else value


def scaled(axis: Axis, values: Iterable[float], start: float, end: float) -> Scale:
    """The axis over a stretch, wide enough for the values.

    Raises ValueError for a value that is no finite number, and for a log axis without a positive
    `low`.
    """
    held = list(values)
    if not all(map(math.isfinite, held)):
        raise ValueError(f"{axis.label}: only finite numbers can be drawn")
    if axis.log and (axis.low is None or axis.low <= 0):
        raise ValueError(f"{axis.label}: a log axis needs a low end above 0")
    low, high = _ends(axis, held)
    return Scale(axis=axis, low=low, high=high, start=start, end=end)


def _ends(axis: Axis, values: Sequence[float]) -> tuple[float, float]:
    """The ends that the axis gives; else those of the values, moved out to the next tick."""
    low = min(values, default=0.0) if axis.low is None else axis.low
    high = max(values, default=low) if axis.high is None else axis.high
    if axis.low is None and 0 < low < high / 2:
        low = 0.0  # a difference looks as large as it is
    if high <= low:
        high = low * 10 if axis.log else low + 1.0
    if axis.log:
        return low, high if axis.high is not None else 10.0 ** math.ceil(math.log10(high) - 1e-9)
    step = _step(low, high)
    return (
        math.floor(low / step + 1e-9) * step if axis.low is None else low,
        math.ceil(high / step - 1e-9) * step if axis.high is None else high,
    )


def _step(low: float, high: float) -> float:
    """The smallest round step that gives no more than `MOST_TICKS` ticks."""
    rough = (high - low) / (MOST_TICKS - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in STEPS if step * power >= rough * (1 - 1e-9))


def _even(low: float, high: float) -> list[float]:
    step = _step(low, high)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def _decades(low: float, high: float) -> list[float]:
    first = math.ceil(math.log10(low) - 1e-9)
    last = math.floor(math.log10(high) + 1e-9)
    return [10.0**power for power in range(first, last + 1)]
