"""The page: sections of words, drawings and tables, in the order a moderator, then an engineer,
wants them; and the same numbers for programs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from moderator import charts
from moderator.charts import Markup
from moderator.classifier.figures import Findings
from moderator.classifier.limits import LIMITS
from moderator.classifier.report import plots, tables, trials
from moderator.classifier.report.headline import headline, outcome
from moderator.classifier.report.numbers import count, share, size
from moderator.classifier.report.table import Table
from moderator.domain.errors import DataError

FLATTERS = (
    "The model was trained on the very file that it is measured on here. The figures of its "
    "column on that file flatter it."
)
PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, what is said under it, drawings and tables, and a list."""

    title: str
    words: tuple[str, ...] = ()
    blocks: tuple[Markup, ...] = ()
    items: tuple[tuple[str, str], ...] = ()  # a name, or "", and a text
    commands: tuple[str, ...] = ()


def write_report(
    findings: Findings, folder: Path, *, card: Mapping[str, Any] | None = None
) -> Path:
    """Write `report.html` and `report.json` into a folder, made if need be; returns the first.

    The page stands alone: style and drawings are in it, it asks no other address for anything and
    runs no script. `card` is the model's card where it has one: it says what the model was
    trained on. No row of any file is quoted, only sentences of our own. Raises DataError where
    the folder cannot be written.
    """
    page = folder / "report.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        page.write_text(as_html(findings, card), encoding="utf-8")
        numbers = json.dumps(asdict(findings), indent=1, ensure_ascii=False)
        (folder / "report.json").write_text(numbers + "\n", encoding="utf-8")
    except OSError as exc:
        reason = exc.strerror or type(exc).__name__
        raise DataError(f"{folder}: cannot be written: {reason}") from exc
    return page


def as_html(findings: Findings, card: Mapping[str, Any] | None = None) -> str:
    """The whole page."""
    return PAGES.get_template("page.html").render(
        model=findings.model,
        page_style=charts.PAGE_STYLE,
        style=charts.STYLE,
        facts=_facts(findings),
        warning=FLATTERS if findings.trained_on else "",
        headline=headline(findings),
        sections=[*_for_moderators(findings), *_for_engineers(findings, card)],
    )


def _facts(findings: Findings) -> list[tuple[str, str]]:
    last = findings.columns[-1]
    abstained = ", ".join(f"{count(n)} {why}" for why, n in sorted(findings.abstained.items()))
    rate = (
        "the mix that it was trained on"
        if last.base_rate is None
        else f"texts of which {share(last.base_rate)} are toxic"
    )
    return [
        ("recipe", last.recipe),
        ("SHA-256", findings.sha256),
        ("languages", "English; others are not judged"),
        ("size", size(last.model_bytes)),
        ("probabilities refer to", rate),
        ("measured on", f"{findings.data}, {count(findings.rows)} rows"),
        ("SHA-256 of the file", findings.data_sha256),
        ("not judged there", abstained or "none"),
    ]


def _for_moderators(findings: Findings) -> list[Section]:
    """What it means to have this model on a board."""
    return [
        _section(
            "Alerts on ordinary talk",
            plots.alarms(findings),
            trials.everyday(findings),
            told="To the left a low threshold, to the right a high one; lower is calmer.",
        ),
        _section(
            "What it finds, and how often it is right",
            plots.precision_recall(findings, "toxic"),
            plots.precision_recall(findings, "hate"),
            tables.labelled(findings),
        ),
        _section(
            "How far its probabilities can be believed",
            plots.reliability(findings),
            plots.board(findings),
            told="Of the comments that it gives 0.7, seven of ten should be toxic: dots should "
            "lie on the diagonal.",
        ),
        _section(
            "How its scores spread",
            plots.histograms(findings),
            told="The further apart the classes, the less the threshold matters.",
        ),
    ]


def _for_engineers(findings: Findings, card: Mapping[str, Any] | None) -> list[Section]:
    """Where it was put to the test, and what it is made of."""
    trained = None if card is None else tables.trained_on(card)
    limits = tuple((limit.name, limit.told) for limit in LIMITS)
    return [
        _section("Other sources", plots.ranking(findings), trials.ranking(findings)),
        _section("Disguised words", trials.disguises(findings)),
        _section(
            "People who are merely named",
            plots.terms(findings),
            trials.templates(findings),
        ),
        _section(
            "Innocent sentences",
            trials.sentences(findings),
            *_by_name(findings),
            items=_flagged(findings),
        ),
        _section("Taken for one another", tables.confusion(findings)),
        _section("Speed and size", tables.speed(findings)),
        _section(
            "What was aimed at",
            tables.reach(findings),
            told=outcome(findings),
            items=tuple(("", note) for note in findings.notes),
        ),
        _section("What it was trained on", trained, missing="The model came without its card."),
        Section(title="Where it is wrong", items=limits),
        _reproduce(card),
    ]


def _section(
    title: str,
    *blocks: Markup | Table | None,
    told: str = "",
    items: tuple[tuple[str, str], ...] = (),
    missing: str = "Not measured: the data for it was not there.",
) -> Section:
    """A section of what was measured, or one that says that nothing was."""
    shown = [
        block.html() if isinstance(block, Table) else block
        for block in blocks
        if block is not None and not (isinstance(block, Table) and not block.is_measured)
    ]
    words = told if shown else missing
    return Section(title=title, words=(words,) if words else (), blocks=tuple(shown), items=items)


def _by_name(findings: Findings) -> list[Markup]:
    """Our own sentences that were called toxic by what they name, to be unfolded."""
    return [
        charts.folded(f"Called toxic, {kind}, by what they name", table.html())
        for kind, table in trials.sentence_terms(findings).items()
    ]


def _flagged(findings: Findings) -> tuple[tuple[str, str], ...]:
    """Our own sentences that the model called toxic, by kind."""
    return tuple(
        (f"Called toxic, {one.kind}", " · ".join(one.flagged_sentences))
        for one in findings.columns[-1].exam.sentences
        if one.flagged_sentences
    )


def _reproduce(card: Mapping[str, Any] | None) -> Section:
    versions = ", ".join(
        f"{name} {found}" for name, found in (card or {}).get("versions", {}).items()
    )
    return Section(
        title="How to come by these figures",
        words=(
            "The same files, recipe and library versions give the same model, byte for byte, and "
            "the same figures; times are the machine's.",
        ),
        commands=(
            "moderator evaluate DATA.csv --model MODEL.joblib --report FOLDER",
            "moderator train DATA.csv --pool POOL --folds 5 --compare --out MODEL.joblib",
        ),
        items=(("Versions", versions),) if versions else (),
    )
