"""The sites that ask by the Perspective API's routes, and what each is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from moderator.domain import attribute
from moderator.domain.scale import Scale
from moderator.domain.score import Probabilities


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """One site. Its comments are stored under `source`.

    `scales` answer an attribute on the site's old scale; `constants` (0..1) are what the site
    wants told for attributes that nobody here can judge.
    """

    source: str
    constants: Mapping[str, float] = field(default_factory=dict)
    scales: Mapping[str, Scale] = field(default_factory=dict)

    def answers(self, name: str) -> bool:
        """Whether an attribute is answered at all."""
        return name in self.scales or name in self.constants or name in attribute.supported()

    def value_of(self, name: str, probabilities: Probabilities) -> float | None:
        """What this site is told for an attribute, 0..1; None where it is not answered."""
        if (scale := self.scales.get(name)) is not None:
            return scale.of(probabilities.of(scale.measure))
        value = attribute.value_of(name, probabilities)
        return self.constants.get(name) if value is None else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Communities:
    """All of them. A request's `communityId` tells the site, else the key it was sent with.

    Coral sends a `communityId` with its feedback alone, so the key has to be enough.
    `other` is who everybody else is.
    """

    by_id: Mapping[str, Community] = field(default_factory=dict)
    by_key: Mapping[str, Community] = field(default_factory=dict)
    other: Community = Community(source="perspective")

    def of(self, community_id: str | None, key_id: str | None) -> Community:
        """Whose request this is; `key_id` is the public part of the key, if one was sent."""
        named = self.by_id.get(community_id) if community_id else None
        keyed = self.by_key.get(key_id) if key_id else None
        return named or keyed or self.other
