"""The model card's file: one key a line, so that two cards can be compared, and no idle digits."""

from __future__ import annotations

import json
from collections.abc import Mapping

from moderator.classifier.figures import Findings, from_json

DIGITS = 6  # after the point, of a share or a probability; times in seconds need no more


def written(card: Mapping[str, object]) -> str:
    """The card as JSON, its findings rounded."""
    lines = [
        f"{json.dumps(key)}: {json.dumps(_rounded(value) if key == 'findings' else value)}"
        for key, value in card.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, Mapping):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value


def findings_in(card: Mapping[str, object]) -> Findings | None:
    """What a card says about held-out folds and the exam; None where nothing was measured."""
    found = card.get("findings")
    return from_json(Findings, found) if isinstance(found, Mapping) else None
