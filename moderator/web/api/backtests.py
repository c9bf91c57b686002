"""`/v1/backtests`: what other triggers would have done to the stored past."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import Field

from moderator import backtest as backtests
from moderator.backtest import Backtest, Candidate
from moderator.domain.errors import BadPayload, ConfigError, DataError, Overloaded
from moderator.domain.trigger import Trigger
from moderator.sources.strict_json import parse
from moderator.web.api.shapes import PrecisionBody, Shape
from moderator.web.runtime import Engine, RuntimeOf

MOST_COMMENTS = 1_000_000
DEADLINE_S = 20.0  # Heroku gives up on an answer after 30 s
RETRY_AFTER_S = 10
ASK_FOR_LESS = "ask for a shorter `since`, or use `moderator backtest`"


class BacktestQuestion(Shape):
    """Which triggers are to be tried out, and on how much of the past."""

    triggers: dict[str, Any] = Field(
        description="As under `triggers` in the configuration; its JSON Schema describes them."
    )
    since: str = Field("30d", description="Back from the newest comment: 24h, 30d.")


class SideBody(Shape):
    """Alerts of one trigger on one side."""

    alerts: int
    alerts_per_day: float


class VerdictsBody(Shape):
    """How often one trigger was right, as far as people judged it: on both sides, and in what only
    one side raises.
    """

    before: PrecisionBody
    after: PrecisionBody
    added: PrecisionBody
    removed: PrecisionBody


class EffectBody(Shape):
    """A trigger as it is, and as it was asked for; the ids of the comments that raise an alert on
    one side only.
    """

    before: SideBody
    after: SideBody
    added: list[str]
    removed: list[str]
    verdicts: VerdictsBody


class BacktestBody(Shape):
    """What changes, by trigger, over so many days and comments. `without_likeness` of them were
    stored before copies of a text were known: none of these is folded.
    """

    days: float
    comments: int
    without_likeness: int
    triggers: dict[str, EffectBody]


class Backtests:
    """Runs one backtest at a time in this process: comments that come in need the processor."""

    def __init__(
        self,
        *,
        most_comments: int = MOST_COMMENTS,
        deadline_s: float = DEADLINE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most_comments = most_comments
        self._deadline_s = deadline_s
        self._clock = clock
        self._busy = threading.Lock()

    def run(self, engine: Engine, present: tuple[Trigger, ...], candidate: Candidate) -> Backtest:
        """Raises BadPayload where that is too much, Overloaded where another one is under way."""
        if not self._busy.acquire(blocking=False):
            raise Overloaded("another backtest is under way", retry_after_s=RETRY_AFTER_S)
        try:
            return self._run(engine, present, candidate)
        finally:
            self._busy.release()

    def _run(self, engine: Engine, present: tuple[Trigger, ...], candidate: Candidate) -> Backtest:
        end = self._clock() + self._deadline_s

        def in_time(_comments: int) -> None:
            if self._clock() > end:
                raise BadPayload(
                    f"since: this takes more than {self._deadline_s:g} s; {ASK_FOR_LESS}",
                    field="since",
                )

        past = backtests.find_past(engine, (*present, *candidate.triggers), candidate.length)
        if past.replayed > self._most_comments:
            raise BadPayload(
                f"since: these are {past.replayed:,} comments, more than "
                f"{self._most_comments:,}; {ASK_FOR_LESS}",
                field="since",
            )
        return backtests.run(
            engine, past, present=present, candidate=candidate.triggers, progress=in_time
        )


async def asked(request: Request) -> object:
    """The body, read by the one strict reader; raises BadPayload."""
    async with request.app.state.bodies.read(request.scope, request.receive) as body:
        return parse(body)


def backtest(
    asked: Annotated[object, Depends(asked)], request: Request, runtime: RuntimeOf
) -> BacktestBody:
    """Replay the stored past through the triggers in force and through those in the body.

    Nothing is stored and nobody is told. One at a time; 422 where it would take too long.
    """
    in_force = runtime.in_force
    limited: Backtests = request.app.state.backtests
    try:
        candidate = in_force.read_candidate(asked)
        found = limited.run(runtime.engine, in_force.triggers, candidate)
    except (ConfigError, DataError) as error:
        raise BadPayload(_without_place(error)) from None
    return BacktestBody.model_validate(found.as_json())


def _without_place(error: ConfigError | DataError) -> str:
    """The lines of a configuration's mistakes; whoever asked knows where they wrote them."""
    lines = error.problems if isinstance(error, ConfigError) else (str(error),)
    return "; ".join(line.removeprefix("config: the request: ") for line in lines)
