"""What the settings of every channel have in common."""

from __future__ import annotations

import re
import ssl
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, FilePath, SecretStr

from moderator.channels.timing_settings import TimingSettings
from moderator.domain.alert import EXCERPT
from moderator.domain.web_host import listed_hosts

_TOKEN = re.compile("[!-~]{8,1000}")


class ChannelSettings(TimingSettings):
    """One block under `channels:`. Its errors never show the value: it may be a secret."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: str


AllowHosts = Annotated[
    tuple[str, ...],
    AfterValidator(listed_hosts),
    Field(
        description="Targets (host:port) that are allowed although they are not the provider's "
        "own or lie on a private or loopback address.",
        examples=[["127.0.0.1:9000"]],
    ),
]

Excerpt = Annotated[
    int,
    Field(
        strict=True,
        ge=0,
        le=EXCERPT,
        description="How much of the comment is shown, in characters. 0: nothing of its text is "
        "sent, only the link.",
    ),
]


def _pem(path: Path | None) -> Path | None:
    try:
        ssl.create_default_context(cafile=path)  # None: the system's
    except OSError:  # ssl.SSLError is one
        raise ValueError("it holds no certificates in PEM form that can be read") from None
    return path


CaFile = Annotated[
    FilePath | None,
    AfterValidator(_pem),
    Field(
        description="Certificates (PEM) to trust instead of the public ones, for a host with a "
        "private certificate authority."
    ),
]


def _token(secret: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(secret.get_secret_value()):
        raise ValueError(
            "it is no access token: 8 to 1000 letters, digits and signs, without blanks"
        )
    return secret


Token = Annotated[SecretStr, AfterValidator(_token)]


class HttpSettings(ChannelSettings):
    """What a `JsonChannel` has. `allow_hosts` comes first: addresses are checked by it."""

    allow_hosts: AllowHosts = ()
    excerpt: Excerpt = 400
    ca_file: CaFile = None
