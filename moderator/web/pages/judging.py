"""A moderator's word about the comment of an alert: two buttons, and what was said already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from moderator.channels.visible import one_line
from moderator.domain.errors import BadPayload
from moderator.domain.verdict import JUDGEMENT, Origin, Verdict, Word, judgement, says_toxic
from moderator.storage import alerts, verdicts
from moderator.web.errors import NotFound
from moderator.web.pages.view import When, when
from moderator.web.runtime import Connection

NO_SUCH_ALERT = "there is no alert of that id, or it is not kept any more"
BUTTONS = {"right": Word.TOXIC, "false-alarm": Word.FINE}
_SAID = {
    Word.FINE: "a false alarm",
    Word.TOXIC: "right: it is toxic",
    Word.HATE: "right: it is hate",
    Word.OFFENSIVE: "right: it is offensive",
}
_WAYS = {
    Origin.PAGE: "on this page",
    Origin.API: "by the API",
    Origin.PERSPECTIVE: "by suggestscore",
    Origin.CORAL: "in Coral",
    Origin.AKISMET: "by a spam report",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidView:
    """What one person said: `by` is empty where it is the one who looks."""

    text: str
    by: str
    way: str
    when: When


def judge(tx: Connection, alert_id: str, pressed: str, *, who: str, now: datetime) -> None:
    """Store the word of a button about the version an alert was raised for. Whoever judges an
    alert has seen to it. Raises NotFound, and BadPayload where there is no such button.
    """
    if pressed not in BUTTONS:
        raise BadPayload("verdict must be one of " + ", ".join(BUTTONS), field="verdict")
    alert = None if "\0" in alert_id else alerts.alert(tx, alert_id)
    if alert is None:
        raise NotFound(NO_SUCH_ALERT)
    verdict = judgement(
        BUTTONS[pressed],
        source=alert.source,
        comment_id=alert.comment_id,
        version=alert.version,
        who=who,
        origin=Origin.PAGE,
        said_at=now,
    )
    verdicts.add(tx, [verdict])
    alerts.acknowledge(tx, alert_id, by=who, now=now)


def said_views(said: Iterable[Verdict], who: str, now: datetime) -> list[SaidView]:
    """What people said of a comment, newest first."""
    return [
        SaidView(
            text=_text(verdict),
            by="" if verdict.who == who else one_line(verdict.who, 40),
            way=_WAYS[verdict.origin],
            when=when(verdict.said_at, now),
        )
        for verdict in reversed([*said])
    ]


def _text(verdict: Verdict) -> str:
    if verdict.attribute == JUDGEMENT and verdict.said is not None:
        return _SAID[verdict.said]
    toxic = says_toxic(verdict)
    meant = {True: " (toxic)", False: " (fine)", None: ""}[toxic]
    return f"{one_line(verdict.attribute, 40)} {verdict.value:g}{meant}"
