"""Linear decisions: what they learn from, and that combining them changes nothing but the form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from moderator.classifier.corpus import Corpus, corpus_of
from moderator.classifier.dataset import LabelledRows
from moderator.classifier.machines import (
    COARSE,
    FINE,
    Blend,
    Calibration,
    Linear,
    fit_machines,
)
from moderator.classifier.pool import PoolRows
from moderator.classifier.weights import NEITHER

CHANCE = np.random.default_rng(3)
FEATURES = sparse.csr_matrix(CHANCE.random((40, 5)))
ANY = Linear(coef=CHANCE.normal(size=(5, 3)), intercept=CHANCE.normal(size=3))
OTHER = Linear(coef=CHANCE.normal(size=(5, 3)), intercept=CHANCE.normal(size=3))


def test_mixed_decisions_are_the_mixture_of_the_decisions() -> None:
    matrix, shift = CHANCE.normal(size=(3, 3)), CHANCE.normal(size=3)

    mixed = ANY.mixed(matrix, shift).decide(FEATURES)

    assert np.allclose(mixed, ANY.decide(FEATURES) @ matrix + shift)


def test_a_blend_takes_its_share_of_each_class() -> None:
    blended = ANY.blended(OTHER, (0.0, 0.25, 1.0)).decide(FEATURES)

    one, other = ANY.decide(FEATURES), OTHER.decide(FEATURES)
    assert np.allclose(blended[:, 0], one[:, 0])
    assert np.allclose(blended[:, 1], 0.75 * one[:, 1] + 0.25 * other[:, 1])
    assert np.allclose(blended[:, 2], other[:, 2])


# A topic that one source speaks of in insults alone, and an insult that is one everywhere.
TOPIC, INSULT = 0, 1


def two_sources(*, apart: bool) -> tuple[sparse.csr_matrix, Corpus]:
    """A board that hardly knows the topic, and a source where all is toxic and much on the topic.

    Columns: the topic, an insult, and a word that says nothing.
    """
    board = [((0, 1, 0), 0)] * 4 + [((0, 1, 1), 1)] * 20 + [((0, 0, 1), 2)] * 60
    board += [((1, 0, 1), 2)] * 4
    source = [((1, 1, 0), 1)] * 20 + [((1, 0, 1), 1)] * 20
    texts, classes = zip(*(board + source), strict=True)
    labels = np.array(classes[: len(board)])
    corpus = Corpus(
        texts=("",) * len(texts),
        targets=np.eye(3)[list(classes)],
        weights=np.ones(len(texts)),
        labels=labels,
        offsets=sparse.csr_matrix(
            np.array([[float(apart and i >= len(board))] for i in range(len(texts))])
        ),
        calibrating=np.ones(len(texts)),
    )
    return sparse.csr_matrix(np.array(texts, dtype=np.float64)), corpus


def test_what_is_usual_in_a_source_apart_is_not_put_down_to_its_topic() -> None:
    features, mixed_up = two_sources(apart=False)
    _, told_apart = two_sources(apart=True)

    topic_then = fit_machines(features, mixed_up, regularisation=1.0, tolerance=FINE).coef[TOPIC]
    now = fit_machines(features, told_apart, regularisation=1.0, tolerance=FINE).coef

    assert -now[TOPIC, NEITHER] < -topic_then[NEITHER] / 2
    assert -now[INSULT, NEITHER] > 0.5


def test_probabilities_are_calibrated_to_the_labelled_rows_share(
    mild: LabelledRows, pool: PoolRows
) -> None:
    """Whatever the pool adds to each side: a softmax with an intercept meets the shares exactly."""
    corpus = corpus_of(mild, pool, row_weight=1.0, vote_share=0.0, calibrating_weight=2.0)
    decisions = CHANCE.normal(size=corpus.targets.shape) + corpus.targets
    sides = corpus.targets * corpus.calibrating[:, None]
    toxic = 1.0 - corpus.targets[:, NEITHER]
    share = float(np.mean(mild.labels != NEITHER))
    weights = sides[:, :NEITHER].sum(axis=1) * share / sides[:, :NEITHER].sum()
    weights += sides[:, NEITHER] * (1.0 - share) / sides[:, NEITHER].sum()

    found = Calibration.fitted(decisions, corpus).probabilities(decisions)

    assert np.allclose(found.sum(axis=1), 1.0)
    assert weights @ (1.0 - found[:, NEITHER]) == pytest.approx(share, abs=0.01)
    assert found[toxic == 1.0, NEITHER].mean() < found[toxic == 0.0, NEITHER].mean()


def test_without_a_pool_a_blend_is_the_labelled_rows_machines(mild: LabelledRows) -> None:
    corpus = corpus_of(mild, None, row_weight=1.0, vote_share=0.0, calibrating_weight=1.0)
    features = sparse.csr_matrix(np.random.default_rng(5).random((len(mild), 8)))
    blend = Blend(regularisation=9.0, own_regularisation=0.1, own_share=(0.5, 0.5, 0.5))

    found = blend.fit(features, corpus, tolerance=COARSE)
    alone = fit_machines(features, corpus, regularisation=0.1, tolerance=COARSE)

    assert np.array_equal(found.coef, alone.coef)


def test_held_out_decisions_know_nothing_of_their_row(mild: LabelledRows) -> None:
    """Each row has a feature of its own: who had seen the row would know its class."""
    corpus = corpus_of(mild, None, row_weight=1.0, vote_share=0.0, calibrating_weight=1.0)
    features = sparse.identity(len(mild), format="csr")
    blend = Blend(regularisation=9.0, own_regularisation=9.0, own_share=(1.0, 1.0, 1.0))

    decisions = blend.held_out(features, corpus, folds=2)

    neither = decisions[:, NEITHER]
    assert abs(neither[mild.labels == NEITHER].mean() - neither[mild.labels != NEITHER].mean()) < (
        0.3
    )


def test_votes_move_a_rows_target_by_their_share(mild: LabelledRows) -> None:
    votes = np.tile([0.0, 0.0, 1.0], (len(mild), 1))
    rows = replace(mild, votes=votes)

    targets = corpus_of(rows, None, row_weight=1.0, vote_share=0.25, calibrating_weight=1.0).targets

    first_hate = int(np.flatnonzero(mild.labels == 0)[0])
    assert targets[first_hate].tolist() == [0.75, 0.0, 0.25]
