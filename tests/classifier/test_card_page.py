"""MODEL_CARD.md: made of the bundled model's card, and true of the model."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from moderator.classifier import bundled
from moderator.classifier.bundled import load_bundled
from moderator.classifier.card_page import main, model_card
from moderator.classifier.limits import LIMITS

from .sample_findings import findings

ROOT = Path(__file__).parents[2]
CARD_PATH = Path(bundled.__file__).with_name("model.card.json")
CARD = json.loads(CARD_PATH.read_text())
MEASURED = CARD | {"findings": asdict(findings())}
EXAMPLES = [(text, True) for limit in LIMITS for text in limit.alarms]
EXAMPLES += [(text, False) for limit in LIMITS for text in limit.missed]


def test_the_committed_page_is_the_one_that_the_card_makes():
    """If not: `python -m moderator.classifier.card_page` with the card and MODEL_CARD.md."""
    assert (ROOT / "MODEL_CARD.md").read_text(encoding="utf-8") == model_card(CARD)


def test_the_page_says_what_the_model_was_made_of():
    page = model_card(CARD)

    assert CARD["sha256"] in page
    for source in CARD["pool"]:
        assert f"| {source['file']} | {source['source']} | {source['licence']} |" in page
    assert "t-davidson/hate-speech-and-offensive-language | MIT |" in page


def test_the_figures_are_the_cards():
    page = model_card(MEASURED)

    assert "| macro-F1 | 0.712 | 0.757 | 0.760 | ≥ 0.765 | missed |" in page
    assert "| called toxic at 0.5 | 33 % | 9.5 % | 0.96 % |" in page
    assert "- Of 1,000 ordinary comments it calls 9.6 toxic at a threshold of 0.5" in page
    assert "of which 5.0 % are toxic" in page
    assert "- Of 3 aims 1 were reached, 1 were missed, 1 cannot be told. Missed: macro-F1" in page
    assert page.count("| group ") == 10
    assert "- Times were taken on two cores that others used, too." in page


def test_where_nothing_was_measured_the_page_says_so():
    page = model_card({key: value for key, value in CARD.items() if key != "findings"})

    assert "This card holds no figures" in page
    assert "| macro-F1 |" not in page


@pytest.mark.parametrize("card", [CARD, MEASURED])
def test_every_table_is_whole_and_no_mark_is_left(card):
    page = model_card(card)

    for table in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        assert len({line.count("|") - line.count("\\|") for line in table.splitlines()}) == 1
    assert "$" not in page
    assert "\n\n\n" not in page
    assert page.endswith("\n")
    assert not page.endswith("\n\n")


@pytest.mark.parametrize(("text", "flagged"), EXAMPLES)
def test_the_model_is_wrong_where_the_page_says_so(text, flagged):
    """Should one fail, the model has become better: mend the words."""
    probabilities = load_bundled().score(text).probabilities

    assert (probabilities.toxic >= 0.5) == flagged


def test_it_is_written_from_the_command_line(tmp_path):
    main([str(CARD_PATH), str(tmp_path / "page.md")])

    assert (tmp_path / "page.md").read_text(encoding="utf-8") == model_card(CARD)


def test_writing_it_needs_no_scikit_learn():
    """It is made of numbers that are there already."""
    code = "import sys, moderator.classifier.card_page; print({'sklearn'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "set()"
