"""The `akismet` block."""

from __future__ import annotations

import pytest

from tests.config.conftest import Load, Refused

SOURCES = 'sources: {club: {kind: nodebb, secrets: ["kQ7-forum-9vLz2mXw4RtB8cNd6Y"]}}\n'


def test_the_routes_are_off_unless_it_stands_there(load: Load) -> None:
    assert load(SOURCES).akismet is None
    block = load("akismet: {source: club, threshold: 0.8}\n" + SOURCES).akismet
    assert block is not None
    assert (block.source, block.threshold) == ("club", 0.8)


@pytest.mark.parametrize(
    ("block", "line"),
    [
        ("{}", "1: akismet.source: this key has to be there: The source whose comments are asked"),
        ("{source: clup}", '1: akismet.source: no source is called "clup" (did you mean club?)'),
        ("{source: club, threshold: 80}", "1: akismet.threshold: 80 is above 1; thresholds lie"),
        ("{source: club, treshold: 1}", "1: akismet.treshold: unknown key (did you mean thresho"),
    ],
)
def test_a_mistake_is_told_by_its_line(block: str, line: str, refused: Refused) -> None:
    (told,) = refused(f"akismet: {block}\n{SOURCES}")
    assert told.startswith(line)


def test_an_unknown_source_is_told_beside_other_mistakes(refused: Refused) -> None:
    assert len(refused(f"akismet: {{source: clup, treshold: 1}}\n{SOURCES}")) == 2
