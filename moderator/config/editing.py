"""Changes a configuration's text where it has to be changed, and nowhere else.

Comments, order, quotes, line ends: all that is not the change stays as it is, byte for byte.
What cannot be done so is refused with the reason, and left to a person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from moderator.config.problems import Problem, hint, shown
from moderator.config.yaml_source import Unreadable, compose, parse
from moderator.domain.trigger import Mode

TRIGGERS = "triggers"
BY_HAND = "change it by hand"

Pair = tuple[yaml.Node, yaml.Node]  # a key and its value


class NotEditable(Exception):
    """The change cannot be made so that nothing else changes; `problem` says why."""

    def __init__(self, message: str, name: str | None = None, *, line: int = 0) -> None:
        super().__init__(message)
        path = (TRIGGERS,) if name is None else (TRIGGERS, name)
        self.problem = Problem(message=message, path=path, line=line)


def with_mode(text: str, name: str, mode: Mode) -> str:
    """`text` with another mode of one trigger. Raises NotEditable, Unreadable."""
    root = compose(text)
    key, block = _trigger(root, name)
    if not isinstance(block, yaml.MappingNode) or not block.value:
        raise NotEditable("is not a mapping", name, line=_line(key))
    named = _references(root)
    if any(named[id(node)] > 1 for node in (*_way_to(root, name), *_mode_of(block))):
        raise _shared(name, key)
    pair = _pair(block, "mode")
    if pair is None:
        changed = _with_new_mode(text, key, block, mode)
    else:
        changed = _with_other_mode(text, name, pair, mode)
    wanted = _data(text)
    wanted[TRIGGERS][name]["mode"] = mode.value
    return _checked(changed, wanted, name, _line(key))


def with_trigger(text: str, name: str, lines: Sequence[str]) -> str:
    """`text` with one more trigger behind the others; `lines` are its block, from the first key on,
    indented by themselves. Raises NotEditable, Unreadable.
    """
    section, newline = _pair(compose(text), TRIGGERS), _newline(text)
    changed = _with_block(text, section, name, lines, newline)
    wanted = _data(text)
    block = _data(_lines(_block(name, lines, ""), newline))
    wanted[TRIGGERS] = (wanted.get(TRIGGERS) or {}) | block
    return _checked(changed, wanted, name, 0)


def _with_block(
    text: str, section: Pair | None, name: str, lines: Sequence[str], newline: str
) -> str:
    if section is None:
        added = ["", f"{TRIGGERS}:", *_block(name, lines, "  ")]
        return _inserted(text, len(text.splitlines()), added, newline)
    key, triggers = section
    if isinstance(triggers, yaml.ScalarNode) and not triggers.value:
        return _inserted(text, _line(key), _block(name, lines, "  "), newline)
    if not isinstance(triggers, yaml.MappingNode) or triggers.flow_style:
        raise NotEditable(
            "stand in braces {…}: write each on lines of its own first", line=_line(key)
        )
    taken = _pair(triggers, name)
    if taken is not None:
        raise NotEditable("there is a trigger of that name already", name, line=_line(taken[0]))
    column = triggers.value[0][0].start_mark.column
    after = _last_line(text, triggers, column)
    return _inserted(text, after, _block(name, lines, " " * column), newline)


def _data(text: str) -> Any:
    return parse(text.encode()).data


def _checked(text: str, wanted: object, name: str, line: int) -> str:
    """`text`, if it means just what is wanted: the last word has who reads the file."""
    try:
        if _data(text) == wanted:
            return text
    except Unreadable:
        pass
    raise NotEditable(f"the file is written in an unusual way: {BY_HAND}", name, line=line)


def _with_other_mode(text: str, name: str, pair: Pair, mode: Mode) -> str:
    key, value = pair
    start, end = value.start_mark.index, value.end_mark.index
    written = text[start:end]
    if "${" in str(value.value):
        message = f"its mode is read from the environment ({shown(value.value)}): change it there"
        raise NotEditable(message, name, line=_line(key))
    if start < key.end_mark.index or written.startswith("&"):
        raise _shared(name, key)
    quote = written[:1] if written[:1] in "\"'" else ""
    return text[:start] + quote + mode.value + quote + text[end:]


def _with_new_mode(text: str, key: yaml.Node, block: yaml.MappingNode, mode: Mode) -> str:
    """A live trigger needs no `mode`: it gets one as its first key."""
    first = block.value[0][0].start_mark
    if block.flow_style:
        return f"{text[: first.index]}mode: {mode.value}, {text[first.index :]}"
    line = " " * first.column + f"mode: {mode.value}"
    return _inserted(text, _line(key), [line], _newline(text))


def _shared(name: str, node: yaml.Node) -> NotEditable:
    message = f"shares its mode with others by an anchor (&) and aliases (*): {BY_HAND}"
    return NotEditable(message, name, line=_line(node))


def _trigger(root: yaml.Node, name: str) -> Pair:
    section = _pair(root, TRIGGERS)
    triggers = None if section is None else section[1]
    found = _pair(triggers, name)
    if found is None:
        known = [str(key.value) for key, _ in _pairs(triggers)]
        raise NotEditable(f"there is no trigger {shown(name)}{hint(name, known, {})}")
    return found


def _way_to(root: yaml.Node, name: str) -> Iterator[yaml.Node]:
    node: yaml.Node | None = root
    for key in (TRIGGERS, name):
        pair = _pair(node, key)
        node = None if pair is None else pair[1]
        if node is not None:
            yield node


def _mode_of(block: yaml.Node) -> list[yaml.Node]:
    pair = _pair(block, "mode")
    return [] if pair is None else [pair[1]]


def _references(root: yaml.Node) -> Counter[int]:
    """How often each node is named, by its id: more than once only by aliases."""
    named: Counter[int] = Counter()
    waiting, seen = [root], {id(root)}
    while waiting:
        node = waiting.pop()
        inside = [part for pair in _pairs(node) for part in pair]
        inside += node.value if isinstance(node, yaml.SequenceNode) else []
        named.update(map(id, inside))
        fresh = [part for part in inside if id(part) not in seen]
        seen.update(map(id, fresh))
        waiting += fresh
    return named


def _pairs(node: yaml.Node | None) -> list[Pair]:
    return node.value if isinstance(node, yaml.MappingNode) else []


def _pair(node: yaml.Node | None, key: str) -> Pair | None:
    return next((pair for pair in _pairs(node) if pair[0].value == key), None)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _last_line(text: str, triggers: yaml.MappingNode, column: int) -> int:
    """The number of the last line of the last trigger, with the comments that stand in it."""
    node: yaml.Node = triggers
    while isinstance(node, yaml.MappingNode | yaml.SequenceNode) and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(node, yaml.MappingNode) else last
    number = int(node.end_mark.line) + (1 if node.end_mark.column else 0)
    comment = re.compile(rf" {{{column + 1},}}#")
    lines = text.splitlines()
    while number < len(lines) and comment.match(lines[number]):
        number += 1
    return number


def _block(name: str, lines: Sequence[str], indent: str) -> list[str]:
    return [f"{indent}{name}:", *(f"{indent}  {line}" for line in lines)]


def _inserted(text: str, after: int, lines: Sequence[str], newline: str) -> str:
    """`text` with more lines behind line `after`, which counts from 1."""
    kept = text.splitlines(keepends=True)
    head, tail = "".join(kept[:after]), "".join(kept[after:])
    if not head.endswith(("\n", "\r")):
        head += newline
    return head + _lines(lines, newline) + tail


def _lines(lines: Sequence[str], newline: str) -> str:
    return "".join(line + newline for line in lines)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
