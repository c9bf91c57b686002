"""Payloads as files: our own mild ones, and captures from running boards where they are there."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

OWN = Path(__file__).parent / "payloads"
SHARED = Path(os.environ.get("MODERATOR_SHARED", "../shared")) / "payloads"


def own(name: str) -> Any:
    """A payload of our own making, shaped like a board's."""
    return json.loads((OWN / f"{name}.json").read_text(encoding="utf-8"))


def captured(folder: str, name: str) -> dict[str, Any]:
    """A capture: `headers` and `body`; skips the test where captures are not at hand."""
    path = SHARED / folder / f"{name}.json"
    if not path.exists():
        pytest.skip(f"no captures at {SHARED} (set MODERATOR_SHARED)")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
