"""Marking: a model sits the exam.

A model is a function from texts to probabilities, shape (n, 3) in the order of `LABELS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from moderator.classifier.exam import Exam, Sentences, Suite
from moderator.classifier.figures import (
    ALARM_STEPS,
    FLAGGED_SHOWN,
    DisguiseFigures,
    EverydayFigures,
    ExamFigures,
    RankingFigures,
    Reliability,
    SentenceFigures,
    TemplateFigures,
    TermFigures,
    TrickFigures,
)
from moderator.classifier.metrics import (
    HALF,
    HIGH,
    Flags,
    Floats,
    Indices,
    alarms_per_1000,
    at_base_rate,
    auc,
    histogram,
    reliability,
    share,
    strict_threshold,
    toxic_of,
)
from moderator.classifier.pool import GROUPS
from moderator.classifier.tricks import TRICKS, disguised
from moderator.classifier.weights import NEITHER

Judge = Callable[[Sequence[str]], Floats]

MOST_DISGUISED = 2_000  # rows; the first ones
FEWEST_OF_TERM = 15  # templates, or a term's share says nothing
BOARD = 0.05  # toxic share of the mixture that stands for a board

_LETTERS = re.compile("[a-z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """Labelled rows that the model was not fitted on, and its probabilities of them (n, 3).

    `base_rate` is what the model's probabilities refer to, where it says.
    """

    texts: tuple[str, ...]
    labels: Indices
    probabilities: Floats
    base_rate: float | None

    @property
    def toxic(self) -> Flags:
        """Which rows most annotators called hate or offensive, shape (n,)."""
        flags: Flags = self.labels != NEITHER
        return flags


def sit(exam: Exam, judge: Judge, held_out: HeldOut) -> ExamFigures:
    """Have a model answer; takes the time of some 40,000 texts."""
    everyday, disguises, board = None, None, None
    if exam.everyday is not None:
        clean = judge(exam.everyday.texts)
        everyday = _everyday(exam.everyday, toxic_of(clean))
        if held_out.toxic.any():
            disguises = _disguises(held_out, judge, everyday.strict_threshold)
            board = _board(held_out, clean)
    return ExamFigures(
        everyday=everyday,
        ranking=tuple(_ranking(suite, judge) for suite in exam.ranking),
        templates=None if exam.templates is None else _templates(exam.templates, judge),
        sentences=tuple(_sentences(own, judge) for own in exam.sentences),
        disguises=disguises,
        board=board,
    )


def _everyday(suite: Suite, clean: Floats) -> EverydayFigures:
    strict = strict_threshold(clean)
    return EverydayFigures(
        rows=len(clean),
        left_out=suite.left_out,
        flagged_half=share(clean >= HALF),
        flagged_high=share(clean >= HIGH),
        strict_threshold=strict,
        strict_share=share(clean >= strict),
        alarms_per_1000=alarms_per_1000(clean, np.linspace(0.0, 1.0, ALARM_STEPS)),
        histogram=histogram(clean),
    )


def _ranking(suite: Suite, judge: Judge) -> RankingFigures:
    toxic = toxic_of(judge(suite.texts))
    return RankingFigures(
        source=suite.name,
        rows=len(toxic),
        toxic=int(suite.toxic.sum()),
        left_out=suite.left_out,
        auc=auc(toxic, suite.toxic),
        found=share(toxic[suite.toxic] >= HALF),
        false_alarms=share(toxic[~suite.toxic] >= HALF),
    )


def _templates(suite: Suite, judge: Judge) -> TemplateFigures:
    flagged = toxic_of(judge(suite.texts)) >= HALF
    clean = np.flatnonzero(~suite.toxic)
    each = _by_term([terms_of(suite.texts[i]) for i in clean], flagged[clean])
    terms = tuple(term for term in each if term.rows >= FEWEST_OF_TERM)
    return TemplateFigures(
        rows=len(clean),
        toxic=int(suite.toxic.sum()),
        near_duplicates=suite.left_out,
        flagged=share(flagged[clean]),
        found=share(flagged[suite.toxic]),
        gap=terms[0].flagged - terms[-1].flagged if terms else 0.0,
        terms=terms,
    )


def terms_of(template: str) -> list[str]:
    """The identities that a template names; words next to each other are one ("middle aged")."""
    words = _LETTERS.findall(template.lower())
    runs = " ".join(word if word in GROUPS else "," for word in words).split(",")
    return sorted({run.strip() for run in runs} - {""})


def _by_term(named: Iterable[Sequence[str]], flagged: Flags) -> tuple[TermFigures, ...]:
    """Most often flagged first; equal ones by name."""
    of_term: dict[str, list[bool]] = {}
    for terms, flag in zip(named, flagged.tolist(), strict=True):
        for term in terms:
            of_term.setdefault(term, []).append(flag)
    figures = [
        TermFigures(term=term, rows=len(flags), flagged=sum(flags) / len(flags))
        for term, flags in of_term.items()
    ]
    return tuple(sorted(figures, key=lambda found: (-found.flagged, found.term)))


def _sentences(own: Sentences, judge: Judge) -> SentenceFigures:
    toxic = toxic_of(judge(own.texts))
    worst = [i for i in np.argsort(-toxic, kind="stable") if toxic[i] >= HALF]
    named = [[term] if term else [] for term in own.terms]
    return SentenceFigures(
        kind=own.name,
        rows=len(toxic),
        left_out=own.left_out,
        flagged=share(toxic >= HALF),
        flagged_sentences=tuple(own.texts[i] for i in worst[:FLAGGED_SHOWN]),
        terms=_by_term(named, toxic >= HALF),
    )


def _disguises(held_out: HeldOut, judge: Judge, strict: float) -> DisguiseFigures:
    plain = toxic_of(held_out.probabilities)[held_out.toxic]
    texts = [held_out.texts[i] for i in np.flatnonzero(held_out.toxic)[:MOST_DISGUISED]]
    found = share(plain[:MOST_DISGUISED] >= strict)
    tricks = []
    for name, trick in TRICKS.items():
        toxic = toxic_of(judge([disguised(text, trick) for text in texts]))
        still = share(toxic >= strict)
        tricks.append(
            TrickFigures(
                trick=name, found=still, lost=found - still, found_half=share(toxic >= HALF)
            )
        )
    return DisguiseFigures(
        toxic=len(plain),
        recall=share(plain >= strict),
        disguised=len(texts),
        found=found,
        found_half=share(plain[:MOST_DISGUISED] >= HALF),
        tricks=tuple(tricks),
    )


def _board(held_out: HeldOut, clean: Floats) -> Reliability:
    """Held-out and clean everyday rows, `clean` (n, 3), weighted so that 5 % are toxic."""
    happened = np.concatenate([held_out.toxic, np.zeros(len(clean), dtype=np.bool_)])
    toxic = np.count_nonzero(happened)
    weights = np.where(happened, BOARD / toxic, (1.0 - BOARD) / (len(happened) - toxic))
    found = np.vstack([held_out.probabilities, clean])
    given = held_out.base_rate
    claimed = toxic_of(at_base_rate(found, wanted=BOARD, given=given))
    return reliability(claimed, happened, weights, base_rate=None if given is None else BOARD)
