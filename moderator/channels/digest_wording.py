"""What a digest says: how many alerts, of what, and the most severe of them a line each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from moderator.channels.phrases import (
    MAX_TITLE,
    TEST,
    Fact,
    Wording,
    many,
    shown_name,
    web_link,
    when,
)
from moderator.channels.visible import one_line, utf16_units
from moderator.domain.message import Digest, Message
from moderator.domain.trigger import Severity

MAX_LINE_EXCERPT = 80  # code points of a comment, in one line of many
MAX_TALLIES = 10  # lines; what is left over is told in one more
MAX_TITLE_TRIGGERS = 3


def word_digest(message: Message, digest: Digest, lines: Sequence[str]) -> Wording:
    """Put a digest into words; `lines` tell the alerts that it tells one by one."""
    link = web_link("Open the alerts", message.page_url) if message.page_url else None
    facts = [Fact(name=str(number), text=line) for number, line in enumerate(lines, start=1)]
    return Wording(
        title=one_line(_title(message, digest), MAX_TITLE, utf16_units),
        notes=(TEST,) if message.is_test else (),
        lead="\n".join([_when(digest), *_tallies(digest), *_left_out(digest)]),
        said="",
        facts=tuple(facts),
        links=(link,) if link else (),
        footer=f"{many(digest.count, 'alert')} · key {one_line(message.key, 200)}",
    )


def _title(message: Message, digest: Digest) -> str:
    """ "412 alerts, 12 of them critical: 400 slur, 12 threats"."""
    mark = "TEST: " if message.is_test else ""
    critical = sum(t.count for t in digest.tallies if t.severity is Severity.CRITICAL)
    severe = f", {critical:,} of them critical" if critical else ""
    of: Counter[str] = Counter()
    for tally in digest.tallies:
        of[tally.trigger] += tally.count
    told = [f"{count:,} {trigger}" for trigger, count in of.most_common(MAX_TITLE_TRIGGERS)]
    rest = len(of) - len(told)
    told += [f"{many(rest, 'more trigger')}"] if rest else []
    return f"{mark}{many(digest.count, 'alert')}{severe}: {', '.join(told)}"


def _when(digest: Digest) -> str:
    first, last = when(digest.first_at), when(digest.last_at)
    return f"Raised on {first}:" if first == last else f"Raised from {first} to {last}:"


def _tallies(digest: Digest) -> list[str]:
    lines = [
        f"{tally.count:,} × {shown_name(tally.trigger)} ({tally.severity})"
        for tally in digest.tallies[:MAX_TALLIES]
    ]
    rest = digest.tallies[MAX_TALLIES:]
    count = sum(tally.count for tally in rest)
    return [*lines, f"{count:,} × {many(len(rest), 'other trigger')}"] if rest else lines


def _left_out(digest: Digest) -> list[str]:
    told = len(digest.told)
    return [f"The {told} most severe follow; all are on the page."] if told < digest.count else []
