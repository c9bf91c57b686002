"""From a labelled file to a model file, its card and its report; and measuring it afterwards."""

from __future__ import annotations

import csv
from pathlib import Path

import joblib
import numpy as np
import pytest

from moderator.classifier.artefact import GOLDEN_SENTENCES, load, read_card
from moderator.classifier.card import findings_in
from moderator.classifier.comparison import reach
from moderator.classifier.crossval import Fold, cross_validate, split
from moderator.classifier.dataset import LabelledRows
from moderator.classifier.evaluate import FLATTERS, ModelFile, evaluate
from moderator.classifier.examination import examine
from moderator.classifier.figures import Findings
from moderator.classifier.held_out import of_fold, summed_up
from moderator.classifier.recipe import Fitted, Parameters, Step, ignore_step
from moderator.classifier.robust import Default, Settings
from moderator.classifier.train import TrainingReport, train
from moderator.domain.errors import DataError, ModelError
from tests.classifier.conftest import mild_rows, write_pool


@pytest.fixture(scope="module")
def trained(
    mild_csv: Path, pool_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> TrainingReport:
    """A default model trained with a pool and measured on two folds beside the others."""
    out = tmp_path_factory.mktemp("out") / "model.joblib"
    return train(mild_csv, out=out, pool=pool_folder, folds=2, compare=True)


def test_a_trained_model_can_be_loaded_by_the_pin_in_its_card(trained: TrainingReport) -> None:
    card = read_card(trained.model_path)

    scorer = load(trained.model_path, card["sha256"])

    assert scorer.model == trained.model == f"default@{trained.sha256[:12]}"
    assert trained.model_path.stat().st_size == trained.model_bytes


def test_the_card_says_what_the_model_is_made_of(
    trained: TrainingReport, mild: LabelledRows
) -> None:
    card = read_card(trained.model_path)

    assert card["trained_on"] == [{"file": "mild.csv", "sha256": mild.digest, "rows": 200}]
    assert {"file", "sha256", "source", "licence"} == set(card["pool"][0])
    assert card["pool_rows"] + card["pool_rows_left_out"] > 0
    assert card["labels"] == ["hate", "offensive", "neither"]
    assert card["parameters"]["regularisation"] == Settings().regularisation
    assert "scikit-learn" in card["versions"]
    assert [golden["text"] for golden in card["golden"]] == list(GOLDEN_SENTENCES)


def test_the_card_names_no_folder_and_quotes_no_row(
    trained: TrainingReport, mild: LabelledRows
) -> None:
    text = trained.card_path.read_text() + trained.report_path.read_text()

    assert str(trained.model_path.parent) not in text
    assert not [row for row in mild.texts if row in text]


def test_all_recipes_are_measured_on_the_same_folds(trained: TrainingReport) -> None:
    assert trained.findings is not None
    columns = trained.findings.columns

    assert [column.name for column in columns] == ["tutorial", "default alone", "new"]
    assert [column.recipe for column in columns] == ["tutorial", "default-without-pool", "default"]
    assert {column.held_out.folds for column in columns} == {2}
    assert {column.held_out.metrics.rows for column in columns} == {80}
    assert {sum(map(sum, column.held_out.confusion)) for column in columns} == {80}
    assert [column.base_rate is None for column in columns] == [True, False, False]


def test_all_recipes_sit_the_same_exam_and_are_timed(trained: TrainingReport) -> None:
    assert trained.findings is not None
    exams = [column.exam for column in trained.findings.columns]

    assert len({exam.everyday.rows for exam in exams if exam.everyday}) == 1
    assert [len(exam.ranking) for exam in exams] == [4, 4, 4]
    assert [len(exam.sentences) for exam in exams] == [7, 7, 7]
    assert all(exam.templates for exam in exams)
    assert not any(exam.disguises for exam in exams), "no held-out row is unlike a training row"
    assert all(column.speed.pipeline_s for column in trained.findings.columns)


def test_the_report_sets_them_side_by_side_with_what_was_aimed_at(trained: TrainingReport) -> None:
    page = trained.report_path.read_text()

    assert "|  | tutorial | default alone | new | reach |  |" in page
    assert "| macro-F1 |" in page
    assert "clean everyday comments flagged at 0.5" in page
    assert trained.table() in page
    assert trained.findings is not None
    assert all(note in page for note in trained.findings.notes)


def test_the_card_holds_all_that_was_found(trained: TrainingReport) -> None:
    found = findings_in(read_card(trained.model_path))

    assert found is not None
    assert trained.findings is not None
    assert found.reach == trained.findings.reach
    assert found.notes == trained.findings.notes
    assert [column.name for column in found.columns] == ["tutorial", "default alone", "new"]
    assert found.columns[-1].held_out.confusion == trained.findings.columns[-1].held_out.confusion


def test_training_again_gives_the_same_model_file(
    trained: TrainingReport, mild_csv: Path, pool_folder: Path, tmp_path: Path
) -> None:
    again = train(mild_csv, out=tmp_path / "again.joblib", pool=pool_folder, folds=0)

    assert again.sha256 == trained.sha256
    assert again.findings is None
    assert again.table() == ""
    assert findings_in(read_card(again.model_path)) is None


def test_the_tutorials_model_is_written_and_served_too(mild_csv: Path, tmp_path: Path) -> None:
    report = train(mild_csv, recipe="tutorial", out=tmp_path / "tutorial.joblib", folds=0)

    scorer = load(report.model_path, report.sha256)

    assert scorer.model.startswith("tutorial@")
    assert scorer.score("what a silly fool").label == "offensive"
    assert read_card(report.model_path)["pool"] == []


def test_a_model_that_cannot_be_written_leaves_nothing_half_done(
    mild_csv: Path, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=r"model\.joblib: cannot be written: No such file"):
        train(mild_csv, out=tmp_path / "none" / "model.joblib", folds=0)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folds", [-1, 6])
def test_a_wrong_number_of_folds_is_refused(mild_csv: Path, tmp_path: Path, folds: int) -> None:
    with pytest.raises(DataError, match="folds must lie between 0 and 5"):
        train(mild_csv, out=tmp_path / "model.joblib", folds=folds)


def test_a_wrong_recipe_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no recipe 'best'"):
        train(tmp_path / "none.csv", recipe="best", out=tmp_path / "model.joblib")


def test_nothing_is_printed_where_there_is_no_terminal(
    mild_csv: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    train(mild_csv, out=tmp_path / "model.joblib", folds=1)

    assert capfd.readouterr() == ("", "")


def test_what_a_labelled_row_says_is_left_out_of_the_pool(
    mild_csv: Path, mild: LabelledRows, tmp_path: Path
) -> None:
    folder = write_pool(tmp_path / "pool")
    with (folder / "surge.csv").open("a", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("x", text, "1") for text in mild.texts[:5]])

    report = train(mild_csv, out=tmp_path / "model.joblib", pool=folder, folds=0)

    assert report.left_out == 5


class Counting:
    """A recipe that counts how often it is fitted."""

    name = "counting"

    def __init__(self, base_rate: float = 0.15) -> None:
        self.fitted = 0
        self._default = Default(settings=Settings(base_rate=base_rate))

    @property
    def parameters(self) -> Parameters:
        return self._default.parameters

    def fit(self, rows: LabelledRows, step: Step = ignore_step) -> Fitted:
        self.fitted += 1
        return self._default.fit(rows, step)


@pytest.fixture(scope="module")
def folds(mild: LabelledRows) -> tuple[Fold, ...]:
    """All five folds of the mild rows."""
    return split(mild)


@pytest.mark.parametrize("base_rate", [0.15, 1e-4])  # at the second all look harmless
def test_a_fold_that_was_measured_is_not_measured_again(
    base_rate: float, mild: LabelledRows, folds: tuple[Fold, ...], tmp_path: Path
) -> None:
    recipe = Counting(base_rate)
    first = list(cross_validate(mild, [recipe], folds[:2], keep=tmp_path))

    again = list(cross_validate(mild, [recipe], folds[:3], keep=tmp_path))

    assert recipe.fitted == 3
    assert np.array_equal(first[1].result.probabilities, again[1].result.probabilities)
    assert first[1].result.fit_s == again[1].result.fit_s


def test_the_first_folds_model_is_kept_and_says_what_it_said(
    mild: LabelledRows, folds: tuple[Fold, ...], tmp_path: Path
) -> None:
    (first,) = cross_validate(mild, [Counting()], folds[:1], keep=tmp_path)
    (again,) = cross_validate(mild, [Counting()], folds[:1], keep=tmp_path)

    assert first.fitted is not again.fitted
    assert first.fitted is not None
    assert again.fitted is not None
    texts = mild.texts[:20]
    assert np.array_equal(first.fitted.probabilities(texts), again.fitted.probabilities(texts))


def test_a_kept_model_that_says_something_else_now_is_thrown_away_with_its_folds(
    mild: LabelledRows, folds: tuple[Fold, ...], tmp_path: Path
) -> None:
    recipe = Counting()
    (first, _) = cross_validate(mild, [recipe], folds[:2], keep=tmp_path)
    (model,) = tmp_path.glob("*-model.joblib")
    joblib.dump(Default(settings=Settings(regularisation=1.0)).fit(mild), model)

    (again, _) = cross_validate(mild, [recipe], folds[:2], keep=tmp_path)

    assert recipe.fitted == 4
    assert np.array_equal(first.result.probabilities, again.result.probabilities)


def test_a_kept_fold_of_other_rows_is_not_taken_for_this_one(
    mild: LabelledRows, folds: tuple[Fold, ...], tmp_path: Path
) -> None:
    recipe = Counting()
    list(cross_validate(mild, [recipe], folds[:1], keep=tmp_path))

    fewer = mild.take(range(100))
    list(cross_validate(fewer, [recipe], split(fewer, 1), keep=tmp_path))

    assert recipe.fitted == 2


def test_a_model_that_sat_an_exam_does_not_sit_it_again(
    mild: LabelledRows, pool_folder: Path, tmp_path: Path
) -> None:
    recipe = Counting()
    first = examine(mild, [recipe], folds=1, pool=pool_folder, keep=tmp_path)
    (sat,) = tmp_path.glob("*-exam-*.json")
    written = sat.stat().st_mtime_ns

    again = examine(mild, [recipe], folds=1, pool=pool_folder, keep=tmp_path)
    examine(mild, [recipe], folds=1, keep=tmp_path)

    assert recipe.fitted == 1
    assert again.columns[0].exam == first.columns[0].exam
    assert sat.stat().st_mtime_ns == written
    assert len(list(tmp_path.glob("*-exam-*.json"))) == 2, "another exam was sat for itself"


def test_folds_are_disjoint_and_cover_all_rows(mild: LabelledRows, folds: tuple[Fold, ...]) -> None:
    tested = np.concatenate([fold.test for fold in folds])

    assert sorted(tested.tolist()) == list(range(len(mild)))
    assert all(not set(fold.test) & set(fold.train) for fold in folds)


def test_held_out_rows_that_a_training_row_says_again_are_marked(mild: LabelledRows) -> None:
    (fold,) = split(mild, 1)

    known = mild.take(fold.test[fold.known]).texts
    trained_on = set(mild.take(fold.train).texts)
    assert known
    assert {text for text in mild.take(fold.test).texts if text in trained_on} <= set(known)


def test_figures_are_means_over_folds(mild: LabelledRows, folds: tuple[Fold, ...]) -> None:
    results = [m.result for m in cross_validate(mild, [Default()], folds[:2])]
    parts = [of_fold(mild, *pair) for pair in zip(folds[:2], results, strict=True)]

    found = summed_up(parts, data=mild.name, folds=2)

    pairs = zip(folds, results, strict=False)
    each = [np.mean(mild.labels[fold.test] == result.decided) for fold, result in pairs]
    assert found.metrics.accuracy == pytest.approx(np.mean(each))
    assert found.near_duplicates == sum(int(fold.known.sum()) for fold in folds[:2])
    assert sum(map(sum, found.histograms)) == found.metrics.rows == 80


def test_without_a_pool_what_cannot_be_asked_is_not_made_up(mild: LabelledRows) -> None:
    found = examine(mild, [Default()], folds=1)

    (column,) = found.columns
    assert (column.name, column.exam.everyday, column.exam.ranking) == ("new", None, ())
    lines = {line.figure: line for line in reach(found.columns)}
    strict = lines["clean everyday comments flagged at 0.5"]
    assert (strict.cells, strict.reached) == (("",), None)


@pytest.fixture(scope="module")
def model_file(trained: TrainingReport, mild: LabelledRows) -> ModelFile:
    """The trained model, as the command line opens it."""
    return ModelFile(
        scorer=load(trained.model_path, trained.sha256),
        recipe="default",
        sha256=trained.sha256,
        size=trained.model_bytes,
        trained_digests=[mild.digest],
        findings=findings_in(read_card(trained.model_path)),
    )


@pytest.fixture(scope="module")
def evaluation(
    model_file: ModelFile, pool_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Findings:
    """The trained model on rows it never saw, one of them not to be judged, and in the exam."""
    path = tmp_path_factory.mktemp("held") / "held.csv"
    names = ["hate", "offensive", "neither"]
    rows = [(names[int(label)], text) for label, text in mild_rows(100, seed=5)]
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("label", "text"), *rows, ("neither", "привет, как дела")])
    return evaluate(model_file, path, pool=pool_folder)


