"""A database that was filled under an older schema."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from moderator.storage import alerts, lookups, migrations, outbox
from moderator.storage.engine import read, write

COMMENT = """
INSERT INTO comments (source, comment_id, changes, newest_order, newest_digest, newest_version,
                      thread_id, facts)
VALUES ('forum', '42', 0, 0, 'ab', '0-ab', '7', '{}')
"""
VERSION = """
INSERT INTO versions (source, comment_id, version, text, written_at, received_at, scored_at, model,
                      hate, offensive, neither, label, coverage, why)
VALUES ('forum', '42', '0-ab', 'you silly goose', 1, 2, 3, 'old@000000000000', 0.1, 0.7, 0.2,
        'offensive', 0.5, '[["goose", 10, 15, "offensive", 1.25]]')
"""
ALERT = """
INSERT INTO alerts (id, "trigger", scope_key, "window", mode, raised_at, source, comment_id,
                    version, excerpt, why, details, folded)
VALUES ('a1', 'slur', 'forum/42', '0-ab', 'live', 4, 'forum', '42', '0-ab', 'you silly goose',
        '[["goose", 10, 15, "offensive", 1.25]]',
        '{"count": 1, "within_s": 0, "thresholds": {"toxic": 0.5}, "mean_thresholds": {},
          "means": {}, "excerpt_cut": false, "model": "old@000000000000", "since_edited": false,
          "board": null, "url": null, "author_name": null, "written_at": 1, "scope": "comment",
          "probabilities": [0.1, 0.7, 0.2], "label": "offensive"}', 0)
"""

OUTBOX = """
INSERT INTO outbox (alert_id, channel, recipient, state, due_at, attempts, settled_at)
VALUES ('a1', 'mods', '', 'sent', 5, 1, 6)
"""
ATTEMPT = """
INSERT INTO attempts (outbox_id, number, started_at, finished_at, outcome, answer)
VALUES (1, 1, 5, 6, 'sent', '200 ok')
"""


@pytest.fixture
def filled(engine):
    """A database of the first release, with a comment, its score and an alert in it."""
    migrations.downgrade(engine, "0001")
    with write(engine) as tx:
        for statement in (COMMENT, VERSION, ALERT, OUTBOX, ATTEMPT):
            tx.execute(text(statement.replace(":", r"\:")))
    return engine


def test_the_upgrade_of_a_filled_first_schema_keeps_every_score_and_alert(filled):
    """What was not known then is told as not known, not as a number."""
    assert "at 0001, older than" in (migrations.schema_problem(filled) or "")
    migrations.upgrade(filled)

    assert migrations.schema_problem(filled) is None
    with read(filled) as tx:
        stored = lookups.newest_score(tx, "forum", "42")
        alert = alerts.alert(tx, "a1")
        (owed,) = outbox.owed_for(tx, ["a1"])["a1"]
    assert (owed.state, [attempt.answer for attempt in owed.attempts]) == ("sent", ["200 ok"])
    assert stored.text == "you silly goose"
    assert (stored.score.probabilities.offensive, stored.score.label) == (0.7, "offensive")
    assert (stored.score.residual, stored.score.base_rate) == (None, None)
    assert stored.score.why == alert.why
    assert alert.configuration is None
    (term,) = stored.score.why
    assert (term.term, term.weight, term.transformations) == ("goose", 1.25, ())


def test_the_way_back_keeps_what_the_first_schema_can_hold(filled):
    """A release that is taken back finds its own columns, filled."""
    migrations.upgrade(filled)
    migrations.downgrade(filled, "0001")
    with read(filled) as tx:
        rows = tx.execute(text("SELECT text, hate, coverage FROM versions")).all()
        owed = "SELECT alert_id, state, answer FROM outbox JOIN attempts ON outbox_id = outbox.id"
        assert [tuple(row) for row in tx.execute(text(owed))] == [("a1", "sent", "200 ok")]
    assert [tuple(row) for row in rows] == [("you silly goose", 0.1, 0.5)]
