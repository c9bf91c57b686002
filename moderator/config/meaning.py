"""What a configuration means, in words that may be kept: no secret, and nowhere a channel leads.

It is written down setting by setting, with defaults filled in. Of a secret, and of an address in
a channel (whoever has it may be able to write there), only stands that it is there: not even a
digest, which could be tried against guesses.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import Any

from pydantic import BaseModel, SecretBytes, SecretStr

from moderator.config.durations import written
from moderator.config.settings import Settings
from moderator.domain.configuration import Configuration

SECRET, ADDRESS = "(secret)", "(address)"
# What says where the settings came from; the model; and channels, which are told with more care.
_TOLD_ELSEWHERE = {"path", "digest", "warnings", "expiries", "model", "channels"}
_AS_WRITTEN = {"excluded": "except"}  # fields whose key in the file is a word of Python


def configuration_of(settings: Settings) -> Configuration:
    """What is remembered of `settings`. The model is not part of it: it is told beside it."""
    told = {
        field.name: getattr(settings, field.name)
        for field in fields(settings)
        if field.name not in _TOLD_ELSEWHERE
    }
    told["exempt"] = settings.exempt and settings.exempt.selection()
    told["triggers"] = {one.name: replace(one, exempt=None) for one in settings.triggers}
    lines = dict(_lines("", told))
    for key, value in _lines("channels", settings.channels):
        lines[key] = ADDRESS if "://" in value else value
    for trigger in settings.triggers:
        del lines[f"triggers.{trigger.name}.name"]  # it is in every key already
    return Configuration(settings=lines)


def _lines(key: str, value: object) -> Iterator[tuple[str, str]]:
    """Key and text of each setting below `key`. One that says nothing is left out."""
    members = _members(value)
    if members is not None:
        for name, member in members:
            yield from _lines(f"{key}.{name}" if key else name, member)
    elif value is not None:
        yield key, _text(value)


def _members(value: object) -> list[tuple[str, object]] | None:
    """What stands below a value, by name, None where it is one setting."""
    if isinstance(value, Mapping):
        return [(_text(name), member) for name, member in value.items()]
    if isinstance(value, BaseModel):
        declared = type(value).model_fields
        return [(declared[name].alias or name, getattr(value, name)) for name in declared]
    if is_dataclass(value):
        names = [field.name for field in fields(value)]
        return [(_AS_WRITTEN.get(name, name), getattr(value, name)) for name in names]
    if isinstance(value, list | tuple) and (not value or _members(value[0]) is not None):
        return [(str(place), member) for place, member in enumerate(value)]
    return [] if isinstance(value, Set) and not value else None


def _text(value: Any) -> str:
    if isinstance(value, SecretStr | SecretBytes):
        return SECRET
    if isinstance(value, timedelta):
        return written(value) if value and not value % timedelta(seconds=1) else _seconds(value)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Set):
        value = sorted(value, key=_text)
    if isinstance(value, list | tuple):
        return json.dumps([_text(each) for each in value], ensure_ascii=False)
    if isinstance(value, bool | float):
        return json.dumps(value)
    return str(value)


def _seconds(length: timedelta) -> str:
    return f"{length.total_seconds():g}s"
