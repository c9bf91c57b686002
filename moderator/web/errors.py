"""What an error means on the wire: one table, one shape (RFC 9457), one place.

ModeratorError
└── WebError             what HTTP itself gets wrong, before anything of ours is asked
    ├── NotFound
    ├── KeyMissing       no key, or none that is known: one answer for all of it
    ├── ScopeTooSmall
    ├── TooManyWrongKeys
    ├── QuotaExceeded
    ├── NotFromOurPage   a form that no page of ours has handed out
    ├── BadCursor
    ├── BadRequest       a head that two readers could read differently
    ├── BodyTooLarge
    ├── BodyTooSlow
    ├── HeadTooLarge
    └── NotJudged        the scorer abstained, and the route has no other way to say so
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from moderator.domain.errors import (
    AmbiguousRequest,
    BadPayload,
    BadSignature,
    DeliveryConflict,
    ModeratorError,
    Overloaded,
    Unavailable,
    UnsupportedMedia,
)
from moderator.domain.quota import Per, Quota

MEDIA = "application/problem+json"
SHORTEST_WAIT_S, LONGEST_WAIT_S = 2, 30  # of Retry-After
QUOTA_EXCEEDED = "quota-exceeded"  # the type of a problem that other dialects tell in full
_EVERY = {Per.MINUTE: "a minute", Per.HOUR: "an hour", Per.DAY: "a day"}
LONGEST_FIELD = 64  # characters shown of a parameter's name: the caller chose it


class WebError(ModeratorError):
    """A request that HTTP itself has something to say about."""


class NotFound(WebError):
    """There is nothing of that name."""


class KeyMissing(WebError):
    """No key was given, or none that is known and in force. Never says which."""


class ScopeTooSmall(WebError):
    """The key is good, but not for this."""


class TooManyWrongKeys(WebError):
    """Somebody at this address is guessing."""

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class QuotaExceeded(WebError):
    """The key has made as many requests as it may for now. `key_id` is its public part."""

    def __init__(self, key_id: str, quota: Quota, *, retry_after_s: int) -> None:
        super().__init__(f"it may make {quota.limit:,} requests {_EVERY[quota.per]}")
        self.key_id = key_id
        self.quota = quota
        self.retry_after_s = retry_after_s


class NotFromOurPage(WebError):
    """A form was sent that none of our pages handed out to this browser."""


class BadCursor(WebError):
    """A cursor that we did not hand out for this question."""


class BadRequest(WebError):
    """A request's head contradicts itself."""


class BodyTooLarge(WebError):
    """The body is longer than is ever read."""


class BodyTooSlow(WebError):
    """The body did not arrive in time."""


class HeadTooLarge(WebError):
    """Too many headers, or too long ones."""


class NotJudged(WebError):
    """The scorer cannot judge the text. `reason` is the word it gives for that."""

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error as it is answered. `type` ends the problem's URN; `members` are further ones."""

    status: int
    type: str
    title: str
    detail: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, object] = field(default_factory=dict)

    def body(self, request_id: str) -> bytes:
        """The answer's body.

        Without the request's id where it must be the same for every reason (401): the header
        has it.
        """
        members: dict[str, object] = {
            "type": f"urn:moderator:problem:{self.type}",
            "title": self.title,
            "status": self.status,
        }
        if self.detail:
            members["detail"] = self.detail
        members.update(self.members)
        if self.status != 401:
            members["request_id"] = request_id
        return json.dumps(members, ensure_ascii=False).encode("utf-8", "backslashreplace")


