"""Reading what a site exports: whatever a spreadsheet makes of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from moderator.domain.errors import DataError
from moderator.migration.export import read_export, told_bad

CANARY = "canary-text-41ab"


def written(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """A file of these lines."""
    path = folder / "export.csv"
    path.write_text("\n".join([*lines, ""]), encoding=encoding)
    return path


def test_columns_are_found_by_name_whatever_their_case_and_order(tmp_path):
    """Others are said to mean nothing."""
    path = written(
        tmp_path, "toxicity,Author,ID,Text,INSULT", "0.5,ann,7,hello,", "1,ben,8,you goose,0.25"
    )
    export = read_export(path)
    assert export.ids == ("7", "8")
    assert export.texts == ("hello", "you goose")
    assert export.ignored == ("Author",)
    assert list(export.scores) == ["TOXICITY", "INSULT"]
    assert export.scores["TOXICITY"].tolist() == [0.5, 1.0]
    assert np.isnan(export.scores["INSULT"][0])
    assert (export.bad, export.days) == ((), None)


def test_a_byte_order_mark_and_line_breaks_in_a_text_are_read(tmp_path):
    path = written(
        tmp_path, "id,text,TOXICITY", '1,"two\nlines, one comment",0.1', encoding="utf-8-sig"
    )
    assert read_export(path).texts == ("two\nlines, one comment",)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (f"1,{CANARY}", "it has 2 cells, not 4"),
        (f"1,{CANARY},0.5,,,", "it has 6 cells, not 4"),
        ("1,  ,0.5,", "its text is empty"),
        (f"1,{CANARY},,", "it has no score"),
        (f"1,{CANARY},high,", "its TOXICITY is no number"),
        (f"1,{CANARY},1.01,", "its TOXICITY lies outside 0..1"),
        (f"1,{CANARY},nan,", "its TOXICITY lies outside 0..1"),
        (f"1,{CANARY},0.5,yesterday", "its created_at is no ISO 8601 time"),
        (f"1,{CANARY}{'x' * 1_000_001},0.5,", "it is no CSV"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_by_its_line_and_the_rest_is_read(tmp_path, cells, why):
    """No text of a comment is in what is told."""
    path = written(tmp_path, "id,text,TOXICITY,created_at", "0,first,0.1,", cells, "2,last,0.2,")
    export = read_export(path)
    assert export.texts == ("first", "last")
    (line,) = told_bad(path, export.bad)
    assert line == f"{path}:3: {why}"


def test_many_bad_rows_are_counted_after_the_first_ten(tmp_path):
    path = written(tmp_path, "id,text,TOXICITY", "0,good,0.1", *["1,,0.5"] * 13)
    lines = told_bad(path, read_export(path).bad)
    assert len(lines) == 11
    assert lines[-1] == f"{path}: 3 more rows cannot be used"


def test_the_days_are_those_between_the_first_and_the_last(tmp_path):
    """A time without a zone is UTC."""
    path = written(
        tmp_path,
        "id,text,TOXICITY,created_at",
        "1,a,0.1,2026-03-01T12:00:00Z",
        "2,b,0.1,2026-03-04",
        "3,c,0.1,",
    )
    assert read_export(path).days == 2.5


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["text,TOXICITY", "hello,0.5"], "1: there is no column 'id' (there are: text, TOXICITY)"),
        (["id,TOXICITY", "1,0.5"], "1: there is no column 'text'"),
        (["id,text,score", "1,hello,0.5"], "1: no column is named like an attribute"),
        (["id,text,TOXICITY,toxicity", "1,a,0.5,0.5"], "1: the column 'toxicity' stands twice"),
        (["id,text,TOXICITY"], "no row can be used"),
        (["id,text,TOXICITY", "1,,0.5"], "2: its text is empty"),
        ([], "there is no column 'id' (there are: none)"),
    ],
)
def test_a_file_without_what_is_needed_is_refused(tmp_path, lines, said):
    with pytest.raises(DataError) as refused:
        read_export(written(tmp_path, *lines))
    assert said in str(refused.value)


def test_a_file_that_is_no_text_or_is_not_there_is_refused(tmp_path):
    path = tmp_path / "export.csv"
    with pytest.raises(DataError, match="No such file"):
        read_export(path)
    path.write_bytes(b"id,text,TOXICITY\n1,\xff\xfe,0.5\n")
    with pytest.raises(DataError, match="not UTF-8 text"):
        read_export(path)
