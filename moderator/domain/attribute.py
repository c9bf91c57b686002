"""The Perspective API's attributes, and what of them our classifier can answer for.

Our model tells three classes apart, and two of its probabilities mean what an attribute means:
`toxic` (hate or offensive) and `hate` (against people for what they are). An attribute is
supported where labelled rows that no model was fitted on bear that out; docs/attributes.md holds
the figures, and why the others are not answered. No number stands in for a missing one.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from moderator.domain.score import Probabilities

# Attribute -> the probability that answers it, as `Probabilities.of` names it. An experimental
# name is Perspective's for the same attribute on another footing: same meaning, same answer.
MEASURED_BY: Mapping[str, str] = MappingProxyType(
    {
        "TOXICITY": "toxic",
        "TOXICITY_EXPERIMENTAL": "toxic",
        "TOXICITY_FAST": "toxic",
        "IDENTITY_ATTACK": "hate",
        "IDENTITY_ATTACK_EXPERIMENTAL": "hate",
    }
)

# Perspective's other names: rightly spelt, and no class or label of ours means the same.
UNSUPPORTED = (
    "SEVERE_TOXICITY",
    "SEVERE_TOXICITY_EXPERIMENTAL",
    "INSULT",
    "INSULT_EXPERIMENTAL",
    "PROFANITY",
    "PROFANITY_EXPERIMENTAL",
    "THREAT",
    "THREAT_EXPERIMENTAL",
    "SEXUALLY_EXPLICIT",
    "FLIRTATION",
    "ATTACK_ON_AUTHOR",
    "ATTACK_ON_COMMENTER",
    "INCOHERENT",
    "INFLAMMATORY",
    "LIKELY_TO_REJECT",
    "OBSCENE",
    "SPAM",
    "UNSUBSTANTIAL",
)


def supported() -> tuple[str, ...]:
    """The names we answer for by ourselves, always in the same order."""
    return tuple(MEASURED_BY)


def known() -> tuple[str, ...]:
    """Every name Perspective has, supported ones first: to tell a slip from an absence."""
    return supported() + UNSUPPORTED


def value_of(name: str, probabilities: Probabilities | None) -> float | None:
    """A text's value for an attribute, 0..1: a probability, on our own scale.

    None where the attribute is not supported, or where the model abstained: an abstention has no
    value.
    """
    measure = MEASURED_BY.get(name)
    if measure is None or probabilities is None:
        return None
    return probabilities.of(measure)
