"""`POST /phases/coral/{source}`: Coral asks what to do with a comment before it publishes it.

The comment is scored, stored and alerted of like any other; then Coral is told what the triggers
that raised an alert for it ask (`act`). On anything but a 2xx, and after its own time limit, Coral
skips the phase: where we cannot store it is told so by 503, and nobody is silenced without a record
of it. What the model cannot judge is left to Coral, and listed for people.

The answer's form is that of server/EXTERNAL_MODERATION_PHASES.md; `moderationAction`, which gives a
rejection its reason, stands in phases/external.ts alone, and older versions leave it unread.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from moderator.domain.comment import Delivery
from moderator.domain.score import Label, Score
from moderator.domain.trigger import Act, Mode, Trigger
from moderator.ingest import Result
from moderator.sources.coral import CoralSource
from moderator.web.answers import send_json, send_nothing
from moderator.web.body import Bodies
from moderator.web.errors import NotFound
from moderator.web.runtime import Runtime
from moderator.web.webhook import INLINE, headers_of

_FLAG = {"actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC"}
_STRENGTH = list(Act)  # from the mildest


@dataclass(frozen=True, slots=True, eq=False)
class CoralPhase:
    """Verify, take in, and answer with an act once it is committed."""

    runtime: Runtime
    bodies: Bodies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises what `CoralSource.receive_phase` and `Intake.submit` do, NotFound for a source
        that is not configured or of another kind.
        """
        in_force = self.runtime.in_force
        source = in_force.sources.get(scope["path_params"]["source"])
        if not isinstance(source, CoralSource):
            raise NotFound("no source of that name and of the kind coral is configured")
        async with self.bodies.read(scope, receive) as body:
            delivery = await _delivery(source, scope, body)
            results = await self.runtime.intake.submit(delivery)
        self.runtime.metrics.delivery(
            delivery.source, results, old_secret=delivery.secret_index > 0
        )
        act = act_on(in_force.triggers, results)
        self.runtime.metrics.act(delivery.source, act.value)
        if act is Act.NONE:
            await send_nothing(send)
        else:
            await send_json(send, answer(act, results[0].score))


async def _delivery(source: CoralSource, scope: Scope, body: bytes) -> Delivery:
    if len(body) <= INLINE:
        return source.receive_phase(headers_of(scope), body)
    return await run_in_threadpool(source.receive_phase, headers_of(scope), body)


def act_on(triggers: Iterable[Trigger], results: Iterable[Result]) -> Act:
    """The hardest thing that a live trigger asks for which has an alert about the comment."""
    acts = {trigger.name: trigger.act for trigger in triggers}
    asked = [
        acts.get(name, Act.NONE)
        for result in results
        for _, name, mode in (*result.alerts, *result.folded_into)  # a copy is as bad
        if mode == Mode.LIVE.value
    ]
    return max(asked, key=_STRENGTH.index, default=Act.NONE)


def answer(act: Act, score: Score | None) -> dict[str, object]:
    """What Coral is told of a comment with this score; `act` is none of `none`."""
    told: dict[str, object] = {"actions": [_FLAG]}
    if act is Act.PREMOD:
        told["status"] = "PREMOD"
    if act is Act.REJECT:
        # Both: only `status` ends Coral's pipeline, and only the other one holds a reason.
        told["status"] = "REJECTED"
        reason = {"code": "HATE_SPEECH" if _is_hate(score) else "OFFENSIVE"}
        told["moderationAction"] = {"status": "REJECTED", "rejectionReason": reason}
    return told


def _is_hate(score: Score | None) -> bool:
    """By the label; where that is neither, a trigger asked for less, and the larger part counts."""
    if score is None or score.probabilities is None:
        return False
    if score.label is not Label.NEITHER:
        return score.label is Label.HATE
    return score.probabilities.hate > score.probabilities.offensive
