"""Which of our comments Coral means by its ids, and what its moderators decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from moderator.domain.errors import ChannelError
from moderator.domain.trigger import Trigger
from moderator.joining import Read
from moderator.storage import alerts, board_comments, lookups, retention
from moderator.storage.engine import read, write
from moderator.storage.keys import KeyScope
from tests.builders import NOON
from tests.joining.site import CREATED, LEFT, REPLIED, Coral
from tests.web.site import Site


@pytest.fixture
def coral(engine) -> Coral:
    """A Coral on each kind of database."""
    return Coral(engine)


def later(seconds: float):
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


class Board:
    """What stands in Coral's comments, by its ids; while it is away nobody is answered."""

    def __init__(self, **texts: str) -> None:
        self.texts = texts
        self.asked: list[str] = []
        self.is_away = False

    def __call__(self, board_id: str) -> Read | None:
        self.asked.append(board_id)
        if self.is_away:
            raise ChannelError("the far end gave no answer in time")
        if board_id not in self.texts:
            return None
        return Read(text=self.texts[board_id], thread_id="7", author_id="9", parent_id="")


class TestByText:
    """Where Coral lets us read."""

    def test_a_comment_is_known_by_what_stands_in_it(self, coral: Coral):
        coral.ask("another remark", later(1))
        ours = coral.ask("<p>a mild</p><p>remark</p>", later(1))
        coral.tell(CREATED, "c1", later(2))
        assert coral.look({"news": Board(c1="a mild remark")}) == 1
        assert coral.own_id("c1") == ours

    def test_a_moderators_decision_is_a_verdict(self, coral: Coral):
        ours = coral.ask("a mild remark")
        coral.tell(LEFT, "c1", later(600), status="REJECTED")
        coral.look({"news": Board(c1="a mild remark")}, after_s=700)
        assert coral.said(ours) == [("coral", 1.0)]
        coral.tell(LEFT, "c1", later(800), status="APPROVED")
        coral.tell(LEFT, "c1", later(600), status="REJECTED")  # late, or sent again by somebody
        coral.look({"news": Board(c1="a mild remark")}, after_s=900)
        assert coral.said(ours) == [("coral", 1.0), ("coral", 0.0)]

    @pytest.mark.parametrize(
        "other", [{"author": "8"}, {"parent": "c0"}, {"story": {"id": "8", "url": None}}]
    )
    def test_the_same_words_elsewhere_or_by_others_are_not_meant(self, coral: Coral, other):
        coral.ask("a mild remark", **other)
        ours = coral.ask("a mild remark")
        coral.tell(CREATED, "c1", later(2))
        coral.look({"news": Board(c1="a mild remark")})
        assert coral.own_id("c1") == ours

    def test_what_was_never_asked_about_stays_unknown(self, coral: Coral):
        coral.ask("a mild remark")
        coral.tell(LEFT, "c1", later(2), status="REJECTED")
        coral.tell(CREATED, "c2", later(2))  # and c2 is gone at Coral
        coral.look({"news": Board(c1="another remark")})
        assert (coral.own_id("c1"), coral.own_id("c2")) == (None, None)

    def test_a_board_that_does_not_answer_is_asked_again_later_and_at_last_left_alone(
        self, coral: Coral
    ):
        board = Board(c1="a mild remark", c2="another remark")
        board.is_away = True
        ours = coral.ask("a mild remark")
        coral.tell(CREATED, "c1", later(2))
        coral.tell(CREATED, "c2", later(2))
        coral.look({"news": board}, after_s=60)
        assert board.asked == ["c1"]  # one question is enough to see that it is away
        assert coral.look({"news": board}, after_s=90) == 0
        board.is_away = False
        coral.look({"news": board}, after_s=200)
        assert coral.own_id("c1") == ours
        assert coral.look({"news": board}, after_s=10**6) == 0


