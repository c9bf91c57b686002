"""The gate: what is too much, too long or contradicts itself is sent away before it costs.

Each kind of request has a share of its own, so that a flood of comments leaves room for those
who look things up, and for whoever asks whether we are alive.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from moderator.domain.errors import Overloaded
from moderator.web.body import refuse_length
from moderator.web.errors import BadRequest, HeadTooLarge

MOST_HEADERS = 100
LONGEST_HEAD = 32_768  # bytes of header names and values
LONGEST_TARGET = 8_192  # bytes of path and query
RETRY_AFTER_S = 10


DOORS = ("/v1/moderations", "/discourse-ai/", "/1.1/")  # as compat/doors.py has them


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many requests of one kind may be under way in a process."""

    name: str
    prefixes: tuple[str, ...]
    limit: int


# Of comments many may be under way: most of that time they wait for their body or for the commit.
# How many wait for a commit is limited again by the intake, how many bytes they hold by `Bodies`.
SHARES = (
    Share(
        name="comments",
        prefixes=("/webhooks/", "/phases/", "/predict", "/v1alpha1/", *DOORS),
        limit=1_024,
    ),
    Share(name="health", prefixes=("/healthz", "/readyz", "/metrics"), limit=16),
    Share(name="look-ups", prefixes=("/",), limit=128),
)


class Gate:
    """ASGI middleware that raises Overloaded, HeadTooLarge, BadRequest or BodyTooLarge."""

    def __init__(self, app: ASGIApp, *, shares: tuple[Share, ...] = SHARES) -> None:
        self._app = app
        self._shares = shares
        self.under_way: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, or not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        share = self._share(scope["path"])
        if self.under_way[share.name] >= share.limit:
            raise Overloaded(f"too many {share.name} at once", retry_after_s=RETRY_AFTER_S)
        refuse_head(scope)
        refuse_length(scope)
        self.under_way[share.name] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self.under_way[share.name] -= 1

    def _share(self, path: str) -> Share:
        for share in self._shares:
            if path.startswith(share.prefixes):
                return share
        return self._shares[-1]


def refuse_head(scope: Scope) -> None:
    """Refuse a head that is too large, or that two readers could read differently."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    size = sum(len(name) + len(value) for name, value in headers)
    if len(headers) > MOST_HEADERS or size > LONGEST_HEAD:
        raise HeadTooLarge(f"at most {MOST_HEADERS} headers of {LONGEST_HEAD:,} bytes in all")
    target = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    if target > LONGEST_TARGET:
        raise HeadTooLarge(f"the address is longer than {LONGEST_TARGET:,} bytes")
    lengths = [name for name, _ in headers if name in (b"content-length", b"transfer-encoding")]
    if len(lengths) > 1:
        raise BadRequest("the length of the body is given more than once")
