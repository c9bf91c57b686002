"""The Perspective API, version v1alpha1, so that its clients need another address and no more.

    Method ─▶ parameters, key, body ─▶ Analyze ─▶ intake, or scoring alone with doNotStore
                                    ─▶ Suggest ─▶ verdicts
    Discovery ─▶ the same messages, for client libraries

What is answered exactly, and what differs, stands in docs/api.md.
"""

from __future__ import annotations

from starlette.routing import Route

from moderator.web.body import Bodies
from moderator.web.compat.perspective.access import Access
from moderator.web.compat.perspective.analyze import Analyze
from moderator.web.compat.perspective.discovery import Discovery
from moderator.web.compat.perspective.method import Method
from moderator.web.compat.perspective.suggest import Suggest
from moderator.web.runtime import Runtime
from moderator.web.scoring import Scoring


def routes(runtime: Runtime, bodies: Bodies, access: Access, scoring: Scoring) -> list[Route]:
    """All routes of this API."""
    analyze = Method(bodies, access, "AnalyzeCommentRequest", Analyze(runtime, scoring))
    suggest = Method(bodies, access, "SuggestCommentScoreRequest", Suggest(runtime))
    return [
        Route("/v1alpha1/comments:analyze", analyze, methods=["POST"]),
        Route("/v1alpha1/comments:suggestscore", suggest, methods=["POST"]),
        Route("/$discovery/rest", Discovery(runtime), methods=["GET"]),
    ]
