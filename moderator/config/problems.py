"""Problems of a configuration, each one line: where, what is wrong, the nearest right word."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

KeyPath = tuple[str | int, ...]  # ("triggers", "slur", "notify", 0)

QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
SHOWN_CHARS = 48
# The share of letters in common from which a word is taken for a slip of another; one letter
# of a short word is a larger share of it.
NEARNESS, NEARNESS_OF_SHORT, SHORT = 0.72, 0.6, 4
NAME_CHARS = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")

# Words that other tools, or plain English, use for our keys.
OTHER_WORDS = {
    "threshold": "when",
    "thresholds": "when",
    "if": "when",
    "average": "mean",
    "newcomer": "new_author_within",
    "new_user_within": "new_author_within",
    "priority": "severity",
    "level": "severity",
    "limit": "budget",
    "max_per_day": "budget",
    "alerts_per_day": "budget",
    "ceiling": "always_above",
    "ratio": "share",
    "fraction": "share",
    "percent": "share",
    "increase": "rise",
    "growth": "rise",
    "spike": "rise",
    "window": "within",
    "per": "within",
    "times": "count",
    "pause": "cooldown",
    "until": "expires",
    "ends": "expires",
    "valid_until": "expires",
    "channel": "notify",
    "channels": "notify",
    "alert": "notify",
    "tell": "notify",
    "to": "notify",
    "escalation": "escalate",
    "hits": "after",
    "more": "after",
    "unanswered": "unacknowledged",
    "ack": "unacknowledged",
    "exclude": "except",
    "include": "only",
    "ignore": "exempt",
    "whitelist": "exempt",
    "allowlist": "exempt",
    "disguised": "evasion",
    "obfuscation": "evasion",
    "type": "kind",
    "secret": "secrets",
    "key": "secrets",
    "checksum": "sha256",
    "file": "path",
    "webhook_url": "url",
    "recipients": "to",
    "sender": "from",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong. `path` is empty where it concerns the file as a whole."""

    message: str
    path: KeyPath = ()
    line: int = 0  # from 1; 0: not known, or no line of any file

    def as_line(self, file: str | None) -> str:
        """`config: config.yaml:12: triggers.slur.when: ...`, without a line break in it."""
        place = file if not self.line else f"{file}:{self.line}"
        parts = ["config", place, dotted(self.path), self.message]
        return one_line(QUOTED.sub(_shortened, ": ".join(part for part in parts if part)))


def one_line(text: str) -> str:
    """`text` with every control character escaped, so that a log keeps it on one line."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _shortened(quoted: re.Match[str]) -> str:
    text = quoted[0]
    return text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 2] + '…"'


def dotted(path: KeyPath) -> str:
    """("triggers", "slur", "notify", 0) as `triggers.slur.notify[0]`."""
    text = ""
    for key in path:
        if isinstance(key, int):
            text += f"[{key}]"
        else:
            text += ("." if text else "") + (key if NAME_CHARS.fullmatch(key) else shown(key))
    return text


def shown(value: object) -> str:
    """A value as the operator wrote it. A long one is cut when all secrets are out of the line."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    return json.dumps(value, ensure_ascii=False)


def without(message: str, hidden: Collection[str]) -> str:
    """`message` with each of the hidden texts taken out, also as `shown` writes them."""
    forms = {form for text in hidden for form in (text, shown(text)[1:-1])}
    for form in sorted(forms, key=len, reverse=True):
        message = message.replace(form, "***")
    return message


def nearest(word: str, choices: Collection[str]) -> str | None:
    """The choice that `word` was most likely meant to be, None where none is near."""
    by_lower = {choice.lower(): choice for choice in choices}
    least = NEARNESS if len(word) > SHORT else NEARNESS_OF_SHORT
    found = difflib.get_close_matches(word[:64].lower(), by_lower, n=1, cutoff=least)
    return by_lower[found[0]] if found else None


def hint(word: str, choices: Collection[str], others: Mapping[str, str] = OTHER_WORDS) -> str:
    """What to write in place of `word`: the nearest of `choices`, else all of them.

    `others` maps words that stand for a choice without looking like it.
    """
    if near := nearest(word, choices):
        return f" (did you mean {near}?)"
    meant = others.get(nearest(word, others) or "")
    if meant in choices:
        return f" (did you mean {meant}?)"
    return f"; known here: {', '.join(sorted(choices))}" if choices else ""
