"""When and how fast a channel tells, as every channel's settings say it."""

from __future__ import annotations

import re
from datetime import time
from difflib import get_close_matches
from typing import Annotated, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from moderator.domain.pace import DEFAULT_RATE, WINDOW
from moderator.domain.timing import Digest, Quiet, Timing
from moderator.domain.trigger import Severity

MAX_RATE = int(WINDOW.total_seconds())  # one message a second
DAILY = time(8)

_RATE = "^([1-9]|[1-5][0-9]|60)/min$"
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"
_DIGEST = f"^(hourly|daily|at {_TIME})$"
NEVER = "never"
_URGENT = (*(severity.value for severity in Severity), NEVER)


def _rate(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(_RATE, value):
        meant = f"; write {value}/min" if re.fullmatch(_RATE, f"{value}/min") else ", like 10/min"
        raise ValueError(f"it must be messages a minute, 1/min to {MAX_RATE}/min{meant}")
    return value


def _digest(text: str) -> str:
    if not re.fullmatch(_DIGEST, text):
        raise ValueError('it must be hourly, daily or a time of day like "at 08:00"')
    return text


def _clock(text: str) -> str:
    if not re.fullmatch(_TIME, text):
        raise ValueError('it must be a time of day from "00:00" to "23:59", like "22:00"')
    return text


def _zone(name: str) -> str:
    if name not in available_timezones():
        near = get_close_matches(name, available_timezones(), n=1)
        meant = f" (did you mean {near[0]}?)" if near else ""
        raise ValueError(f"it must be a time zone by its name, like Europe/Berlin, or UTC{meant}")
    return name


def _urgent(word: str) -> str:
    if word not in _URGENT:
        raise ValueError(f"it must be {', '.join(_URGENT[:-1])} or {NEVER}")
    return word


def _time(text: str) -> time:
    return time.fromisoformat(text)


Clock = Annotated[str, AfterValidator(_clock)]


class QuietSettings(BaseModel):
    """Hours in which only what is urgent is told."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    since: Clock = Field(
        alias="from",
        description='When they begin, by the clock of timezone, like "22:00".',
        json_schema_extra={"pattern": f"^{_TIME}$"},
    )
    until: Clock = Field(
        description='When they end, the next day where that is earlier, like "07:00".',
        json_schema_extra={"pattern": f"^{_TIME}$"},
    )

    def hours(self) -> Quiet:
        """The same for those who send."""
        return Quiet(since=_time(self.since), until=_time(self.until))

    @model_validator(mode="after")
    def _last_a_while(self) -> Self:
        if self.since == self.until:
            raise ValueError("from and until are the same; take quiet out, or make them differ")
        return self


class TimingSettings(BaseModel):
    """What every channel may be told about when and how fast it tells each recipient."""

    rate: Annotated[str, BeforeValidator(_rate)] = Field(
        f"{DEFAULT_RATE}/min",
        description=f"Messages a minute to each recipient, at most: 1/min to {MAX_RATE}/min, never "
        "more than one a second. What waits for a free slot goes out as one digest.",
        json_schema_extra={"pattern": _RATE},
    )
    digest: Annotated[str, AfterValidator(_digest)] | None = Field(
        None,
        description="Collect alerts and tell them together: hourly, daily (at 08:00) or at a time "
        'of day, "at 18:30". Left out: each alert at once.',
        json_schema_extra={"pattern": _DIGEST},
    )
    quiet: QuietSettings | None = Field(
        None,
        description="Hours in which only urgent alerts are told; the others are told together "
        "when they end.",
    )
    urgent: Annotated[str, AfterValidator(_urgent)] = Field(
        Severity.CRITICAL.value,
        description="Alerts at least as severe as this wait for no digest and no quiet hours. "
        "never: all alerts wait.",
        json_schema_extra={"enum": list(_URGENT)},
    )
    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        "UTC", description="Whose clock digest and quiet go by, like Europe/Berlin."
    )

    def timing(self) -> Timing:
        """The same for those who send."""
        return Timing(
            rate=int(self.rate.removesuffix("/min")),
            digest=None if self.digest is None else _plan(self.digest),
            quiet=None if self.quiet is None else self.quiet.hours(),
            urgent=None if self.urgent == NEVER else Severity(self.urgent),
            zone=ZoneInfo(self.timezone),
        )


def _plan(digest: str) -> Digest:
    if digest == "hourly":
        return Digest()
    return Digest(at=DAILY if digest == "daily" else _time(digest.removeprefix("at ")))
