"""Coral's feedback to Perspective: `comments:suggestscore` about a comment by its id and text.

Form: server/src/core/server/services/perspective/perspective.ts. What people decided stands in the
request's scores; here it is only found out which of our comments is meant.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from moderator.domain.derived_id import key_in, text_key
from moderator.domain.errors import BadPayload
from moderator.domain.joining import Clue, JoinedBy, the_one
from moderator.sources.markup import read_text
from moderator.sources.members import LONGEST_ID, object_at
from moderator.sources.strict_json import parse
from moderator.storage import board_comments

COMMUNITY, TOKEN = "Coral:", "comment:"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoralFeedback:
    """The comment that Coral speaks of: its own id, and what else there is to know it by.

    `parent_id` is "" where it replies to none. `url` is the story's, with the comment's id in it.
    """

    board_id: str
    parent_id: str
    url: str | None


def coral_feedback(
    client_token: str | None, community_id: str | None, context: object
) -> CoralFeedback | None:
    """What the members `clientToken`, `communityId` and `context` of a suggestscore say, as parsed.

    None for any other client's. A context that is not Coral's is left aside: the token is enough.
    """
    if not (client_token or "").startswith(TOKEN) or not (community_id or "").startswith(COMMUNITY):
        return None
    board_id = (client_token or "").removeprefix(TOKEN)
    if not 0 < len(board_id) <= LONGEST_ID:
        return None
    try:
        (entry,) = object_at(context, "context").children("entries")
        told = object_at(parse(entry.string("text").encode()), "context")
        parent_id = told.optional_id("reply_to_id_Coral_comment_id")
        url = told.optional_url("url")
    except (BadPayload, ValueError):  # ValueError: none or several entries; half a character
        return None
    return CoralFeedback(board_id=board_id, parent_id=parent_id or "", url=url)


def comment_of(
    tx: Connection, sources: Collection[str], feedback: CoralFeedback, text: str, now: datetime
) -> tuple[str, str] | None:
    """(source, our name) of the comment with this text that Coral speaks of.

    `sources` are those of the kind coral. None where it is not known, or not clear which one it is.
    What is found is written down: from then on it goes by Coral's id, too.
    """
    key = text_key(read_text(text, "text")[0])
    found = [
        (source, own)
        for source in sources
        if (own := _found(tx, source, feedback, key)) is not None
    ]
    if len(found) != 1:
        return None
    source, own = found[0]
    board_comments.join(tx, source, feedback.board_id, own, JoinedBy.TEXT, now=now)
    return source, own


def _found(tx: Connection, source: str, feedback: CoralFeedback, key: str) -> str | None:
    known = board_comments.own_id(tx, source, feedback.board_id)
    if known is not None and key_in(known) == key:
        return known
    clue = Clue(parent_id=feedback.parent_id, url=feedback.url)
    return the_one(board_comments.asked_with_text(tx, source, key), clue)
