"""The scales as lines for the configuration."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from moderator.domain.scale import Scale
from moderator.migration.findings import Attribute, Migration

A_LINE = 4  # knots


def as_yaml(found: Migration, *, community: str | None, today: date) -> str:
    """The `perspective` block to paste: every scale on offer, under a community where one is named.

    Each number of ours has six digits at most, each knot reads [ours, old].
    """
    lines = [
        f"# By `moderator migrate perspective`, {today}: {found.judged:,} comments.",
        "perspective:",
    ]
    indent = "  "
    if community is not None:
        lines += [f"{indent}communities:", f"{indent * 2}{community}:"]
        indent *= 3
    lines.append(f"{indent}scales:")
    for one in found.attributes:
        if one.scale is not None:
            lines += [f"{indent}  {line}" for line in _scale(one, one.scale, found.model)]
    return "\n".join(lines) + "\n"


def _scale(one: Attribute, scale: Scale, model: str) -> Iterator[str]:
    assert one.line is not None  # it has a scale
    yield f"{one.name}: # {one.line.method}"
    yield f"  from: {scale.measure}"
    yield f"  model: {model}"
    yield "  knots: ["
    written = [f"[{ours:.6g}, {old:g}]" for ours, old in scale.knots]
    for first in range(0, len(written), A_LINE):
        yield f"    {', '.join(written[first : first + A_LINE])},"
    yield "  ]"
