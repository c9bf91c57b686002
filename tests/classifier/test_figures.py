"""Figures go to JSON and come back the same."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from moderator.classifier.card import findings_in, written
from moderator.classifier.figures import (
    CurvePoint,
    Reliability,
    ReliabilityBin,
    SentenceFigures,
    TermFigures,
    from_json,
)

RELIABILITY = Reliability(
    toxic_share=0.05,
    base_rate=None,
    error=0.25,
    bins=(ReliabilityBin(rows=2, share=1.0, claimed=0.75, happened=0.5),),
)


def test_figures_come_back_from_json_as_they_went() -> None:
    sentences = SentenceFigures(
        kind="thanks",
        rows=2,
        left_out=0,
        flagged=0.5,
        flagged_sentences=("Thanks, goose!",),
        terms=(TermFigures(term="goose", rows=1, flagged=1.0),),
    )

    for figures in (RELIABILITY, sentences):
        again = from_json(type(figures), json.loads(json.dumps(asdict(figures))))
        assert again == figures


def test_what_lacks_a_figure_is_not_taken_for_figures() -> None:
    with pytest.raises(KeyError):
        from_json(CurvePoint, {"threshold": 0.5})


def test_a_card_has_a_line_a_key_and_no_idle_digits() -> None:
    text = written({"name": "mild", "weight": 0.123456789, "findings": {"auc": [0.123456789, 1]}})

    assert text.splitlines()[1:3] == ['"name": "mild",', '"weight": 0.123456789,']
    assert json.loads(text)["findings"] == {"auc": [0.123457, 1]}


@pytest.mark.parametrize("card", [{}, {"findings": None}])
def test_a_card_without_measurements_has_no_findings(card: dict[str, object]) -> None:
    assert findings_in(card) is None
