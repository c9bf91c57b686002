"""`POST /predict`: the contract of the tutorial that this service's model comes from."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from moderator.domain.comment import MAX_TEXT
from moderator.domain.errors import BadPayload
from moderator.domain.score import Score
from moderator.sources.strict_json import parse
from moderator.storage.keys import KeyScope
from moderator.web.answers import send_json
from moderator.web.auth import Door
from moderator.web.body import Bodies
from moderator.web.errors import BodyTooLarge
from moderator.web.judged import judged
from moderator.web.runtime import Runtime
from moderator.web.scoring import Scoring


@dataclass(frozen=True, slots=True, eq=False)
class Predict:
    """`{"text": ...}` in, under any content type (`curl -d` calls it a form); three numbers out.

    The tutorial's model gives a number to whatever it is sent. Ours does not judge what it
    cannot read, and an invented number would pass for a judgement: such a text is refused.
    """

    runtime: Runtime
    bodies: Bodies
    door: Door
    scoring: Scoring

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises BadPayload, BodyTooLarge, NotJudged and what `Scoring.score` does; where
        the route is not public, what `Door.admit` does.
        """
        key = None
        if "predict" not in self.runtime.in_force.public:
            key = await run_in_threadpool(self.door.admit, scope, KeyScope.READ)
        async with self.bodies.read(scope, receive) as body:
            text = text_of(body)
        score = await self.scoring.score(text)
        if key is not None:
            self.runtime.usage.scored(key.id, self.runtime.clock())
        await send_json(send, prediction(score))


def text_of(body: bytes) -> str:
    """The text in a body `{"text": ...}`; raises BadPayload, BodyTooLarge."""
    value = parse(body)
    if not isinstance(value, dict):
        raise BadPayload('the body must be an object: {"text": "..."}')
    text = value.get("text")
    if not isinstance(text, str):
        raise BadPayload("text must be a string", field="text")
    if len(value) > 1:
        raise BadPayload("the body must hold text and nothing else")
    if len(text) > MAX_TEXT:
        raise BodyTooLarge(f"text is longer than {MAX_TEXT:,} characters")
    return text


def prediction(score: Score) -> dict[str, float]:
    """A score under the tutorial's names; raises NotJudged."""
    p = judged(score)
    return {"hate speech": p.hate, "offensive language": p.offensive, "neither": p.neither}
