"""In whose shape an error is told: clients of another service's contract read that service's."""

from __future__ import annotations

from collections.abc import Callable

from moderator.web.compat import akismet, discourse_ai, openai
from moderator.web.compat.perspective import errors as perspective
from moderator.web.errors import MEDIA, Problem

# By the beginning of the path: the content type, and what writes the body.
DIALECTS: tuple[tuple[str, str, Callable[[Problem], bytes]], ...] = (
    ("/v1alpha1/", perspective.MEDIA, perspective.problem_body),
    ("/$discovery/", perspective.MEDIA, perspective.problem_body),
    (openai.PATH, openai.MEDIA, openai.problem_body),
    (discourse_ai.PREFIX, discourse_ai.MEDIA, discourse_ai.problem_body),
    (akismet.PREFIX, akismet.MEDIA, akismet.problem_body),
)


def told(problem: Problem, path: str, request_id: str) -> tuple[str, bytes]:
    """The content type and the body of an error on this path: RFC 9457 where it is our own."""
    for prefix, media, body in DIALECTS:
        if path.startswith(prefix):
            return media, body(problem)
    return MEDIA, problem.body(request_id)
