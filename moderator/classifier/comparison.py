"""The table: what was aimed at, and how far each model came; the last column is the one judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from moderator.classifier.exam import IDENTITY
from moderator.classifier.figures import ExamFigures, ModelFigures, ReachLine, SpeedFigures

TUTORIAL, ALONE, NEW = "tutorial", "default alone", "new"

Values = Sequence[float | None]

# Points of recall that a disguise may cost at the strict threshold; the others have no limit.
MOST_LOST = {
    "zero-width": 0.0,
    "confusables": 0.0,
    "full-width": 0.0,
    "diacritics": 0.0,
    "leet": 8.0,
    "masked": 10.0,
    "spaced": 5.0,
    "repeated": 2.0,
}
MOST_MISCALIBRATED = 0.015  # expected calibration error of P(toxic)
MOST_FLAGGED_IDENTITY, MOST_FLAGGED_INNOCENT = 0.05, 0.01
LEAST_AUC, LEAST_GAIN = 0.80, 0.10  # of another source; over the recipe without the pool


def reach(columns: Sequence[ModelFigures], *, trained_on: bool = False) -> tuple[ReachLine, ...]:
    """All lines for these models; the last one is held against what was aimed at.

    With `trained_on` the last one knows the labelled file: what it does there stands in brackets
    and proves nothing.
    """
    exams = [column.exam for column in columns]
    of_file = [*_labelled(columns), *_strict(exams), *_disguises(exams)]
    return (
        *(map(_bracketed, of_file) if trained_on else of_file),
        *_everyday(exams),
        *_ranking(columns),
        *_identity(exams),
        *_innocents(exams),
        *_speed(columns),
        *_size(columns),
    )


def reach_table(lines: Sequence[ReachLine], names: Sequence[str]) -> str:
    """The lines in Markdown, under the columns' names."""
    heads = ["", *names, "reach", ""]
    marks = {True: "reached", False: "**missed**", None: ""}
    cells = [[line.figure, *line.cells, line.reach, marks[line.reached]] for line in lines]
    rows = [heads, ["---"] * len(heads), *cells]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _line(
    figure: str,
    values: Values,
    show: Callable[[float], str],
    *,
    least: float | None = None,
    most: float | None = None,
    aim: str = "",
) -> ReachLine:
    """`least` and `most` are the limits of the last value; shown unless `aim` says it otherwise."""
    limit = least if least is not None else most
    last = values[-1]
    reached = None
    if limit is not None and last is not None:
        reached = last >= limit if least is not None else last <= limit
    sign = "≥" if least is not None else "≤"
    return ReachLine(
        figure=figure,
        cells=tuple("" if value is None else show(value) for value in values),
        reach=aim or (f"{sign} {show(limit)}" if limit is not None else ""),
        reached=reached,
    )


def _bracketed(line: ReachLine) -> ReachLine:
    last = f"({line.cells[-1]})" if line.cells[-1] else ""
    return replace(line, cells=(*line.cells[:-1], last), reached=None)


def _labelled(columns: Sequence[ModelFigures]) -> list[ReachLine]:
    held = [column.held_out for column in columns]
    each = [h.metrics for h in held]
    apart = [h.distinct for h in held]
    hate = [m.classes["hate"] for m in each]
    return [
        _words(
            "labelled file, held-out folds",
            [f"{h.folds} of 5" if h.folds else "all of it" for h in held],
        ),
        _line("macro-F1", [m.macro_f1 for m in each], _three, least=0.765),
        _words("macro-F1, standard deviation over folds", [f"{h.macro_f1_sd:.3f}" for h in held]),
        _line(
            "macro-F1 without near-duplicates of training rows",
            [None if m is None else m.macro_f1 for m in apart],
            _three,
        ),
        _line("AUC hate against the rest", [m.auc_hate for m in each], _three, least=0.88),
        _line("AUC toxic against neither", [m.auc_toxic for m in each], _three),
        _line("toxic F1", [m.toxic_f1 for m in each], _three, least=0.972),
        _line(
            "calibration error of toxic",
            [m.ece_toxic for m in each],
            _three,
            most=MOST_MISCALIBRATED,
        ),
        _line("accuracy", [m.accuracy for m in each], _three),
        _line("weighted F1", [m.weighted_f1 for m in each], _three),
        _words(
            "hate precision / recall / F1",
            [f"{c.precision:.3f} / {c.recall:.3f} / {c.f1:.3f}" for c in hate],
        ),
    ]


def _everyday(exams: Sequence[ExamFigures]) -> list[ReachLine]:
    clean = [exam.everyday for exam in exams]
    return [
        _line(
            "clean everyday comments flagged at 0.5",
            [None if c is None else c.flagged_half for c in clean],
            _percent,
            most=0.015,
        ),
        _line(
            "clean everyday comments flagged at 0.8",
            [None if c is None else c.flagged_high for c in clean],
            _percent,
            most=0.003,
        ),
    ]


