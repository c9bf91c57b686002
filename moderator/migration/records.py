"""What is written of a migration: the report with comments, the block, and figures for programs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from moderator.domain.errors import DataError
from moderator.migration.findings import Attribute, Migration
from moderator.migration.page import as_html

REPORT, BLOCK = "report.html", "perspective.yaml"


def write_files(found: Migration, texts: tuple[str, ...], block: str, folder: Path) -> list[Path]:
    """Write the report and, where a scale is on offer, the block into a folder, made if need be.

    Returns what was written. Only the owner may read the report. Raises DataError.
    """
    pages = {REPORT: as_html(found, texts, block)} | ({BLOCK: block} if found.scales else {})
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in pages.items():
            path = folder / name
            path.touch(mode=0o600)
            path.write_text(content, encoding="utf-8")
    except OSError as exc:
        raise DataError(f"{folder}: cannot be written ({exc.strerror})") from None
    return [folder / name for name in pages]


def as_json(found: Migration) -> dict[str, Any]:
    """Everything but texts and the grid of agreement: ids of comments are in it."""
    return {
        "model": found.model,
        "comments": found.comments,
        "judged": found.judged,
        "abstained": dict(found.abstained),
        "days": found.days,
        "ignored_columns": list(found.ignored),
        "bad_rows": [asdict(row) for row in found.bad],
        "attributes": {one.name: _attribute(one) for one in found.attributes},
    }


def _attribute(one: Attribute) -> dict[str, Any]:
    told = asdict(one)
    del told["name"], told["cells"]
    for each in told["disagreements"]:
        del each["row"]
    return told | {"scale": None if one.scale is None else asdict(one.scale)}
