"""`comments:suggestscore`: what a person says the scores of a comment should have been.

It is kept as a verdict on the comment with this text, whether that was stored before or comes
later. Of a text that is not stored nothing is kept but a digest with a secret key, to know it by.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool

from moderator.domain.verdict import Origin, Verdict
from moderator.joining.feedback import comment_of, coral_feedback
from moderator.sources.members import LONGEST_ID
from moderator.storage import verdicts
from moderator.storage.engine import write
from moderator.web.compat.perspective.asked import Message, languages_of, text_of
from moderator.web.compat.perspective.suggested import suggested_of
from moderator.web.runtime import Connection, Runtime

UNKNOWN = "perspective"  # who speaks where the routes are open and no key is known
CORAL = "coral"


@dataclass(frozen=True, slots=True, eq=False)
class Suggest:
    """Reads a request and keeps what it says, one verdict an attribute."""

    runtime: Runtime

    async def __call__(self, message: Message, key_id: str | None) -> dict[str, object]:
        """Raises Refusal, Unavailable."""
        text = text_of(message)
        values = suggested_of(message, text)
        await run_in_threadpool(self._keep, message, text, values, key_id)
        told = {
            "clientToken": message.get("clientToken", ""),
            "requestedLanguages": languages_of(message),
        }
        return {name: value for name, value in told.items() if value}

    def _keep(
        self, message: Message, text: str, values: dict[str, float], key_id: str | None
    ) -> None:
        now = self.runtime.clock()
        community_id = message.get("communityId") or None
        community = self.runtime.in_force.communities.of(community_id, key_id)
        with write(self.runtime.engine) as tx:
            meant = self._told_by_coral(tx, message, text)
            source, comment_id = meant or (community.source, None)
            said = [
                Verdict(
                    source=source,
                    comment_id=comment_id,
                    text_digest=None if meant else hashlib.sha256(text.encode()).hexdigest(),
                    attribute=attribute,
                    value=value,
                    who=UNKNOWN if key_id is None else f"key:{key_id}",
                    origin=Origin.PERSPECTIVE,
                    said_at=now,
                    community=None if community_id is None else community_id[:LONGEST_ID],
                    client_token=message.get("clientToken") or None,
                )
                for attribute, value in values.items()
            ]
            verdicts.add(tx, said)

    def _told_by_coral(self, tx: Connection, message: Message, text: str) -> tuple[str, str] | None:
        """(source, comment id) of the one that Coral means, where it asked us about it before."""
        feedback = coral_feedback(
            message.get("clientToken"), message.get("communityId"), message.get("context")
        )
        sources = self.runtime.in_force.sources.items()
        asked = [name for name, source in sources if source.kind == CORAL]
        if feedback is None or not asked:
            return None
        return comment_of(tx, asked, feedback, text, self.runtime.clock())
