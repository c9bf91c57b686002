"""Environment variables: read with care, and put in where a configuration says `${NAME}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from moderator.config.problems import KeyPath, Problem
from moderator.config.yaml_source import Document

PATH_VARIABLE = "MODERATOR_CONFIG"
VARIABLE = re.compile(r"\$\$\{|\$\{([^{}]*)\}|\$\{")  # an escape, a variable, a broken one
NAME_AND_DEFAULT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", re.DOTALL)
MAX_SECRET_BYTES = 65_536
BROKEN_VARIABLE = "opens no variable; write ${NAME} or ${NAME:-default}, or $${ for the characters"
QUOTES = "\"'`“”‘’"


class VariableError(ValueError):
    """The variable `name` cannot be used, and why. Never holds its value."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} {reason}")
        self.name = name
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """A document's data with its variables put in.

    `written` maps the place of each text that held a variable to what the file says there;
    `values` are the texts that came from the environment: they are never shown. `unset` are the
    places that a problem left without a value.
    """

    data: object
    written: dict[KeyPath, str] = field(default_factory=dict)
    values: set[str] = field(default_factory=set)
    unset: set[KeyPath] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def read_variable(name: str, environ: Mapping[str, str]) -> str | None:
    """The variable's value, None where neither `name` nor `name`_FILE says anything.

    White space around it is dropped: no value here needs it, and pasting brings it along. What
    could be meant either way (quotes around it, a line break inside) raises VariableError.
    """
    value = environ.get(name, "").strip()
    if not value and (file := environ.get(f"{name}_FILE", "").strip()):
        value = _read_secret_file(f"{name}_FILE", file)
    if len(value) > 1 and value[0] in QUOTES and value[-1] in QUOTES:
        raise VariableError(name, "has quotation marks around its value; remove them")
    if any(c < " " or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in value):
        raise VariableError(name, "holds a line break or another control character")
    return value or None


def _read_secret_file(variable: str, file: str) -> str:
    # The path is not shown: whoever confuses NAME and NAME_FILE put the secret there.
    try:
        if not Path(file).is_file():
            raise VariableError(variable, "does not name a file")
        with Path(file).open("rb") as handle:
            content = handle.read(MAX_SECRET_BYTES + 1)
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise VariableError(variable, "names a file that is not UTF-8 text") from None
    except OSError:
        raise VariableError(variable, "names a file that cannot be read") from None
    if not text or len(content) > MAX_SECRET_BYTES:
        state = "an empty file" if not text else "a file of more than 64 KB"
        raise VariableError(variable, f"names {state}")
    return text


def expand(document: Document, environ: Mapping[str, str]) -> Expansion:
    """Put the environment's values in for `${NAME}` and `${NAME:-default}`; `$${` is a plain `${`.

    A default counts where the variable is unset or empty.
    """
    expander = _Expander(document, environ)
    data = expander.expanded(document.data, ())
    return replace(expander.found, data=data)


class _Expander:
    """One walk over a document's data; `found` gathers what there is to say about it."""

    def __init__(self, document: Document, environ: Mapping[str, str]) -> None:
        self._document = document
        self._environ = environ
        self.found = Expansion(data=None)

    def expanded(self, value: object, path: KeyPath) -> object:
        if isinstance(value, dict):
            return {key: self.expanded(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.expanded(item, (*path, i)) for i, item in enumerate(value)]
        if not isinstance(value, str) or "${" not in value:
            return value
        self.found.written[path] = value
        try:
            return VARIABLE.sub(self._replacement, value)
        except VariableError as exc:
            line = self._document.line_of(path)
            self.found.problems.append(Problem(message=str(exc), path=path, line=line))
            self.found.unset.add(path)
            return value

    def _replacement(self, match: re.Match[str]) -> str:
        if match[0] == "$${":
            return "${"
        variable = NAME_AND_DEFAULT.fullmatch(match[1] or "")
        if variable is None:
            raise VariableError("${", BROKEN_VARIABLE)
        name, default = variable.groups()
        value = read_variable(name, self._environ)
        if value is not None:
            self.found.values.add(value)
            return value
        if default is None:
            raise VariableError(name, _unset(name, self._environ))
        return str(default)


def _unset(name: str, environ: Mapping[str, str]) -> str:
    state = "set, but empty" if name in environ else "not set"
    return (
        f"is {state} in the environment"
        f" (set it, or {name}_FILE to a file that holds it, or write ${{{name}:-default}})"
    )
