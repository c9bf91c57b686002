"""Durations and thresholds at their bounds."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from moderator.config.durations import parse_duration, written
from moderator.config.triggers import threshold
from tests.config.conftest import REST, Load


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1s", 1),
        ("90s", 90),
        ("10m", 600),
        ("24h", 86_400),
        ("1d", 86_400),
        ("2w", 1_209_600),
        ("1y", 31_536_000),
        ("007d", 604_800),
        ("2592000s", 2_592_000),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, seconds: int) -> None:
    """A year has 365 days here."""
    assert parse_duration(text, least="1s", most="1y") == timedelta(seconds=seconds)


def test_the_bounds_of_a_duration_belong_to_it() -> None:
    """At, below and above."""
    for text in ("10s", "60s", "1m"):
        parse_duration(text, least="10s", most="1m")
    for text in ("9s", "61s", "2m"):
        with pytest.raises(ValueError, match="is too"):
            parse_duration(text, least="10s", most="1m")


@given(st.timedeltas(min_value=timedelta(), max_value=timedelta(days=3650)))
def test_a_duration_is_written_as_it_is_read(length: timedelta) -> None:
    """To the second."""
    whole = timedelta(seconds=length // timedelta(seconds=1))
    assert parse_duration(written(whole), least="0s", most="10y") == whole


@pytest.mark.parametrize("value", [0, 0.0, 1, 1.0, 0.5])
def test_the_bounds_of_a_threshold_belong_to_it(value: float) -> None:
    """0 lets everything count, 1 next to nothing."""
    assert threshold(value) == value


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("0", "it without quotes (did you mean 0?)"),
        ("1", "it without quotes (did you mean 1?)"),
        ("2", "it without quotes (did you mean 0.02?)"),
        ("100%", "it without quotes (did you mean 1?)"),
        ("0,8", "it without quotes (did you mean 0.8?)"),
        ("101", "a number from 0 to 1"),
        ("-1", "a number from 0 to 1"),
        ("high", "a number from 0 to 1"),
    ],
)
def test_a_number_in_quotes_is_read_for_the_advice_alone(text: str, advice: str) -> None:
    """It stays refused."""
    with pytest.raises(ValueError) as caught:
        threshold(text)
    assert str(caught.value) == f'"{text}" is text; write {advice}'


def test_settings_cannot_be_changed(load: Load) -> None:
    """Whoever holds them may rely on them; a reload makes new ones."""
    settings = load(REST)
    with pytest.raises(FrozenInstanceError):
        settings.digest = ""  # type: ignore[misc]
    with pytest.raises(TypeError):
        settings.sources["x"] = settings.sources["forum"]  # type: ignore[index]
    with pytest.raises(ValidationError):
        settings.retention.text = timedelta()  # type: ignore[misc]
