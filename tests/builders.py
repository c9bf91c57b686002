"""Builders: what a test needs of each noun, with only what matters to it spelled out."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from moderator.domain.comment import Author, CommentEvent, Delivery, EventKind
from moderator.domain.score import Abstention, Label, Probabilities, Score, Term, Transformation

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

_numbers = itertools.count()


def at(minutes: float = 0) -> datetime:
    """Noon and some minutes."""
    return NOON + timedelta(minutes=minutes)


def an_event(text: str | None = "hello there", **changes: Any) -> CommentEvent:
    """A comment of ann's in thread 7 of the general board."""
    author = Author(
        id=changes.pop("author_id", "9"),
        name=changes.pop("author_name", "ann"),
        role=changes.pop("author_role", "member"),
    )
    facts: dict[str, Any] = {
        "kind": EventKind.CREATED,
        "comment_id": "42",
        "thread_id": "7",
        "board": "general",
        "url": "https://board.example/7/42",
        "created_at": NOON,
        "author": author,
    }
    return CommentEvent(text=text, **(facts | changes))


def a_delivery(*events: CommentEvent, id: str | None = "", source: str = "forum") -> Delivery:
    """One request with these events; ids are made up unless given, None means none."""
    id = f"msg_{next(_numbers)}" if id == "" else id
    digest = hashlib.sha256(repr(events).encode()).hexdigest()
    return Delivery(source=source, id=id, digest=digest, events=events)


def a_score(hate: float = 0.0, offensive: float = 0.0, **changes: Any) -> Score:
    """A judged score; the rest goes to neither."""
    p = Probabilities(hate=hate, offensive=offensive, neither=1 - hate - offensive)
    label = max(Label, key=lambda name: p.of(name))
    facts: dict[str, Any] = {"model": "fake@0", "probabilities": p, "label": label, "coverage": 1.0}
    return Score(**(facts | changes))


class MarkedScorer:
    """A scorer that reads its verdict in the text: `hate=0.9 offensive=0.05`, or `abstain`."""

    model = "marked@000000000000"
    base_rate: float | None = 0.05

    def score(self, text: str, base_rate: float | None = None) -> Score:
        """The verdict the text asks for; texts that ask for none are civil."""
        if text.startswith("abstain"):
            return Score(
                model=self.model,
                probabilities=None,
                label=None,
                coverage=0.0,
                abstained=Abstention.LANGUAGE,
            )
        marks = dict(part.split("=") for part in text.split() if "=" in part)
        first = text.split()[0] if text.split() else ""
        read = {"go0se": ("goose", (Transformation.LEET,))}  # the one disguise it knows
        term, undone = read.get(first, (first, ()))
        why = (
            Term(
                term=term,
                start=0,
                end=len(first),
                label=Label.HATE,
                weight=1.0,
                transformations=undone,
            ),
        )
        return a_score(
            float(marks.get("hate", 0)),
            float(marks.get("offensive", 0)),
            model=self.model,
            why=why,
            residual=0.0,
            base_rate=base_rate or self.base_rate,
        )

    def score_english(self, text: str, base_rate: float | None = None) -> Score:
        """The verdict, too, of a text it would have taken for another language."""
        return self.score(text.removeprefix("abstain"), base_rate)

    def score_many(
        self, texts: Sequence[str], base_rates: Sequence[float | None] | None = None
    ) -> list[Score]:
        """`score` of each."""
        return [*map(self.score, texts, base_rates or itertools.repeat(None))]
