"""Coral's feedback to Perspective, in the form of its published source."""

from __future__ import annotations

import json
from typing import Any

import pytest

from moderator.joining.feedback import CoralFeedback, comment_of, coral_feedback
from moderator.storage.engine import write
from tests.builders import NOON, at
from tests.joining.site import CREATED, Coral


def request(board_id: str = "c1", parent: str | None = None, **changes: Any) -> dict[str, Any]:
    """The body of a `comments:suggestscore` as Coral sends it."""
    context = {
        "url": f"https://news.example/7?commentID={board_id}&page=2",
        "reply_to_id_Coral_comment_id": parent,
        "Coral_comment_id": board_id,
    }
    if parent is None:  # JavaScript leaves out what is undefined
        del context["reply_to_id_Coral_comment_id"]
    return {
        "comment": {"text": "a mild remark"},
        "context": {"entries": [{"text": json.dumps(context)}]},
        "attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}},
        "languages": ["en"],
        "communityId": "Coral:https://coral.example",
        "clientToken": f"comment:{board_id}",
    } | changes


def feedback(body: dict[str, Any]) -> CoralFeedback | None:
    return coral_feedback(body.get("clientToken"), body.get("communityId"), body.get("context"))


def test_corals_request_says_which_comment_it_is_about():
    url = "https://news.example/7?commentID=c1&page=2"
    assert feedback(request()) == CoralFeedback(board_id="c1", parent_id="", url=url)
    assert feedback(request(parent="c0")) == CoralFeedback(board_id="c1", parent_id="c0", url=url)


@pytest.mark.parametrize(
    "changes",
    [
        {"clientToken": None},
        {"clientToken": "comment:"},
        {"clientToken": "comment:" + "x" * 257},
        {"clientToken": "42"},
        {"communityId": None},
        {"communityId": "news.example"},
        {"context": None},
        {"context": {"entries": []}},
        {"context": {"entries": [{"text": "a"}, {"text": "b"}]}},
        {"context": {"entries": [{"text": "no JSON"}]}},
        {"context": {"entries": [{"text": "\ud800"}]}},
        {"context": {"entries": [{"text": "[]"}]}},
    ],
)
def test_any_other_request_is_not_corals(changes: dict[str, Any]):
    assert feedback(request(**changes)) is None


class TestJoining:
    """On each kind of database."""

    @pytest.fixture
    def coral(self, engine) -> Coral:
        return Coral(engine)

    def found(self, coral: Coral, body: dict[str, Any]) -> tuple[str, str] | None:
        told = feedback(body)
        assert told is not None
        with write(coral.engine) as tx:
            return comment_of(tx, ["elsewhere", "news"], told, body["comment"]["text"], NOON)

    def test_the_comment_is_found_by_text_story_and_parent(self, coral: Coral):
        coral.ask("a mild remark", parent="c0")
        coral.ask("a mild remark", story={"id": "8", "url": "https://news.example/8"})
        ours = coral.ask("<div>a mild</div><div>remark</div>")
        assert self.found(coral, request()) == ("news", ours)
        assert coral.own_id("c1") == ours

    def test_where_two_people_wrote_the_same_neither_is_meant(self, coral: Coral):
        coral.ask("a mild remark")
        coral.ask("a mild remark", author="8")
        assert self.found(coral, request()) is None
        assert coral.own_id("c1") is None

    def test_what_is_known_by_its_id_already_is_not_looked_for(self, coral: Coral):
        ours = coral.ask("a mild remark", at(0))
        coral.tell(CREATED, "c1", at(0.1))
        coral.look()
        coral.ask("a mild remark", at(5), author="8")
        assert self.found(coral, request()) == ("news", ours)
        edited = request(comment={"text": "another remark"})
        assert self.found(coral, edited) is None

    def test_a_text_that_was_never_asked_about_is_not_found(self, coral: Coral):
        coral.ask("another remark")
        assert self.found(coral, request()) is None
