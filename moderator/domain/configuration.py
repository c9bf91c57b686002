"""A configuration as it is remembered: what it says, without anything secret."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Cause(StrEnum):
    """What put a configuration in force."""

    START = "start"
    RELOAD = "reload"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What a configuration means. `settings` maps dotted keys (`triggers.slur.when.hate`) to
    their values as text, defaults filled in; of secrets it only says that they are there.
    """

    settings: Mapping[str, str]

    @property
    def digest(self) -> str:
        """SHA-256 of the meaning, in hexadecimal: order, comments and white space of the file do
        not change it, nor do secrets.
        """
        told = json.dumps(dict(self.settings), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One setting that is not as it was. `before` is None for a new one, `after` for one gone."""

    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A time in which a configuration was in force.

    `number` counts up. `until` is when the next one came, None for the present one. `model` is
    the one that judged in this time, `name@digest`. `replaced` is the digest of the configuration
    before, None for the first; `differences` are against that one, and name a new model, too.
    """

    number: int
    digest: str
    since: datetime
    until: datetime | None
    cause: Cause
    model: str
    replaced: str | None
    differences: tuple[Difference, ...] = ()


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Difference, ...]:
    """What differs between two configurations' settings, by key."""
    return tuple(
        Difference(key=key, before=before.get(key), after=after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    )
