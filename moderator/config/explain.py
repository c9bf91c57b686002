"""Says in the operator's words what pydantic found wrong with a block."""

from __future__ import annotations

import re
import typing
from collections.abc import Collection, Iterator, Mapping

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from moderator.config.problems import KeyPath, hint, shown, without

EXPECTED = {
    "string_type": "text",
    "string_sub_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
}
LIMITS = {
    "greater_than_equal": ("ge", "below {}, the least allowed"),
    "greater_than": ("gt", "not above {}"),
    "less_than_equal": ("le", "above {}, the most allowed"),
    "less_than": ("lt", "not below {}"),
}
LENGTHS = {
    "too_short": ("min_length", "fewer than"),
    "too_long": ("max_length", "more than"),
}
UNSHOWN = "the value"


def explanations(
    error: ValidationError,
    model: type[BaseModel],
    data: object,
    written: Mapping[KeyPath, str],
    hidden: Collection[str],
) -> Iterator[tuple[KeyPath, str, bool]]:
    """(place within the block, what is wrong, whether the key itself is) for each error.

    `data` is the block that `model` refused; `written` maps the places of its texts that came
    from the environment to what stands in the file. The texts in `hidden` and the values of
    secret fields are in nothing that comes out.
    """
    told: set[KeyPath] = set()
    for details in sorted(error.errors(include_url=False), key=lambda e: -len(e["loc"])):
        path, is_key = _place(details, data)
        # Each branch of a union complains, and a list of its length once its items are gone.
        if path in told or (details["type"] == "too_short" and _holds_any(path, told)):
            continue
        told.add(path)
        value = written.get(path, details["input"])
        subject = UNSHOWN if is_secret(model, path) else shown(value)
        yield path, without(_told(details, path, model, subject), hidden), is_key


def secret_texts(model: type[BaseModel], data: object, path: KeyPath = ()) -> Iterator[str]:
    """The texts that stand in secret fields of a block."""
    items: Iterator[tuple[str | int, object]] = iter(())
    if isinstance(data, Mapping):
        items = iter(data.items())
    elif isinstance(data, list):
        items = iter(enumerate(data))
    elif isinstance(data, str) and is_secret(model, path):
        yield data
    for key, value in items:
        yield from secret_texts(model, value, (*path, key))


def _holds_any(path: KeyPath, others: Collection[KeyPath]) -> bool:
    return any(other[: len(path)] == path for other in others)


def _place(details: ErrorDetails, data: object) -> tuple[KeyPath, bool]:
    """The error's place, without the names that pydantic adds for branches of unions."""
    path: list[str | int] = []
    for key in details["loc"]:
        inside = dict(enumerate(data)) if isinstance(data, list) else data
        if isinstance(inside, Mapping) and key in inside:
            data = inside[key]
            path.append(key)
    if details["type"] == "missing":
        path.append(details["loc"][-1])
    return tuple(path), details["loc"][-1:] == ("[key]",) or details["type"] == "extra_forbidden"


def _told(details: ErrorDetails, path: KeyPath, model: type[BaseModel], subject: str) -> str:
    kind, context, value = details["type"], details.get("ctx", {}), details["input"]
    if kind == "missing":
        return f"this key has to be there{_described(model, path)}"
    if kind == "extra_forbidden":
        return f"unknown key{hint(str(path[-1]), _keys_around(model, path))}"
    if kind == "value_error":
        return str(context["error"])
    if kind in EXPECTED:
        instead = _instead(kind, value, subject)
        return f"{EXPECTED[kind]} is expected, not {instead}{_exemplary(model, path)}"
    if kind in LIMITS:
        limit, words = LIMITS[kind]
        return f"{subject} is {words.format(context[limit])}"
    if kind in ("literal_error", "enum"):
        return _among(value, subject, str(context["expected"]))
    if kind in ("too_short", "string_too_short") and not value:
        return "is empty"
    if kind in LENGTHS and isinstance(value, list):
        bound, words = LENGTHS[kind]
        return f"holds {len(value)}, {words} {details.get('ctx', {})[bound]}"
    return details["msg"].replace("Input", subject, 1)


def _instead(kind: str, value: object, subject: str) -> str:
    """What stands where something else is expected, and how to write it rightly."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if subject == UNSHOWN and not isinstance(value, dict | list | None):
        return "a number" if is_number else "text"
    if kind.startswith("string") and is_number:
        return f"{subject}: write {shown(str(value))} in quotes"
    return f"the text {subject}" if isinstance(value, str) else shown(value)


def _among(value: object, subject: str, expected: str) -> str:
    if not isinstance(value, str):
        known = expected.replace("'", "")
        return f"{known} is expected, not {subject}"
    choices = re.findall(r"'([^']*)'", expected)
    return f"{subject} is not known here{hint(value, choices, {})}"


def _exemplary(model: type[BaseModel], path: KeyPath) -> str:
    """How the key that `path` leads to is written, where its field gives an example."""
    to_key = path[:-1] if path and isinstance(path[-1], int) else path
    field = _field(model, to_key)
    if (
        not to_key
        or field is None
        or not field.examples
        or to_key[-1] not in _keys_around(model, to_key)
    ):
        return ""
    return f" (for example {to_key[-1]}: {_as_yaml(field.examples[0])})"


def _as_yaml(value: object) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_as_yaml(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_as_yaml, value))}]"
    return str(value)


def is_secret(model: type[BaseModel], path: KeyPath) -> bool:
    """Whether the field that `path` leads to holds SecretStr, alone or in a list or mapping."""
    field = _field(model, path)
    return field is not None and SecretStr in _parts(field.annotation)


def _keys_around(model: type[BaseModel], path: KeyPath) -> list[str]:
    """The keys that may stand beside the last one of `path`."""
    parent = _field(model, path[:-1])
    around = model if parent is None else _model_in(parent.annotation)
    return list(_fields(around)) if around else []


def _field(model: type[BaseModel], path: KeyPath) -> FieldInfo | None:
    """The deepest field that `path` passes through, None where it names none."""
    found: FieldInfo | None = None
    around: type[BaseModel] | None = model
    for key in path:
        field = _fields(around).get(key) if around and isinstance(key, str) else None
        if field is not None:
            found, around = field, _model_in(field.annotation)
    return found


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_in(annotation: object) -> type[BaseModel] | None:
    models = (p for p in _parts(annotation) if isinstance(p, type) and issubclass(p, BaseModel))
    return next(models, None)


def _parts(annotation: object) -> Iterator[object]:
    """An annotation and all that it is made of: dict[str, tuple[SecretStr, ...]] -> SecretStr."""
    yield annotation
    for part in typing.get_args(annotation):
        yield from _parts(part)


def _described(model: type[BaseModel], path: KeyPath) -> str:
    field = _field(model, path)
    return f": {field.description.rstrip('.')}" if field and field.description else ""
