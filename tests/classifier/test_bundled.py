"""The model that is shipped: whole, small, documented, and the one its card describes."""

from __future__ import annotations

import hashlib
import json
import os
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from moderator.classifier.artefact import GOLDEN_SENTENCES
from moderator.classifier.bundled import load_bundled
from moderator.classifier.card import findings_in
from moderator.classifier.dataset import read_labelled
from moderator.classifier.pool import POOL
from moderator.classifier.robust import Default
from moderator.classifier.scorer import CompiledScorer
from moderator.classifier.train import train
from moderator.cli.sample_board import DISCUSSION
from moderator.domain.errors import ModelError
from moderator.domain.score import Label
from moderator.sources.markup import read_text

SHARED = Path(os.environ.get("MODERATOR_SHARED", "../shared")) / "data"
DAVIDSON = SHARED / "davidson" / "labeled_data.csv"
PACKAGE = resources.files("moderator.classifier.bundled")
MODEL_CARD = Path(__file__).parents[2] / "MODEL_CARD.md"

needs_data = pytest.mark.skipif(
    not DAVIDSON.exists(), reason="set MODERATOR_SHARED to the folder with data/davidson"
)


@pytest.fixture(scope="module")
def card() -> dict[str, Any]:
    """The bundled model's card."""
    read: dict[str, Any] = json.loads(PACKAGE.joinpath("model.card.json").read_text())
    return read


@pytest.fixture(scope="module")
def scorer() -> CompiledScorer:
    """The bundled model."""
    return load_bundled()


def test_the_card_pins_the_file_beside_it(card: dict[str, Any]) -> None:
    raw = PACKAGE.joinpath("model.joblib").read_bytes()

    assert card["sha256"] == hashlib.sha256(raw).hexdigest()
    assert card["bytes"] == len(raw) < 4_000_000


def test_it_scores_the_cards_golden_sentences(card: dict[str, Any], scorer: CompiledScorer) -> None:
    assert [golden["text"] for golden in card["golden"]] == list(GOLDEN_SENTENCES)
    for golden in card["golden"]:
        found = scorer.probabilities(golden["text"])
        assert np.allclose(found, list(golden["scores"].values()), rtol=0.0, atol=1e-6)


def test_the_card_names_every_source_and_no_test_file(card: dict[str, Any]) -> None:
    assert {source["file"] for source in card["pool"]} == {source.file for source in POOL}
    assert all(source["licence"] for source in card["pool"])
    assert "test" not in json.dumps(card["pool"])


def test_the_card_measures_it_beside_the_tutorial_on_all_folds(card: dict[str, Any]) -> None:
    found = findings_in(card)
    assert found is not None
    tutorial, _, new = found.columns

    assert (tutorial.recipe, new.recipe) == ("tutorial", "default")
    assert tutorial.held_out.folds == new.held_out.folds == 5
    assert new.held_out.metrics.macro_f1 > tutorial.held_out.metrics.macro_f1 + 0.04
    assert new.held_out.metrics.auc_hate > tutorial.held_out.metrics.auc_hate + 0.04
    assert new.exam.everyday is not None
    assert tutorial.exam.everyday is not None
    assert new.exam.everyday.flagged_half < tutorial.exam.everyday.flagged_half / 10
    assert any(line.reached is False for line in found.reach), "misses are told, too"


