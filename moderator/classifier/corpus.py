"""Everything that a model is fitted on: labelled rows first, then the pool, all weighted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from moderator.classifier.dataset import LabelledRows
from moderator.classifier.pool import PoolRows
from moderator.classifier.weights import LABELS, NEITHER

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Texts with what is believed of them.

    `targets` (n, 3) rows sum to 1; `weights` (n,); `labels` (labelled,) are the majority classes
    of the labelled rows, which come first. `offsets` (n, sources) marks the rows of sources that
    stand apart: each such source gets an offset in training, which is left out in scoring, so
    that what is merely usual in a source is not put down to the words of its topics.
    `calibrating` (n,) is how much a row counts when decisions are turned into probabilities.
    """

    texts: tuple[str, ...]
    targets: Floats
    weights: Floats
    labels: Indices
    offsets: sparse.csr_matrix
    calibrating: Floats

    @property
    def labelled(self) -> Indices:
        """The positions of the labelled rows."""
        return np.arange(len(self.labels))

    @property
    def toxic_share(self) -> float:
        """The share of the labelled rows that is hate or offensive."""
        return float(np.mean(self.labels != NEITHER))

    def both_sides(self, k: int, rows: Indices) -> tuple[Indices, Indices, Floats]:
        """Row numbers, 1 or 0, and weights: each row for class k and against it, as it deserves."""
        share = self.targets[rows, k]
        weight = np.concatenate([self.weights[rows] * share, self.weights[rows] * (1.0 - share)])
        target = np.repeat([1, 0], len(rows))
        some = weight > 0.0
        return np.concatenate([rows, rows])[some], target[some], weight[some]


def corpus_of(
    rows: LabelledRows,
    pool: PoolRows | None,
    *,
    row_weight: float,
    vote_share: float,
    calibrating_weight: float,
) -> Corpus:
    """Labelled rows of weight `row_weight`, and the pool's.

    When it comes to calibrating, a labelled row counts `calibrating_weight` of the pool's.

    A labelled row's target is `vote_share` of its annotators' votes, where they are known, and
    its majority for the rest.
    """
    targets = np.eye(len(LABELS))[rows.labels]
    if rows.votes is not None:
        targets = (1.0 - vote_share) * targets + vote_share * rows.votes
    weights = np.full(len(rows), row_weight)
    if pool is None:
        return Corpus(
            texts=rows.texts,
            targets=targets,
            weights=weights,
            labels=rows.labels,
            offsets=sparse.csr_matrix((len(rows), 0)),
            calibrating=np.ones(len(rows)),
        )
    return Corpus(
        texts=rows.texts + pool.texts,
        targets=np.vstack([targets, pool.targets]),
        weights=np.concatenate([weights, pool.weights]),
        labels=rows.labels,
        offsets=sparse.vstack(
            [sparse.csr_matrix((len(rows), pool.apart.shape[1])), sparse.csr_matrix(pool.apart)]
        ).tocsr(),
        calibrating=np.concatenate(
            [np.full(len(rows), calibrating_weight), pool.calibrates.astype(np.float64)]
        ),
    )
