"""From a labelled file to a model file, its card and its report; and measuring it afterwards."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from moderator.classifier.artefact import GOLDEN_SENTENCES, load, read_card
from moderator.classifier.comparison import comparison_table, summed_up
from moderator.classifier.crossval import FoldResult, cross_validate
from moderator.classifier.dataset import LabelledRows
from moderator.classifier.evaluate import Evaluation, evaluate
from moderator.classifier.recipe import Fitted, Parameters, Step, ignore_step
from moderator.classifier.report import as_markdown, write_report
from moderator.classifier.robust import Default
from moderator.classifier.train import TrainingReport, train
from moderator.classifier.tutorial import Tutorial
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
    assert card["parameters"]["regularisation"] == 0.05
    assert "scikit-learn" in card["versions"]
    assert [golden["text"] for golden in card["golden"]] == list(GOLDEN_SENTENCES)


def test_the_card_names_no_folder_and_quotes_no_row(
    trained: TrainingReport, mild: LabelledRows
) -> None:
    text = trained.card_path.read_text() + trained.report_path.read_text()

    assert str(trained.model_path.parent) not in text
    assert not [row for row in mild.texts if row in text]


def test_all_recipes_are_measured_on_the_same_folds(trained: TrainingReport) -> None:
    names = [figures.recipe for figures in trained.figures]

    assert names == ["tutorial", "default-without-pool", "default"]
    assert {figures.folds for figures in trained.figures} == {2}
    assert {figures.metrics.rows for figures in trained.figures} == {80}


def test_the_report_sets_them_side_by_side(trained: TrainingReport) -> None:
    page = trained.report_path.read_text()

    assert "|  | tutorial | default-without-pool | default |" in page
    assert "macro-F1 (sd over folds)" in page
    assert "clean everyday texts called toxic at 0.5" in page


def test_training_again_gives_the_same_model_file(
    trained: TrainingReport, mild_csv: Path, pool_folder: Path, tmp_path: Path
) -> None:
    again = train(mild_csv, out=tmp_path / "again.joblib", pool=pool_folder, folds=0)

    assert again.sha256 == trained.sha256
    assert again.figures == ()
    assert again.table() == ""


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

    def __init__(self) -> None:
        self.fitted = 0

    @property
    def parameters(self) -> Parameters:
        return Default().parameters

    def fit(self, rows: LabelledRows, step: Step = ignore_step) -> Fitted:
        self.fitted += 1
        return Default().fit(rows, step)


def test_a_fold_that_was_measured_is_not_measured_again(mild: LabelledRows, tmp_path: Path) -> None:
    recipe = Counting()
    first = list(cross_validate(mild, [recipe], folds=2, keep=tmp_path))

    again = list(cross_validate(mild, [recipe], folds=3, keep=tmp_path, everyday=()))

    assert recipe.fitted == 3
    assert np.array_equal(first[1].probabilities, again[1].probabilities)
    assert (first[1].recipe, first[1].fit_s) == (again[1].recipe, again[1].fit_s)


def test_a_kept_fold_of_other_rows_is_not_taken_for_this_one(
    mild: LabelledRows, tmp_path: Path
) -> None:
    recipe = Counting()
    list(cross_validate(mild, [recipe], folds=1, keep=tmp_path))

    list(cross_validate(mild.take(range(100)), [recipe], folds=1, keep=tmp_path))
    list(cross_validate(mild, [recipe], folds=1, keep=tmp_path, everyday=["a calm pond"]))

    assert recipe.fitted == 3


def test_folds_are_disjoint_and_cover_all_rows(mild: LabelledRows) -> None:
    results = list(cross_validate(mild, [Default()], folds=5))

    tested = np.concatenate([result.test for result in results])
    assert sorted(tested.tolist()) == list(range(len(mild)))


def test_both_recipes_are_tested_on_the_same_rows(mild: LabelledRows) -> None:
    tutorial, default = cross_validate(mild, [Tutorial(), Default()], folds=1)

    assert np.array_equal(tutorial.test, default.test)


def test_figures_are_means_over_folds_and_unmeasured_alarms_say_so(mild: LabelledRows) -> None:
    results: list[FoldResult] = list(cross_validate(mild, [Default()], folds=2))

    (figures,) = summed_up(results, mild.labels)

    each = [np.mean(mild.labels[r.test] == r.decided) for r in results]
    assert figures.metrics.accuracy == pytest.approx(np.mean(each))
    assert figures.false_alarms == ()
    assert "not measured" in comparison_table([figures])


@pytest.fixture(scope="module")
def evaluation(
    trained: TrainingReport, pool_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Evaluation:
    """The trained model on rows it never saw, a few of them not to be judged."""
    path = tmp_path_factory.mktemp("held") / "held.csv"
    names = ["hate", "offensive", "neither"]
    rows = [(names[int(label)], text) for label, text in mild_rows(100, seed=5)]
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("label", "text"), *rows, ("neither", "привет, как дела")])
    return evaluate(
        load(trained.model_path, trained.sha256),
        path,
        everyday=pool_folder / "goemotions_test.csv",
    )


def test_an_evaluation_counts_what_was_judged_and_what_was_not(evaluation: Evaluation) -> None:
    assert evaluation.rows == 101
    assert evaluation.metrics.rows == 100
    assert dict(evaluation.abstained) == {"language": 1}
    assert sum(map(sum, evaluation.confusion)) == 100
    assert sum(n for n, _, _ in evaluation.reliability) == 100
    assert evaluation.metrics.accuracy > 0.8
    assert evaluation.false_alarms in {(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)}


def test_figures_on_the_training_file_are_said_to_flatter(
    trained: TrainingReport, mild_csv: Path, mild: LabelledRows, evaluation: Evaluation
) -> None:
    scorer = load(trained.model_path, trained.sha256)

    on_training_rows = evaluate(scorer, mild_csv, trained_digests=[mild.digest])

    assert on_training_rows.trained_on
    assert "flatter" in as_markdown(on_training_rows)
    assert "flatter" not in as_markdown(evaluation)


def test_a_file_without_a_judged_row_of_each_class_is_refused(
    trained: TrainingReport, tmp_path: Path
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("label,text\nhate,привет всем\noffensive,daft goose\nneither,calm goose\n")

    with pytest.raises(DataError, match="a class has no row that the model could judge"):
        evaluate(load(trained.model_path, trained.sha256), path)


def test_a_report_is_written_with_its_drawing(evaluation: Evaluation, tmp_path: Path) -> None:
    page = write_report(evaluation, tmp_path / "report")

    assert page.read_text().startswith(f"# {evaluation.model} on held.csv")
    assert "| hate |" in page.read_text()
    drawing = (tmp_path / "report" / "reliability.svg").read_text()
    assert drawing.startswith("<svg")
    assert drawing.count("<circle") == sum(n > 0 for n, _, _ in evaluation.reliability)


def test_a_report_says_none_where_all_was_judged(evaluation: Evaluation) -> None:
    page = as_markdown(replace(evaluation, abstained={}))

    assert "| not judged | none |" in page


def test_the_card_is_json_that_anybody_can_read(trained: TrainingReport) -> None:
    card = json.loads(trained.card_path.read_text())

    assert card["measured"][-1]["recipe"] == "default"
    assert 0.0 < card["measured"][-1]["metrics"]["macro_f1"] <= 1.0