def test_the_model_card_document_names_every_source_and_licence(card: dict[str, Any]) -> None:
    document = MODEL_CARD.read_text(encoding="utf-8")

    for source in card["pool"]:
        assert source["source"].partition(" (")[0] in document
        assert source["licence"] in document
    assert card["sha256"] in document


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Thank you, that fixed it for me!", Label.NEITHER),
        ("How do I install this on my old laptop?", Label.NEITHER),
        ("Is there a way to kill the process and start again?", Label.NEITHER),
        ("My neighbour is gay and we had a lovely dinner.", Label.NEITHER),
        ("The Muslim community invited everybody to the feast.", Label.NEITHER),
        ("you are an idiot", Label.OFFENSIVE),
        ("shut up, you stupid moron", Label.OFFENSIVE),
        ("SHUT UP you st\u200bupid m0r0n", Label.OFFENSIVE),
        ("what a bunch of pathetic losers", Label.OFFENSIVE),
        ("y o u  s t u p i d  i d i o t", Label.OFFENSIVE),
        ("Only a complete m*ron would write this, you p4thetic l0ser.", Label.OFFENSIVE),
        ("Crawl back under your rock, you ugly troll.", Label.OFFENSIVE),
        ("The moderators here are all corrupt idiots.", Label.OFFENSIVE),
        ("women are welcome here", Label.NEITHER),
        ("As a black man in tech I found this talk encouraging.", Label.NEITHER),
        ("Sorry, that was stupid of me.", Label.NEITHER),
        ("I'm such an idiot, I forgot to save the file.", Label.NEITHER),
        ("You guys are killing it this season.", Label.NEITHER),
        ("Please report insults instead of answering them.", Label.NEITHER),
        ("She called me a stupid idiot and I reported her.", Label.NEITHER),
        ("He is not an idiot, he just sees it differently.", Label.NEITHER),
    ],
)
def test_plain_cases_come_out_as_people_would_have_it(
    scorer: CompiledScorer, text: str, label: Label
) -> None:
    assert scorer.score(text).label is label


def test_the_sample_discussion_is_judged_as_a_moderator_would(scorer: CompiledScorer) -> None:
    """What is quoted is not the author's; what is heated stands far above all the rest."""
    heated = {"You are an idiot, dan", "Shut up you stupid moron, you", "Go to hell, you p4thetic"}
    found: dict[bool, list[float]] = {True: [], False: []}
    for _, _, text in DISCUSSION:
        seen, _ = read_text(text, "markdown")
        toxic = 1.0 - scorer.probabilities(seen)[2]
        found[any(seen.startswith(start) for start in heated)].append(toxic)

    assert len(found[True]) == len(heated)
    assert min(found[True]) >= 0.2
    assert max(found[False]) < 0.1


@pytest.mark.parametrize(
    ("card_text", "model", "told"),
    [
        (None, b"", "damaged: FileNotFoundError"),
        ("{", b"", "damaged: JSONDecodeError"),
        ("[]", b"", "damaged: TypeError"),
        ("{}", b"", "damaged: KeyError"),
        ('{"sha256": "ab"}', None, "damaged: FileNotFoundError"),
        ('{"sha256": "ab"}', b"goose", "the file was not opened"),
    ],
)
def test_a_damaged_package_is_refused(
    tmp_path: Path, card_text: str | None, model: bytes | None, told: str
) -> None:
    if card_text is not None:
        (tmp_path / "model.card.json").write_text(card_text)
    if model is not None:
        (tmp_path / "model.joblib").write_bytes(model)

    with pytest.raises(ModelError, match=told):
        load_bundled(tmp_path)


@needs_data
def test_compiled_and_pipeline_agree_on_real_comments() -> None:
    """Fitted on 2,000 rows, compared on 2,000 others."""
    rows = read_labelled(DAVIDSON)
    fitted = Default().fit(rows.take(range(2_000)))
    compiled = CompiledScorer(fitted.weights, name="sample", digest="")
    texts = rows.take(range(2_000, 4_000)).texts

    found = np.array([compiled.probabilities(text) for text in texts])

    assert np.abs(found - fitted.probabilities(texts)).max() < 1e-6


@pytest.mark.long
@pytest.mark.timeout(900)
@needs_data
def test_it_can_be_rebuilt_to_the_byte(card: dict[str, Any], tmp_path: Path) -> None:
    """With the library versions of the card; takes a minute or two."""
    report = train(DAVIDSON, out=tmp_path / "model.joblib", pool=SHARED / "pool", folds=0)

    assert report.sha256 == card["sha256"]
