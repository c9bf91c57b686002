"""Tables of what the exam asked: ordinary talk, other sources, disguises, names, innocents."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from moderator.classifier.figures import (
    EverydayFigures,
    Findings,
    ModelFigures,
    RankingFigures,
    SentenceFigures,
    TermFigures,
    TrickFigures,
)
from moderator.classifier.report import sources
from moderator.classifier.report.numbers import NOT_MEASURED, count, decimal, points, share
from moderator.classifier.report.table import Cell, Row, Table, by_column, names_of


def everyday(findings: Findings) -> Table:
    """False alarms on ordinary comments."""
    return Table(
        caption=sources.everyday(findings),
        heads=("figure", *names_of(findings.columns)),
        rows=by_column(findings.columns, _EVERYDAY),
    )


def _everyday(show: Callable[[EverydayFigures], str]) -> Cell:
    def cell(column: ModelFigures) -> str:
        return NOT_MEASURED if column.exam.everyday is None else show(column.exam.everyday)

    return cell


def _found_at_strict(column: ModelFigures) -> str:
    found = column.exam.disguises
    return share(None if found is None else found.recall)


_EVERYDAY: tuple[tuple[str, Cell], ...] = (
    ("comments", _everyday(lambda e: count(e.rows))),
    ("called toxic at 0.5", _everyday(lambda e: share(e.flagged_half))),
    ("called toxic at 0.8", _everyday(lambda e: share(e.flagged_high))),
    (
        "lowest threshold that flags at most 0.5 %",
        _everyday(lambda e: decimal(e.strict_threshold)),
    ),
    ("share flagged there", _everyday(lambda e: share(e.strict_share))),
    ("share of toxic labelled rows found there", _found_at_strict),
)


def ranking(findings: Findings) -> Table:
    """Sources that no model was fitted on."""
    per_column = [{one.source: one for one in c.exam.ranking} for c in findings.columns]
    names = list(dict.fromkeys(name for one in per_column for name in one))
    return Table(
        caption=sources.ranking(findings),
        heads=("source (toxic of rows)", *names_of(findings.columns)),
        rows=tuple(_source(name, [one.get(name) for one in per_column]) for name in names),
    )


def _source(name: str, found: Sequence[RankingFigures | None]) -> Row:
    told = next(one for one in reversed(found) if one is not None)
    cells = (
        NOT_MEASURED
        if one is None
        else f"{one.auc:.2f} / {share(one.found)} / {share(one.false_alarms)}"
        for one in found
    )
    return (f"{name} ({count(told.toxic)} of {count(told.rows)})", *cells)


def disguises(findings: Findings) -> Table:
    """What is still found of toxic rows when their words are disguised."""
    per_column = [c.exam.disguises for c in findings.columns]
    tricks = [{t.trick: t for t in one.tricks} if one else {} for one in per_column]
    names = list(dict.fromkeys(name for one in tricks for name in one))
    plain = (share(None if one is None else one.found) for one in per_column)
    return Table(
        caption=sources.disguises(findings),
        heads=("trick", *names_of(findings.columns)),
        rows=(
            ("none: as they were written", *plain),
            *((name, *(_trick(one.get(name)) for one in tricks)) for name in names),
        ),
    )


def _trick(found: TrickFigures | None) -> str:
    return NOT_MEASURED if found is None else f"{share(found.found)} ({points(found.lost)})"


def templates(findings: Findings) -> Table:
    """False alarms on sentences that name an identity, taken together."""
    per_column = [c.exam.templates for c in findings.columns]
    totals = (
        ("all sentences", *(share(None if one is None else one.flagged) for one in per_column)),
        (
            "gap between the terms",
            *(NOT_MEASURED if one is None else points(one.gap) for one in per_column),
        ),
        (
            "toxic sentences found",
            *(share(None if one is None else one.found) for one in per_column),
        ),
    )
    return Table(
        caption=sources.templates(findings),
        heads=("figure", *names_of(findings.columns)),
        rows=totals,
    )


def template_terms(findings: Findings) -> Table:
    """The same, term by term."""
    per_column = [c.exam.templates for c in findings.columns]
    return Table(
        caption=sources.templates(findings),
        heads=("term", *names_of(findings.columns)),
        rows=_term_rows([one.terms if one is not None else () for one in per_column]),
    )


def _term_rows(per_column: Sequence[tuple[TermFigures, ...]]) -> tuple[Row, ...]:
    """A row a term, in the order of the last column, where the worst come first."""
    by_term = [{one.term: one for one in terms} for terms in per_column]
    names = list(dict.fromkeys(name for one in reversed(by_term) for name in one))
    return tuple(
        (name, *(share(one[name].flagged if name in one else None) for one in by_term))
        for name in names
    )


def sentences(findings: Findings) -> Table:
    """Mild sentences of our own, by kind."""
    per_column = [{one.kind: one for one in c.exam.sentences} for c in findings.columns]
    names = list(dict.fromkeys(name for one in per_column for name in one))
    return Table(
        caption=sources.SENTENCES,
        heads=("kind (sentences)", *names_of(findings.columns)),
        rows=tuple(_kind(name, [one.get(name) for one in per_column]) for name in names),
    )


def _kind(name: str, found: Sequence[SentenceFigures | None]) -> Row:
    told = next(one for one in reversed(found) if one is not None)
    cells = (share(None if one is None else one.flagged) for one in found)
    return (f"{name} ({count(told.rows)})", *cells)


def sentence_terms(findings: Findings) -> dict[str, Table]:
    """For each kind of our sentences: what was named where the model called them toxic."""
    return {
        kind.kind: Table(
            caption=f"Of the kind “{kind.kind}”, by what they name. {sources.SENTENCES}",
            heads=("named", "sentences", findings.columns[-1].name),
            rows=tuple((t.term, count(t.rows), share(t.flagged)) for t in kind.terms if t.flagged),
        )
        for kind in findings.columns[-1].exam.sentences
        if any(t.flagged for t in kind.terms)
    }
