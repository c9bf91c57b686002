"""The `perspective` block: the sites that ask by the Perspective API's routes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from moderator.config.names import Name
from moderator.config.problems import KeyPath, hint, shown
from moderator.domain import attribute
from moderator.domain.community import Communities, Community
from moderator.domain.scale import MOST_KNOTS, Scale

DEFAULT_SOURCE = Communities().other.source
KEY_ID = "^[a-z2-7]{8}$"


def _key_id(text: str) -> str:
    if text.startswith("mod_"):
        raise ValueError(
            "is the secret of a key; write its id alone, as `moderator keys list` shows it, and"
            " revoke this key"
        )
    if not re.fullmatch(KEY_ID, text):
        raise ValueError(f"{shown(text)} is no id of a key; `moderator keys list` shows them")
    return text


def _constant_name(name: str) -> str:
    if name in attribute.supported():
        raise ValueError(
            f"{name} is answered by the model; a constant would hide that: leave it out"
        )
    if name not in attribute.known():
        unanswered = sorted(set(attribute.known()) - set(attribute.supported()))
        raise ValueError(f"{shown(name)} is no attribute of Perspective's{hint(name, unanswered)}")
    return name


def _scale_name(name: str) -> str:
    if name not in attribute.known():
        raise ValueError(f"{shown(name)} is no attribute of Perspective's{hint(name, KNOWN)}")
    return name


KNOWN = sorted(attribute.known())
KeyId = Annotated[str, AfterValidator(_key_id)]
CommunityId = Annotated[str, Field(min_length=1, max_length=256)]
ConstantName = Annotated[str, AfterValidator(_constant_name)]
Part = Annotated[float, Field(ge=0, le=1)]
Constants = dict[ConstantName, Part]

_CONSTANTS = (
    "Numbers, 0..1, to tell for attributes that nobody here can judge; without one such an"
    " attribute is refused."
)
_SCALES = (
    "Attributes to answer on the scale that a site knew, as `moderator migrate perspective` writes"
    " it."
)


class ScaleBlock(BaseModel):
    """A line that brings a probability of ours to an attribute's old numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    measure: Literal["toxic", "hate"] = Field(
        alias="from", description="The probability that it starts from."
    )
    knots: tuple[tuple[Part, Part], ...] = Field(
        min_length=2,
        max_length=MOST_KNOTS,
        description="Pairs of our number and the old one; ours rise, the old ones never fall.",
    )
    model: str | None = Field(
        None, description="The model it was fitted to; where another is in force, that is told."
    )

    @model_validator(mode="after")
    def _never_falls(self) -> Self:
        self.in_force()
        return self

    def in_force(self) -> Scale:
        """The scale as values are brought along it."""
        return Scale(measure=self.measure, knots=self.knots)


ScaleName = Annotated[str, AfterValidator(_scale_name)]
Scales = dict[ScaleName, ScaleBlock]


class AnswersBlock(BaseModel):
    """What is answered beside the model's own values, or in their place."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    constants: Constants = Field({}, description=_CONSTANTS)
    scales: Scales = Field({}, description=_SCALES)

    @model_validator(mode="after")
    def _answers_once(self) -> Self:
        for name in self.constants.keys() & self.scales.keys():
            raise ValueError(f"{name} has a scale, so its constant would never be told")
        return self


class CommunityBlock(AnswersBlock):
    """One site. Its name is the source that its comments are stored under."""

    keys: tuple[KeyId, ...] = Field(
        (), description="The ids of the API keys that this site sends, as `keys list` shows them."
    )
    ids: tuple[CommunityId, ...] = Field(
        (), description="What it sends as `communityId`, where one key serves several sites."
    )

    @model_validator(mode="after")
    def _can_be_told(self) -> CommunityBlock:
        if not self.keys and not self.ids:
            raise ValueError("needs keys or ids: by what else could its requests be told?")
        return self


class PerspectiveBlock(AnswersBlock):
    """The sites that ask by the Perspective API's routes, and what they are answered.

    Constants and scales are for every site; one of a community's own goes before.
    """

    source: Name = Field(
        DEFAULT_SOURCE, description="The source of comments that no community below accounts for."
    )
    communities: dict[Name, CommunityBlock] = Field(
        {}, description="Sites with a source of their own, by its name."
    )

    @property
    def sources(self) -> frozenset[str]:
        """Every source that comments may be stored under."""
        return frozenset({self.source, *self.communities})

    def misfits(self, model: str) -> list[str]:
        """Where scales stand that were fitted to another model than this one."""
        blocks: dict[str, AnswersBlock] = {
            "perspective": self,
            **{f"perspective.communities.{name}": one for name, one in self.communities.items()},
        }
        return [
            f"{place}.scales.{name}"
            for place, block in blocks.items()
            for name, scale in block.scales.items()
            if scale.model not in (None, model)
        ]

    def in_force(self) -> Communities:
        """The communities as requests are told apart by them."""
        of = {name: self._community(name, block) for name, block in self.communities.items()}
        blocks = self.communities.items()
        return Communities(
            by_id={id_: of[name] for name, block in blocks for id_ in block.ids},
            by_key={key: of[name] for name, block in blocks for key in block.keys},
            other=self._community(self.source, self),
        )

    def _community(self, name: str, block: AnswersBlock) -> Community:
        scales = {**self.scales, **block.scales}
        return Community(
            source=name,
            constants={**self.constants, **block.constants},
            scales={each: scale.in_force() for each, scale in scales.items()},
        )


def ambiguities(block: PerspectiveBlock) -> Iterator[tuple[KeyPath, str]]:
    """Keys and ids that stand for two sites: where, and what is wrong."""
    for field in ("keys", "ids"):
        owners: dict[str, str] = {}
        for name, community in block.communities.items():
            values: tuple[str, ...] = getattr(community, field)
            for place, value in enumerate(values):
                owner = owners.setdefault(value, name)
                if (owner, values.index(value)) != (name, place):
                    message = f"stands under {owner} already; it can mean one site alone"
                    yield ("perspective", "communities", name, field, place), message


def source_names(file: Mapping[str, object]) -> frozenset[str]:
    """The sources that a file's `perspective` block, be it right or not, gives names to."""
    section, public = file.get("perspective"), file.get("public")
    is_open = isinstance(public, list) and "perspective" in public
    if not isinstance(section, dict):
        return frozenset({DEFAULT_SOURCE} if is_open else ())
    communities = section.get("communities")
    named = communities if isinstance(communities, dict) else {}
    own = section.get("source", DEFAULT_SOURCE)
    return frozenset({str(own), *named})
