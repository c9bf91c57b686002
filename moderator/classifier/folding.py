"""Folding: one plain letter for every way of writing it, with a map back to the original.

Each character is folded by itself, so that time is linear whatever is piled up: putting a long
run of combining marks in canonical order, as `unicodedata.normalize` does, is quadratic.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from moderator.domain.score import Transformation

LONGEST_EXPANSION = 4  # characters that one may become; U+FDFA would become 18
_MOST_REMEMBERED = 20_000  # characters whose folding is kept

# What looks like a Latin letter and is none: the common part of Unicode's confusables.
_CYRILLIC = "а=a в=b г=r е=e к=k м=m н=h о=o р=p с=c т=t у=y х=x ь=b ѕ=s і=i ј=j һ=h ԁ=d ԛ=q ԝ=w"
_GREEK = "α=a β=b γ=y δ=d ε=e ζ=z η=n ι=i κ=k μ=u ν=v ο=o ρ=p σ=o τ=t υ=u χ=x ω=w"
_LATIN = (
    "ɑ=a ɡ=g ɩ=i ı=i ʟ=l ɴ=n ʀ=r ʏ=y ɪ=i ɢ=g ʜ=h ʙ=b ᴀ=a ᴄ=c ᴅ=d ᴇ=e ᴊ=j ᴋ=k ᴍ=m ᴏ=o ᴘ=p ᴛ=t ᴜ=u "
    "ᴠ=v ᴡ=w ᴢ=z ꜰ=f ꜱ=s ø=o ł=l đ=d ħ=h ŧ=t ð=d þ=th æ=ae œ=oe"
)
_MARKS = (
    "‘=' ’=' ‚=' ‛=' ′=' ´=' ʼ=' “=\" ”=\" „=\" ‟=\" ″=\" «=\" »=\" "
    "‐=- ‑=- ‒=- –=- —=- ―=- −=- …=... ¡=! ¿=?"
)
_LETTERS = {pair[0]: pair[2:] for pair in " ".join((_CYRILLIC, _GREEK, _LATIN)).split(" ")}
_LOOK_ALIKE = _LETTERS | {pair[0]: pair[2:] for pair in _MARKS.split(" ")}
_LETTER_SYMBOLS = (0x1F150, 0x1F170, 0x1F1E6)  # circled, squared and flag letters, A to Z each
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_INVISIBLE = {"Cc", "Cf", "Cs", "Mn", "Me"}

_NOTHING_TO_FOLD = re.compile(r"[\t-\r -%'-~]*")  # printable ASCII without the ampersand
# "&amp;amp;#8220;" is one character that was escaped three times on its way.
_ENTITY = re.compile(r"&(?:amp;){0,8}(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in lower case and plain letters, and where each character came from.

    Character i of `text` stands for `original[starts[i]:ends[i]]`; both are None where every
    character stands for the one at its own place.
    """

    text: str
    starts: list[int] | None = None
    ends: list[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]`, which is not empty, lies in the original; end exclusive."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def replaced(self, changes: Sequence[tuple[int, int, str]]) -> Folded:
        """This with `word` for `text[start:end]`, for each (start, end, word) in order.

        None of them is empty; all of a word stands for all of what it replaces.
        """
        starts = self.starts or list(range(len(self.text)))
        ends = self.ends or list(range(1, len(self.text) + 1))
        pieces: list[str] = []
        new_starts: list[int] = []
        new_ends: list[int] = []
        done = 0
        for start, end, word in changes:
            pieces += (self.text[done:start], word)
            new_starts += starts[done:start] + [starts[start]] * len(word)
            new_ends += ends[done:start] + [ends[end - 1]] * len(word)
            done = end
        text = "".join([*pieces, self.text[done:]])
        return Folded(text, new_starts + starts[done:], new_ends + ends[done:])


def fold(text: str) -> Folded:
    """Fold a text: lower case, no accents, nothing invisible, look-alikes and entities read."""
    if _NOTHING_TO_FOLD.fullmatch(text):
        return Folded(text.lower())
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, written in _entities_read(text):
        if end - start == len(written):
            _fold_run(written, start, pieces, starts, ends)
        else:
            plain = "".join([_FOLDS[character] for character in written])
            pieces.append(plain)
            starts.extend([start] * len(plain))
            ends.extend([end] * len(plain))
    return Folded("".join(pieces), starts, ends)


def _fold_run(run: str, start: int, pieces: list[str], starts: list[int], ends: list[int]) -> None:
    plains = [_FOLDS[character] for character in run]
    pieces.extend(plains)
    if all(len(plain) == 1 for plain in plains):
        starts.extend(range(start, start + len(run)))
        ends.extend(range(start + 1, start + len(run) + 1))
        return
    for position, plain in enumerate(plains, start):
        starts.extend([position] * len(plain))
        ends.extend([position + 1] * len(plain))


def _entities_read(text: str) -> Iterator[tuple[int, int, str]]:
    """The text in parts: where each lies, and what it says once its entities are read."""
    done = 0
    for match in _ENTITY.finditer(text):
        written = html.unescape(f"&{match[1]};")
        if len(written) > 2:  # no entity after all
            continue
        if match.start() > done:
            yield done, match.start(), text[done : match.start()]
        yield match.start(), match.end(), written
        done = match.end()
    if done < len(text):
        yield done, len(text), text[done:]


class _Folds(dict[str, str]):
    """Character -> what it is folded to, found out once."""

    def __missing__(self, character: str) -> str:
        plain = _fold_character(character)
        if len(self) < _MOST_REMEMBERED:
            self[character] = plain
        return plain


_FOLDS = _Folds()


def _fold_character(character: str) -> str:
    if character.isspace():
        return " "
    if ord(character) in _SKIN_TONES or unicodedata.category(character) in _INVISIBLE:
        return ""
    for first in _LETTER_SYMBOLS:
        if first <= ord(character) < first + 26:
            return chr(ord("a") + ord(character) - first)
    if character in _LOOK_ALIKE:
        return _LOOK_ALIKE[character]
    parts = unicodedata.normalize("NFKD", character).casefold()[: 2 * LONGEST_EXPANSION]
    plain = "".join(_LOOK_ALIKE.get(c, c) for c in parts if not unicodedata.combining(c))
    return plain[:LONGEST_EXPANSION].replace(" ", "")


def undone_by_folding(text: str) -> set[Transformation]:
    """What hid the plain letters of a text; capitals and curly quotes hide nothing."""
    if _NOTHING_TO_FOLD.fullmatch(text):
        return set()
    undone: set[Transformation] = set()
    for start, end, written in _entities_read(text):
        if end - start != len(written):
            undone.add(Transformation.ENTITY)
        undone.update(*[_hidden_by(c) for c in set(written) if not " " <= c <= "~"])
    return undone


def _hidden_by(character: str) -> set[Transformation]:
    if character.isspace():
        return set()
    if _FOLDS[character] == "":
        marks_a_letter = unicodedata.combining(character)
        return {Transformation.DIACRITIC if marks_a_letter else Transformation.INVISIBLE}
    if any(first <= ord(character) < first + 26 for first in _LETTER_SYMBOLS):
        return {Transformation.COMPATIBILITY}
    if character in _LOOK_ALIKE:
        return {Transformation.CONFUSABLE} if character in _LETTERS else set()
    undone: set[Transformation] = set()
    if unicodedata.normalize("NFC", character) != unicodedata.normalize("NFKC", character):
        undone.add(Transformation.COMPATIBILITY)
    for part in unicodedata.normalize("NFKD", character).casefold():
        if unicodedata.combining(part):
            undone.add(Transformation.DIACRITIC)
        elif part in _LETTERS:
            undone.add(Transformation.CONFUSABLE)
    return undone


def is_foreign_letter(character: str) -> bool:
    """A letter of another script than Latin, whatever it looks like."""
    return _FOREIGN[character]


class _Foreign(dict[str, bool]):
    """Character -> is it a letter of another script, found out once."""

    def __missing__(self, character: str) -> bool:
        foreign = character.isalpha() and not _is_latin(character)
        if len(self) < _MOST_REMEMBERED:
            self[character] = foreign
        return foreign


_FOREIGN = _Foreign()


def _is_latin(letter: str) -> bool:
    base = unicodedata.normalize("NFKD", letter)[0]
    return base.isascii() or unicodedata.name(base, "").startswith("LATIN ")
