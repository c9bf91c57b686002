"""`scripts/coral-scores.js`: what Coral kept of Perspective's scores, as an export that we read."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from moderator.migration import read_export

SCRIPT = Path(__file__).parents[2] / "scripts" / "coral-scores.js"
SCORED = {"metadata": {"perspective": {"model": "TOXICITY", "score": 0.25}}}
COMMENTS = [
    {
        "id": "one",
        "revisions": [
            {"body": '<div>You &amp; your <b>geese</b>,<br>"again"</div><div>Bye</div>', **SCORED},
            {
                "body": "Edited &lt;3",
                "metadata": {"perspective": {"model": "SEVERE_TOXICITY", "score": 0.5}},
            },
        ],
    },
    {"id": "two", "revisions": [{"body": "never scored", "metadata": {}}, {"body": "", **SCORED}]},
]
# What mongosh has and node has not: a database with these comments, and `print`.
SHELL = """
const posted = %s;
for (const {revisions} of posted)
  for (const each of revisions) each.createdAt = new Date("2026-11-01T00:00:00Z");
const stored = () => ["SEVERE_TOXICITY", "TOXICITY"];
globalThis.db = {comments: {distinct: stored, find: () => posted}};
globalThis.print = console.log;
"""


def test_each_scored_revision_is_a_row_that_the_command_reads(tmp_path):
    if shutil.which("node") is None:
        pytest.skip("there is no node here")
    program = tmp_path / "coral.js"
    program.write_text(SHELL % json.dumps(COMMENTS) + SCRIPT.read_text())
    told = subprocess.run(["node", str(program)], capture_output=True, check=True, timeout=30)
    (tmp_path / "export.csv").write_bytes(told.stdout)
    export = read_export(tmp_path / "export.csv")
    assert export.ids == ("one", "one")
    assert export.texts == ('You & your geese,\n"again"\nBye', "Edited <3")
    assert [str(score) for score in export.scores["TOXICITY"]] == ["0.25", "nan"]
    assert [str(score) for score in export.scores["SEVERE_TOXICITY"]] == ["nan", "0.5"]
    assert (export.ignored, export.bad) == ((), ())
