"""The boards that can tell us of their comments.

A new kind is one module here, one line in `KINDS`, one test and one block in the configuration.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moderator.sources.base import Source
from moderator.sources.coral import CoralSettings, CoralSource
from moderator.sources.discourse import DiscourseSettings, DiscourseSource
from moderator.sources.generic import GenericSettings, GenericSource
from moderator.sources.nodebb import NodeBBSettings, NodeBBSource
from moderator.sources.settings import SourceSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceKind:
    """What the configuration holds for a kind of source, and what makes one of it."""

    settings: type[SourceSettings]
    make: Callable[[str, Any], Source]


KINDS: dict[str, SourceKind] = {
    "generic": SourceKind(settings=GenericSettings, make=GenericSource),
    "discourse": SourceKind(settings=DiscourseSettings, make=DiscourseSource),
    "nodebb": SourceKind(settings=NodeBBSettings, make=NodeBBSource),
    "coral": SourceKind(settings=CoralSettings, make=CoralSource),
}


def build(name: str, settings: SourceSettings) -> Source:
    """The source with this name in the configuration. `settings.kind` is a key of `KINDS`."""
    return KINDS[settings.kind].make(name, settings)
