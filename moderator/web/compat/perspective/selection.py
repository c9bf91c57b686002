"""Partial answers: `fields=attributeScores/TOXICITY/summaryScore(value,type),languages`.

The grammar is that of Google's APIs: selections with commas between them, `/` or `.` between the
steps of one, `*` for any step, and parentheses around selections below a step. Lists are gone
through without a step of their own. What is selected and not there is simply not there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from moderator.web.compat.perspective.errors import malformed

LONGEST = 2_048
DEEPEST = 16

_TOKEN = re.compile(r"[A-Za-z0-9_$*-]+|[/.,()]")


@dataclass(slots=True)
class Selection:
    """What is wanted of a value: all of it (`whole`), or what the steps lead to."""

    whole: bool = False
    steps: dict[str, Selection] = field(default_factory=dict)

    def of(self, value: object) -> object:
        """The wanted part of a value; None where there is nothing of it."""
        if self.whole:
            return value
        if isinstance(value, list):
            return [part for item in value if (part := self.of(item)) is not None] or None
        if not isinstance(value, dict):
            return None
        parts = {name: self._below(name, member) for name, member in value.items()}
        return {name: part for name, part in parts.items() if part is not None} or None

    def _below(self, name: str, member: object) -> object:
        step = self.steps.get(name) or self.steps.get("*")
        return None if step is None else step.of(member)


def selection(text: str) -> Selection:
    """Read a selection; an empty one and `*` want everything. Raises Refusal."""
    tokens = _TOKEN.findall(text) if len(text) <= LONGEST else []
    if "".join(tokens) != text:
        raise _invalid()
    root = Selection(whole=not tokens)
    if tokens:
        _list(tokens, root, 0)
        if tokens:
            raise _invalid()
    return root


def _list(tokens: list[str], below: Selection, depth: int) -> None:
    """Read selections up to the end or a closing parenthesis, taking them off `tokens`."""
    while True:
        _path(tokens, below, depth)
        if not tokens or tokens[0] != ",":
            return
        tokens.pop(0)


def _path(tokens: list[str], below: Selection, depth: int) -> None:
    if depth > DEEPEST or not tokens or tokens[0] in "/.,()":
        raise _invalid()
    step = below.steps.setdefault(tokens.pop(0), Selection())
    if tokens and tokens[0] in "/.":
        tokens.pop(0)
        _path(tokens, step, depth + 1)
    elif tokens and tokens[0] == "(":
        tokens.pop(0)
        _list(tokens, step, depth + 1)
        if not tokens or tokens.pop(0) != ")":
            raise _invalid()
    else:
        step.whole = True


def _invalid() -> Exception:
    return malformed("Invalid field selection", "fields")
