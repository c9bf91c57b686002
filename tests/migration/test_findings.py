"""What is offered of a migration, and what is not."""

from __future__ import annotations

import json

import numpy as np
import pytest

from moderator.domain.score import Abstention, Label, Probabilities, Score
from moderator.migration import Export, migrate
from moderator.migration.block import as_yaml
from moderator.migration.page import as_html
from moderator.migration.records import as_json
from tests.builders import NOON, a_score

CANARY = "canary-text-90dd"


def an_export(days: float | None = None, **scores) -> Export:
    """An export with these old scores."""
    count = len(next(iter(scores.values())))
    return Export(
        ids=tuple(f"c{i}" for i in range(count)),
        texts=tuple(f"{CANARY} <b>{i}</b>" for i in range(count)),
        scores={name: np.array(column, dtype=np.float64) for name, column in scores.items()},
        ignored=("author",),
        bad=(),
        days=days,
    )


def our_scores(toxic, hate_part=0.25) -> list[Score]:
    """What the model said of each."""
    return [
        Score(
            model="m@1",
            probabilities=Probabilities(
                hate=p * hate_part, offensive=p * (1 - hate_part), neither=1 - p
            ),
            label=Label.NEITHER,
            coverage=1.0,
        )
        for p in toxic
    ]


def found_of(export, scores, days=None, **thresholds):
    return migrate(
        export,
        scores,
        model="m@1",
        thresholds=thresholds,
        days=days,
        chance=np.random.default_rng(1),
    )


@pytest.fixture
def toxic():
    """What the model says of a thousand comments."""
    return np.random.default_rng(8).uniform(0.001, 0.999, 1_000)


@pytest.fixture
def noise():
    """A scorer that knows nothing."""
    return np.random.default_rng(9).uniform(0.0, 1.0, 1_000)


def test_an_attribute_of_ours_is_offered_with_its_figures(toxic):
    found = found_of(an_export(TOXICITY=toxic**2), our_scores(toxic), TOXICITY=[0.25, 0.81])
    (one,) = found.attributes
    assert one.scale is not None
    assert one.scale.of(0.5) == pytest.approx(0.25, abs=0.01)
    assert one.rank_correlation == pytest.approx(1.0)
    assert (one.doubt, one.refused) == (None, None)
    assert [at.threshold for at in one.thresholds] == [0.25, 0.81]
    for at in one.thresholds:
        assert at.after == pytest.approx(at.before)
        assert at.band[0] <= at.after <= at.band[1]
        assert (at.kept, at.lost) == (1.0, 0.0)
        assert at.auc == pytest.approx(1.0)
    assert at.raw > 1.5 * at.before


def test_another_attribute_is_offered_from_whichever_value_is_more_like_it(toxic, noise):
    """And only where ours tells its comments from others."""
    scores = [
        *our_scores(toxic[:500], hate_part=0.9),
        *our_scores(toxic[500:], hate_part=0.1),
    ]
    hate = np.array([score.probabilities.hate for score in scores])
    export = an_export(SEVERE_TOXICITY=np.sqrt(hate), INSULT=toxic, SPAM=noise)
    found = found_of(export, scores)
    assert {name: scale.measure for name, scale in found.scales.items()} == {
        "SEVERE_TOXICITY": "hate",
        "INSULT": "toxic",
    }
    spam = next(one for one in found.attributes if one.name == "SPAM")
    assert "does not answer it by itself" in spam.refused
    assert "may be 0.4" in spam.refused


def test_an_attribute_of_ours_that_hardly_agrees_is_offered_with_a_doubt(toxic, noise):
    """Rates are kept all the same, and the site is told that other comments are meant."""
    (one,) = found_of(an_export(TOXICITY=noise), our_scores(toxic)).attributes
    assert one.scale is not None
    assert "does not tell comments that reached 0.5" in one.doubt


@pytest.mark.parametrize(
    ("old", "count", "said"),
    [
        (lambda toxic: toxic, 199, "199 judged comments have a score; 200 are needed"),
        (lambda toxic: toxic * 0 + 0.5, 300, "every comment's old score is 0.5"),
    ],
)
def test_too_little_to_fit_is_said_and_nothing_is_offered(toxic, old, count, said):
    found = found_of(an_export(TOXICITY=old(toxic[:count])), our_scores(toxic[:count]))
    assert found.attributes[0].refused == said
    assert found.scales == {}


def test_a_model_that_says_the_same_of_all_offers_nothing(toxic):
    for name in ("TOXICITY", "INSULT"):
        found = found_of(an_export(**{name: toxic}), our_scores(toxic * 0 + 0.25))
        assert found.attributes[0].refused == "the model says the same of every comment"


def test_few_comments_above_a_threshold_prove_nothing_of_another_attribute(toxic):
    (one,) = found_of(an_export(INSULT=toxic * 0.51), our_scores(toxic)).attributes
    assert "fewer than 50 comments" in one.refused
    assert one.scale is None


def test_comments_that_are_not_judged_are_counted_and_their_alerts_lost(toxic):
    scores = our_scores(toxic)
    for i in range(100):
        scores[i] = a_score(probabilities=None, label=None, abstained=Abstention.LANGUAGE)
    old = toxic.copy()
    old[:100] = 0.99
    (one,) = (found := found_of(an_export(TOXICITY=old), scores)).attributes
    assert (found.comments, found.judged, found.abstained) == (1_000, 900, {"language": 100})
    assert one.rows == 900
    above = int((old[100:] >= 0.9).sum())
    assert one.thresholds[-1].lost == pytest.approx(100 / (100 + above))


def test_the_widest_disagreements_are_named_on_both_sides(toxic):
    old = toxic.copy()
    old[7], old[8] = 1.0, 0.0
    scores = our_scores(
        np.where(np.arange(1_000) == 7, 0.01, np.where(np.arange(1_000) == 8, 0.99, toxic))
    )
    (one,) = found_of(an_export(TOXICITY=old), scores).attributes
    assert one.disagreements[0].id == "c7"
    assert one.disagreements[len(one.disagreements) // 2].id == "c8"


def test_the_page_holds_comments_and_says_so_and_the_figures_hold_none(toxic, noise):
    """The page stands alone: nothing is loaded, nothing runs, markup in a comment is text."""
    export = an_export(TOXICITY=np.clip(toxic + 0.1 * noise, 0, 1), SPAM=noise)
    found = found_of(export, our_scores(toxic), days=10.0)
    block = as_yaml(found, community="news", today=NOON.date())
    page = as_html(found, export.texts, block)
    assert "Holds comments of your site." in page
    assert f"{CANARY} &lt;b&gt;" in page
    assert f"{CANARY} <b>" not in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
    assert "alerts a day" in page
    assert "No scale is offered:" in page
    assert "news:" in page
    told = json.dumps(as_json(found), allow_nan=False)
    assert CANARY not in told + block
    assert as_json(found)["attributes"]["TOXICITY"]["scale"]["measure"] == "toxic"
    assert as_json(found)["attributes"]["SPAM"]["scale"] is None


def test_without_days_rates_are_of_a_thousand_comments(toxic):
    export = an_export(TOXICITY=toxic)
    page = as_html(found_of(export, our_scores(toxic)), export.texts, "")
    assert "alerts of 1,000 comments" in page
    assert "alerts a day" not in page
