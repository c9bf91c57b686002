"""Marked-up text to the words a reader sees, without the words he quotes.

Somebody who quotes an insult in order to object to it must not be scored for it. But a comment
that is nothing but quotation is read whole, or quoting would be a way to hide.

Everything here is linear in the length of the text, whatever the text is. That is why HTML is
not read by `html.parser`: on the Pythons we support it takes quadratic time on unclosed tags
(4,000 `<a ` took 0.75 s) and raises AssertionError on `<![`.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from moderator.domain.comment import MAX_TEXT

_BREAKS = frozenset(
    (
        "address", "article", "br", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
        "main", "nav", "ol", "p", "pre", "section", "summary", "table", "td", "th", "tr", "ul",
    )
)  # fmt: skip
_QUOTES = frozenset(("aside", "blockquote"))
_UNSEEN = frozenset(("script", "style", "template", "title", "textarea", "iframe", "noscript"))

# Each of these matches once it has begun, to the end of the text if need be, and never goes back
# over what it took: an unclosed tag or quote hides the rest, as it does in a browser.
# Blanks are HTML's own: to `\s` a no-break space would end an attribute, to a browser it does not.
_TAG = re.compile(r"<(/?)([a-zA-Z][^ \t\n\f\r/>]*+)")
_ATTRIBUTE = re.compile(
    r"[ \t\n\f\r/]*+([^ \t\n\f\r/>][^ \t\n\f\r/>=]*+)"
    r"(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(\"[^\"]*+\"?+|'[^']*+'?+|[^ \t\n\f\r>]*+))?+"
)
_TAG_END = re.compile(r"[ \t\n\f\r/]*+>?+")
_BOGUS = re.compile(r"<[!?/][^>]*+>?+")
_COMMENT_END = re.compile(r"--!?>")
_ZEROS = re.compile(r"&#([xX]?)0++(?=[0-9a-fA-F])")
_LONG_REFERENCE = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9a-fA-F]{7,}+);?")

_QUOTED_LINE = re.compile(r"^ {0,3}>[^\n]*+\n?+", re.M)
_QUOTE_TAG = re.compile(r"\[(/?)quote(?:=[^\[\]\n]*+)?+\]", re.I)
_LINK = re.compile(r"!?\[([^\[\]]*+)\]\([^()\n]*+\)")
_BBCODE = re.compile(
    r"\[/?(?:b|i|u|s|url|img|size|color|spoiler|details|quote)(?:=[^\[\]\n]*+)?+\]", re.I
)
_BARE_HTML = re.compile(r"</?(?:b|i|u|s|em|strong|small|big|sub|sup|ins|del|mark|kbd) *+/?>", re.I)


def html_to_text(source: str) -> str:
    """What a browser shows of HTML: one line a block, emoji images by their `alt`."""
    page = _Page(source)
    position = 0
    while position < len(source):
        position = _step(page, position)
    return _lines(page.own) or _lines(page.all)


def markdown_to_text(source: str) -> str:
    """The words of Markdown or BBCode: no quotes, links by their text; emphasis marks stay."""
    own = _QUOTED_LINE.sub("", _without_quote_blocks(source))
    if not own.strip():
        own = source
    for pattern, replacement in ((_LINK, r"\1"), (_BBCODE, ""), (_BARE_HTML, "")):
        own = pattern.sub(replacement, own)
    return own.strip()


def plain_text(source: str) -> str:
    """Text that has no markup."""
    return source


READERS: dict[str, Callable[[str], str]] = {
    "text": plain_text,
    "html": html_to_text,
    "markdown": markdown_to_text,
}


def read_text(source: str, written_as: str) -> tuple[str, bool]:
    """The plain text, at most MAX_TEXT code points, and whether it was cut to that.

    `written_as` is a key of READERS.
    """
    text = READERS[written_as](source)
    return text[:MAX_TEXT], len(text) > MAX_TEXT


@dataclass(slots=True)
class _Page:
    """Text found so far: outside quotes, and in all."""

    source: str
    own: list[str] = field(default_factory=list)
    all: list[str] = field(default_factory=list)
    open_quotes: list[str] = field(default_factory=list)
    how_many: Counter[str] = field(default_factory=Counter)  # of each name in `open_quotes`

    def add(self, text: str) -> None:
        self.all.append(text)
        if not self.open_quotes:
            self.own.append(text)

    def tag(self, name: str, *, is_end: bool) -> None:
        if name in _BREAKS or name in _QUOTES:
            self.add("\n")
        if name in _QUOTES and not is_end:
            self.open_quotes.append(name)
            self.how_many[name] += 1
        elif self.how_many[name]:
            self.close_quote(name)

    def close_quote(self, name: str) -> None:
        """Close the innermost open quote of a name and whatever was left open inside it."""
        closed = ""
        while closed != name:
            closed = self.open_quotes.pop()
            self.how_many[closed] -= 1


def _step(page: _Page, position: int) -> int:
    """Read the text or the tag at a position; gives the position after it."""
    source = page.source
    if source[position] != "<":
        end = source.find("<", position)
        end = len(source) if end < 0 else end
        page.add(_unescaped(source[position:end]).replace("\n", " "))
        return end
    if source.startswith("<!--", position):
        match = _COMMENT_END.search(source, position + 2)  # `<!-->` is a whole comment
        return len(source) if match is None else match.end()
    tag = _TAG.match(source, position)
    if tag is None:
        return _not_a_tag(page, position)
    name, is_end = tag[2].lower(), tag[1] == "/"
    end = _after_attributes(page, name, tag.end())
    page.tag(name, is_end=is_end)
    return _after_unseen(source, name, end) if name in _UNSEEN and not is_end else end


def _not_a_tag(page: _Page, position: int) -> int:
    bogus = _BOGUS.match(page.source, position)
    if bogus is not None:
        return bogus.end()
    page.add("<")
    return position + 1


def _after_attributes(page: _Page, name: str, position: int) -> int:
    found: dict[str, str] = {}
    while match := _ATTRIBUTE.match(page.source, position):
        found.setdefault(match[1].lower(), (match[2] or "").strip("\"'"))
        position = match.end()
    if name == "img" and "emoji" in found.get("class", ""):
        page.add(_unescaped(found.get("alt", "")))
    end = _TAG_END.match(page.source, position)
    return position if end is None else end.end()


def _after_unseen(source: str, name: str, position: int) -> int:
    """Past the content of an element that a browser does not show, or shows as no text."""
    match = re.compile(f"</{name}(?=[ \\t\\n\\f\\r/>])", re.I).search(source, position)
    return len(source) if match is None else match.start()


def _unescaped(text: str) -> str:
    # html.unescape() gives a number of thousands of digits to int(), which raises ValueError;
    # leading zeros mean nothing and go first.
    return html.unescape(_LONG_REFERENCE.sub("\ufffd", _ZEROS.sub(r"&#\1", text)))


def _lines(parts: list[str]) -> str:
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _without_quote_blocks(source: str) -> str:
    """The text outside `[quote]…[/quote]`, which may be nested. One never closed is no quote."""
    kept, depth, position = [], 0, 0
    for tag in _QUOTE_TAG.finditer(source):
        if depth == 0:
            kept.append(source[position : tag.start()])
            position = tag.start()
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth == 0:
            position = tag.end()
    return "".join(kept) + source[position:]
