"""Holds a configuration against the models of its parts, and gathers all problems in one pass."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from moderator.config.contradictions import contradictions, of_selection
from moderator.config.environment import expand
from moderator.config.explain import explanations, secret_texts
from moderator.config.problems import KeyPath, Problem, hint, shown, without
from moderator.config.triggers import EXEMPT
from moderator.config.watch import WATCH, unknown_names
from moderator.config.yaml_source import Document

FEWEST_HIDDEN = 6  # shorter values of variables are no secrets, and would garble the messages

Model = TypeVar("Model", bound=BaseModel)


class Review:
    """One reading of one document; `problems` grows as its parts are looked at."""

    def __init__(self, document: Document, environ: Mapping[str, str]) -> None:
        # A section whose last entry was commented out is empty, not wrong.
        data = document.data
        if isinstance(data, dict):
            data = {key: value for key, value in data.items() if value is not None}
        self._document = replace(document, data=data)
        self._expansion = expand(self._document, environ)
        self._hidden = {v for v in self._expansion.values if len(v) >= FEWEST_HIDDEN}
        self.problems = [*document.problems, *self._expansion.problems]

    def section(self, name: str) -> dict[str, Any]:
        """A part of the file by its name, empty where it is missing or no mapping."""
        section = self.data.get(name)
        return section if isinstance(section, dict) else {}

    @property
    def data(self) -> dict[str, Any]:
        """What stands in the file, empty where that is no mapping."""
        data = self._expansion.data
        return data if isinstance(data, dict) else {}

    def whole(self, model: type[Model]) -> Model | None:
        """The file as a whole, None where something is wrong with it."""
        return self._checked(model, self._expansion.data, ())

    def blocks(self, section: str, models: Mapping[str, type[Model]]) -> dict[str, Model]:
        """The section's blocks that are right. `models` says by `kind` what reads each."""
        checked = {
            name: self._block(block, models, (section, name))
            for name, block in self.section(section).items()
        }
        return {name: block for name, block in checked.items() if block is not None}

    def triggers(self, channels: Collection[str], sources: Collection[str]) -> None:
        """What does not fit together within each trigger, and names that do not exist."""
        exempt = (
            self._expansion.data.get(EXEMPT) if isinstance(self._expansion.data, dict) else None
        )
        for path, message in of_selection(EXEMPT, exempt, sources):
            self.add(path, without(message, self._hidden))
        for name, block in self.section("triggers").items():
            if isinstance(block, dict):
                for path, message in contradictions(block, channels, sources):
                    self.add(("triggers", name, *path), without(message, self._hidden))

    def watch(self, channels: Collection[str], sources: Collection[str]) -> None:
        """Names in the watch's block that do not exist."""
        for path, message in unknown_names(self.section(WATCH), channels, sources):
            self.add((WATCH, *path), without(message, self._hidden))

    def add(self, path: KeyPath, message: str, *, is_key: bool = False) -> None:
        """Note a problem, unless it only follows from a variable that is not set."""
        follows = any(unset[: len(path)] == path for unset in self._expansion.unset)
        if is_key or not follows:
            line = self._document.line_of(path)
            self.problems.append(Problem(message=message, path=path, line=line))

    def line_of(self, path: KeyPath) -> int:
        """Where something stands in the file, from 1; 0 where that is not known."""
        return self._document.line_of(path)

    def _block(
        self, block: object, models: Mapping[str, type[Model]], path: KeyPath
    ) -> Model | None:
        known = f"kind: {' or '.join(sorted(models))}"
        if not isinstance(block, dict):
            self.add(path, f"a mapping is expected here, with {known}")
            return None
        kind = block.get("kind")
        if not isinstance(kind, str) or kind not in models:
            where = (*path, "kind")
            if "kind" not in block:
                self.add(where, f"this key has to be there: {known}")
            else:
                written = self._expansion.written.get(where, kind)
                self.add(where, f"{shown(written)} is no kind{hint(str(kind), models, {})}")
            return None
        return self._checked(models[kind], block, path)

    def _checked(self, model: type[Model], data: object, at: KeyPath) -> Model | None:
        try:
            # As JSON, in which a list may become a tuple and a text an enum, and nothing else.
            return model.model_validate_json(json.dumps(data), strict=True)
        except ValidationError as exc:
            written = {
                path[len(at) :]: text
                for path, text in self._expansion.written.items()
                if path[: len(at)] == at
            }
            hidden = self._hidden | set(secret_texts(model, data))
            # Where something was found out already, it was said in better words.
            told = {(problem.path, problem.line) for problem in self.problems}
            for inside, message, is_key in explanations(exc, model, data, written, hidden):
                path = (*at, *inside)
                if is_key or (path, self._document.line_of(path)) not in told:
                    self.add(path, message, is_key=is_key)
        except OSError as exc:  # pydantic lets through what the system says of an odd path
            reason = (exc.strerror or "unknown").lower()
            self.add(at, f"names a file that cannot be used ({reason})")
        return None