class TestByOrder:
    """Where all we know is the story and the time."""

    def test_the_only_comment_of_its_story_at_that_time_is_meant(self, coral: Coral):
        coral.ask("an older remark", later(-31))
        ours = coral.ask("a mild remark", later(1))
        coral.ask("a later remark", later(20))
        coral.ask("a remark elsewhere", later(1), story={"id": "8", "url": None})
        coral.tell(CREATED, "c1", later(2))
        coral.look()
        assert coral.own_id("c1") == ours

    def test_where_two_could_be_meant_neither_is(self, coral: Coral):
        coral.ask("a mild remark", later(1))
        coral.ask("another remark", later(2), author="8")
        coral.tell(CREATED, "c1", later(3))
        coral.tell(LEFT, "c1", later(9), status="REJECTED")
        assert coral.look() == 1
        assert coral.own_id("c1") is None

    def test_a_reply_is_told_from_what_replies_to_others(self, coral: Coral):
        coral.ask("a mild remark", later(1))
        ours = coral.ask("a mild reply", later(1), parent="c0")
        coral.tell(REPLIED, "c1", later(2), ancestorIDs=["c0", "b9"])
        coral.look()
        assert coral.own_id("c1") == ours

    def test_one_that_is_known_already_is_not_meant_again(self, coral: Coral):
        first = coral.ask("a mild remark", later(1))
        coral.tell(CREATED, "c1", later(2))
        coral.look(after_s=18)
        second = coral.ask("another remark", later(20))
        coral.tell(CREATED, "c2", later(21))
        coral.look()
        assert (coral.own_id("c1"), coral.own_id("c2")) == (first, second)

    def test_a_decision_comes_later_and_finds_what_was_joined(self, coral: Coral):
        ours = coral.ask("a mild remark", later(1))
        coral.tell(CREATED, "c1", later(2))
        coral.look()
        coral.tell(LEFT, "c1", later(5_000), status="APPROVED")
        coral.tell(LEFT, "unknown", later(5_000), status="APPROVED")
        coral.look(after_s=5_060)
        assert coral.said(ours) == [("coral", 0.0)]
        assert coral.own_id("unknown") is None

    def test_nothing_is_looked_at_before_its_neighbours_had_time_to_come(self, coral: Coral):
        coral.tell(CREATED, "c1", later(0))
        assert (coral.look(after_s=14), coral.look(after_s=15), coral.look(after_s=16)) == (0, 1, 0)


def test_a_comment_is_looked_up_by_corals_id_too(engine, coral: Coral):
    ours = coral.ask("hate=0.9 a mild remark", later(1))
    coral.tell(CREATED, "c1", later(2))
    coral.look()
    site = Site(engine)
    try:
        for path in ("/v1/scores/news/c1", f"/v1/scores/news/{ours}"):
            assert site.client.get(path, headers=site.key()).json()["comment_id"] == ours
        found = site.client.get("/v1/scores/news/c1?history=1", headers=site.key()).json()
        assert [item["comment_id"] for item in found["items"]] == [ours]
        asked = [{"source": "news", "comment_id": id_} for id_ in ("c1", ours, "c2")]
        answer = site.client.post("/v1/scores:lookup", json={"ids": asked}, headers=site.key())
        found = [item["score"] and item["score"]["comment_id"] for item in answer.json()["items"]]
        assert found == [ours, ours, None]
        moderator = site.key(KeyScope.MODERATE)
        said = {"verdict": "toxic"}
        told = site.client.post("/v1/scores/news/c1/verdict", json=said, headers=moderator)
        assert told.json()["comment_id"] == ours
        assert coral.said(ours)[0][1] == 1.0
    finally:
        site.close()


def test_a_comment_that_is_joined_has_an_address_and_its_alert_too(engine):
    coral = Coral(engine, Trigger(name="slur", when={"hate": 0.8}))
    ours = coral.ask("hate=0.9", later(1))
    coral.tell(CREATED, "c1", later(2))
    coral.look()
    coral.ask("hate=0.9", later(100))  # asked again: it changes nothing
    address = "https://news.example/7?page=2&commentID=c1"
    with read(engine) as tx:
        stored = lookups.newest_score(tx, "news", ours)
        (alert,) = alerts.newest_alerts(tx, limit=9)
    assert (stored.url, alert.url) == (address, address)
    coral.tell(LEFT, "c1", later(200), status="REJECTED")
    coral.look({"news": Board(c1="hate=0.9")}, after_s=300)
    with read(engine) as tx:
        assert lookups.newest_score(tx, "news", ours).url == address


def test_what_a_board_told_is_forgotten_with_the_scores(engine, coral: Coral):
    coral.tell(CREATED, "c1", later(0))
    coral.tell(CREATED, "c2", later(10))
    keep = retention.Retention(text=timedelta(days=30), scores=timedelta(days=365))
    for step in retention.steps(keep, later(5) + timedelta(days=365)):
        with write(engine) as tx:
            step(tx)
    assert coral.look() == 1


def test_comments_are_found_by_an_index(engine):
    """A feedback and an announcement must not walk through all comments."""
    with read(engine) as tx:
        if tx.dialect.name != "sqlite":  # PostgreSQL reads an empty table as a whole
            tx.execute(text("SET LOCAL enable_seqscan = off"))
        plans = {
            "ix_comments_source_text_key": board_comments.with_text("news", "0" * 24),
            "ix_versions_received_at": board_comments.between("news", "7", NOON, later(35)),
        }
        for index, statement in plans.items():
            query = statement.compile(tx, compile_kwargs={"literal_binds": True})
            explain = "EXPLAIN QUERY PLAN" if tx.dialect.name == "sqlite" else "EXPLAIN"
            plan = repr(tx.execute(text(f"{explain} {query}")).all())
            assert index in plan, plan
