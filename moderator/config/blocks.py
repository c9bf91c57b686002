"""The whole configuration file as pydantic sees it: its keys, and what each may hold."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from moderator.config.durations import DURATION_SCHEMA, DURATION_TEXT, bounded
from moderator.config.names import Name
from moderator.config.perspective import PerspectiveBlock
from moderator.config.quotas import QuotaText
from moderator.config.triggers import SelectionBlock, Threshold, TriggerBlock
from moderator.config.watch import WatchBlock

PUBLIC_URL_PATTERN = "^https?://[^/?#@\\s]+/?$"
DIGEST_PATTERN = "^[0-9a-fA-F]{64}$"

PublicRoute = Literal["predict", "perspective", "openai", "discourse-ai", "akismet"]


def _public_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not re.fullmatch(PUBLIC_URL_PATTERN, text):
        raise ValueError(
            "is not the address of a site: write https:// and the host, without a path"
            " (https://mod.example.org)"
        )
    return text.rstrip("/")


def _digest(text: str) -> str:
    if not re.fullmatch(DIGEST_PATTERN, text):
        raise ValueError("is no SHA-256: 64 characters of 0-9 and a-f, as the model card says")
    return text.lower()


KeyName = Annotated[str, Field(min_length=1, max_length=256)]
PublicUrl = Annotated[
    str,
    AfterValidator(_public_url),
    WithJsonSchema({"type": "string", "pattern": PUBLIC_URL_PATTERN}),
]
KeepText = Annotated[timedelta, bounded("1h", "10y"), DURATION_TEXT, DURATION_SCHEMA]
KeepScores = Annotated[timedelta, bounded("1d", "10y"), DURATION_TEXT, DURATION_SCHEMA]
Digest = Annotated[
    str, AfterValidator(_digest), WithJsonSchema({"type": "string", "pattern": DIGEST_PATTERN})
]


class Block(BaseModel):
    """A mapping in which every key is known and nothing is converted silently."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Retention(Block):
    """How long things are kept, counted from a comment's arrival."""

    text: KeepText = Field(
        timedelta(days=30), description="The comments' text; deleted after this. Default: 30d."
    )
    scores: KeepScores = Field(
        timedelta(days=365),
        description="Scores, alerts and ids; deleted after this. Default: 1y.",
    )

    @model_validator(mode="after")
    def _text_goes_first(self) -> Self:
        if self.text > self.scores:
            raise ValueError("text cannot be kept longer than scores; shorten text")
        return self


class ModelPin(Block):
    """A model other than the bundled one, and the digest that its file must have."""

    path: str = Field(
        min_length=1,
        max_length=4096,
        description="The file that `moderator train` wrote, seen from the configuration's folder.",
    )
    sha256: Digest = Field(
        description="The file's SHA-256 in 64 hexadecimal characters, as its model card says."
    )


class AkismetBlock(Block):
    """Akismet's routes, which answer whether a comment is toxic where Akismet says "spam"."""

    source: Name = Field(
        description="The source whose comments are asked about: its base rate counts, and what"
        " people submit is said of its comments."
    )
    threshold: Threshold | None = Field(
        None,
        description="The probability of toxic from which on a comment is spam. Default: those that"
        " the model calls hate or offensive.",
    )


class ConfigFile(Block):
    """The configuration of moderator."""

    public_url: PublicUrl | None = Field(
        None, description="Where people reach this service; alerts link there."
    )
    sources: dict[Name, Any] = Field(
        {}, description="The boards that send comments. The name is part of the webhook's address."
    )
    triggers: dict[Name, TriggerBlock] = Field(
        {}, description="What you want to be told about. The name is how an alert is called."
    )
    exempt: SelectionBlock | None = Field(
        None, description="Comments that no trigger looks at: whatever matches one of the keys."
    )
    channels: dict[Name, Any] = Field({}, description="The ways to tell you.")
    perspective: PerspectiveBlock | None = Field(
        None,
        description="Sites that ask by the Perspective API's routes. Default: one, of any key.",
    )
    akismet: AkismetBlock | None = Field(
        None, description="Turns Akismet's routes on. Default: off."
    )
    watch: WatchBlock = Field(
        WatchBlock(), description="What the service tells about itself and what feeds it."
    )
    public: tuple[PublicRoute, ...] = Field((), description="Routes that need no API key.")
    quotas: dict[KeyName, QuotaText] = Field(
        {},
        description="How many requests an API key may make: by the key's name or id, and `default`"
        " for every other one. Without it there is no limit.",
    )
    retention: Retention = Field(
        Retention(), description="How long things are kept before they are deleted."
    )
    model: ModelPin | None = Field(None, description="Leave it out for the bundled model.")
