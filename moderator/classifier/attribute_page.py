"""The figures in docs/attributes.md: `python -m moderator.classifier.attribute_page --help`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from moderator.classifier.attribute_figures import (
    ClaimFigures,
    HeadFigures,
    measure_claims,
    measure_heads,
)
from moderator.classifier.bundled import load_bundled
from moderator.classifier.dataset import read_labelled
from moderator.classifier.intervals import Interval
from moderator.classifier.recipes import recipe_named
from moderator.classifier.report.numbers import count, decimal, share
from moderator.classifier.report.table import Table
from moderator.classifier.train import pool_without_duplicates
from moderator.domain.errors import DataError

BEGIN, END = "<!-- figures: made by `make attributes` -->", "<!-- end of figures -->"


def with_figures(
    page: str, claims: Sequence[ClaimFigures], heads: Sequence[HeadFigures], *, model: str
) -> str:
    """The page with its figures made anew. Raises DataError where it has no place for them."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise DataError(f"the page has no lines {BEGIN} and {END}")
    made = "\n".join(
        (
            f"Of the bundled model {model}; the folds of labeled_data.csv of its recipe.\n",
            _claims("`TOXICITY`: P(hate) + P(offensive)", "toxic", claims),
            _claims("`IDENTITY_ATTACK`: P(hate)", "hate", claims),
            _heads(heads),
        )
    )
    return f"{before}{BEGIN}\n\n{made}\n{END}{after}"


def _claims(title: str, measure: str, claims: Sequence[ClaimFigures]) -> str:
    return Table(
        caption=title,
        heads=(
            "held-out rows: what they are asked",
            "yes",
            "AUC (95 %)",
            "AUC of the other one",
            "right at 0.5 (95 %)",
            "found at 0.5 (95 %)",
            "false alarms at 0.5",
            "calibration error",
        ),
        rows=tuple(_claim(figures) for figures in claims if figures.measure == measure),
    ).markdown()


def _claim(figures: ClaimFigures) -> tuple[str, ...]:
    return (
        figures.asked,
        f"{count(figures.so)} of {count(figures.rows)}",
        _ranked(figures.auc, figures.auc_interval),
        decimal(figures.other_auc),
        _part(figures.agreement, figures.agreement_interval),
        _part(figures.found, figures.found_interval),
        share(figures.false_alarms),
        "" if figures.calibration is None else decimal(figures.calibration),
    )


def _heads(heads: Sequence[HeadFigures]) -> str:
    return Table(
        caption="Heads of their own on mlma_en.csv's compound labels, five folds of it held out",
        heads=("label", "yes", "AUC (95 %)"),
        rows=tuple(
            (
                head.label,
                f"{count(head.so)} of {count(head.rows)}",
                _ranked(head.auc, head.auc_interval),
            )
            for head in heads
        ),
    ).markdown()


def _ranked(value: float, interval: Interval) -> str:
    return f"{decimal(value)} ({decimal(interval[0])}-{decimal(interval[1])})"


def _part(value: float, interval: Interval) -> str:
    return f"{share(value)} ({share(interval[0])} - {share(interval[1])})"


def main() -> None:
    """Measure what the attributes are worth, and write it into the page."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("data", type=Path, help="Davidson's labelled file")
    parser.add_argument("pool", type=Path, help="the pool's folder")
    parser.add_argument("page", type=Path, help="docs/attributes.md")
    parser.add_argument("--keep", type=Path, help="where results of folds are kept")
    given = parser.parse_args()
    rows, scorer = read_labelled(given.data), load_bundled()
    recipe = recipe_named("default", pool_without_duplicates(given.pool, rows)[0])
    claims = measure_claims(rows, recipe, scorer, given.pool, keep=given.keep)
    page = given.page.read_text(encoding="utf-8")
    made = with_figures(page, claims, measure_heads(given.pool), model=scorer.model)
    given.page.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
