"""The `perspective` block: the sites that ask by the Perspective API's routes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from moderator.config.names import Name
from moderator.config.problems import KeyPath, hint, shown
from moderator.domain import attribute
from moderator.domain.community import Communities, Community

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


KeyId = Annotated[str, AfterValidator(_key_id)]
CommunityId = Annotated[str, Field(min_length=1, max_length=256)]
ConstantName = Annotated[str, AfterValidator(_constant_name)]
Constants = dict[ConstantName, Annotated[float, Field(ge=0, le=1)]]

_CONSTANTS = (
    "Numbers, 0..1, to tell for attributes that nobody here can judge; without one such an"
    " attribute is refused."
)


class CommunityBlock(BaseModel):
    """One site. Its name is the source that its comments are stored under."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    keys: tuple[KeyId, ...] = Field(
        (), description="The ids of the API keys that this site sends, as `keys list` shows them."
    )
    ids: tuple[CommunityId, ...] = Field(
        (), description="What it sends as `communityId`, where one key serves several sites."
    )
    constants: Constants = Field({}, description=_CONSTANTS)

    @model_validator(mode="after")
    def _can_be_told(self) -> CommunityBlock:
        if not self.keys and not self.ids:
            raise ValueError("needs keys or ids: by what else could its requests be told?")
        return self


class PerspectiveBlock(BaseModel):
    """The sites that ask by the Perspective API's routes, and what they are answered."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    source: Name = Field(
        DEFAULT_SOURCE, description="The source of comments that no community below accounts for."
    )
    constants: Constants = Field({}, description=_CONSTANTS)
    communities: dict[Name, CommunityBlock] = Field(
        {}, description="Sites with a source of their own, by its name."
    )

    @property
    def sources(self) -> frozenset[str]:
        """Every source that comments may be stored under."""
        return frozenset({self.source, *self.communities})

    def in_force(self) -> Communities:
        """The communities as requests are told apart by them."""
        of = {name: self._community(name, block) for name, block in self.communities.items()}
        blocks = self.communities.items()
        return Communities(
            by_id={id_: of[name] for name, block in blocks for id_ in block.ids},
            by_key={key: of[name] for name, block in blocks for key in block.keys},
            other=Community(source=self.source, constants=self.constants),
        )

    def _community(self, name: str, block: CommunityBlock) -> Community:
        return Community(source=name, constants={**self.constants, **block.constants})


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
