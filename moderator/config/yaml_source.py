"""Reads the YAML of a configuration strictly, and remembers where each key and value stands.

The words of YAML 1.2 count: true, false, null and decimal numbers. What YAML 1.1 would make of
`yes`, `off`, `1:30` or `012` stays text. Only plain data is taken: no tags, no second document,
no key twice, and no file that grows when its aliases are followed.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from moderator.config.problems import KeyPath, Problem, shown

MAX_BYTES = 1_000_000
MAX_DEPTH = 20  # lists and mappings inside each other
MAX_VALUES = 20_000  # after aliases are followed

INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
FLOAT = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,5})?")
SPECIAL_FLOAT = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
MAX_DIGITS = 15  # what a float still holds exactly


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file's data (dict, list, str, int, float, bool, None) and where each part stands.

    `lines` holds the line of each key and each item of a list, from 1. `problems` are those that
    did not hinder reading on.
    """

    data: object
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, path: KeyPath) -> int:
        """The line of what stands there, else of the nearest thing around it, else 0."""
        ways_out = (path[:length] for length in range(len(path), 0, -1))
        return next((self.lines[way] for way in ways_out if way in self.lines), 0)


class Unreadable(Exception):
    """The file holds no configuration at all; `problem` says why."""

    def __init__(self, message: str, *, line: int = 0) -> None:
        super().__init__(message)
        self.problem = Problem(message=message, line=line)


def read_bytes(path: Path) -> bytes:
    """The bytes of a regular file of at most MAX_BYTES. Raises Unreadable."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would block, a device never ends
            raise Unreadable("is a directory" if path.is_dir() else "is not a regular file")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise Unreadable("no such file") from None
    except (OSError, ValueError) as exc:
        reason = getattr(exc, "strerror", None) or "not a path"
        raise Unreadable(f"cannot be read ({reason.lower()})") from None
    if len(content) > MAX_BYTES:
        raise Unreadable(f"is larger than {MAX_BYTES // 1_000_000} MB; is it the right file?")
    return content


def parse(content: bytes) -> Document:
    """The one YAML document in `content`. Raises Unreadable."""
    return _Reader().document(compose(_decoded(content)))


def compose(text: str) -> yaml.Node:
    """The graph of nodes, each of which knows where in `text` it stands. Raises Unreadable."""
    try:
        root = _Composer(text).get_single_node()
    except yaml.MarkedYAMLError as exc:
        raise _syntax_problem(exc, text) from None
    except yaml.reader.ReaderError as exc:
        line = text.count("\n", 0, exc.position) + 1
        message = f"holds a control character (U+{ord(text[exc.position]):04X})"
        raise Unreadable(message, line=line) from None
    if root is None:
        raise Unreadable("is empty; config.example.yaml shows what may stand in it")
    return root


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = content.count(b"\n", 0, exc.start) + 1
        raise Unreadable("is not UTF-8 text; save it as UTF-8", line=line) from None


def _syntax_problem(exc: yaml.MarkedYAMLError, text: str) -> Unreadable:
    # The library's own text quotes the line, which may hold a secret: only its reason is used.
    mark = exc.problem_mark or exc.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    reason = exc.problem or "unfinished"
    if reason.startswith("but "):
        reason = f"{exc.context}, {reason}"
    if "'\\t'" in reason:
        reason = "a tab stands where only spaces may; indent with spaces"
    around = text.split("\n")[max(0, line - 2) : line]
    if any(re.search(r"[\[{,:]\s*\$\{", row) for row in around):
        reason += ' (inside {} or [], a variable needs quotes: "${NAME}")'
    return Unreadable(f"column {column}: not valid YAML: {reason}", line=line)


class _Composer(yaml.BaseLoader):
    """PyYAML's parser up to the node graph, which stops at once at what is never taken."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0
        self._count = 0

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "tag", None) is not None:
            reason = "a tag (a word with !) stands here; only plain values are taken"
            raise yaml.MarkedYAMLError(problem=reason, problem_mark=event.start_mark)
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH or self._count > MAX_VALUES:
            reason = "too deeply nested" if self._depth > MAX_DEPTH else "too many values"
            raise yaml.MarkedYAMLError(problem=reason, problem_mark=event.start_mark)
        node = super().compose_node(parent, index)  # type: ignore[arg-type]
        self._depth -= 1
        return node


class _Reader:
    """Turns one node graph into a Document."""

    def __init__(self) -> None:
        self._document = Document(data=None)
        self._count = 0

    def document(self, root: yaml.Node) -> Document:
        return replace(self._document, data=self._value(root, ()))

    def _value(self, node: yaml.Node, path: KeyPath) -> object:
        self._count += 1
        if self._count > MAX_VALUES or len(path) > MAX_DEPTH:
            raise Unreadable("its aliases (*name) unfold into too much", line=_line(node))
        if isinstance(node, yaml.MappingNode):
            return {key: self._value(value, (*path, key)) for key, value in self._pairs(node, path)}
        if isinstance(node, yaml.SequenceNode):
            for i, item in enumerate(node.value):
                self._document.lines[*path, i] = _line(item)
            return [self._value(item, (*path, i)) for i, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _pairs(self, node: yaml.MappingNode, path: KeyPath) -> Iterator[tuple[str, yaml.Node]]:
        """The mapping's pairs; of a key that stands twice, the first, and a problem."""
        seen: dict[str, int] = {}
        for key_node, value in node.value:
            line = _line(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                self._problem("a list or mapping cannot be a key", path, line)
            elif (key := str(key_node.value)) in seen:
                message = f"this key stands twice, first on line {seen[key]}"
                self._problem(message, (*path, key), line)
            else:
                seen[key] = line
                self._document.lines[*path, key] = line
                yield key, value

    def _scalar(self, node: yaml.Node, path: KeyPath) -> object:
        text = str(node.value)
        is_plain = isinstance(node, yaml.ScalarNode) and node.style is None
        value = _plain(text) if is_plain else text
        line = _line(node)
        if isinstance(value, int) and abs(value) >= 10**MAX_DIGITS:
            self._problem(f"{shown(text)} is too large a number", path, line)
            return 0
        if isinstance(value, str) and (bad := _unfit_character(value)):
            self._problem(f"holds a character that no text may hold ({bad})", path, line)
            return ""
        return value

    def _problem(self, message: str, path: KeyPath, line: int) -> None:
        self._document.problems.append(Problem(message=message, path=path, line=line))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _plain(text: str) -> object:
    """What a scalar without quotes stands for."""
    if text.lower() in WORDS and text in (text.lower(), text.upper(), text.capitalize()):
        return WORDS[text.lower()]
    if INT.fullmatch(text):
        # Python refuses to convert numbers of thousands of digits: any that is too large will do.
        return int(text[: MAX_DIGITS + 2])
    if SPECIAL_FLOAT.fullmatch(text):
        return float(text.replace(".", ""))
    return float(text) if FLOAT.fullmatch(text) else text


def _unfit_character(text: str) -> str | None:
    """The first control character or half a surrogate pair, as U+0000. Escapes can make both."""
    for c in text:
        if (c < " " and c not in "\t\n\r") or c == "\x7f" or "\ud800" <= c <= "\udfff":
            return f"U+{ord(c):04X}"
    return None
