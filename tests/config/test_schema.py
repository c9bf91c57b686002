"""The JSON Schema that editors read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from moderator import channels, sources
from moderator.config import json_schema
from moderator.domain.trigger import THRESHOLD_NAMES

SCHEMA = json_schema()


def referred(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            yield from referred(value)
    elif isinstance(node, list):
        for item in node:
            yield from referred(item)


def definition(reference: str) -> dict[str, Any]:
    found: dict[str, Any] = SCHEMA["$defs"][reference.removeprefix("#/$defs/")]
    return found


def test_it_is_json_and_every_reference_leads_somewhere() -> None:
    """`moderator config schema` prints it as it is."""
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    for reference in referred(SCHEMA):
        assert definition(reference)["type"] in ("object", "string")
    assert SCHEMA["additionalProperties"] is False


def test_every_kind_is_offered_by_its_word() -> None:
    """A kind that is added to a registry is in the schema by that alone."""
    for section, kinds in (("sources", sources.KINDS), ("channels", channels.KINDS)):
        blocks = SCHEMA["properties"][section]["additionalProperties"]
        assert blocks["discriminator"]["mapping"].keys() == kinds.keys()
        for word, reference in blocks["discriminator"]["mapping"].items():
            assert definition(reference)["properties"]["kind"]["const"] == word
            assert definition(reference)["additionalProperties"] is False
        assert [b["$ref"] for b in blocks["oneOf"]] == list(
            blocks["discriminator"]["mapping"].values()
        )


def test_every_key_is_described() -> None:
    """What an editor shows when the pointer rests on a key."""
    blocks = [SCHEMA, *(d for d in SCHEMA["$defs"].values() if d["type"] == "object")]
    for block in blocks:
        for key, value in block["properties"].items():
            told = [value, *value.get("anyOf", [])]
            assert any("description" in one or "const" in one for one in told), (block, key)


def test_what_a_value_may_be_is_said() -> None:
    """Words as enumerations, numbers with bounds, durations as patterns."""
    trigger = SCHEMA["$defs"]["TriggerBlock"]["properties"]
    assert set(trigger["when"]["propertyNames"]["enum"]) == set(THRESHOLD_NAMES)
    assert trigger["when"]["additionalProperties"] == {
        "type": "number",
        "minimum": 0,
        "maximum": 1,
    }
    assert definition(trigger["scope"]["$ref"])["enum"] == ["comment", "thread", "author", "board"]
    assert (trigger["count"]["minimum"], trigger["count"]["maximum"]) == (1, 256)
    assert "except" in trigger
    assert trigger["mode"]["default"] == "live"
    assert SCHEMA["properties"]["retention"]["default"] == {"text": "30d", "scores": "1y"}
    assert SCHEMA["properties"]["triggers"]["propertyNames"]["pattern"].startswith("^[a-z]")


def test_a_base_rate_is_a_share_or_a_word() -> None:
    """0 and 1 are underlined: they would leave nothing to find."""
    for kind in sources.KINDS:
        reference = SCHEMA["properties"]["sources"]["additionalProperties"]["discriminator"]
        block = definition(reference["mapping"][kind])["properties"]["base_rate"]
        share, word, nothing = block["anyOf"]
        assert (share["exclusiveMinimum"], share["exclusiveMaximum"]) == (0, 1)
        assert (word, nothing) == ({"const": "estimate"}, {"type": "null"})


def test_a_variable_may_stand_where_a_text_is_restricted() -> None:
    """An editor must not underline `within: "${WINDOW}"`, and must underline `10 minutes`."""
    within = SCHEMA["$defs"]["TriggerBlock"]["properties"]["within"]["anyOf"][0]
    patterns = [choice["pattern"] for choice in within["anyOf"]]
    for text, is_right in [
        ("10m", True),
        ("${WINDOW}", True),
        ("${WINDOW:-10m}", True),
        ("10 minutes", False),
        ("$WINDOW", False),
    ]:
        assert any(re.search(pattern, text) for pattern in patterns) is is_right