TABLE: dict[type[ModeratorError], tuple[int, str, str]] = {
    BadSignature: (401, "bad-signature", "Not signed by a secret of this source"),
    KeyMissing: (401, "key-missing", "A key is needed"),
    ScopeTooSmall: (403, "scope-too-small", "This key may not do that"),
    NotFromOurPage: (403, "not-from-our-page", "This form was not sent from our page"),
    NotFound: (404, "not-found", "Not found"),
    BodyTooSlow: (408, "body-too-slow", "The body did not arrive in time"),
    DeliveryConflict: (409, "delivery-conflict", "Another body came under this delivery id"),
    BodyTooLarge: (413, "body-too-large", "The body is too large"),
    UnsupportedMedia: (415, "unsupported-media", "Unsupported content type or encoding"),
    BadCursor: (400, "bad-cursor", "Not a cursor of this question"),
    BadRequest: (400, "bad-request", "The request contradicts itself"),
    AmbiguousRequest: (400, "ambiguous-request", "A header stands more than once"),
    BadPayload: (422, "bad-payload", "The body is malformed"),
    NotJudged: (422, "not-judged", "The text could not be judged"),
    TooManyWrongKeys: (429, "too-many-wrong-keys", "Too many wrong keys from this address"),
    QuotaExceeded: (429, QUOTA_EXCEEDED, "The quota of this key is used up"),
    HeadTooLarge: (431, "head-too-large", "Too many headers, or too long ones"),
    Overloaded: (503, "overloaded", "Too much work is waiting"),
    Unavailable: (503, "unavailable", "Not available just now"),
}
UNEXPECTED = Problem(status=500, type="unexpected", title="Something went wrong on our side")
_CLOSES = (BadRequest, BodyTooLarge, BodyTooSlow, HeadTooLarge)  # the rest of it is not read
_CHALLENGE = 'Bearer realm="moderator"'


def problem_of(error: ModeratorError, jitter: float = 0.0) -> Problem:
    """What is answered to an error that was raised on purpose.

    `jitter` in 0..1 spreads the senders that are asked to come again.
    """
    known = next((kind for kind in type(error).__mro__ if kind in TABLE), None)
    if known is None:
        return UNEXPECTED
    status, type_, title = TABLE[known]
    headers = {}
    if isinstance(error, KeyMissing):
        headers["www-authenticate"] = _CHALLENGE
    elif isinstance(error, Unavailable):
        headers["retry-after"] = str(_spread(error.retry_after_s, jitter))
    elif isinstance(error, TooManyWrongKeys | QuotaExceeded):
        headers["retry-after"] = str(error.retry_after_s)
    if isinstance(error, _CLOSES):
        headers["connection"] = "close"
    return Problem(
        status=status,
        type=type_,
        title=title,
        detail=str(error) or None,
        headers=headers,
        members=_facts(error),
    )


def http_problem(error: HTTPException) -> Problem:
    """What is answered where the router itself refused: no such path, no such method."""
    title = {404: "Not found", 405: "Method not allowed"}.get(error.status_code, "Refused")
    return Problem(
        status=error.status_code,
        type=title.lower().replace(" ", "-"),
        title=title,
        headers={name.lower(): value for name, value in (error.headers or {}).items()},
    )


def validation_problem(error: RequestValidationError) -> Problem:
    """Names each parameter that is wrong and says why; never repeats what was sent."""
    errors = [
        {
            "field": ".".join(str(part) for part in found["loc"][1:])[:LONGEST_FIELD],
            "message": found["msg"].removeprefix("Value error, "),
        }
        for found in error.errors()
    ]
    return Problem(
        status=422,
        type="bad-parameters",
        title="A parameter is malformed",
        detail="; ".join(f"{found['field']}: {found['message']}" for found in errors),
        members={"errors": errors},
    )


def _facts(error: ModeratorError) -> dict[str, object]:
    if isinstance(error, BadPayload) and error.field is not None:
        return {"field": error.field}
    if isinstance(error, NotJudged):
        return {"reason": error.reason}
    if isinstance(error, QuotaExceeded):
        quota = error.quota
        return {"key": error.key_id, "limit": quota.limit, "per": quota.per.value}
    return {}


def _spread(retry_after_s: int, jitter: float) -> int:
    wanted = retry_after_s * (1 + 2 * jitter)
    return round(max(SHORTEST_WAIT_S, min(LONGEST_WAIT_S, wanted)))
