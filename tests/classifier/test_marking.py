"""Marks, on models so simple that one can count."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from moderator.classifier.exam import Exam, Sentences, Suite
from moderator.classifier.figures import ExamFigures
from moderator.classifier.marking import HeldOut, sit, terms_of
from moderator.classifier.metrics import Floats

BASE_RATE = 0.5


def judge(texts: Sequence[str]) -> Floats:
    """P(toxic) is what a text says about itself, "silly 0.7"; 0.9 for a bare "goose", else 0.1."""
    toxic = np.array([_claim(text) for text in texts])
    return np.column_stack([toxic / 4, toxic * 3 / 4, 1.0 - toxic])


def _claim(text: str) -> float:
    numbers = [word for word in text.split() if word.startswith("0.")]
    return float(numbers[0]) if numbers else 0.9 if "goose" in text else 0.1


def suite(name: str, rows: Sequence[tuple[str, bool]]) -> Suite:
    """A suite of rows: (text, toxic)."""
    texts, toxic = zip(*rows, strict=True)
    return Suite(name=name, texts=texts, toxic=np.array(toxic), left_out=3)


def held_out(texts: Sequence[str], labels: Sequence[int], base_rate: float | None) -> HeldOut:
    """Labelled rows, judged."""
    return HeldOut(
        texts=tuple(texts),
        labels=np.array(labels),
        probabilities=judge(texts),
        base_rate=base_rate,
    )


@pytest.fixture(scope="module")
def marks() -> ExamFigures:
    """A small exam that the model above sat."""
    templates = [
        (f"being {group} is lovely", False) for group in ("gay", "deaf") for _ in range(15)
    ]
    templates += [("being old is a goose", False)] * 15 + [("being sikh is a goose", False)] * 3
    exam = Exam(
        everyday=suite("everyday", [(f"0.{i:03}", False) for i in range(1000)]),
        ranking=(suite("edos", [("0.9", True), ("0.4", True), ("0.6", False), ("0.2", False)]),),
        templates=suite("templates", [*templates, ("old goose", True), ("old", True)]),
        sentences=(
            Sentences(
                name="identity",
                texts=("ducks 0.6", "ducks 0.2", "swans 0.7", "boats 0.5"),
                terms=("ducks", "ducks", "swans", ""),
                left_out=1,
            ),
        ),
    )
    rows = held_out(["you goose", "goose goose", "you twit", "calm 0.3"], [0, 1, 1, 2], BASE_RATE)
    return sit(exam, judge, rows)


def test_everyday_comments_are_counted_at_every_threshold(marks: ExamFigures) -> None:
    everyday = marks.everyday

    assert everyday is not None
    assert (everyday.rows, everyday.left_out) == (1000, 3)
    assert (everyday.flagged_half, everyday.flagged_high) == (0.5, 0.2)
    assert everyday.strict_share == 0.005
    assert 0.994 < everyday.strict_threshold < 0.995
    assert len(everyday.alarms_per_1000) == 101
    assert everyday.alarms_per_1000[0] == 1000.0
    assert everyday.alarms_per_1000[75] == 250.0
    assert (len(everyday.histogram), sum(everyday.histogram)) == (20, 1000)


def test_another_source_is_ranked(marks: ExamFigures) -> None:
    (edos,) = marks.ranking

    # Of four pairs only (0.4, 0.6) is the wrong way round.
    assert (edos.rows, edos.toxic, edos.left_out, edos.auc) == (4, 2, 3, 0.75)
    assert (edos.found, edos.false_alarms) == (0.5, 0.5)


def test_the_gap_is_between_terms_with_enough_templates(marks: ExamFigures) -> None:
    templates = marks.templates

    assert templates is not None
    assert [(t.term, t.rows, t.flagged) for t in templates.terms] == [
        ("old", 15, 1.0),
        ("deaf", 15, 0.0),
        ("gay", 15, 0.0),
    ]
    assert (templates.rows, templates.toxic, templates.near_duplicates) == (48, 2, 3)
    assert (templates.gap, templates.found) == (1.0, 0.5)
    assert templates.flagged == pytest.approx(18 / 48)


def test_sentences_of_our_own_are_named_where_they_are_flagged(marks: ExamFigures) -> None:
    (own,) = marks.sentences

    assert (own.kind, own.rows, own.left_out, own.flagged) == ("identity", 4, 1, 0.75)
    assert own.flagged_sentences == ("swans 0.7", "ducks 0.6", "boats 0.5")
    assert [(t.term, t.rows, t.flagged) for t in own.terms] == [
        ("swans", 1, 1.0),
        ("ducks", 2, 0.5),
    ]


def test_disguises_cost_what_the_model_no_longer_reads() -> None:
    exam = Exam(
        everyday=suite("everyday", [("0.5", False)] * 10),
        ranking=(),
        templates=None,
        sentences=(),
    )

    marks = sit(exam, judge, held_out(["you goose", "bad goose", "0.3"], [0, 1, 1], None)).disguises

    assert marks is not None
    assert (marks.toxic, marks.disguised) == (3, 3)
    assert marks.recall == marks.found == pytest.approx(2 / 3)
    assert len(marks.tricks) == 11
    assert {trick.found for trick in marks.tricks} == {0.0}, "not one goose is read"
    assert {trick.lost for trick in marks.tricks} == {marks.found}


def test_a_board_has_one_toxic_comment_in_twenty_and_probabilities_to_match(
    marks: ExamFigures,
) -> None:
    board = marks.board

    assert board is not None
    assert board.base_rate == 0.05
    assert board.toxic_share == pytest.approx(0.05)
    assert sum(bin.rows for bin in board.bins) == 1004
    # Toxic rows claimed 0.9, 0.9 and 0.1 where half is toxic: of twenty it is 0.32, 0.32, 0.006.
    assert board.bins[3].claimed == pytest.approx(0.32, abs=0.03)


def test_where_the_model_names_no_base_rate_its_probabilities_stay() -> None:
    exam = Exam(
        everyday=suite("everyday", [("calm", False)]), ranking=(), templates=None, sentences=()
    )

    board = sit(exam, judge, held_out(["goose", "calm"], [0, 2], None)).board

    assert board is not None
    assert board.base_rate is None
    # A claim of 0.9 that is right 5 times, and of 0.1 that is wrong 95 times of a hundred.
    assert board.error == pytest.approx(0.05 * 0.1 + 0.95 * 0.1)


def test_without_a_toxic_row_nothing_can_be_found_or_lost() -> None:
    exam = Exam(
        everyday=suite("everyday", [("calm", False)]), ranking=(), templates=None, sentences=()
    )

    marks = sit(exam, judge, held_out(["calm"], [2], None))

    assert marks.everyday is not None
    assert (marks.disguises, marks.board) == (None, None)


def test_without_everyday_comments_there_is_no_strict_threshold() -> None:
    exam = Exam(everyday=None, ranking=(), templates=None, sentences=())

    marks = sit(exam, judge, held_out(["goose"], [0], None))

    assert (marks.everyday, marks.disguises, marks.board) == (None, None, None)


@pytest.mark.parametrize(
    ("template", "terms"),
    [
        ("being deaf is lovely", ["deaf"]),
        ("Being Middle Aged is lovely", ["middle aged"]),
        ("you are a kind old sikh and a deaf one", ["deaf", "old sikh"]),
        ("you are kind", []),
    ],
)
def test_words_of_a_group_next_to_each_other_are_one_term(template: str, terms: list[str]) -> None:
    assert terms_of(template) == terms
