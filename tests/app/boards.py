"""Boards whose share of toxic comments is known, already judged and stored."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine

from moderator.domain.comment import Version
from moderator.domain.score import Label, Probabilities, Score
from moderator.storage import comments
from moderator.storage.engine import write

DECLARED = 0.05


def fill(
    engine: Engine,
    *,
    before: datetime,
    share: float,
    count: int = 1_500,
    source: str = "forum",
    model: str = "marked@000000000000",
    declared: float = DECLARED,
    judged_at: Sequence[float | None] = (None,),
    seed: int = 1,
) -> None:
    """Store `count` comments, a second apart and the last just before `before`.

    Their probabilities are calibrated; each is stored for one of the base rates `judged_at`.
    """
    chance = random.Random(seed)
    toxic = [_toxic(chance, share, declared) for _ in range(count)]
    new = [
        comments.NewVersion(
            source=source,
            comment_id=f"{seed}-{i}",
            version=Version(order=0, digest="ab" * 32),
            text="canary-of-the-text",
            written_at=before,
            received_at=before - timedelta(seconds=i + 1),
            scored_at=before,
            score=_score(p, model, declared, chance.choice(judged_at)),
        )
        for i, p in enumerate(toxic)
    ]
    with write(engine) as tx:
        comments.add_versions(tx, new)


def _toxic(chance: random.Random, share: float, declared: float) -> float:
    """P(toxic) at the declared base rate, from a signal whose likelihoods are known."""
    signal = chance.gauss(3.0 if chance.random() < share else 0.0, 1.0)
    odds = math.exp(3.0 * signal - 4.5) * declared / (1 - declared)
    return odds / (1 + odds)


def _score(toxic: float, model: str, declared: float, base_rate: float | None) -> Score:
    p = Probabilities(hate=toxic / 4, offensive=toxic * 3 / 4, neither=1 - toxic)
    if base_rate is not None:
        p = p.at_base_rate(base_rate, given=declared)
    return Score(
        model=model, probabilities=p, label=Label.NEITHER, coverage=1.0, base_rate=base_rate
    )
