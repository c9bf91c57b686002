"""An alert as a Slack message.

What strangers wrote stands in `plain_text` objects, where Slack looks for neither mentions nor
links nor formatting. Where that is not to be had (`text`, which lock screens show), it is escaped
and formatting is switched off. Our own words with links are `mrkdwn`, with `& < >` escaped.
Limits: docs.slack.dev/reference/block-kit.
"""

from __future__ import annotations

from typing import Any

from moderator.channels.phrases import Link, Wording
from moderator.channels.plain_text import unlinked
from moderator.channels.visible import fit, utf16_units

MAX_SECTION = 3_000  # UTF-16 units in the text of a section or a context
MAX_BLOCKS = 50
MAX_LINK = 1_400  # so that two of them fit into a section

_Block = dict[str, Any]


def payload(wording: Wording) -> dict[str, Any]:
    """The message in blocks: title, what was said, the facts, the links, the key."""
    blocks: list[_Block] = [{"type": "header", "text": _plain(wording.title)}]
    blocks += [_context(note) for note in wording.notes]
    blocks += [_section(_plain(_said(wording))), _section(_plain(_facts(wording)))]
    links = [link for link in map(_link, wording.links) if utf16_units(link) <= MAX_LINK]
    if links:
        blocks.append(_section({"type": "mrkdwn", "text": " · ".join(links)}))
    blocks.append(_context(wording.footer))
    return {**_options(_inert(wording.title)), "blocks": blocks}


def plain_payload(wording: Wording) -> dict[str, Any]:
    """The same message without blocks, for a Slack that refused them."""
    words = [wording.title, *wording.notes, _said(wording), _facts(wording)]
    lines = [*map(_inert, words), *map(_link, wording.links), _inert(wording.footer)]
    return _options("\n".join(lines))


def _options(text: str) -> dict[str, Any]:
    return {
        "text": text,
        "mrkdwn": False,
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _said(wording: Wording) -> str:
    return f"{wording.lead}\n“{wording.said}”" if wording.said else wording.lead


def _facts(wording: Wording) -> str:
    return "\n".join(f"{fact.name}: {fact.text}" for fact in wording.facts)


def _plain(text: str) -> dict[str, Any]:
    # `emoji` would turn `:goose:` into a picture; the comment said `:goose:`.
    return {"type": "plain_text", "text": fit(text, MAX_SECTION, utf16_units), "emoji": False}


def _section(text: dict[str, Any]) -> _Block:
    return {"type": "section", "text": text}


def _context(text: str) -> _Block:
    return {"type": "context", "elements": [_plain(text)]}


def _link(link: Link) -> str:
    # A pipe would end the address early; `web_link` lets no angle bracket through.
    url = _escaped(link.url.replace("|", "%7C"))
    return f"<{url}|{_escaped(link.text)} on {_escaped(link.host)}>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _inert(text: str) -> str:
    """Text for a place where Slack makes a link of every bare address."""
    return _escaped(unlinked(text))
