"""What the configuration of every source holds."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from moderator.sources.base_rate import ShareOrEstimate

FEWEST_BYTES = 24  # of a secret: 192 bits, the least that Standard Webhooks allows
FEWEST_CHARACTERS = 8  # different ones; a random secret of 24 has twice as many
_PLACEHOLDERS = ("changeme", "replaceme", "placeholder", "yoursecret")


class SourceSettings(BaseModel):
    """The block of one source. The first secret is the current one, the others are going out."""

    # Errors hide their input: it would be a secret.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    kind: str
    secrets: tuple[SecretStr, ...] = Field(
        min_length=1,
        max_length=5,
        description="shared with the board, at least 24 bytes each; more than one while rotating",
    )
    base_rate: ShareOrEstimate | None = Field(
        None,
        description="The share of comments on this board that are toxic, or estimate. Default: the"
        " one that the model declares.",
    )

    @field_validator("secrets")
    @classmethod
    def _are_secret(cls, secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for number, secret in enumerate(secrets, start=1):
            problem = _weakness(secret.get_secret_value(), cls.key(secret.get_secret_value()))
            if problem:
                raise ValueError(f"secret {number} {problem}")
        return secrets

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if len(set(self.keys)) < len(self.secrets):
            raise ValueError("secrets holds the same secret twice")
        return self

    @property
    def keys(self) -> tuple[bytes, ...]:
        """The keys of the signatures, the current one first."""
        return tuple(self.key(secret.get_secret_value()) for secret in self.secrets)

    @classmethod
    def key(cls, secret: str) -> bytes:
        """The key in a secret. Raises ValueError where there is none."""
        return secret.encode()


def _weakness(secret: str, key: bytes) -> str | None:
    if secret != secret.strip() or not secret.isprintable():
        return "holds blanks or line ends at its edges; paste it again"
    if len(key) < FEWEST_BYTES:
        return f"is shorter than {FEWEST_BYTES} bytes"
    letters = "".join(c for c in secret.lower() if c.isalnum())
    if len(set(key)) < FEWEST_CHARACTERS or any(word in letters for word in _PLACEHOLDERS):
        return "is a placeholder, not a secret; make a random one"
    return None
