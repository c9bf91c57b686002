"""The words of strangers made fit to be shown: nothing invisible in them, nothing cut in half."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain, groupby

CUT = "…"
MAX_MARKS = 8  # marks on one letter; scripts in use need four, what piles up more buries the page
MAX_LINES = 12  # a message of blank lines would push everything else off a phone's screen

_ZWJ = "\u200d"
_BLACK_FLAG = "\U0001f3f4"
_LAST_TAG = "\U000e007f"
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# Letters and marks that show nothing: joiners, fillers, variation selectors, a blank braille cell.
_HIDDEN_RANGES = (
    (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2065, 0x2065),
    (0x2800, 0x2800), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8),
    (0xE0000, 0xE0FFF),
)  # fmt: skip
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")
_LINE_END = re.compile("\r\n|\r|\n")


def utf16_units(text: str) -> int:
    """The length as Slack counts it: characters beyond U+FFFF are two."""
    return len(text) + sum(char > "\uffff" for char in text)


def shown(text: str, limit: int) -> str:
    """`text` as people may see it, lines kept, at most `limit` code points with the mark of a cut.

    What cannot be seen is written out: `[U+202E]`, or `[U+200B ×57]` for a run. Nothing is cut
    inside of such a name, of a letter with its marks or of an emoji.
    """
    lines = _squeezed(_LINE_END.split(text))
    cut = len(lines) > MAX_LINES
    kept = "\n".join(lines[:MAX_LINES])
    return fit(chain(map(_visible, _clusters(kept)), [CUT] if cut else []), limit)


def one_line(text: str, limit: int, size: Callable[[str], int] = len) -> str:
    """`text` on one line of at most `limit`, as `size` counts; what cannot be seen is left out."""
    seen = "".join(
        " " if cluster.isspace() else _without_hidden(cluster) for cluster in _clusters(text)
    )
    return fit(_clusters(" ".join(seen.split())), limit, size)


def fit(pieces: Iterable[str], limit: int, size: Callable[[str], int] = len) -> str:
    """As many whole pieces as fit into `limit`; a mark at the end where some do not."""
    kept: list[str] = []
    used = 0
    for piece in pieces:
        used += size(piece)
        kept.append(piece)
        if used > limit:
            break
    else:
        return "".join(kept)
    while kept and used + size(CUT) > limit:
        used -= size(kept.pop())
    return "".join(kept).rstrip() + CUT if limit > 0 else ""


def escaped(
    text: str, escape: Callable[[str], str], limit: int, size: Callable[[str], int] = len
) -> str:
    """`text` with every character escaped, at most `limit` as it stands then.

    `escape` gets whole characters, so that neither they nor what they become are cut in half.
    """
    return fit(map(escape, _clusters(text)), limit, size)


def cut(text: str, limit: int) -> str:
    """`text` of at most `limit` code points, with the mark of a cut where there was more."""
    return fit(_clusters(text), limit)


@lru_cache(maxsize=4_096)
def is_hidden(char: str) -> bool:
    """Whether a character shows nothing of its own, or steers how others are shown."""
    code = ord(char)
    return unicodedata.category(char) in _HIDDEN_CATEGORIES or any(
        first <= code <= last for first, last in _HIDDEN_RANGES
    )


def _squeezed(lines: list[str]) -> list[str]:
    """The lines without spaces at their ends, blank ones never two in a row."""
    stripped = [line.rstrip(" \t") for line in lines]
    return [line for line, before in zip(stripped, ["", *stripped], strict=False) if line or before]


def _clusters(text: str) -> Iterator[str]:
    """What a reader takes for one character each; a run of one invisible character is one, too."""
    start = 0
    while start < len(text):
        end = _cluster_end(text, start)
        yield text[start:end]
        start = end


def _cluster_end(text: str, start: int) -> int:
    first, end = text[start], start + 1
    if first != "\n" and is_hidden(first):
        while end < len(text) and text[end] == first:
            end += 1
        return end
    if first.isspace():
        return end
    if _is_regional(first) and _is_regional(text[end : end + 1]):
        end += 1
    while end < len(text) and (
        _extends(text[end]) or (text[end - 1] == _ZWJ and _is_picture(text[end]))
    ):
        end += 1
    return end


def _extends(char: str) -> bool:
    """Whether a character belongs to the one before it."""
    return (
        unicodedata.category(char) in ("Mn", "Mc", "Me")
        or char == _ZWJ
        or "\U0001f3fb" <= char <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= char <= _LAST_TAG  # the letters of a region's flag
        or "\u1160" <= char <= "\u11ff"  # vowels and finals of a Korean syllable
    )


def _is_regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _is_picture(char: str) -> bool:
    # Emoji younger than this Python's Unicode tables have no category yet: hence the range.
    return unicodedata.category(char) == "So" or "\U0001f000" <= char <= "\U0001faff"


def _is_emoji(cluster: str) -> bool:
    """Whether the invisible parts of `cluster` are what makes it one emoji."""
    if _KEYCAP.fullmatch(cluster):
        return True
    if len(cluster) > MAX_MARKS * 2 or not _is_picture(cluster[0]) or cluster[-1] == _ZWJ:
        return False
    tags = [char for char in cluster if "\U000e0020" <= char <= _LAST_TAG]
    if tags and (cluster[0] != _BLACK_FLAG or cluster[-1] != _LAST_TAG):
        return False
    return not any(is_hidden(char) and char not in (_ZWJ, "\ufe0f", *tags) for char in cluster)


def _visible(cluster: str) -> str:
    if cluster == "\n" or _is_emoji(cluster):
        return cluster
    if cluster == "\t":
        return " "
    letters = _without_hidden(cluster)
    left_out = len([char for char in cluster if not is_hidden(char)]) - len(letters)
    names = "".join(
        _name(char, len(list(run))) for char, run in groupby(filter(is_hidden, cluster))
    )
    return letters + (f"[+{left_out} marks]" if left_out else "") + names


def _name(char: str, times: int) -> str:
    return f"[U+{ord(char):04X}]" if times == 1 else f"[U+{ord(char):04X} ×{times}]"


def _without_hidden(cluster: str) -> str:
    if _is_emoji(cluster):
        return cluster
    return "".join(char for char in cluster if not is_hidden(char))[: 1 + MAX_MARKS]
