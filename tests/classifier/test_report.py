"""The report: one page that stands alone, true to the numbers, and the same numbers as JSON."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import pytest

from moderator.classifier.figures import Findings, TermFigures, from_json
from moderator.classifier.limits import LIMITS
from moderator.classifier.report import plots, write_report
from moderator.classifier.report.headline import headline, outcome
from moderator.classifier.report.numbers import decimal, rate, seconds, share, size
from moderator.classifier.report.page import as_html
from moderator.classifier.report.table import Table
from moderator.domain.errors import DataError

from .sample_findings import bare, findings

CARD = json.loads(
    resources.files("moderator.classifier.bundled").joinpath("model.card.json").read_text()
)
VOID = {"meta", "link"}


class Page(HTMLParser):
    """What a browser would make of it: tables by caption, and everything that is wrong."""

    def __init__(self, text):
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.titles: list[str] = []
        self.rows: list[list[str]] = []
        self.tables: dict[str, list[list[list[str]]]] = {}  # rows of each table of a caption
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.caption, self.rows = "", []
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag == "table":
            self.tables.setdefault(self.caption, []).append(self.rows)

    def handle_data(self, data):
        self.words.append(data)
        if "caption" in self.open[-1:]:
            self.caption += data
        if self.open[-1:] in (["td"], ["th"]):
            self.rows[-1][-1] += data
        if self.open[-1:] == ["title"]:
            self.titles.append(data)

    def row(self, name):
        """The first row of any table that begins so."""
        return next(
            row[1:]
            for tables in self.tables.values()
            for rows in tables
            for row in rows
            if row[0] == name
        )


@pytest.fixture(scope="module")
def page():
    """The page of the sample findings, read."""
    return Page(as_html(findings(), CARD))


# The files


def test_a_report_is_a_page_and_the_same_numbers(tmp_path):
    written = write_report(findings(), tmp_path / "a" / "b", card=CARD)

    assert written == tmp_path / "a" / "b" / "report.html"
    assert written.read_text(encoding="utf-8") == as_html(findings(), CARD)
    read = json.loads((tmp_path / "a" / "b" / "report.json").read_text())
    assert from_json(Findings, read) == findings()


def test_the_same_findings_give_the_same_bytes(tmp_path):
    one, two = (write_report(findings(), tmp_path / name) for name in ("one", "two"))

    assert one.read_bytes() == two.read_bytes()


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(DataError, match="file: cannot be written: "):
        write_report(findings(), tmp_path / "file")


# The page


def test_the_page_stands_alone(page):
    """No script, no address but the names of markup languages; nothing to fetch but nothing."""
    links = {value for name, value in page.attributes if name in ("href", "src")}

    assert "script" not in page.tags
    assert links == {"data:,"}
    assert {value for _, value in page.attributes if value and "://" in value} == {
        "http://www.w3.org/2000/svg"
    }
    assert not any("url(" in word or "@import" in word for word in page.words)


def test_every_tag_is_closed_and_every_drawing_has_a_name(page):
    assert page.open == []
    assert page.tags.count("svg") == page.tags.count("desc") == len(page.titles) - 1 == 8


def test_what_comes_from_outside_is_escaped():
    nasty = "<img src=x onerror=alert(1)>"
    found = findings()
    columns = tuple(replace(column, name=nasty, recipe=nasty) for column in found.columns)
    whole = replace(found, model=nasty, data=nasty, notes=(nasty,), columns=columns)

    assert "<img" not in as_html(whole, CARD | {"versions": {nasty: nasty}})


def test_sections_stand_in_the_order_a_moderator_then_an_engineer_wants(page):
    text = "".join(page.words)
    order = [
        "The model",
        "In short",
        "Alerts on ordinary talk",
        "What it finds, and how often it is right",
        "How far its probabilities can be believed",
        "How its scores spread",
        "Other sources",
        "Disguised words",
        "People who are merely named",
        "Innocent sentences",
        "Taken for one another",
        "Speed and size",
        "What was aimed at",
        "What it was trained on",
        "Where it is wrong",
        "How to come by these figures",
    ]

    places = [text.index(f"\n{title}\n") for title in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("called toxic at 0.5", ["33 %", "9.5 %", "0.96 %"]),
        ("0.8", ["76.1", "4.2", "0.0"]),  # alerts in a thousand
        ("macro-F1 (sd over folds)", ["0.707 (0.006)", "0.727 (0.006)", "0.763 (0.006)"]),
        ("edos (970 of 4,000)", ["0.62 / 50 % / 10 %", "0.70 / 50 % / 10 %", "0.84 / 50 % / 10 %"]),
        ("digits for letters", ["89 % (4.0 points)"] * 3),
        ("gap between the terms", ["46.7 points", "36.7 points", "18.3 points"]),
        ("group 1", ["23 %", "18 %", "9.2 %"]),
        ("geese", ["10", "30 %"]),
        ("innocent words (112)", ["0 %"] * 3),
        ("hate", ["700 (49 %)", "600 (42 %)", "130 (9.1 %)"]),
        ("a comment of 140 characters, first met", ["61 µs"] * 3),
        ("macro-F1", ["0.712", "0.757", "0.760", "≥ 0.765", "missed"]),
        ("clean comments flagged at 0.5", ["46 %", "55 %", "1.2 %", "≤ 1.5 %", "reached"]),
        ("batch, one core", ["not measured"] * 3 + ["≥ 3x", "cannot be told"]),
        ("goemotions_train.csv", ["Google GoEmotions", "Apache-2.0", "173c27f6286b"]),
    ],
)
def test_tables_hold_the_numbers_and_tell_misses_in_words(page, name, cells):
    assert page.row(name) == cells


def test_every_table_says_on_which_data_and_who_looked_at_it(page):
    for caption, tables in page.tables.items():
        assert re.search(
            "Test rows|no model saw|Mild sentences of our own|Medians of processor time|fitted on",
            caption,
        ), (caption, tables[0][0])


def test_a_model_measured_on_its_own_training_file_is_said_to_be_flattered():
    found = findings()
    whole = replace(found.columns[-1].held_out, folds=0)
    own = replace(found.columns[-1], name=found.model, held_out=whole)
    told = replace(found, trained_on=True, columns=(*found.columns, own), reach=())

    text = as_html(told, CARD)

    assert "was trained on the very file" in text
    assert text.count("The last column flatters") > 5  # curves, tables, disguises, the board
    assert "trained on the very file" not in as_html(found, CARD)


def test_what_was_not_measured_is_said_and_not_drawn():
    read = Page(as_html(bare()))
    text = "".join(read.words)

    assert text.count("Not measured: the data for it was not there.") == 6
    assert "The model came without its card." in text
    assert read.tags.count("svg") == 4
    assert not any(
        all(cell == "not measured" for row in rows[1:] for cell in row[1:])
        for tables in read.tables.values()
        for rows in tables
    )


def test_every_limit_is_told(page):
    text = "".join(page.words)

    for limit in LIMITS:
        assert limit.told in text


# Words


def test_the_headline_counts_false_alarms_in_a_thousand_and_what_is_found():
    told = " ".join(headline(findings()))

    assert "Of 1,000 ordinary comments it calls 9.6 toxic at a threshold of 0.5" in told
    assert "none at 0.8" in told
    assert "At 0.5 it finds 96 % of what people called hateful or offensive" in told
    assert "At 0.67, where it troubles moderators with 4.9 of 1,000 ordinary comments" in told
    assert "tutorial, calls 330 of 1,000" in told
    assert "Nothing should be done to a person on its word alone" in told


def test_the_headline_of_a_model_that_knows_the_file_is_that_of_its_folds():
    found = findings()
    flattered = replace(
        found.columns[-1],
        held_out=replace(
            found.columns[-1].held_out, folds=0, histograms=((0,) * 19 + (1,), (0,) * 20, (0,) * 20)
        ),
    )

    told = headline(replace(found, trained_on=True, columns=(*found.columns, flattered)))

    assert "At 0.5 it finds 96 %" in " ".join(told)
    assert "which it was trained on" not in " ".join(told)


def test_a_headline_that_flatters_says_so_where_there_is_no_other():
    alone = replace(bare(), trained_on=True)

    assert "labeled_data.csv (which it was trained on)" in " ".join(headline(alone))


def test_a_term_that_raised_no_alarm_is_not_drawn():
    found = findings()
    last = found.columns[-1]
    assert last.exam.templates is not None
    calm = replace(last.exam.templates, terms=(TermFigures(term="geese", rows=20, flagged=0.0),))
    column = replace(last, exam=replace(last.exam, templates=calm))

    assert plots.terms(replace(found, columns=(column,))) is None


def test_the_headline_says_nothing_of_what_was_not_measured():
    assert [sentence.split(" ")[0] for sentence in headline(bare())] == ["At", "It"]


def test_the_outcome_names_what_was_missed(page):
    told = outcome(findings())

    assert told == (
        "Of 3 aims 1 were reached, 1 were missed, 1 cannot be told. Missed: macro-F1 (0.760)."
    )
    assert told in page.words
    assert outcome(bare()) == ""


@pytest.mark.parametrize(
    ("show", "value", "told"),
    [
        (share, 0.462, "46 %"),
        (share, 0.0123, "1.2 %"),
        (share, 0.0007, "0.07 %"),
        (share, 0.0, "0 %"),
        (share, None, "not measured"),
        (decimal, 0.7123, "0.712"),
        (decimal, None, "not measured"),
        (seconds, 52.4, "52 s"),
        (seconds, 0.00125, "1.25 ms"),
        (seconds, 0.000048, "48 µs"),
        (seconds, None, "not measured"),
        (rate, 16123.4, "16,123 a second"),
        (rate, None, "not measured"),
        (size, 1061375, "1.06 MB"),
        (size, None, "not measured"),
    ],
)
def test_numbers_are_told_in_the_unit_that_fits(show, value, told):
    assert show(value) == told


def test_a_table_in_markdown_keeps_its_shape_whatever_a_cell_holds():
    table = Table(caption="Geese", heads=("a", "b"), rows=(("x|y", "line\nbreak"),))

    assert table.markdown() == "*Geese*\n\n| a | b |\n| --- | --- |\n| x\\|y | line break |\n"
