"""Errors in the shape of Google's APIs, which the Perspective API's clients read.

    {"error": {"code": 400, "message": "...", "status": "INVALID_ARGUMENT", "details": [...]}}

`details` holds at least one object always: published clients look at the first without asking.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from moderator.domain.quota import Per
from moderator.web.errors import QUOTA_EXCEEDED, Problem, WebError

MEDIA = "application/json; charset=UTF-8"
SERVICE = "commentanalyzer.googleapis.com"
UNREADABLE = "(unreadable)"  # told instead of a name that may be anything

Detail = dict[str, Any]

_METRIC = "Analysis requests (AnalyzeComment)"
_UNITS = {Per.MINUTE.value: "minute", Per.HOUR.value: "hour", Per.DAY.value: "day"}

_NAME = re.compile(r"[A-Za-z0-9_@.$-]{1,64}")
# google.rpc.Code by HTTP status; what has no code of its own there gets the nearest.
_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    408: "DEADLINE_EXCEEDED",
    409: "ABORTED",
    413: "INVALID_ARGUMENT",
    415: "INVALID_ARGUMENT",
    422: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    431: "INVALID_ARGUMENT",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class Refusal(WebError):
    """A request that is refused in the Perspective API's own words."""

    def __init__(self, code: int, message: str, *details: Detail) -> None:
        super().__init__(message)
        self.code = code
        self.details = details

    def body(self) -> bytes:
        """The answer's body."""
        return error_body(self.code, str(self), self.details)


def refused(error_type: str, message: str, **members: object) -> Refusal:
    """A refusal with an `errorType` of the Perspective API."""
    detail = {
        "@type": "type.googleapis.com/google.commentanalyzer.v1alpha1.Error",
        "errorType": error_type,
        **members,
    }
    return Refusal(400, message, detail)


def malformed(message: str, field: str = "") -> Refusal:
    """A refusal of a request that is no message of this API; `field` is the path of the member."""
    violation = {"field": field, "description": message} if field else {"description": message}
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}
    return Refusal(400, message, detail)


def key_refused(code: int, message: str, reason: str) -> Refusal:
    """A refusal of the key, or of there being none."""
    return Refusal(code, message, error_info(reason, domain="googleapis.com", service=SERVICE))


def error_info(reason: str, *, domain: str, **metadata: str) -> Detail:
    """`google.rpc.ErrorInfo`: why, for programs."""
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": domain}
    return {**info, "metadata": metadata} if metadata else info


def error_body(code: int, message: str, details: Sequence[Mapping[str, object]]) -> bytes:
    """An error as Google's APIs write it: indented, whatever was asked."""
    error = {"code": code, "message": message, "status": status_of(code), "details": [*details]}
    return written({"error": error}, pretty=True)


def problem_body(problem: Problem) -> bytes:
    """One of our own problems, told in this shape."""
    if problem.type == QUOTA_EXCEEDED:
        return _quota_body(problem)
    reason = problem.type.upper().replace("-", "_")
    details = [error_info(reason, domain="moderator")]
    return error_body(problem.status, problem.detail or problem.title, details)


def _quota_body(problem: Problem) -> bytes:
    """A quota that is used up, as Google tells it; the consumer is the key by its public id."""
    told = problem.members
    key_id, per = told["key"], _UNITS[str(told["per"])]
    limit = f"{_METRIC} per {per}"
    message = (
        f"Quota exceeded for quota metric '{_METRIC}' and limit '{limit}' of service '{SERVICE}'"
        f" for consumer 'project_number:{key_id}'."
    )
    info = error_info(
        "RATE_LIMIT_EXCEEDED",
        domain="googleapis.com",
        service=SERVICE,
        consumer=f"projects/{key_id}",
        quota_metric="CommentAnalyzerService/analyze_requests",
        quota_limit=f"AnalyzeRequestsPer{per.title()}PerProject",
        quota_limit_value=str(told["limit"]),
        quota_location="global",
    )
    link = {
        "description": "Whoever runs this service can raise a key's quota in its configuration.",
        "url": f"urn:moderator:problem:{problem.type}",
    }
    help_ = {"@type": "type.googleapis.com/google.rpc.Help", "links": [link]}
    return error_body(problem.status, message, [info, help_])


def status_of(code: int) -> str:
    """The name that belongs to an HTTP status."""
    return _STATUSES.get(code, "UNKNOWN")


def written(value: object, *, pretty: bool) -> bytes:
    """JSON as Google writes it."""
    if not pretty:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def shown(name: str) -> str:
    """A name as it may stand in a message, whoever chose it."""
    return name if _NAME.fullmatch(name) else UNREADABLE
