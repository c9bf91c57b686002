"""What came of moving over: for each old attribute a scale, and how far both scorers agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from moderator.classifier.intervals import Interval, auc_interval, rank_correlation
from moderator.classifier.metrics import auc, share
from moderator.domain.attribute import MEASURED_BY
from moderator.domain.scale import Scale
from moderator.domain.score import Score
from moderator.migration.export import BadRow, Export
from moderator.migration.fitting import Line, fit_line, laid, rate_bands, rates, worst_case

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)  # where the site names none
FEWEST_ROWS = 200  # judged and with an old score
FEWEST_REACHING = (
    50  # comments above a threshold and below it, to tell how well they are told apart
)
LEAST_AUC = 0.8  # lower end of its interval, for an attribute that we do not answer by ourselves
BINS = 10
CELLS = 20  # a side of the grid that shows how both scorers agree
MOST_SHOWN = 20  # disagreements, in each direction
NOT_OURS = "the model does not answer it by itself"
MEASURES = ("toxic", "hate")

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class AtThreshold:
    """Alert rates at one old threshold, as shares of the judged comments.

    `raw` would be the rate of our own numbers without a scale, `after` with it; 95 of 100 samples
    of this size lead to a rate within `band`. `kept` is the share of old alerts that are alerts
    after, too; `lost` the share of all old alerts whose comments the model does not judge. `auc`
    tells how well our value ranks what reached the threshold above the rest, None where too few
    comments lie on a side.
    """

    threshold: float
    before: float
    raw: float
    after: float
    band: Interval
    kept: float
    lost: float
    auc: float | None
    auc_interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Comments of like numbers after the move: how many, the mean number, the mean old score."""

    rows: int
    new: float
    old: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A comment that the two scorers see differently; `row` is its place in the export."""

    row: int
    id: str
    old: float
    new: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One old attribute.

    `doubt` says why our value can hardly stand in for the old score, None where it can; `refused`
    why no scale is offered, None where one is. `rows` were judged and have an old
    score. The rank correlation is Spearman's. `uncertain` is how far any share may be off in a
    sample of this size. Each of `cells` is (new number, old score, comments near both).
    """

    name: str
    measure: str
    refused: str | None
    rows: int
    doubt: str | None = None
    line: Line | None = None
    rank_correlation: float | None = None
    rank_interval: Interval | None = None
    uncertain: float | None = None
    thresholds: tuple[AtThreshold, ...] = ()
    bins: tuple[Bin, ...] = ()
    cells: tuple[tuple[float, float, int], ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def scale(self) -> Scale | None:
        """The scale that is offered for the configuration."""
        if self.line is None or self.refused is not None:
            return None
        return Scale(measure=self.measure, knots=self.line.knots)


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """All of it. `abstained` counts comments that the model did not judge, by the reason."""

    model: str
    comments: int
    judged: int
    abstained: Mapping[str, int]
    ignored: tuple[str, ...]
    bad: tuple[BadRow, ...]
    days: float | None
    attributes: tuple[Attribute, ...]

    @property
    def scales(self) -> dict[str, Scale]:
        """The scales on offer, by attribute."""
        return {one.name: one.scale for one in self.attributes if one.scale is not None}


def migrate(
    export: Export,
    scores: Sequence[Score],
    *,
    model: str,
    thresholds: Mapping[str, Sequence[float]],
    days: float | None,
    chance: np.random.Generator,
) -> Migration:
    """Lay our scores of the export's comments, one each in its order, on the site's old scales.

    `thresholds` are the site's own by attribute; `days` is how long it took to write the comments.
    """
    judged = np.array([score.probabilities is not None for score in scores])
    values = {measure: _values(scores, measure) for measure in MEASURES}
    return Migration(
        model=model,
        comments=len(export),
        judged=int(judged.sum()),
        abstained=dict(Counter(str(s.abstained) for s in scores if s.abstained is not None)),
        ignored=export.ignored,
        bad=export.bad,
        days=export.days if days is None else days,
        attributes=tuple(
            _attribute(name, export, values, tuple(thresholds.get(name, ())), chance)
            for name in export.scores
        ),
    )


def _values(scores: Sequence[Score], measure: str) -> Floats:
    """Not a number where the model abstained."""
    told = [s.probabilities.of(measure) if s.probabilities else np.nan for s in scores]
    return np.array(told, dtype=np.float64)


def _attribute(
    name: str,
    export: Export,
    values: Mapping[str, Floats],
    given: tuple[float, ...],
    chance: np.random.Generator,
) -> Attribute:
    thresholds = tuple(sorted(set(given))) or THRESHOLDS
    scored = ~np.isnan(export.scores[name])
    judged = ~np.isnan(values[MEASURES[0]])
    rows, unjudged = np.flatnonzero(scored & judged), np.flatnonzero(scored & ~judged)
    old = export.scores[name][rows]
    measure = MEASURED_BY.get(name) or _nearest(old, {m: v[rows] for m, v in values.items()})
    ours = values[measure][rows]
    if reason := _unfit(ours, old):
        return Attribute(name=name, measure=measure, refused=reason, rows=len(rows))
    line = fit_line(ours, old, thresholds, chance)
    new = laid(line.knots, ours)
    found = _at_thresholds(
        line, ours, old, thresholds, chance, unjudged=export.scores[name][unjudged]
    )
    correlation, interval = rank_correlation(ours, old)
    doubt = _doubt(found)
    return Attribute(
        name=name,
        measure=measure,
        refused=None if doubt is None or name in MEASURED_BY else f"{NOT_OURS}, and {doubt}",
        rows=len(rows),
        doubt=doubt,
        line=line,
        rank_correlation=correlation,
        rank_interval=interval,
        uncertain=worst_case(len(rows)),
        thresholds=found,
        bins=_bins(new, old),
        cells=_cells(new, old),
        disagreements=_disagreements(export, rows, old, new),
    )


def _nearest(old: Floats, values: Mapping[str, Floats]) -> str:
    """Whichever of our values ranks the comments more like the old score."""
    if any(_unfit(ours, old) for ours in values.values()):
        return MEASURES[0]
    return max(values, key=lambda measure: rank_correlation(values[measure], old)[0])


def _unfit(ours: Floats, old: Floats) -> str | None:
    """Why nothing can be fitted to these at all."""
    if len(old) < FEWEST_ROWS:
        return f"{len(old):,} judged comments have a score; {FEWEST_ROWS} are needed"
    if old.min() == old.max():
        return f"every comment's old score is {old[0]:g}"
    return "the model says the same of every comment" if ours.min() == ours.max() else None


def _doubt(found: Sequence[AtThreshold]) -> str | None:
    """Why our value can hardly stand in for the old score."""
    told = [(at.threshold, at.auc_interval) for at in found if at.auc_interval is not None]
    if not told:
        return f"fewer than {FEWEST_REACHING} comments lie on one side of each threshold"
    threshold, (low, _) = told[0]
    if low >= LEAST_AUC:
        return None
    return (
        f"our value does not tell comments that reached {threshold:g} from the others well: the AUC"
        f" may be {low:.2f}, from {LEAST_AUC:g} on it would do"
    )


def _at_thresholds(
    line: Line,
    ours: Floats,
    old: Floats,
    thresholds: Sequence[float],
    chance: np.random.Generator,
    *,
    unjudged: Floats,
) -> tuple[AtThreshold, ...]:
    new = laid(line.knots, ours)
    low, high = rate_bands(line, ours, old, thresholds, chance)
    before, raw, after = (rates(scores, thresholds) for scores in (old, ours, new))
    return tuple(
        AtThreshold(
            threshold=at,
            before=float(before[i]),
            raw=float(raw[i]),
            after=float(after[i]),
            band=(float(low[i]), float(high[i])),
            kept=share(new[old >= at] >= at),
            lost=share(np.repeat([True, False], [(unjudged >= at).sum(), (old >= at).sum()])),
            auc=auc(ours, old >= at) if _tells_apart(old >= at) else None,
            auc_interval=auc_interval(ours, old >= at) if _tells_apart(old >= at) else None,
        )
        for i, at in enumerate(thresholds)
    )


def _tells_apart(reached: Flags) -> bool:
    """Whether there are comments enough on both sides."""
    return min(int(reached.sum()), int((~reached).sum())) >= FEWEST_REACHING


def _bins(new: Floats, old: Floats) -> tuple[Bin, ...]:
    place = np.minimum((new * BINS).astype(np.int64), BINS - 1)
    return tuple(
        Bin(rows=int(here.sum()), new=float(new[here].mean()), old=float(old[here].mean()))
        for here in (place == i for i in range(BINS))
        if here.any()
    )


def _cells(new: Floats, old: Floats) -> tuple[tuple[float, float, int], ...]:
    """The middles of the grid's cells that hold a comment, and how many they hold."""
    counts, _, _ = np.histogram2d(new, old, bins=CELLS, range=((0.0, 1.0), (0.0, 1.0)))
    return tuple(
        ((i + 0.5) / CELLS, (j + 0.5) / CELLS, int(counts[i, j]))
        for i, j in zip(*np.nonzero(counts), strict=True)
    )


def _disagreements(
    export: Export, rows: NDArray[np.int64], old: Floats, new: Floats
) -> tuple[Disagreement, ...]:
    """The widest apart, those that the old scorer put higher first."""
    order = np.argsort(new - old, kind="stable")
    most = min(MOST_SHOWN, len(order) // 2)
    return tuple(
        Disagreement(row=int(rows[i]), id=export.ids[rows[i]], old=float(old[i]), new=float(new[i]))
        for i in (*order[:most], *order[::-1][:most])
    )
