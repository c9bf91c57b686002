"""The JSON Schema of the configuration, for editors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from moderator.config.blocks import ConfigFile
from moderator.config.names import NAME_PATTERN
from moderator.config.settings import CHANNEL_MODELS, SOURCE_MODELS

REF = "#/$defs/{model}"
VARIABLE = {
    "type": "string",
    "pattern": r"\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^{}]*)?\}",
    "description": "${NAME} or ${NAME:-default}: read from the environment.",
}
RESTRICTIONS = {"pattern", "format", "minLength", "maxLength"}  # that a variable would not keep


def json_schema() -> dict[str, Any]:
    """Every key with its description, its default and what it may hold; kinds by their `kind`."""
    kinds: dict[str, Mapping[str, type[BaseModel]]] = {
        "sources": SOURCE_MODELS,
        "channels": CHANNEL_MODELS,
    }
    models: list[type[BaseModel]] = [ConfigFile]
    models += [model for section in kinds.values() for model in section.values()]
    by_model, definitions = models_json_schema(
        [(model, "validation") for model in models], ref_template=REF
    )
    defs = definitions["$defs"]
    root = defs.pop(_name(by_model[ConfigFile, "validation"]))
    for section, by_kind in kinds.items():
        refs = {word: by_model[model, "validation"]["$ref"] for word, model in by_kind.items()}
        root["properties"][section] |= {"additionalProperties": _one_of(refs)}
    for section in ("sources", "channels", "triggers"):
        _check_names(root["properties"][section])
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **root, "$defs": defs}
    _allow_variables(schema)
    return schema


def _name(reference: Mapping[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def _one_of(refs: Mapping[str, str]) -> dict[str, Any]:
    return {
        "oneOf": [{"$ref": ref} for ref in refs.values()],
        "discriminator": {"propertyName": "kind", "mapping": dict(refs)},
        "type": "object",
        "required": ["kind"],
    }


def _check_names(section: dict[str, Any]) -> None:
    section["propertyNames"] = {"pattern": NAME_PATTERN}


def _allow_variables(node: object) -> None:
    """Let `${NAME}` stand wherever a text is restricted: only its value has to be of that form."""
    if isinstance(node, list):
        for item in node:
            _allow_variables(item)
    if not isinstance(node, dict):
        return
    for key, value in list(node.items()):
        if key != "propertyNames":
            _allow_variables(value)
    if node.get("type") == "string" and node.keys() & RESTRICTIONS:
        own = {key: node.pop(key) for key in list(node) if key in RESTRICTIONS | {"type"}}
        node["anyOf"] = [own, VARIABLE]
