"""What is asked: test rows that nothing trained on says, and mild sentences of our own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from moderator.classifier.dataset import read_columns
from moderator.classifier.duplicates import Said, near_duplicates
from moderator.classifier.exam import RANKING_FILES, Exam, read_exam, timed_texts
from moderator.classifier.identity_sentences import FRAMES, GROUPS, identity_sentences
from moderator.classifier.innocent_sentences import innocent_sentences
from moderator.classifier.pool import is_test_row, read_pool
from moderator.domain.errors import DataError
from tests.classifier.conftest import write_pool

BAD_PARTS = ("ass", "cock", "cum", "tit", "shit", "rape", "anal", "sex", "butt", "hell", "hoe")


@pytest.fixture(scope="module")
def exam(pool_folder: Path) -> Exam:
    """The exam of the small pool."""
    return read_exam(pool_folder, read_pool(pool_folder).texts)


def test_every_group_is_named_in_every_everyday_sentence() -> None:
    sentences = identity_sentences()

    assert len(GROUPS) >= 33
    assert len(FRAMES) >= 10
    assert len(set(sentences)) == len(GROUPS) * len(FRAMES)
    assert set(Counter(group for group, _ in sentences).values()) == {len(FRAMES)}
    assert not [text for _, text in sentences if "{" in text or not text[0].isupper()]


def test_there_are_a_hundred_innocent_words_each_in_ordinary_sentences() -> None:
    kinds = innocent_sentences()

    words = Counter(word for word, _ in kinds["innocent words"])
    assert len(words) >= 100
    assert min(words.values()) == 3
    assert sum(any(part in word.lower() for part in BAD_PARTS) for word in words) >= 60
    assert all(word in text for rows in kinds.values() for word, text in rows)
    assert not [text for rows in kinds.values() for _, text in rows if "<" in text or "{" in text]


def test_names_of_many_origins_self_deprecation_and_thanks_are_asked() -> None:
    kinds = innocent_sentences()

    assert set(kinds) == {
        "innocent words",
        "places",
        "surnames",
        "first names",
        "self-deprecation",
        "thanks",
    }
    assert {"Shital", "Nishit"} <= {name for name, _ in kinds["first names"]}
    assert min(map(len, kinds.values())) >= 40


def test_the_suites_are_read_with_what_their_rows_are(exam: Exam) -> None:
    assert exam.everyday is not None
    assert len(exam.everyday.texts) + exam.everyday.left_out == 30
    assert not exam.everyday.toxic.any()
    assert [suite.name for suite in exam.ranking] == list(RANKING_FILES)
    assert all(0 < suite.toxic.sum() < len(suite.texts) for suite in exam.ranking)
    assert exam.sentences[0].name == "identity"


def test_of_a_file_without_a_test_part_only_its_test_rows_are_asked(
    exam: Exam, pool_folder: Path
) -> None:
    assert exam.templates is not None
    asked = {*exam.ranking[-1].texts, *exam.templates.texts}

    assert all(map(is_test_row, asked))
    assert not asked & set(read_pool(pool_folder).texts)


def test_rows_that_a_training_row_says_again_are_left_out_and_counted(tmp_path: Path) -> None:
    folder = write_pool(tmp_path / "pool")
    said = "quite another sentence about boats and bread"
    with (folder / "edos_test.csv").open("a") as out:
        out.write(f"x,{said}!,0\n")

    exam = read_exam(folder, [said.upper()])

    edos = exam.ranking[0]
    assert (len(edos.texts), edos.left_out) == (24, 1)
    assert f"{said}!" not in edos.texts
    left_out, choices = exam.notes()
    assert "edos 1." in left_out
    assert "development parts" in choices


def test_templates_stay_and_their_likeness_is_counted(pool_folder: Path) -> None:
    path = pool_folder / "madlibs_templates.csv"
    rows, _ = read_columns(path, ("text", "label"))
    held_out = [row["text"] for row in rows if row["label"] in "01" and is_test_row(row["text"])]

    exam = read_exam(pool_folder, held_out)

    assert exam.templates is not None
    assert len(exam.templates.texts) == exam.templates.left_out == len(held_out)


def test_our_own_sentences_are_left_out_where_they_were_trained_on() -> None:
    said = innocent_sentences()["thanks"][0][1]

    exam = read_exam(None, [said])

    thanks = next(own for own in exam.sentences if own.name == "thanks")
    assert said not in thanks.texts
    assert thanks.left_out >= 1


def test_without_a_pool_only_our_own_sentences_are_asked() -> None:
    exam = read_exam(None, [])

    assert (exam.everyday, exam.ranking, exam.templates) == (None, (), None)
    assert len(exam.sentences) == 7
    assert exam.notes() == ("There was no pool: only our own sentences were asked.",)


def test_the_digest_is_that_of_what_is_asked(exam: Exam, pool_folder: Path) -> None:
    trained_on = read_pool(pool_folder).texts
    same, other = read_exam(pool_folder, trained_on), read_exam(None, trained_on)

    assert exam.digest() == same.digest() != other.digest()


def test_a_missing_test_file_is_named(tmp_path: Path) -> None:
    folder = write_pool(tmp_path / "pool")
    (folder / "misogyny_test.csv").unlink()

    with pytest.raises(DataError, match=r"misogyny_test\.csv"):
        read_exam(folder, ())


def test_a_test_file_of_which_one_label_is_lacking_is_refused(tmp_path: Path) -> None:
    folder = write_pool(tmp_path / "pool")
    (folder / "edos_test.csv").write_text("id,text,label\n1,a calm goose,0\n")

    with pytest.raises(DataError, match=r"edos_test\.csv: a label of 1, 0 has no row"):
        read_exam(folder, ())


def test_texts_for_timing_are_those_of_the_test_files(pool_folder: Path) -> None:
    assert len(timed_texts(pool_folder)) == 31 + 3 * 24


def test_what_was_said_is_known_once_for_many_suites() -> None:
    said = Said(["the calm goose swims to the far shore", "daft twit"])

    assert said.again(["the calm goose swims to the far pond", "a boat", "Daft twit!"]) == [0, 2]
    assert near_duplicates(["daft twit"], ["daft twit"]) == [0]
