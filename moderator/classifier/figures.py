"""What an exam finds out about a model: plain numbers, fit for JSON, and read back from it.

A text counts as flagged where P(toxic) = P(hate) + P(offensive) reaches the threshold named. All
shares and probabilities lie in 0..1, all times are seconds, all sizes bytes. Where a suite had no
data, its figures are None or empty: nothing is made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Figures = TypeVar("Figures")

HISTOGRAM_BINS = 20  # of P(toxic); equal widths over 0..1
CURVE_POINTS = 200  # of a precision-recall curve, at most
ALARM_STEPS = 101  # thresholds 0.00, 0.01 ... 1.00
FLAGGED_SHOWN = 20  # sentences of our own that are named where they were flagged


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassMetrics:
    """Precision, recall and F1 of one class, and how many rows are of it."""

    precision: float
    recall: float
    f1: float
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """What a classifier did on labelled rows.

    Labels are the decision rule's. `classes` is keyed by label name. `toxic_f1` is the F1 of
    P(toxic) >= 0.5 against a majority for hate or offensive. `auc_hate` ranks hate against the
    rest, `auc_toxic` ranks hate and offensive against neither; both are by probability. `ece_*` is
    the expected calibration error in ten bins: of the largest probability, of P(hate), of P(toxic).
    `log_loss` is in nats. All probabilities were brought from the model's declared base rate, where
    it has one, to the share of toxic rows in the training part.
    """

    rows: int
    accuracy: float
    weighted_f1: float
    macro_f1: float
    classes: dict[str, ClassMetrics]
    toxic_f1: float
    auc_hate: float
    auc_toxic: float
    ece_top: float
    ece_hate: float
    ece_toxic: float
    log_loss: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """At this threshold: the share of the class that is found, and of the found that is right."""

    threshold: float
    recall: float
    precision: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """One of ten equal bins of claimed P(toxic): [0, 0.1) ... [0.9, 1].

    `rows` fell in, which have `share` of all the weight; their mean claim, and the (weighted)
    share that was toxic. All zero where the bin is empty.
    """

    rows: int
    share: float
    claimed: float
    happened: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Claims of P(toxic) against what happened.

    `toxic_share` of the (weighted) texts are toxic. `base_rate` is the share of toxic texts that
    the probabilities were brought to by Bayes' rule, or None where they stand as the model gave
    them. `error` is the expected calibration error, weighted.
    """

    toxic_share: float
    base_rate: float | None
    error: float
    bins: tuple[ReliabilityBin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOutFigures:
    """Labelled rows (Davidson's) that the model was not fitted on.

    `data` is the file's name; `folds` how many folds were held out in turn (0: a finished model
    was measured on the whole file). `metrics` are means over folds, `macro_f1_sd` the standard
    deviation of macro-F1 over them. `near_duplicates` of the rows say nearly what a row of their
    own fold's training part says; `distinct` are the metrics without those (None where no row was
    left of some class, or where there are no folds). The rest is over all held-out rows together:
    `confusion[i][j]` counts rows of class i labelled j, in the order hate, offensive, neither;
    `histograms[i]` counts the rows of class i by P(toxic), 20 bins; `toxic_curve` and
    `hate_curve` have up to 200 points, recall falling.
    """

    data: str
    folds: int
    metrics: Metrics
    macro_f1_sd: float
    near_duplicates: int
    distinct: Metrics | None
    confusion: tuple[tuple[int, ...], ...]
    histograms: tuple[tuple[int, ...], ...]
    toxic_curve: tuple[CurvePoint, ...]
    hate_curve: tuple[CurvePoint, ...]
    reliability: Reliability


@dataclass(frozen=True, slots=True, kw_only=True)
class EverydayFigures:
    """Clean everyday comments (GoEmotions test rows without a negative emotion).

    `left_out` were near-duplicates of training rows. `flagged_half` and `flagged_high` are the
    shares flagged at 0.5 and at 0.8; `alarms_per_1000[i]` how many of a thousand are flagged at
    threshold i / 100, 101 numbers. `strict_threshold` is the lowest that flags at most 0.5 % of
    them, `strict_share` what it does flag. `histogram` counts them by P(toxic), 20 bins.
    """

    rows: int
    left_out: int
    flagged_half: float
    flagged_high: float
    strict_threshold: float
    strict_share: float
    alarms_per_1000: tuple[float, ...]
    histogram: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingFigures:
    """Toxic against other rows of another source that no model was fitted on.

    `source` is a short name (`edos`, `hatemoji`, `misogyny`, `fox`). `toxic` of the `rows` are;
    `left_out` were near-duplicates of training rows. `found` and `false_alarms` are the shares of
    toxic and of other rows flagged at 0.5.
    """

    source: str
    rows: int
    toxic: int
    left_out: int
    auc: float
    found: float
    false_alarms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TermFigures:
    """How many sentences named a group or an identity, and which share of them was flagged."""

    term: str
    rows: int
    flagged: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFigures:
    """Non-toxic templates that name an identity (madlibs, test part), flagged at 0.5.

    `terms` are those with at least 15 rows, most often flagged first; `gap` is the largest share
    among them less the smallest (one row of 18, which most have, is 5.6 points). `toxic` templates
    are looked at for `found` only, the share of them flagged. Of all of them `near_duplicates` say
    nearly what some training row says. They stay, as templates are alike by design: what keeps
    them apart is the split, by the sentence without its term.
    """

    rows: int
    toxic: int
    near_duplicates: int
    flagged: float
    found: float
    gap: float
    terms: tuple[TermFigures, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceFigures:
    """Mild sentences of our own, of one kind, at 0.5.

    `kind` is a short name (`identity`, `innocent words`, `first names`, `self-deprecation`,
    `thanks` ...). `flagged_sentences` are up to 20 of those flagged, highest first. `terms` groups
    them by what they name, most often flagged first; empty where that says nothing.
    """

    kind: str
    rows: int
    left_out: int
    flagged: float
    flagged_sentences: tuple[str, ...]
    terms: tuple[TermFigures, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrickFigures:
    """Toxic rows whose words were disguised by one trick.

    `found` is the share still flagged at the strict threshold, `lost` the undisguised share less
    that (100 times it is points), `found_half` the share flagged at 0.5.
    """

    trick: str
    found: float
    lost: float
    found_half: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DisguiseFigures:
    """Toxic held-out rows, plain and disguised, at the strict threshold of `EverydayFigures`.

    `recall` is the share found of all `toxic` rows. Of these `disguised` were disguised, of which
    `found` (at 0.5 `found_half`) were found as they were written. A word is disguised where it has
    four letters or more.
    """

    toxic: int
    recall: float
    disguised: int
    found: float
    found_half: float
    tricks: tuple[TrickFigures, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamFigures:
    """How one model did in the suites beside the labelled file.

    With folds it is the model of the first fold that sits. `board` is the mixture of a board:
    held-out rows and everyday comments, weighted so that 5 % are toxic. `sentences` has one entry
    a kind, identity first.
    """

    everyday: EverydayFigures | None
    ranking: tuple[RankingFigures, ...]
    templates: TemplateFigures | None
    sentences: tuple[SentenceFigures, ...]
    disguises: DisguiseFigures | None
    board: Reliability | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedFigures:
    """Medians of processor time, taken in one run of one process on one core.

    A comment has 140 characters, a long one 2,000. `unseen_s` is the compiled scorer on comments
    it meets for the first time, `again_s` on the same ones once more; `long_s` on long ones met
    for the first time. `pipeline_s` is scikit-learn's pipeline of the same model, one unseen
    comment at a time; `compiled_per_s` and `pipeline_per_s` are comments a second in batches of
    unseen ones. None where there is only the model file, which holds no pipeline.
    """

    unseen_s: float
    again_s: float
    long_s: float
    compiled_per_s: float
    pipeline_s: float | None
    pipeline_per_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFigures:
    """All that is known of one model: one column of the table.

    `name` heads the column (`tutorial`, `default alone`, `new`, or `<name>@<digest>` for a model
    file), `recipe` is what it was made by. `base_rate` is what its probabilities refer to (of the
    first fold's model). Fit times are of one fold, on the clock and on the processor, medians;
    None for a model file. `model_bytes` is the model file that would be shipped,
    `pipeline_bytes` scikit-learn's pipeline, pickled and compressed.
    """

    name: str
    recipe: str
    base_rate: float | None
    held_out: HeldOutFigures
    exam: ExamFigures
    speed: SpeedFigures
    model_bytes: int
    pipeline_bytes: int | None = None
    fit_s: float | None = None
    fit_cpu_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachLine:
    """One line of the table: a figure, a cell for each column, and how far it was to come.

    `cells` are fit to be printed; an empty one was not measured. `reach` is what was aimed at, in
    words. `reached` is of the last column: None where it could not be told.
    """

    figure: str
    cells: tuple[str, ...]
    reach: str
    reached: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """One report: models side by side, the one that it is about last.

    `model` is `<name>@<first 12 hex digits of sha256>`. `data` is the labelled file with its
    digest and number of rows; `trained_on` is true where a finished model was measured on a file
    that it was trained on, whose figures then flatter: the other columns are the fold figures of
    its card, the honest ones. `abstained` counts the file's rows that a finished model would not
    judge, by reason. `notes` are sentences, one a line: which part was looked at by which choice,
    what was left out, where the times come from.
    """

    model: str
    sha256: str
    data: str
    data_sha256: str
    rows: int
    trained_on: bool
    abstained: dict[str, int]
    columns: tuple[ModelFigures, ...]
    reach: tuple[ReachLine, ...]
    notes: tuple[str, ...]


def from_json(kind: type[Figures], found: Mapping[str, Any]) -> Figures:
    """The figures that `dataclasses.asdict` and JSON made this of.

    Raises KeyError, TypeError or ValueError where it was made of something else.
    """
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    return kind(**{name: _read(hints[name], found[name]) for name in names})


def _read(kind: Any, found: Any) -> Any:
    if found is None or kind in (int, float, str, bool):
        return found
    if get_origin(kind) is UnionType:
        return _read(get_args(kind)[0], found)
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], each) for each in found)
    if get_origin(kind) is dict:
        return {key: _read(get_args(kind)[1], each) for key, each in found.items()}
    if not is_dataclass(kind):
        raise TypeError(f"cannot read {kind}")
    return from_json(kind, found)  # type: ignore[arg-type]