def test_an_evaluation_counts_what_was_judged_and_what_was_not(evaluation: Findings) -> None:
    own = evaluation.columns[-1]

    assert evaluation.rows == 101
    assert own.held_out.metrics.rows == 100
    assert evaluation.abstained == {"language": 1}
    assert sum(map(sum, own.held_out.confusion)) == 100
    assert own.held_out.metrics.accuracy > 0.8
    assert (own.name, own.held_out.folds, own.held_out.distinct) == (evaluation.model, 0, None)


def test_a_finished_model_sits_the_exam_and_stands_beside_its_cards_figures(
    evaluation: Findings,
) -> None:
    assert [column.name for column in evaluation.columns[:-1]] == [
        "tutorial",
        "default alone",
        "new",
    ]
    exam = evaluation.columns[-1].exam
    assert exam.everyday is not None
    assert exam.disguises is not None
    assert len(exam.ranking) == 4
    assert evaluation.columns[-1].speed.pipeline_s is None
    assert {len(line.cells) for line in evaluation.reach} == {4}


def test_figures_on_the_training_file_are_said_to_flatter(
    model_file: ModelFile, mild_csv: Path, evaluation: Findings
) -> None:
    on_training_rows = evaluate(model_file, mild_csv)

    lines = {line.figure: line for line in on_training_rows.reach}
    assert on_training_rows.trained_on
    assert on_training_rows.notes[0] == FLATTERS
    assert lines["macro-F1"].cells[-1].startswith("(")
    assert lines["macro-F1"].reached is None
    assert lines["thanks flagged"].reached is not None
    assert not evaluation.trained_on
    assert FLATTERS not in evaluation.notes


def test_a_file_without_a_judged_row_of_each_class_is_refused(
    model_file: ModelFile, tmp_path: Path
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("label,text\nhate,привет всем\noffensive,daft goose\nneither,calm goose\n")

    with pytest.raises(DataError, match="a class has no row that the model could judge"):
        evaluate(model_file, path)
