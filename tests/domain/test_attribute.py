"""Which of Perspective's attributes we answer, and by what."""

from __future__ import annotations

import pytest

from moderator.domain.attribute import UNSUPPORTED, known, supported, value_of
from moderator.domain.score import Probabilities

SAID = Probabilities(hate=0.2, offensive=0.5, neither=0.3)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("TOXICITY", 0.7),
        ("TOXICITY_FAST", 0.7),
        ("TOXICITY_EXPERIMENTAL", 0.7),
        ("IDENTITY_ATTACK", 0.2),
        ("IDENTITY_ATTACK_EXPERIMENTAL", 0.2),
        ("toxicity", None),  # Perspective's names are in capitals
        ("NOT_AN_ATTRIBUTE", None),
        *[(name, None) for name in UNSUPPORTED],
    ],
)
def test_a_value_is_a_probability_of_ours_or_there_is_none(
    name: str, expected: float | None
) -> None:
    """What no class of ours means gets no number."""
    assert value_of(name, SAID) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize("name", known())
def test_an_abstention_has_no_value(name: str) -> None:
    """A text that was not judged is nought of nothing."""
    assert value_of(name, None) is None


def test_every_name_is_either_supported_or_not() -> None:
    """No name stands twice, and the supported ones come first."""
    assert len(set(known())) == len(known())
    assert known()[: len(supported())] == supported()
    assert all(value_of(name, SAID) is not None for name in supported())
