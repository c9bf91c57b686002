"""An alert as plain text, for far ends that make links and mentions of whatever looks like one."""

from __future__ import annotations

import re

from moderator.channels.phrases import Wording

# A word, a dot, a word of letters: many apps open `evil.example` without any `https://`.
_BARE_HOST = re.compile(r"(?<=[^\W_])\.(?=[^\W\d_]{2})")
_CALL = re.compile(r"@(?=(?:room|everyone|here|channel|all)\b)", re.IGNORECASE)


def plain_blocks(wording: Wording, *, with_links: bool = True) -> list[str]:
    """All but the title: the notes, what was said, the facts, the links, the key."""
    facts = "\n".join(f"{fact.name}: {inert(fact.text)}" for fact in wording.facts)
    links = "\n".join(f"{link.text}: {link.url}" for link in wording.links) if with_links else ""
    blocks = [*map(inert, wording.notes), inert(said(wording)), facts, links, wording.footer]
    return [block for block in blocks if block]


def said(wording: Wording) -> str:
    """Who wrote, and what, where the channel shows it."""
    return f"{wording.lead}\n“{wording.said}”" if wording.said else wording.lead


def inert(text: str) -> str:
    """Text that no app takes for a link, or for a call to everybody in the room.

    `https://evil.example` -> `https[://]evil[.]example`, `@room` -> `[@]room`.
    """
    return _CALL.sub("[@]", _BARE_HOST.sub("[.]", unlinked(text)))


def unlinked(text: str) -> str:
    """Text without addresses of the form that every app makes a link of."""
    return text.replace("://", "[://]").replace("mailto:", "mailto[:]")
