"""The training pool, and what must not be in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from moderator.classifier.dataset import read_columns
from moderator.classifier.duplicates import near_duplicates
from moderator.classifier.own_sentences import (
    hateful_sentences,
    insulting_sentences,
    neutral_sentences,
)
from moderator.classifier.pool import (
    EVERYDAY_FILE,
    GROUPS,
    POOL,
    is_test_row,
    read_everyday,
    read_pool,
)
from moderator.domain.errors import DataError
from tests.classifier.conftest import write_pool


def test_no_file_that_is_kept_for_testing_is_trained_on() -> None:
    assert not [s.file for s in POOL if "test" in s.file or "dev" in s.file or "valid" in s.file]
    assert EVERYDAY_FILE not in {source.file for source in POOL}


def test_every_source_names_where_it_is_from_and_its_licence() -> None:
    assert all(source.source and source.licence for source in POOL)


@pytest.mark.parametrize("source", POOL, ids=lambda source: source.file)
def test_what_is_believed_of_a_label_sums_to_one(source: object) -> None:
    for belief in source.beliefs.values():  # type: ignore[attr-defined]
        assert belief.hate + belief.offensive + belief.neither == pytest.approx(1.0)
        assert belief.weight > 0.0


def test_the_pool_is_read_whole_but_for_unknown_labels_and_test_rows(pool_folder: Path) -> None:
    pool = read_pool(pool_folder)

    whole = [source for source in POOL if not source.split]
    parted = [text for source in POOL if source.split for text in _texts(pool_folder / source.file)]
    kept = sum(not is_test_row(text) for text in parted if text != "a label nobody knows")
    ours = (*neutral_sentences(), *insulting_sentences(), *hateful_sentences())
    assert len(pool) == 6 * sum(len(source.beliefs) for source in whole) + kept + len(ours)
    assert set(ours) <= set(pool.texts)
    assert not any(is_test_row(text) for text in parted if text in pool.texts)
    assert pool.targets.shape == (len(pool), 3)
    assert np.allclose(pool.targets.sum(axis=1), 1.0)
    assert set(pool.digests) == {source.file for source in POOL}
    assert "a label nobody knows" not in pool.texts


def _texts(path: Path) -> list[str]:
    return [row["text"] for row in read_columns(path, ("text", "label"))[0]]


def test_rows_can_be_left_out(pool_folder: Path) -> None:
    pool = read_pool(pool_folder)

    rest = pool.without([0, 2])

    assert rest.texts[0] == pool.texts[1]
    assert rest.texts[1] == pool.texts[3]
    assert len(rest.weights) == len(rest.targets) == len(pool) - 2
    assert rest.digest() != pool.digest()


def test_a_missing_file_of_the_pool_is_named(tmp_path: Path) -> None:
    folder = write_pool(tmp_path / "pool")
    (folder / "fox.csv").unlink()

    with pytest.raises(DataError, match=r"fox\.csv: cannot be read"):
        read_pool(folder)


def test_a_file_without_one_known_label_is_refused(tmp_path: Path) -> None:
    folder = write_pool(tmp_path / "pool")
    (folder / "fox.csv").write_text("id,text,label\n1,goose,yes\n")

    with pytest.raises(DataError, match=r"fox\.csv: no row has one of the labels 1, 0"):
        read_pool(folder)


def test_everyday_texts_are_the_clean_ones(pool_folder: Path, tmp_path: Path) -> None:
    clean = read_everyday(pool_folder / EVERYDAY_FILE)
    assert len(clean) == 30
    assert "what a stupid clown" not in clean

    (tmp_path / "none.csv").write_text("text,label\ngoose,neg\n")
    with pytest.raises(DataError, match="no row is labelled clean"):
        read_everyday(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("The silly goose swims on the calm pond today", True),
        ("@ann the SILLY g00se swims on the calm pond http://x.y", True),
        ("look: the silly goose swims on the calm pond", True),
        ("the silly goose eats all of our bread again", False),
        ("honk honk", True),
        ("honk", False),
        ("", False),
    ],
)
def test_a_text_that_says_nearly_the_same_is_found(text: str, same: bool) -> None:
    known = ["the silly goose swims on the calm pond today", "Honk, honk!"]

    assert near_duplicates(["something else entirely here", text], known) == ([1] if same else [])


def test_sentences_that_differ_in_the_group_they_name_fall_on_the_same_side() -> None:
    """Else a template would be learnt with one group and tested with another."""
    frames = [f"the {word} {{}} neighbours wave at us" for word in ("new", "loud", "odd", "tall")]
    sides = {
        frame: {is_test_row(frame.format(group)) for group in sorted(GROUPS)} for frame in frames
    }
    assert all(len(side) == 1 for side in sides.values())


def test_two_rows_in_five_are_kept_for_testing() -> None:
    """The share is fixed by a digest of the text."""
    kept = sum(is_test_row(f"{a} {b}") for a in "abcdefghijklmnopqrst" for b in "abcdefghijklmnop")
    assert 0.3 < kept / 320 < 0.5
