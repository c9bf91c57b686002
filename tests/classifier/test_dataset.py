"""Reading labelled files: two formats, and every way they can be wrong."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from moderator.classifier.dataset import read_columns, read_labelled
from moderator.domain.errors import DataError
from tests.classifier.conftest import mild_rows, write_davidson

HEAD = "class,tweet\n"
GOOD = "0,a bad goose\n1,a daft goose\n2,a goose\n"


def a_file(folder: Path, content: str | bytes) -> Path:
    path = folder / "rows.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_davidsons_format_gives_texts_classes_and_shares_of_votes(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        ",count,hate_speech,offensive_language,neither,class,tweet\n"
        '0,3,0,0,3,2,"a goose, calm"\n1,3,2,1,0,0,bad\n2,6,1,4,1,1,"daft\nand long"\n',
    )

    rows = read_labelled(path, smallest_class=1)

    assert rows.texts == ("a goose, calm", "bad", "daft\nand long")
    assert rows.labels.tolist() == [2, 0, 1]
    assert rows.votes is not None
    assert np.allclose(rows.votes[2], [1 / 6, 4 / 6, 1 / 6])
    assert rows.digest == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_plain_format_names_its_labels(tmp_path: Path) -> None:
    path = a_file(tmp_path, "id,text,label\n1,a goose,neither\n2,daft,Offensive\n3,bad, hate \n")

    rows = read_labelled(path, smallest_class=1)

    assert rows.labels.tolist() == [2, 1, 0]
    assert rows.votes is None


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    rows = read_labelled(a_file(tmp_path, ("\ufeff" + HEAD + GOOD).encode()), smallest_class=1)

    assert len(rows) == 3


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is empty"),
        ("  \n", "is empty"),
        ("klass,tweet\n0,goose\n", "line 1: needs the columns class and tweet, or text and label"),
        (HEAD + "3,goose\n", "line 2: column class is none of 0, 1, 2"),
        (HEAD + GOOD + ",goose\n", "line 5: column class is none of"),
        (HEAD + "hate,goose\n", "line 2: column class is none of"),
        ("text,label\ngoose,rude\n", "line 2: column label is none of hate, offensive, neither"),
        (HEAD + '0,""\n', "line 2: column tweet is empty"),
        (HEAD + "0,  \n", "line 2: column tweet is empty"),
        (HEAD + "0\n", "line 2: has not as many fields as line 1"),
        (HEAD + "0,goose,swan\n", "line 2: has not as many fields as line 1"),
        (HEAD + '0,"goose\n', "line 2: unexpected end of data"),
        (HEAD + '0,"go"ose\n', "line 2:"),
        (HEAD.encode() + b"0,g\xff\n", "line 2: not UTF-8 at byte 15"),
        ("\ufeffclass,tweet\n0,goose\n".encode("utf-16"), "not UTF-8"),
        (HEAD + GOOD, "class hate has 1 rows, at least 10 are needed"),
        (
            "class,tweet,hate_speech,offensive_language,neither\n0,goose,0,0,0\n",
            "line 2: columns hate_speech, offensive_language, neither are not counts of votes",
        ),
        (
            "class,tweet,hate_speech,offensive_language,neither\n0,goose,-1,2,1.5\n",
            "line 2: columns hate_speech, offensive_language, neither are not counts of votes",
        ),
    ],
)
def test_a_malformed_file_is_refused_with_the_place_and_without_the_text(
    tmp_path: Path, content: str | bytes, told: str
) -> None:
    path = a_file(tmp_path, content)

    with pytest.raises(DataError) as error:
        read_labelled(path)

    assert str(error.value).startswith(f"{path}: ")
    assert told in str(error.value)
    assert "goose" not in str(error.value)


def test_a_missing_file_and_a_folder_are_refused_by_name(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(DataError, match="cannot be read"):
            read_labelled(path)


def test_a_very_long_text_is_read(tmp_path: Path) -> None:
    path = a_file(tmp_path, HEAD + GOOD + "2," + "goose " * 40_000 + "\n")

    assert len(read_labelled(path, smallest_class=1).texts[3]) > 131_072


def test_a_part_of_the_rows_keeps_texts_classes_and_votes_together(tmp_path: Path) -> None:
    rows = read_labelled(write_davidson(tmp_path / "d.csv", mild_rows(80)))

    part = rows.take([5, 0])

    assert part.texts == (rows.texts[5], rows.texts[0])
    assert part.labels.tolist() == [rows.labels[5], rows.labels[0]]
    assert part.votes is not None
    assert rows.votes is not None
    assert np.array_equal(part.votes[0], rows.votes[5])


def test_columns_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 1: no column text, label"):
        read_columns(a_file(tmp_path, HEAD + GOOD), ("text", "label"))
