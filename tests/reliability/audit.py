"""What must be true of the database afterwards, worked out by other means than the service's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from moderator.storage.tables import alerts, comments, messages, outbox, versions
from tests.reliability.board import Post

HEATED, HEATED_COUNT = 0.6, 5
HEATED_WITHIN, HEATED_COOLDOWN = timedelta(minutes=60), timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Nasty:
    """What a single comment must reach to be told of: low enough that there is enough to count."""

    label: str
    least: float


def configuration(nasty: Nasty) -> str:
    """Two triggers, a board and a channel."""
    return f"""\
sources:
  forum: {{kind: generic, secrets: ["${{BOARD_SECRET}}"]}}
triggers:
  nasty:
    when: {{{nasty.label}: {nasty.least}}}
    fold_copies: 0s
    notify: [mods]
  heated-thread:
    scope: thread
    when: {{toxic: {HEATED}}}
    count: {HEATED_COUNT}
    within: 60m
    cooldown: 2h
    notify: [mods]
channels:
  mods: {{kind: slack, url: "${{SLACK_URL}}", rate: 60/min, allow_hosts: ["${{SLACK_HOST}}"]}}
"""


def stored_once(tx: Connection, posts: Iterable[Post], acknowledged: Mapping[str, str]) -> None:
    """Each acknowledged comment is stored, with one version, one score and its own text."""
    texts = {post.id: post.text for post in posts}
    rows = tx.execute(select(versions.c.comment_id, versions.c.text, versions.c.model)).all()
    times = Counter(row.comment_id for row in rows)
    assert [id for id in acknowledged if id not in times] == [], "acknowledged and lost"
    assert {id: n for id, n in times.items() if n != 1} == {}, "stored twice"
    assert set(times) <= set(texts)
    wrong = [row.comment_id for row in rows if row.text != texts[row.comment_id]]
    assert wrong == [], "another text than was posted"
    assert len(tx.execute(select(comments.c.comment_id)).all()) == len(rows)


def alerts_are_what_the_triggers_say(tx: Connection, nasty: Nasty, *, in_order: bool) -> int:
    """The alerts follow from the stored scores; returns how many there are.

    `in_order`: one process took everything in, so that rows stand in the order they were judged
    in, and the threads' alerts can be told one by one.
    """
    rows = tx.execute(
        select(versions, comments.c.thread_id)
        .join(comments, versions.c.comment_id == comments.c.comment_id)
        .order_by(versions.c.id)
    ).all()
    raised: dict[str, list[str]] = defaultdict(list)
    for alert in tx.execute(select(alerts.c.trigger, alerts.c.comment_id)):
        raised[alert.trigger].append(alert.comment_id)
    due = [
        row.comment_id
        for row in rows
        if row.hate is not None and getattr(row, nasty.label) >= nasty.least
    ]
    assert sorted(raised["nasty"]) == sorted(due)
    if in_order:
        assert sorted(raised["heated-thread"]) == sorted(_heated(rows))
    return sum(len(ids) for ids in raised.values())


def _heated(rows: Iterable[Any]) -> list[str]:
    """The comments at which a thread's alert is due, by the definition alone: for each toxic
    comment all windows that hold it are tried.
    """
    hits: dict[str, list[datetime]] = defaultdict(list)
    fired: dict[str, datetime] = {}
    due = []
    for row in rows:
        if row.hate is None or row.hate + row.offensive < HEATED:
            continue
        here, thread = row.written_at, row.thread_id
        hits[thread].append(here)
        last = fired.get(thread)
        if last is not None and abs(here - last) < HEATED_COOLDOWN:
            continue
        most = max(
            sum(start <= hit <= start + HEATED_WITHIN for hit in hits[thread])
            for start in hits[thread]
            if start <= here <= start + HEATED_WITHIN
        )
        if most >= HEATED_COUNT:
            fired[thread] = here
            due.append(row.comment_id)
    return due


def owed_once(tx: Connection) -> dict[str, int]:
    """Each alert is owed once to the one channel, and in exactly one message; returns how many
    alerts each message tells, by its key.
    """
    ids = list(tx.execute(select(alerts.c.id)).scalars())
    owed = Counter(tx.execute(select(outbox.c.alert_id)).scalars())
    assert owed == Counter(dict.fromkeys(ids, 1))
    told = Counter(tx.execute(select(outbox.c.message_id)).scalars())
    stored = tx.execute(select(messages.c.id, messages.c.key, messages.c.size)).all()
    sizes = {key: size for _, key, size in stored}
    assert told == Counter({id: size for id, _, size in stored})
    assert len(sizes) == len(stored)
    assert sum(sizes.values()) == len(ids)
    return sizes


def unsent(tx: Connection) -> int:
    """Alerts not delivered yet."""
    sent = select(messages.c.id).where(messages.c.state == "sent")
    told = select(outbox.c.id).where(outbox.c.message_id.in_(sent))
    return len(tx.execute(select(outbox.c.id).where(outbox.c.id.not_in(told))).all())
