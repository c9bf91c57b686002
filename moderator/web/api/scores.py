"""`/v1/scores`: what comments were judged to be."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from moderator.domain.lookup import StoredScore
from moderator.storage import board_comments, lookups
from moderator.storage.engine import read
from moderator.web.api import cursor
from moderator.web.api.query import HistoryQuestion, InPath, ScoreQuestion
from moderator.web.api.request_body import body_as
from moderator.web.api.shapes import Found, Lookup, LookupAnswer, ScoreBody, ScorePage
from moderator.web.errors import NotFound
from moderator.web.runtime import RuntimeOf

NO_SUCH_SCORE = "no text of that comment was ever seen"


def score(
    source: InPath,
    comment_id: InPath,
    asked: Annotated[HistoryQuestion, Query()],
    runtime: RuntimeOf,
) -> ScoreBody | ScorePage:
    """The newest score of a comment; with `?history=1` those of all its versions, newest first.

    An id may hold `/`. Write it percent-encoded where a proxy could take it for a path.
    """
    with read(runtime.engine) as tx:
        own = board_comments.own_id(tx, source, comment_id) or comment_id
        if asked.history:
            versions = lookups.history(tx, source, own)
        else:
            newest = lookups.newest_score(tx, source, own)
            versions = [] if newest is None else [newest]
    if not versions:
        raise NotFound(NO_SUCH_SCORE)
    bodies = [ScoreBody.of(stored) for stored in versions]
    return ScorePage(items=bodies, next=None) if asked.history else bodies[0]


def scores(asked: Annotated[ScoreQuestion, Query()], runtime: RuntimeOf) -> ScorePage:
    """The newest versions' scores, latest arrival first. Probabilities are at least, 0..1."""
    question = asked.name()
    before = None
    if asked.cursor is not None:
        (before,) = cursor.decode(asked.cursor, int, question=question)
    with read(runtime.engine) as tx:
        found = lookups.newest_scores(
            tx,
            asked.filter(),
            limit=asked.limit + 1,
            before=None if before is None else int(before),
        )
    page = found[: asked.limit]
    return ScorePage(
        items=[ScoreBody.of(stored) for stored in page],
        next=cursor.encode([page[-1].id], question=question) if len(found) > len(page) else None,
    )


def lookup(wanted: Annotated[Lookup, Depends(body_as(Lookup))], runtime: RuntimeOf) -> LookupAnswer:
    """The newest scores of up to 100 comments, one entry for each in the order asked for."""
    keys = [(one.source, one.comment_id) for one in wanted.ids]
    with read(runtime.engine) as tx:
        own = {key: key for key in keys} | board_comments.own_ids(tx, set(keys))
        scores = lookups.scores_of(tx, list(set(own.values())))
    by_own = {(s.source, s.comment_id): s for s in scores}
    return LookupAnswer(items=[_found(key, by_own.get(own[key])) for key in keys])


def _found(key: tuple[str, str], stored: StoredScore | None) -> Found:
    return Found(
        source=key[0],
        comment_id=key[1],
        score=None if stored is None else ScoreBody.of(stored),
    )
