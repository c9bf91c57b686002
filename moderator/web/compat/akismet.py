"""Akismet's routes, for programs that can ask something about a comment and nothing else.

`comment-check` answers whether a comment is toxic where Akismet says whether it is spam; so the
routes are there only where the configuration asks for them. It stores nothing. `submit-spam` and
`submit-ham` are a person's word on a text, and are kept as that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from moderator.domain.errors import BadPayload
from moderator.domain.score import Label, Score
from moderator.domain.verdict import SPAM, Origin, Verdict
from moderator.sources.headers import FORM, require_media
from moderator.sources.markup import read_text
from moderator.storage import verdicts
from moderator.storage.engine import write
from moderator.web.auth import Door
from moderator.web.body import Bodies
from moderator.web.errors import KeyMissing, NotFound, Problem
from moderator.web.runtime import AkismetRules, Runtime
from moderator.web.scoring import Scoring
from moderator.web.webhook import headers_of

PUBLIC = "akismet"
PREFIX = "/1.1/"
MEDIA = "text/plain; charset=utf-8"
MOST_FIELDS = 200
LONGEST_COMMUNITY = 256
THANKS = "Thanks for making the web a better place."
INVALID = "invalid"
ALWAYS_SPAM = "viagra-test-123"  # the author's name by which Akismet's clients try it out
NEVER_SPAM = "administrator"  # the author's role
HELP = "x-akismet-debug-help"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: its form's fields, the key it came with where one is needed, and what these
    routes are set to.
    """

    fields: Mapping[str, str]
    key_id: str | None
    rules: AkismetRules

    @property
    def text(self) -> str:
        """What the comment says, without markup and quotations."""
        sent = self.fields.get("comment_content", "").replace("\0", "\ufffd")
        return read_text(sent, "html")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer: one word, and a header that says why to whoever looks for it."""

    word: str
    help: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class AkismetRoute:
    """One route; `work` answers a request with a good key, and with all fields of `required`."""

    runtime: Runtime
    bodies: Bodies
    door: Door
    work: Callable[[Asked], Awaitable[Told]]
    key_field: str = "api_key"
    required: tuple[str, ...] = field(default=("blog",))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises NotFound where the routes are off, UnsupportedMedia, BadPayload, ...

        A wrong key and a missing field are answered by the word `invalid`, as Akismet does.
        """
        rules = self.runtime.in_force.akismet
        if rules is None:
            raise NotFound("these routes are off; the configuration turns them on by akismet")
        require_media(headers_of(scope), FORM)
        async with self.bodies.read(scope, receive) as body:
            told = await self._told(scope, _fields(body), rules)
        await _send(send, told)

    async def _told(self, scope: Scope, fields: Mapping[str, str], rules: AkismetRules) -> Told:
        for name in self.required:
            if not fields.get(name):
                return Told(word=INVALID, help=f'Empty "{name}" value')
        try:
            key_id = await run_in_threadpool(self._key_id, scope, fields.get(self.key_field, ""))
        except KeyMissing:
            return Told(word=INVALID, help="We were unable to verify your key")
        return await self.work(Asked(fields=fields, key_id=key_id, rules=rules))

    def _key_id(self, scope: Scope, secret: str) -> str | None:
        if PUBLIC in self.runtime.in_force.public:
            return None
        return self.door.key_by_secret(secret, scope).id


async def verified(_asked: Asked) -> Told:
    """`verify-key`: the key was good."""
    return Told(word="valid")


@dataclass(frozen=True, slots=True, eq=False)
class CommentCheck:
    """`comment-check`: `true` where the comment is not fit to be published."""

    runtime: Runtime
    scoring: Scoring

    async def __call__(self, asked: Asked) -> Told:
        """What cannot be judged is `false`: there is nothing to say against it."""
        if asked.fields.get("user_role") == NEVER_SPAM:
            return Told(word="false")
        if asked.fields.get("comment_author") == ALWAYS_SPAM:
            return Told(word="true")
        if asked.key_id is not None:
            self.runtime.usage.scored(asked.key_id, self.runtime.clock())
        base_rate = self.runtime.base_rate_of(asked.rules.source)
        (score,) = await self.scoring.score_all([asked.text], base_rate)
        if score.abstained is not None:
            return Told(word="false", help=f"not judged: {score.abstained}")
        return Told(word="true" if is_toxic(score, asked.rules.threshold) else "false")


def is_toxic(score: Score, threshold: float | None) -> bool:
    """By the threshold, else by the label. Equality counts."""
    if threshold is None or score.probabilities is None:
        return score.label is not Label.NEITHER
    return score.probabilities.toxic >= threshold


@dataclass(frozen=True, slots=True, eq=False)
class Submit:
    """`submit-spam` (1) and `submit-ham` (0): what a person says of a text."""

    runtime: Runtime
    value: float

    async def __call__(self, asked: Asked) -> Told:
        """Raises Unavailable. A test stores nothing."""
        if asked.text and asked.fields.get("is_test", "0") in ("", "0", "false", "False"):
            await run_in_threadpool(self._store, asked)
        return Told(word=THANKS)

    def _store(self, asked: Asked) -> None:
        verdict = Verdict(
            source=asked.rules.source,
            text_digest=hashlib.sha256(asked.text.encode()).hexdigest(),
            attribute=SPAM,
            value=self.value,
            who=PUBLIC if asked.key_id is None else f"key:{asked.key_id}",
            origin=Origin.AKISMET,
            said_at=self.runtime.clock(),
            community=asked.fields["blog"][:LONGEST_COMMUNITY],
        )
        with write(self.runtime.engine) as tx:
            verdicts.add(tx, [verdict])


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise BadPayload(f"the form has more than {MOST_FIELDS} fields") from None
    return dict(pairs)


async def _send(send: Send, told: Told) -> None:
    body = told.word.encode()
    headers = [(b"content-type", MEDIA.encode()), (b"content-length", str(len(body)).encode())]
    if told.help:
        headers.append((HELP.encode(), told.help.encode("ascii", "replace")))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def problem_body(problem: Problem) -> bytes:
    """An error as a line of text: clients of Akismet's read no more."""
    return (problem.detail or problem.title).encode()
