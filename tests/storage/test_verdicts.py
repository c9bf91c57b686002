"""What people said, stored: joined to its comment, whichever came first."""

from __future__ import annotations

import hashlib
import itertools
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from moderator.alerting import Rules
from moderator.domain.comment import EventKind
from moderator.domain.verdict import Origin, Verdict, Word, judgement
from moderator.ingest import ingest
from moderator.storage import lookups, retention, tables, verdict_joining, verdicts
from moderator.storage.engine import closing_pool, connect, read, write
from tests.builders import NOON, MarkedScorer, a_delivery, an_event, at

RULES = Rules(triggers=(), recipients={})
KEEP = retention.Retention(text=timedelta(days=30), scores=timedelta(days=365))
_ids = itertools.count()


def take(engine, *events, now=NOON, source="forum"):
    """Ingest events of one source."""
    delivery = a_delivery(*events, source=source)
    ingest(engine, MarkedScorer(), RULES, [delivery], now=now, new_id=lambda: f"a{next(_ids)}")


def say(engine, *said):
    """Store verdicts; how many were new."""
    with write(engine) as tx:
        return verdicts.add(tx, said)


def a_verdict(comment_id="42", text=None, value=1.0, minutes=0.0, **changes):
    """A suggested TOXICITY by one key."""
    facts: dict[str, Any] = {
        "source": "forum",
        "comment_id": comment_id,
        "text_digest": None if text is None else hashlib.sha256(text.encode()).hexdigest(),
        "attribute": "TOXICITY",
        "value": value,
        "who": "key:1",
        "origin": Origin.PERSPECTIVE,
        "said_at": at(minutes),
        "community": "mild board",
        "client_token": "comment:42",
    }
    return Verdict(**(facts | changes))


def about(engine, comment_id="42", source="forum"):
    """The verdicts that count about the newest version of a comment."""
    with read(engine) as tx:
        score = lookups.newest_score(tx, source, comment_id)
        label = (source, comment_id, score.version)
        return verdicts.of_versions(tx, [label]).get(label, [])


def values(engine, comment_id="42"):
    """(who, attribute, value) of what counts."""
    return [(v.who, v.attribute, v.value) for v in about(engine, comment_id)]


def waiting(engine):
    """(comment id, whether by text) of the verdicts that wait."""
    with read(engine) as tx:
        rows = tx.execute(select(tables.verdicts).where(tables.verdicts.c.version.is_(None)))
        return [(row.comment_id, row.text_digest is not None) for row in rows]


ways = pytest.mark.parametrize(
    ("comment_id", "text"), [("42", None), (None, "silly goose"), ("42", "silly goose")]
)


@ways
def test_a_verdict_after_its_comment_is_joined_at_once(engine, comment_id, text):
    take(engine, an_event("silly goose"))
    assert say(engine, a_verdict(comment_id, text)) == 1

    assert values(engine) == [("key:1", "TOXICITY", 1.0)]
    assert waiting(engine) == []


@ways
def test_a_verdict_before_its_comment_waits_for_it(engine, comment_id, text):
    say(engine, a_verdict(comment_id, text))
    assert waiting(engine) == [(comment_id, text is not None)]
    take(engine, an_event("another", comment_id="43"), an_event("silly goose"))

    assert values(engine) == [("key:1", "TOXICITY", 1.0)]
    assert values(engine, "43") == []
    (verdict,) = about(engine)
    assert (verdict.text_digest, verdict.community) == (None, "mild board")


def test_the_comment_of_another_source_is_another_comment(engine):
    say(engine, a_verdict(None, "silly goose"), a_verdict("42"))
    take(engine, an_event("silly goose"), source="elsewhere")
    assert about(engine, source="elsewhere") == []
    assert len(waiting(engine)) == 2


