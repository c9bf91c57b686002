"""A board made up at random, and how its comments are taken in and looked back upon."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from moderator.alerting import Rules
from moderator.backtest import Replay, find_past
from moderator.backtest.past import sightings
from moderator.domain.comment import CommentEvent, EventKind
from moderator.domain.passing import Raised
from moderator.domain.trigger import Mode, Scope, Selection, Trigger
from moderator.ingest import ingest
from moderator.storage.engine import read
from moderator.storage.past_comments import alerts_raised
from tests.builders import NOON, MarkedScorer, a_delivery, an_event, at

LONG_AGO = NOON - timedelta(days=3650)
SOME = (
    EventKind.CREATED,
    EventKind.CREATED,
    EventKind.EDITED,
    EventKind.DELETED,
    EventKind.RESTORED,
)


def random_event(chance: random.Random, minute: float) -> CommentEvent:
    """Something happens to one of 40 comments in 4 threads, about then, and as the board tells."""
    kind = chance.choice(SOME)
    when = at(minute - chance.choice((0, 0, 0, 5, 90)))
    marks = f"hate={chance.random() * 0.5:.2f} offensive={chance.random() * 0.5:.2f}"
    text = chance.choice((f"{said(chance)} {marks}", f"{said(chance)} {marks}", marks, "abstain"))
    return an_event(
        None if kind is EventKind.DELETED else text,
        kind=kind,
        comment_id=str(chance.randrange(40)),
        thread_id=chance.choice(("1", "2", "3", "4", None)),
        board=chance.choice(("general", "music")),
        author_id=chance.choice(("ann", "bob", None)),
        author_name=chance.choice(("Ann", "Bob", None)),
        author_role=chance.choice(("member", "staff")),
        created_at=when if kind is EventKind.CREATED else None,
        edited_at=when if kind is EventKind.EDITED else None,
        occurred_at=when,
    )


SAYINGS = (
    "you are all as silly as the geese in our village pond",
    "nobody in this thread has ever read a single good book",
    "go home",
)


def said(chance: random.Random) -> str:
    """One of a few sayings, as it is or with a word put in: copies of each other."""
    words = chance.choice(SAYINGS).split()
    if chance.random() < 0.5:
        words.insert(chance.randrange(len(words)), chance.choice(("really", "today", "42")))
    return " ".join(words)


def random_trigger(chance: random.Random, name: str) -> Trigger:
    """A trigger of any scope, with whatever that scope may have."""
    scope = chance.choice(list(Scope))
    told: dict[str, Any] = {
        "name": name,
        "scope": scope,
        "when": chance.choice(({"toxic": 0.3}, {"hate": 0.2, "offensive": 0.1}, {"toxic": 0.0})),
        "mode": chance.choice((Mode.LIVE, Mode.SHADOW)),
        "excluded": chance.choice((None, Selection(roles=frozenset({"staff"})))),
        "only": chance.choice((None, Selection(boards=frozenset({"music"})))),
        "exempt": chance.choice((None, Selection(authors=frozenset({"bob"})))),
        "new_author_within": chance.choice((None, None, timedelta(hours=1))),
        "expires": chance.choice((None, None, at(300))),
        "fold_copies": timedelta(minutes=chance.choice((0, 10, 60))),
    }
    if scope is not Scope.COMMENT:
        told |= {
            "count": chance.choice((1, 2, 3)),
            "within": timedelta(minutes=chance.choice((5, 30, 120))),
            "cooldown": timedelta(minutes=chance.choice((0, 10, 60))),
            "mean": chance.choice(({}, {}, {"toxic": 0.3})),
            "share": chance.choice((None, None, 0.5)),
            "rise": chance.choice((None, None, None, 1.5)),
        }
    return Trigger(**told)


def take_in(
    engine: Engine, triggers: Sequence[Trigger], arrivals: Sequence[tuple[datetime, CommentEvent]]
) -> None:
    """Let what arrives at the same time be one batch, by the live path."""
    ids = (f"al_{number}" for number in itertools.count())
    for now, together in itertools.groupby(arrivals, lambda arrival: arrival[0]):
        batch = [a_delivery(event) for _, event in together]
        rules = Rules(triggers=tuple(triggers))
        ingest(engine, MarkedScorer(), rules, batch, now=now, new_id=lambda: next(ids))


def raised_live(engine: Engine) -> list[Raised]:
    """What moderators were told, one by one."""
    with read(engine) as tx:
        return in_order(alerts_raised(tx, LONG_AGO))


def raised_in_replay(engine: Engine, triggers: Sequence[Trigger]) -> list[Raised]:
    """What the whole stored past gives."""
    past = find_past(engine, triggers, None)
    return in_order(Replay(triggers, past.start).see_all(sightings(engine, past)))


def in_order(alerts: Sequence[Raised]) -> list[Raised]:
    """By trigger, scope key and window."""
    return sorted(alerts, key=lambda alert: (alert.trigger, alert.scope_key, alert.window))
