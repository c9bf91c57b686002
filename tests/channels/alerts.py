"""Builders of alerts, with only what matters to a test spelled out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from moderator.domain.alert import Alert
from moderator.domain.message import Message
from moderator.domain.score import Label, Probabilities, Term
from moderator.domain.trigger import Mode, Scope

TEXT = "You are a silly goose, and so is everybody who agrees with you.\nGo back to your pond!"
RAISED_AT = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)


def an_alert(**changes: Any) -> Alert:
    """One comment of ann's that reached the hate threshold of the trigger `slur`."""
    facts: dict[str, Any] = {
        "id": "01JD9Q",
        "trigger": "slur",
        "mode": Mode.LIVE,
        "scope": Scope.COMMENT,
        "scope_key": "forum/42",
        "window": "0-abcdef012345",
        "raised_at": RAISED_AT,
        "count": 1,
        "within_s": 0,
        "thresholds": {"hate": 0.8},
        "mean_thresholds": {},
        "means": {},
        "source": "forum",
        "comment_id": "42",
        "version": "0-abcdef012345",
        "written_at": datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
        "excerpt": TEXT,
        "excerpt_cut": False,
        "probabilities": Probabilities(hate=0.864, offensive=0.121, neither=0.015),
        "label": Label.HATE,
        "model": "base@0123456789ab",
        "why": (
            Term(term="silly", start=10, end=15, label=Label.HATE, weight=1.2),
            Term(term="pond", start=80, end=84, label=Label.HATE, weight=-0.9),
            Term(term="goose", start=16, end=21, label=Label.HATE, weight=0.8),
        ),
        "thread_id": "7",
        "board": "general",
        "url": "https://forum.example.org/t/ponds/7/42",
        "author_id": "9",
        "author_name": "ann",
    }
    return Alert(**(facts | changes))


def a_heated_thread(**changes: Any) -> Alert:
    """The fifth hit of a thread, with a mean that was wanted, too."""
    facts: dict[str, Any] = {
        "trigger": "heated-thread",
        "scope": Scope.THREAD,
        "count": 5,
        "within_s": 600,
        "thresholds": {"toxic": 0.6},
        "mean_thresholds": {"toxic": 0.55},
        "means": {"toxic": 0.612},
        "label": Label.OFFENSIVE,
        "probabilities": Probabilities(hate=0.05, offensive=0.87, neither=0.08),
    }
    return an_alert(**(facts | changes))


def a_message(alert: Alert | None = None, **changes: Any) -> Message:
    """An alert on its way."""
    facts: dict[str, Any] = {
        "key": "01JD9Q.mods",
        "about": alert or an_alert(),
        "page_url": "https://mod.example.org/alerts/01JD9Q",
    }
    return Message(**(facts | changes))


def written_into(fields: Sequence[str], text: str) -> Iterator[dict[str, str]]:
    """The text in all these fields at once, and in every second one, beside usual ones."""
    for some in (fields, fields[::2], fields[1::2]):
        yield dict.fromkeys(some, text)


# What a stranger may write into any field of an alert. None of it may do anything anywhere.
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</blockquote><a href='https://evil.example'>bank</a>",
    "javascript:alert(1)",
    "{{7*7}} ${7*7} %s %(x)s {0.__class__} {x!r}",
    "<!channel> <!here> <!everyone>",
    "<@U123ABC> <#C123ABC> <!subteam^S1>",
    "<https://evil.example|bank.example>",
    "&lt;!channel&gt; &amp;lt;",
    "*bold* _italic_ ~gone~ `code` ```block```",
    "> quoted\n• listed\n1. first",
    "@here @channel @everyone :tada:",
    "\r\nBcc: victim@example.org",
    "a\x0bb\x0cc\x1cd\x85e\u2028f\u2029g",
    "nul\x00 esc\x1b[31mred\x1b]8;;https://evil.example\x07 bell\x07",
    "\u202egnp.exe \u200b\u200c\u200d\u2060\ufeff\u00ad\u3164",
    "=?utf-8?q?=0D=0ABcc:_x@evil.example?=",
    "\r\n.\r\nMAIL FROM:<x@evil.example>\r\n",
    ".starts with a dot\n.\n..",
    "--=_boundary--\n--===============0==--",
    "x" * 1_500,
    "e" + "\u0301" * 1_500,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 " * 200,
    "\U0001f1e9\U0001f1ea" * 400,
    "\ufdfa" * 500,
    "\n" * 1_500,
    " " * 1_500,
    "\ud800 lone \udfff",
    '=HYPERLINK("https://evil.example")',
    "' OR 1=1 --",
)