def test_a_text_that_two_comments_share_tells_neither(engine):
    """Nor a third one that comes later."""
    take(engine, an_event("lol"), an_event("lol", comment_id="43"))
    say(engine, a_verdict(None, "lol"))
    take(engine, an_event("lol", comment_id="44"))
    assert waiting(engine) == [(None, True)]


@pytest.mark.parametrize(("comment_id", "text"), [("42", None), (None, "silly goose")])
def test_what_is_said_while_the_comment_is_being_stored_is_joined_afterwards(
    postgres_url, comment_id, text
):
    """Of two transactions that overlap neither sees the other's row."""
    with closing_pool(connect(postgres_url)) as engine:
        with write(engine) as tx:
            verdicts.add(tx, [a_verdict(comment_id, text)])
            take(engine, an_event("another", comment_id="43"), an_event("silly goose"))
        assert about(engine) == []
        with read(engine) as tx:
            assert verdict_joining.missed(tx, since=at(1)) == []
            missed = verdict_joining.missed(tx, since=NOON)
        assert [one.comment_id for one in missed] == ["42"]
        with write(engine) as tx:
            assert verdict_joining.join(tx, missed) == 1
        assert values(engine) == [("key:1", "TOXICITY", 1.0)]


def test_what_was_said_of_a_text_is_not_said_of_its_edit(engine):
    take(engine, an_event("silly goose"))
    say(engine, a_verdict())
    take(engine, an_event("dear goose", kind=EventKind.EDITED, edited_at=at(5)), now=at(5))
    assert about(engine) == []
    say(engine, a_verdict(text="silly goose", value=0.5, minutes=6))  # still about the old text
    assert about(engine) == []
    with read(engine) as tx:
        assert [v.value for v in verdicts.history(tx, "forum", "42")] == [1.0, 0.5]


def test_the_newest_word_of_each_counts_and_the_others_are_kept(engine):
    take(engine, an_event("silly goose"))
    assert say(engine, a_verdict(), a_verdict()) == 1  # twice is once
    assert say(engine, a_verdict(minutes=1)) == 0
    assert say(engine, a_verdict(value=0.0, minutes=2)) == 1
    say(engine, a_verdict(who="key:2", minutes=3), a_verdict(attribute="INSULT", minutes=3))

    assert values(engine) == [
        ("key:1", "TOXICITY", 0.0),
        ("key:2", "TOXICITY", 1.0),
        ("key:1", "INSULT", 1.0),
    ]
    with read(engine) as tx:
        assert len(verdicts.history(tx, "forum", "42")) == 4


def test_a_word_comes_back_as_it_was_said(engine):
    take(engine, an_event("silly goose"))
    said = judgement(
        Word.OFFENSIVE,
        source="forum",
        comment_id="42",
        who="page:ann",
        origin=Origin.PAGE,
        said_at=NOON,
    )
    say(engine, said)
    (found,) = about(engine)
    assert (found.said, found.who, found.origin, found.said_at) == (
        Word.OFFENSIVE,
        "page:ann",
        Origin.PAGE,
        NOON,
    )


def test_the_digest_that_waits_is_no_digest_that_can_be_looked_up(engine):
    say(engine, a_verdict(None, "silly goose"))
    with read(engine) as tx:
        stored = tx.execute(select(tables.verdicts.c.text_digest)).scalar_one()
    assert stored != hashlib.sha256(b"silly goose").hexdigest()


def forget(engine, days):
    """Run retention as it would run so many days after noon."""
    for step in retention.steps(KEEP, NOON + timedelta(days=days)):
        with write(engine) as tx:
            while step(tx):
                pass


def test_what_waits_in_vain_goes_with_the_texts_and_the_rest_with_the_scores(engine):
    take(engine, an_event("silly goose"))
    say(engine, a_verdict(), a_verdict(None, "never seen"), a_verdict("44"))
    forget(engine, 31)
    assert (len(about(engine)), waiting(engine)) == (1, [])
    forget(engine, 366)
    with read(engine) as tx:
        assert tx.execute(select(tables.verdicts)).all() == []