def _strict(exams: Sequence[ExamFigures]) -> list[ReachLine]:
    return [
        _line(
            "calibration error on a board with 5 % toxic",
            [None if exam.board is None else exam.board.error for exam in exams],
            _three,
        ),
        _line(
            "toxic held-out rows found where 0.5 % of clean comments are flagged",
            [None if exam.disguises is None else exam.disguises.recall for exam in exams],
            _percent,
            least=0.90,
        ),
    ]


def _ranking(columns: Sequence[ModelFigures]) -> list[ReachLine]:
    each = [{suite.source: suite.auc for suite in column.exam.ranking} for column in columns]
    alone = next((each[i] for i, c in enumerate(columns) if c.name == ALONE), {})
    lines = []
    for source in each[-1]:
        least = max(LEAST_AUC, alone.get(source, 0.0) + LEAST_GAIN)
        line = _line(
            f"AUC {source}",
            [found.get(source) for found in each],
            _three,
            least=least,
            aim=f"≥ {least:.3f} ({LEAST_AUC:.2f}, or {ALONE} + {LEAST_GAIN:.2f})",
        )
        # Without the other recipe's figure one can tell a miss, and never that it was reached.
        unsure = line.reached and source not in alone
        lines.append(replace(line, reached=None) if unsure else line)
    return lines


def _identity(exams: Sequence[ExamFigures]) -> list[ReachLine]:
    templates = [exam.templates for exam in exams]
    gaps = [None if found is None else 100.0 * found.gap for found in templates]
    return [
        _line("points between identity terms in false alarms (templates)", gaps, _one, most=5.0),
        _line(
            "neutral identity sentences flagged",
            [_flagged(exam).get(IDENTITY) for exam in exams],
            _percent,
            most=MOST_FLAGGED_IDENTITY,
        ),
    ]


def _innocents(exams: Sequence[ExamFigures]) -> list[ReachLine]:
    each = [_flagged(exam) for exam in exams]
    return [
        _line(
            f"{kind} flagged",
            [found.get(kind) for found in each],
            _percent,
            most=MOST_FLAGGED_INNOCENT,
        )
        for kind in each[-1]
        if kind != IDENTITY
    ]


def _flagged(exam: ExamFigures) -> Mapping[str, float]:
    return {own.kind: own.flagged for own in exam.sentences}


def _disguises(exams: Sequence[ExamFigures]) -> list[ReachLine]:
    each = [
        {trick.trick: 100.0 * trick.lost for trick in exam.disguises.tricks}
        if exam.disguises
        else {}
        for exam in exams
    ]
    return [
        _line(
            f"points of that lost to {trick}",
            [found.get(trick) for found in each],
            _one,
            most=MOST_LOST.get(trick),
        )
        for trick in each[-1]
    ]


def _speed(columns: Sequence[ModelFigures]) -> list[ReachLine]:
    speeds = [column.speed for column in columns]
    yardsticks = [column.speed.pipeline_s for column in columns if column.name == TUTORIAL]
    yardstick = yardsticks[0] if yardsticks else None
    times = [s.unseen_s for s in speeds]
    return [
        _line("one comment, scikit-learn's pipeline, ms", [s.pipeline_s for s in speeds], _ms),
        _line("one comment, compiled, met before, ms", [s.again_s for s in speeds], _ms),
        _line("one comment, compiled, ms", times, _ms),
        _line(
            "that, faster than the tutorial's pipeline by",
            [None if yardstick is None else yardstick / t for t in times],
            _times,
            least=100.0,
        ),
        _line("2,000 characters, compiled, ms", [s.long_s for s in speeds], _ms, most=0.001),
        _line("batches, compiled, comments a second", [s.compiled_per_s for s in speeds], _whole),
        _line("batches, pipeline, comments a second", [s.pipeline_per_s for s in speeds], _whole),
        _line("batches, compiled faster by", [*map(_batch_gain, speeds)], _times, least=3.0),
    ]


def _batch_gain(speed: SpeedFigures) -> float | None:
    return None if speed.pipeline_per_s is None else speed.compiled_per_s / speed.pipeline_per_s


def _size(columns: Sequence[ModelFigures]) -> list[ReachLine]:
    return [
        _line("model file, MB", [c.model_bytes / 1e6 for c in columns], _two, most=6.0),
        _line("fitting one fold, s", [c.fit_s for c in columns], _whole, most=600.0),
    ]


def _words(figure: str, cells: Sequence[str]) -> ReachLine:
    return ReachLine(figure=figure, cells=tuple(cells), reach="", reached=None)


def _one(value: float) -> str:
    return f"{value:.1f}"


def _two(value: float) -> str:
    return f"{value:.2f}"


def _three(value: float) -> str:
    return f"{value:.3f}"


def _percent(value: float) -> str:
    return f"{100.0 * value:.1f} %"


def _ms(seconds: float) -> str:
    return f"{1000.0 * seconds:.3f}"


def _times(value: float) -> str:
    return f"{value:.1f}x"


def _whole(value: float) -> str:
    return f"{value:,.0f}"
