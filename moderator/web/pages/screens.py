"""The moderators' pages, to read, and to say of alerts whether they were right."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, wraps
from pathlib import Path
from urllib.parse import parse_qs, quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from moderator.domain.comment import from_micros, micros
from moderator.domain.errors import ModeratorError, UnsupportedMedia
from moderator.domain.lookup import ScoreFilter
from moderator.domain.trigger import Mode
from moderator.storage import alerts, configurations, folded, keys, lookups, outbox, verdicts
from moderator.storage import notices as stored_notices
from moderator.storage.engine import read, write
from moderator.storage.keys import KeyScope, LoginKind
from moderator.web import openapi
from moderator.web.api import cursor
from moderator.web.body import Bodies
from moderator.web.errors import KeyMissing, NotFound, ScopeTooSmall, problem_of
from moderator.web.logs import request_id
from moderator.web.pages import judging, reference, view
from moderator.web.pages.history import MOST_PERIODS, history_view
from moderator.web.pages.notices import notices
from moderator.web.pages.trials import trial_views
from moderator.web.runtime import Connection, Runtime
from moderator.web.sessions import SESSION, VISIT, LoginNeeded, Session, Visitors, form_token

FOLDER = Path(__file__).parent
ASSETS = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
MOST_ALERTS = 20
MOST_SCORES = 20
MOST_FOLDED = 200  # comments of an alert; the API names them all
MOST_UNJUDGED = 10
MOST_NOTICES = 50
UNJUDGED_FOR = timedelta(days=1)  # how long a comment that nobody judged is pointed out
FORM = "application/x-www-form-urlencoded"
QUESTION = "page"
WRONG_KEY = "This key is not known, or not in force any more."
USED_UP = "This link has been used, or its time is over. Ask for a new one, or log in with a key."

_NEXT = re.compile(r"/alerts/[A-Za-z0-9_-]{1,64}|/docs")

Screen = Callable[["Pages", Request], Awaitable[Response]]


def screen(shown: Screen) -> Screen:
    """A page whose errors are told in words, and which leads to the login where that is what is
    missing.
    """

    @wraps(shown)
    async def told(self: Pages, request: Request) -> Response:
        try:
            return await shown(self, request)
        except LoginNeeded:
            path = request.url.path
            after = f"?next={quote(path)}" if _NEXT.fullmatch(path) else ""
            return RedirectResponse(f"/login{after}", status_code=303)
        except ModeratorError as error:
            problem = problem_of(error, self.runtime.jitter())
            told = {"problem": problem, "request_id": request_id.get()}
            return self.html("error.html", told, problem.status, dict(problem.headers))

    return told


@dataclass(frozen=True, slots=True, eq=False)
class Pages:
    """The routes of the pages."""

    runtime: Runtime
    bodies: Bodies
    visitors: Visitors
    templates: Environment

    @screen
    async def home(self, request: Request) -> Response:
        """The newest alerts and scores, and what does not work."""
        return await run_in_threadpool(self._home, request)

    @screen
    async def alert(self, request: Request) -> Response:
        """One alert, with its messages and each attempt."""
        return await run_in_threadpool(self._alert, request)

    @screen
    async def judge(self, request: Request) -> Response:
        """Takes a moderator's word about an alert's comment, and shows the alert again."""
        form = await self._form(request)
        await run_in_threadpool(self._judge, request, form)
        alert_id = quote(request.path_params["alert_id"], safe="")
        return RedirectResponse(f"/alerts/{alert_id}", status_code=303)

    @screen
    async def docs(self, request: Request) -> Response:
        """The API's reference."""
        session = await run_in_threadpool(self.visitors.session, request)
        document = openapi.document(request.app)
        told = {
            "about": document["info"]["description"],
            "operations": reference.operations(document),
            "token": form_token(session.secret),
        }
        return self.html("docs.html", told)

    @screen
    async def login_form(self, request: Request) -> Response:
        """Asks for a key."""
        return self._login(request, "")

    @screen
    async def login(self, request: Request) -> Response:
        """Takes a key, and opens a session."""
        form = await self._form(request)
        self.visitors.check_form(request, form.get("token", ""), self.visitors.visit(request))
        try:
            session = await run_in_threadpool(self._session_by_key, request, form.get("key", ""))
        except KeyMissing:
            return self._login(request, WRONG_KEY, form.get("next", ""), 401)
        return self._let_in(request, session, form.get("next", ""))

    @screen
    async def link_form(self, request: Request) -> Response:
        """Shows a button: what merely looks at links must not use them up."""
        visit = self.visitors.visit(request)
        response = self.html("link.html", {"token": form_token(visit)})
        self.visitors.remember(request, response, VISIT, visit)
        return response

    @screen
    async def link(self, request: Request) -> Response:
        """Uses up a link, and opens a session."""
        form = await self._form(request)
        self.visitors.check_form(request, form.get("token", ""), self.visitors.visit(request))
        session = await run_in_threadpool(self._session_by_link, request.path_params["token"])
        if session is None:
            return self._login(request, USED_UP, status=401)
        return self._let_in(request, session, "")

    @screen
    async def logout(self, request: Request) -> Response:
        """Ends the session."""
        form = await self._form(request)
        await run_in_threadpool(self._close, request, form.get("token", ""))
        response = RedirectResponse("/login", status_code=303)
        self.visitors.forget(request, response)
        return response

    async def asset(self, request: Request) -> Response:
        """A style sheet, a script, an image: nothing secret. Raises NotFound."""
        name = request.path_params["name"]
        if name not in ASSETS:
            raise NotFound("there is no such file")
        return Response(_asset(name), media_type=ASSETS[name])

    def html(
        self,
        template: str,
        told: dict[str, object],
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> HTMLResponse:
        """A page made from a template; everything told is escaped."""
        text = self.templates.get_template(template).render(told)
        return HTMLResponse(text, status_code=status, headers=headers)

    def _home(self, request: Request) -> Response:
        session = self.visitors.session(request)
        asked = request.query_params.get("cursor")
        mode = Mode.SHADOW if request.query_params.get("mode") == Mode.SHADOW else Mode.LIVE
        with read(self.runtime.engine) as tx:
            told = self._newest(tx, asked, mode, session.scope)
        return self.html("home.html", told | {"token": form_token(session.secret)})

    def _newest(
        self, tx: Connection, asked: str | None, mode: Mode, scope: KeyScope
    ) -> dict[str, object]:
        now, question = self.runtime.clock(), f"{QUESTION} {mode}"
        before = _place(asked, question)
        found = alerts.newest_alerts(tx, limit=MOST_ALERTS + 1, before=before, mode=mode)
        shown = found[:MOST_ALERTS]
        owed = outbox.owed_for(tx, [alert.id for alert in shown])
        place = (micros(shown[-1].raised_at), shown[-1].id) if len(found) > len(shown) else None
        unjudged = lookups.newest_scores(
            tx, ScoreFilter(unscored=True, since=now - UNJUDGED_FOR), limit=MOST_UNJUDGED
        )
        unjudged = [stored for stored in unjudged if not stored.is_deleted]
        backlogs = outbox.backlogs(tx, self.runtime.in_force.timings)
        return {
            "alerts": [
                view.alert_view(alert, owed.get(alert.id, ()), now, in_full=False)
                for alert in shown
            ],
            "older": cursor.encode(place, question=question) if place else None,
            "is_newest": asked is None,
            "is_shadow": mode is Mode.SHADOW,
            "trials": trial_views(tx, self.runtime.in_force.triggers, now)
            if mode is Mode.SHADOW
            else (),
            "unjudged": [view.score_view(stored, now) for stored in unjudged],
            "scores": [
                view.score_view(stored, now)
                for stored in lookups.newest_scores(tx, ScoreFilter(), limit=MOST_SCORES)
            ],
            "notices": notices(
                self.runtime.in_force.problems,
                [(name, outbox.channel_state(tx, name)) for name in self.runtime.in_force.channels],
                backlogs,
                stored_notices.newest_notices(tx, limit=MOST_NOTICES, is_open=True),
                len(unjudged),
                now,
            ),
            "backlogs": backlogs,
            "history": history_view(
                self.runtime.in_force,
                configurations.newest_periods(tx, limit=MOST_PERIODS),
                now,
                in_full=scope.includes(KeyScope.MODERATE),
            ),
            "now": view.when(now, now),
        }

    def _alert(self, request: Request) -> Response:
        session = self.visitors.session(request)
        alert_id = request.path_params["alert_id"]
        with read(self.runtime.engine) as tx:
            alert = None if "\0" in alert_id else alerts.alert(tx, alert_id)
            if alert is None:
                raise NotFound(judging.NO_SUCH_ALERT)
            owed = outbox.owed_for(tx, [alert.id]).get(alert.id, [])
            newest = lookups.newest_score(tx, alert.source, alert.comment_id)
            label = (alert.source, alert.comment_id, alert.version)
            said = verdicts.of_versions(tx, [label]).get(label, [])
            more = folded.comments_of(tx, alert.id, limit=MOST_FOLDED) if alert.folded else []
        now = self.runtime.clock()
        told = {
            "alert": view.alert_view(alert, owed, now),
            "folded": [view.folded_view(one, now) for one in more],
            "folded_beyond": max(0, alert.folded - len(more)),
            "said": judging.said_views(said, session.who, now),
            "may_judge": session.scope.includes(KeyScope.MODERATE),
            "is_deleted": newest is not None and newest.is_deleted,
            "token": form_token(session.secret),
        }
        return self.html("alert.html", told)

    def _judge(self, request: Request, form: dict[str, str]) -> None:
        session = self.visitors.session(request)
        self.visitors.check_form(request, form.get("token", ""), session.secret)
        if not session.scope.includes(KeyScope.MODERATE):
            raise ScopeTooSmall(f"this session has the scope {session.scope}: it may only read")
        alert_id, pressed = request.path_params["alert_id"], form.get("verdict", "")
        with write(self.runtime.engine) as tx:
            judging.judge(tx, alert_id, pressed, who=session.who, now=self.runtime.clock())

    def _login(self, request: Request, wrong: str, after: str = "", status: int = 200) -> Response:
        visit = self.visitors.visit(request)
        after = after or request.query_params.get("next", "")
        told: dict[str, object] = {
            "wrong": wrong,
            "token": form_token(visit),
            "next": after if _NEXT.fullmatch(after) else "",
        }
        response = self.html("login.html", told, status)
        self.visitors.remember(request, response, VISIT, visit)
        return response

    def _let_in(self, request: Request, session: Session, after: str) -> Response:
        target = after if _NEXT.fullmatch(after) else "/"
        response = RedirectResponse(target, status_code=303)
        self.visitors.remember(request, response, SESSION, session.secret)
        return response

    def _session_by_key(self, request: Request, secret: str) -> Session:
        key = self.visitors.door.key_by_secret(secret.strip(), request.scope)
        with write(self.runtime.engine) as tx:
            return self.visitors.open(tx, key.scope, key.id)

    def _session_by_link(self, token: str) -> Session | None:
        with write(self.runtime.engine) as tx:
            now = self.runtime.clock()
            scope = keys.end_login(tx, token, kind=LoginKind.LINK, now=now)
            return None if scope is None else self.visitors.open(tx, scope, None)

    def _close(self, request: Request, token: str) -> None:
        session = self.visitors.session(request)
        self.visitors.check_form(request, token, session.secret)
        with write(self.runtime.engine) as tx:
            self.visitors.close(tx, session)

    async def _form(self, request: Request) -> dict[str, str]:
        """The fields of a form; of one that stands twice, the first."""
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
            raise UnsupportedMedia(f"a form is sent as {FORM}")
        async with self.bodies.read(request.scope, request.receive) as body:
            text = body.decode("ascii", "replace")
        try:
            fields = parse_qs(text, keep_blank_values=True, max_num_fields=10)
        except ValueError:
            raise UnsupportedMedia("the form holds too many fields") from None
        return {name: values[0] for name, values in fields.items()}


def templates() -> Environment:
    """The pages' templates: escaping is on, and what is not given is an error."""
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _place(asked: str | None, question: str) -> tuple[datetime, str] | None:
    if asked is None:
        return None
    raised_at, alert_id = cursor.decode(asked, int, str, question=question)
    return from_micros(int(raised_at)), str(alert_id)


@cache
def _asset(name: str) -> bytes:
    return (FOLDER / name).read_bytes()
