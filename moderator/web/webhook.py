"""Comments coming in: the hot path, so a bare route."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from moderator.domain.comment import Delivery
from moderator.domain.score import Score
from moderator.ingest import AlertName, Result
from moderator.sources.base import Headers, Source
from moderator.web.answers import send_json
from moderator.web.body import Bodies
from moderator.web.errors import NotFound
from moderator.web.runtime import Runtime

INLINE = 65_536  # bytes of a body that are parsed between two other requests; more, beside them


@dataclass(frozen=True, slots=True, eq=False)
class Webhook:
    """`POST /webhooks/{source}`: verify, take in, answer once it is committed."""

    runtime: Runtime
    bodies: Bodies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises what `Source.receive` and `Intake.submit` do, NotFound for an unknown source."""
        source = self.runtime.in_force.sources.get(scope["path_params"]["source"])
        if source is None:
            raise NotFound("no source of that name is configured")
        async with self.bodies.read(scope, receive) as body:
            delivery = await self._delivery(source, scope, body)
            results = await self.runtime.intake.submit(delivery)
        old_secret = delivery.secret_index > 0
        self.runtime.metrics.delivery(delivery.source, results, old_secret=old_secret)
        told: dict[str, object] = {"results": [result_json(result) for result in results]}
        if delivery.ignored is not None:
            told["ignored"] = delivery.ignored
        await send_json(send, told)

    async def _delivery(self, source: Source, scope: Scope, body: bytes) -> Delivery:
        headers, now = headers_of(scope), self.runtime.clock()
        if len(body) <= INLINE:
            return source.receive(headers, body, now)
        return await run_in_threadpool(source.receive, headers, body, now)


def headers_of(scope: Scope) -> Headers:
    """A request's headers as the sources read them."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]


def result_json(result: Result) -> dict[str, object]:
    """What became of one comment, as the board is told."""
    score = result.score
    told: dict[str, object] = {
        "comment_id": result.comment_id,
        "status": result.status.value,
        "scores": scores_json(score),
        "label": None if score is None else score.label,
        "alerts": _names(result.alerts),
    }
    if result.folded_into:
        told["folded_into"] = _names(result.folded_into)
    if result.truncated:
        told["truncated"] = True
    return told


def _names(alerts: Iterable[AlertName]) -> list[dict[str, str]]:
    return [{"id": id_, "trigger": trigger, "mode": mode} for id_, trigger, mode in alerts]


def scores_json(score: Score | None) -> dict[str, float] | None:
    """The three probabilities, None where there is no judgement."""
    if score is None or score.probabilities is None:
        return None
    p = score.probabilities
    return {"hate": p.hate, "offensive": p.offensive, "neither": p.neither}
