"""Who looks at the pages: sessions in the database, their cookies, and forms that are ours."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from moderator.storage import keys
from moderator.storage.engine import read
from moderator.storage.keys import KeyScope, LoginKind
from moderator.web.auth import Door
from moderator.web.errors import KeyMissing, NotFromOurPage
from moderator.web.runtime import Connection, Runtime

LASTS = timedelta(hours=12)
SESSION, VISIT = "moderator", "moderator-visit"  # the cookies' names, less their prefix

_SECRET = re.compile(r"(-|[a-z2-7]{8})\.[A-Za-z0-9_-]{43}")
_VISIT = re.compile(r"[A-Za-z0-9_-]{43}")


class LoginNeeded(KeyMissing):
    """A page was asked for without a session that is still good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser that was let in. `secret` is its cookie's value, `scope` what it may do."""

    secret: str
    scope: KeyScope

    @property
    def who(self) -> str:
        """Whom its verdicts are by: the key that opened it, else this session alone."""
        key_id = self.secret.partition(".")[0]
        return f"page:{keys.digest_of(self.secret)[:8]}" if key_id == "-" else f"key:{key_id}"


@dataclass(frozen=True, slots=True, eq=False)
class Visitors:
    """Knows browsers by their cookies."""

    runtime: Runtime
    door: Door

    def open(self, tx: Connection, scope: KeyScope, key_id: str | None) -> Session:
        """A new session, with a secret of its own. One that a key opened ends with that key."""
        secret = f"{key_id or '-'}.{secrets.token_urlsafe(32)}"
        ends = self.runtime.clock() + LASTS
        keys.add_login(tx, secret, kind=LoginKind.SESSION, scope=scope, expires_at=ends)
        return Session(secret=secret, scope=scope)

    def session(self, request: Request) -> Session:
        """The session of a request. Reads the database; raises LoginNeeded."""
        secret = request.cookies.get(self.name(request, SESSION), "")
        match = _SECRET.fullmatch(secret)
        if match is None:
            raise LoginNeeded("log in first")
        with read(self.runtime.engine) as tx:
            scope = keys.session(tx, secret, self.runtime.clock())
            if scope is None or not _is_live(tx, match[1]):
                raise LoginNeeded("log in first")
        return Session(secret=secret, scope=scope)

    def admit(self, request: Request) -> None:
        """Let in whoever has a session or a key; raises as `Door.admit` does."""
        if "authorization" in request.headers:
            self.door.admit(request.scope, KeyScope.READ)
        else:
            self.session(request)

    def close(self, tx: Connection, session: Session) -> None:
        """End a session for good."""
        now = self.runtime.clock()
        keys.end_login(tx, session.secret, kind=LoginKind.SESSION, now=now)

    def visit(self, request: Request) -> str:
        """What a browser's login form is bound to: its cookie's value, or a new one."""
        known = request.cookies.get(self.name(request, VISIT), "")
        return known if _VISIT.fullmatch(known) else secrets.token_urlsafe(32)

    def check_form(self, request: Request, token: str, secret: str) -> None:
        """Refuse a form that was not sent from our own page to this browser."""
        site = request.headers.get("sec-fetch-site", "same-origin")
        if site not in ("same-origin", "none") or not self._is_our_origin(request):
            raise NotFromOurPage("it came from another site")
        if not hmac.compare_digest(token.encode(), form_token(secret).encode()):
            raise NotFromOurPage("it is out of date: load the page again")

    def remember(self, request: Request, response: Response, name: str, value: str) -> None:
        """Set a cookie that only we read, never a script."""
        secure = self._is_secure(request)
        lasts = int(LASTS.total_seconds()) if name == SESSION else None
        response.set_cookie(
            self.name(request, name),
            value,
            max_age=lasts,
            path="/",
            secure=secure,
            httponly=True,
            samesite="lax",
        )

    def forget(self, request: Request, response: Response) -> None:
        """Remove the session's cookie."""
        response.delete_cookie(
            self.name(request, SESSION),
            path="/",
            secure=self._is_secure(request),
            httponly=True,
            samesite="lax",
        )

    def name(self, request: Request, name: str) -> str:
        """A cookie's full name. The prefix makes the browser itself hold it to this host."""
        return f"__Host-{name}" if self._is_secure(request) else name

    def _is_secure(self, request: Request) -> bool:
        public_url = self.runtime.in_force.public_url or ""
        return request.url.scheme == "https" or public_url.startswith("https://")

    def _is_our_origin(self, request: Request) -> bool:
        """Whether the Origin header, where a browser sent one, names us.

        `null` is what browsers send from our own pages: their referrer policy hides the origin.
        """
        origin = request.headers.get("origin", "null")
        ours = {request.headers.get("host", "")}
        if self.runtime.in_force.public_url is not None:
            ours.add(urlsplit(self.runtime.in_force.public_url).netloc)
        return origin == "null" or origin.partition("://")[2] in ours


def form_token(secret: str) -> str:
    """What a form carries to show that it was handed out to the browser with this cookie."""
    return hmac.digest(secret.encode(), b"form", hashlib.sha256).hex()


def _is_live(tx: Connection, key_id: str) -> bool:
    """Whether the key that opened a session is still in force; a link's session has none."""
    if key_id == "-":
        return True
    return any(key.id == key_id and key.revoked_at is None for key in keys.keys(tx))
