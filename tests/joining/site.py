"""A Coral that asks about comments and announces them, and what is stored of both."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from moderator.alerting import Rules
from moderator.domain.comment import Delivery
from moderator.domain.trigger import Trigger
from moderator.ingest import Result, ingest
from moderator.joining import Reader, look
from moderator.sources.coral import CoralSettings, CoralSource
from moderator.storage import board_comments, verdicts
from moderator.storage.engine import read
from tests.builders import NOON, MarkedScorer
from tests.sources.signed_requests import PLAIN_SECRET, coral_body, coral_headers, coral_question

STORY = {"id": "7", "url": "https://news.example/7?page=2"}
CREATED, REPLIED, LEFT = (
    "COMMENT_CREATED",
    "COMMENT_REPLY_CREATED",
    "COMMENT_LEFT_MODERATION_QUEUE",
)


class Coral:
    """One source, `news`, on a real database."""

    def __init__(self, engine: Engine, *triggers: Trigger) -> None:
        self.engine = engine
        self._rules = Rules(triggers=triggers)
        settings = CoralSettings.model_validate({"kind": "coral", "secrets": [PLAIN_SECRET]})
        self.source = CoralSource("news", settings)
        self._numbers = itertools.count()

    def ask(self, text: str, at: datetime = NOON, **changes: Any) -> str:
        """Let Coral ask about a comment at `at`; returns our name for it."""
        parent, story = changes.pop("parent", None), changes.pop("story", STORY)
        question = coral_question(
            comment={"body": text, "parentID": parent},
            author={"id": changes.pop("author", "9"), "role": "COMMENTER"},
            story=story,
        )
        body = coral_body(question)
        (result,) = self._take(self.source.receive_phase(coral_headers(body), body), at)
        return result.comment_id

    def tell(self, kind: str, board_id: str, at: datetime = NOON, **data: Any) -> None:
        """Let Coral announce a comment at `at`, which its clock says, too."""
        value = {
            "id": f"event-{next(self._numbers)}",
            "type": kind,
            "data": {"storyID": "7", "siteID": "1", "commentID": board_id} | data,
            "createdAt": at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        }
        body = coral_body(value)
        self._take(self.source.receive(coral_headers(body), body, at), at)

    def look(self, readers: Mapping[str, Reader] | None = None, after_s: float = 60) -> int:
        """Look at what is due so many seconds after noon."""
        return look(self.engine, readers or {}, NOON + timedelta(seconds=after_s))

    def own_id(self, board_id: str) -> str | None:
        """Our name for a comment of Coral's."""
        with read(self.engine) as tx:
            return board_comments.own_id(tx, "news", board_id)

    def said(self, comment_id: str) -> list[tuple[str, float]]:
        """What was said about a comment of ours, by whom."""
        with read(self.engine) as tx:
            return [(v.who, v.value) for v in verdicts.history(tx, "news", comment_id)]

    def _take(self, delivery: Delivery, at: datetime) -> tuple[Result, ...]:
        (answer,) = ingest(
            self.engine,
            MarkedScorer(),
            self._rules,
            [delivery],
            now=at,
            new_id=lambda: f"al_{next(self._numbers)}",
        )
        assert isinstance(answer, tuple)
        return answer
