"""`/v1/scores/{source}/{comment_id}/verdict`: what a moderator says of a comment."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from moderator.domain.verdict import Origin, judgement
from moderator.storage import board_comments, lookups, verdicts
from moderator.storage.engine import write
from moderator.web.api.query import InPath
from moderator.web.api.request_body import body_as
from moderator.web.api.scores import NO_SUCH_SCORE
from moderator.web.api.shapes import Judgement, ScoreBody
from moderator.web.auth import Moderator
from moderator.web.errors import NotFound
from moderator.web.runtime import RuntimeOf

NO_SUCH_VERSION = "there is no such version of that comment, or it is not kept any more"


def judge(
    source: InPath,
    comment_id: InPath,
    said: Annotated[Judgement, Depends(body_as(Judgement))],
    runtime: RuntimeOf,
    key: Moderator,
) -> ScoreBody:
    """Say what a comment is: `fine`, `toxic`, `hate` or `offensive`. The newest word of a key
    counts; the answer is the score of the version that was judged.
    """
    with write(runtime.engine) as tx:
        comment_id = board_comments.own_id(tx, source, comment_id) or comment_id
        stored = lookups.newest_score(tx, source, comment_id)
        if stored is None:
            raise NotFound(NO_SUCH_SCORE)
        verdict = judgement(
            said.verdict,
            source=source,
            comment_id=comment_id,
            version=said.version or stored.version,
            who=f"key:{key.id}",
            origin=Origin.API,
            said_at=runtime.clock(),
        )
        verdicts.add(tx, [verdict])
        for judged in lookups.history(tx, source, comment_id):
            if judged.version == verdict.version:
                return ScoreBody.of(judged)
        raise NotFound(NO_SUCH_VERSION)  # and nothing is stored
