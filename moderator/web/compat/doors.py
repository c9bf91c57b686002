"""The routes of other services' contracts that take one text and say what it is."""

from __future__ import annotations

from starlette.routing import Route

from moderator.web.auth import Door
from moderator.web.body import Bodies
from moderator.web.compat import akismet, discourse_ai, openai
from moderator.web.compat.akismet import AkismetRoute, CommentCheck, Submit
from moderator.web.compat.discourse_ai import Classify, Sentiment
from moderator.web.compat.json_door import JsonDoor
from moderator.web.runtime import Runtime
from moderator.web.scoring import Scoring


def routes(runtime: Runtime, bodies: Bodies, door: Door, scoring: Scoring) -> list[Route]:
    """Discourse AI's, OpenAI's and Akismet's."""
    return [
        Route(
            openai.PATH,
            JsonDoor(bodies, door, openai.PUBLIC, openai.Moderations(scoring)),
            methods=["POST"],
        ),
        *_discourse_ai(bodies, door, scoring),
        *_akismet(runtime, bodies, door, scoring),
    ]


def _discourse_ai(bodies: Bodies, door: Door, scoring: Scoring) -> list[Route]:
    older = JsonDoor(bodies, door, discourse_ai.PUBLIC, Classify(scoring))
    later = JsonDoor(bodies, door, discourse_ai.PUBLIC, Sentiment(scoring))
    return [
        Route(f"{discourse_ai.PREFIX}api/v1/classify", older, methods=["POST"]),
        Route(f"{discourse_ai.PREFIX}sentiment", later, methods=["POST"]),
    ]


def _akismet(runtime: Runtime, bodies: Bodies, door: Door, scoring: Scoring) -> list[Route]:
    about = ("blog", "user_ip")
    calls = {
        "verify-key": AkismetRoute(runtime, bodies, door, akismet.verified, key_field="key"),
        "comment-check": AkismetRoute(
            runtime, bodies, door, CommentCheck(runtime, scoring), required=about
        ),
        "submit-spam": AkismetRoute(runtime, bodies, door, Submit(runtime, 1.0), required=about),
        "submit-ham": AkismetRoute(runtime, bodies, door, Submit(runtime, 0.0), required=about),
    }
    return [
        Route(f"{akismet.PREFIX}{path}", call, methods=["POST"]) for path, call in calls.items()
    ]
