"""A score comes back from the database as it went in, and tells what a board was like."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from moderator.alerting import Rules
from moderator.domain.comment import EventKind, Version
from moderator.domain.score import Abstention, Label, Score, Term, Transformation
from moderator.ingest import ingest
from moderator.storage import comments, past_scores, tables
from moderator.storage.engine import read, write
from tests.builders import NOON, MarkedScorer, a_delivery, a_score, an_event, at

WHY = (
    Term(
        term="goose",
        start=4,
        end=9,
        label=Label.OFFENSIVE,
        weight=1.5,
        transformations=tuple(Transformation),
    ),
    Term(term="silly", start=10, end=15, label=Label.OFFENSIVE, weight=-1 / 3),
)
UNJUDGED = Score(
    model="m@0", probabilities=None, label=None, coverage=0.0, abstained=Abstention.EMPTY
)


def put(tx, score, comment_id="42", source="forum", received_at=NOON, version=0):
    """Store a version of a comment with this score."""
    label = Version(order=version, digest="ab" * 32)
    new = comments.NewVersion(
        source=source,
        comment_id=comment_id,
        version=label,
        text="the g00se",
        written_at=NOON,
        received_at=received_at,
        scored_at=NOON,
        score=score,
    )
    comments.add_versions(tx, [new])
    return source, comment_id, label.label


@pytest.mark.parametrize(
    "score",
    [
        a_score(0.1, 0.7, why=WHY, residual=-0.123456789012345, base_rate=0.03),
        a_score(0.1, 0.7, residual=0.0),
        a_score(0.1, 0.7, base_rate=1e-300),
        a_score(),
        UNJUDGED,
    ],
    ids=["all there is", "no base rate", "no residual", "neither", "unjudged"],
)
def test_a_score_comes_back_as_it_went_in(engine, score):
    """To the last bit: residual and weights sum to a decision value within 1e-9."""
    with write(engine) as tx:
        key = put(tx, score)
        assert comments.stored_scores(tx, [key]) == {key: score}


def test_a_word_that_nothing_disguised_is_stored_as_before(engine):
    """Most words; and what was stored before has the same form."""
    with write(engine) as tx:
        put(tx, a_score(why=WHY[1:]))
        assert tx.execute(select(tables.versions.c.why)).scalar_one() == (
            '[["silly", 10, 15, "offensive", -0.3333333333333333]]'
        )


def judged(tx, **changes):
    """The newest judged comments of the forum in the hour before noon."""
    wanted: dict[str, Any] = {
        "source": "forum",
        "model": "fake@0",
        "since": at(-60),
        "before": NOON,
        "limit": 9,
    }
    return past_scores.newest_judged(tx, **(wanted | changes))


def test_the_past_scores_are_those_of_one_source_model_and_time(engine):
    """Each of these is just outside but the first two."""
    rows = (
        (a_score(0.25, 0.25, base_rate=0.03), "forum", at(-60)),
        (a_score(0.5, 0.25), "forum", at(-1 / 60)),
        (a_score(0.9), "forum", at(-60 - 1 / 60)),
        (a_score(0.9), "forum", NOON),
        (a_score(0.9), "other", at(-5)),
        (a_score(0.9, model="other@0"), "forum", at(-5)),
        (UNJUDGED, "forum", at(-5)),
    )
    with write(engine) as tx:
        for number, (score, source, when) in enumerate(rows):
            put(tx, score, str(number), source, when)
        found = judged(tx)
    assert [(p.toxic, p.neither, p.base_rate) for p in found] == [
        (0.75, 0.25, None),
        (0.5, 0.5, 0.03),
    ]


def test_the_newest_of_them_are_taken_and_of_an_edited_comment_its_last_version(engine):
    """One comment is one comment, however often it was edited."""
    with write(engine) as tx:
        for minutes, (comment, hate) in enumerate([("1", 0.1), ("2", 0.2), ("1", 0.3), ("3", 0.4)]):
            put(tx, a_score(hate), comment, received_at=at(minutes - 30), version=minutes)
        assert [p.toxic for p in judged(tx)] == [0.4, 0.3, 0.2]
        assert [p.toxic for p in judged(tx, limit=2)] == [0.4, 0.3]


def test_of_those_that_arrived_together_the_later_stored_is_the_newer(engine):
    """The answer is the same for whoever asks."""
    with write(engine) as tx:
        for number in range(5):
            put(tx, a_score(number / 10), str(number), received_at=at(-1))
        assert [p.toxic for p in judged(tx, limit=2)] == [0.4, pytest.approx(0.3)]


def test_a_deleted_comment_counts_still(engine):
    """Moderators delete what is toxic: a board must not look better for it."""
    numbers = itertools.count()
    for event in (
        an_event("hate=0.75"),
        an_event(None, kind=EventKind.DELETED, occurred_at=NOON),
    ):
        ingest(
            engine,
            MarkedScorer(),
            Rules(),
            [a_delivery(event)],
            now=NOON - timedelta(minutes=1),
            new_id=lambda: str(next(numbers)),
        )
    with read(engine) as tx:
        assert [p.toxic for p in judged(tx, model=MarkedScorer.model)] == [0.75]
