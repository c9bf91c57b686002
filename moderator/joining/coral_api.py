"""Reading a comment at Coral, by its GraphQL API (https://docs.coralproject.net/api).

The token is one of an administrator or moderator: to others Coral refuses questions of their own.
"""

from __future__ import annotations

from moderator.channels.outbound import Outbound, json_body
from moderator.domain.errors import BadPayload, ChannelError
from moderator.joining import Read
from moderator.sources.coral import GraphqlSettings
from moderator.sources.markup import read_text
from moderator.sources.members import Members, object_at
from moderator.sources.strict_json import parse

QUESTION = "query($id: ID!) { comment(id: $id) { body author { id } parent { id } story { id } } }"
DEADLINE_S = 5.0


class CoralApi:
    """One Coral's API. Calling it reads one comment."""

    def __init__(self, settings: GraphqlSettings, *, outbound: Outbound | None = None) -> None:
        self._settings = settings
        self._outbound = outbound or Outbound(
            allow_hosts=settings.allow_hosts, deadline_s=DEADLINE_S
        )

    def __call__(self, board_id: str) -> Read | None:
        """What stands in a comment, None where there is none, or no text in it.

        Raises ChannelError where Coral does not answer, or not to us.
        """
        body = json_body({"query": QUESTION, "variables": {"id": board_id}})
        headers = {"Authorization": f"Bearer {self._settings.token.get_secret_value()}"}
        reply = self._outbound.send("POST", self._settings.url, body, headers)
        if reply.status != 200 or not reply.is_whole:
            raise ChannelError(f"Coral answered {reply.status}")
        try:
            return _read(object_at(parse(reply.body), ""))
        except BadPayload as error:
            raise ChannelError(f"Coral's answer is not one: {error}") from None


def _read(answer: Members) -> Read | None:
    if answer.values.get("errors"):
        answer.refuse("errors", "says that the question was refused; is the token one of staff?")
    comment = answer.child("data").optional_child("comment")
    markup = comment.optional_string("body")
    if markup is None:
        return None
    return Read(
        text=read_text(markup, "html")[0],
        thread_id=comment.child("story").id("id"),
        author_id=comment.optional_child("author").optional_id("id"),
        parent_id=comment.optional_child("parent").optional_id("id") or "",
    )
